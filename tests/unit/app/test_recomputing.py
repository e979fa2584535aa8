"""Everything but observations and judgements can be computed again, and comes out the same."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from camaudit.app import judge
from camaudit.app.estate import open_estate
from camaudit.app.packset import PackSet, load_packs
from camaudit.app.snapshot import build_snapshot
from camaudit.app.survey import survey
from camaudit.model.words import JudgementKind
from tests.estates import AT, Estate, make_estate, small

REGISTER = """\
Asset ID,Site,Manufacturer,Model,MAC Address,IP Address,Serial Number
CAM-1,HQ,Hikvision,DS-1,02:00:00:00:00:01,,SN20240115A
CAM-2,HQ,Axis,P1,,10.1.0.6,
CAM-3,DEPOT,Annke,C800,,10.2.0.7,
"""
SCAN = """\
{"device": "h1", "protocol": "ip", "field": "address", "value": "10.1.0.5"}
{"device": "h1", "protocol": "mac", "field": "address", "value": "02:00:00:00:00:01"}
{"device": "h1", "protocol": "http", "field": "server", "value": "Hikvision-Webs"}
{"device": "h2", "protocol": "ip", "field": "address", "value": "10.1.0.6"}
{"device": "h2", "protocol": "mac", "field": "address", "value": "02:00:00:00:00:02"}
"""
LATER = '{"device": "x", "protocol": "mac", "field": "address", "value": "02:00:00:00:00:02"}\n'
FILES = {"register.csv": REGISTER, "scan.jsonl": SCAN, "later.jsonl": LATER}


@pytest.fixture
def filled(estate: Estate) -> Estate:
    for name, text in FILES.items():
        estate.add(name, text)
    return estate


def test_the_files_make_three_devices(filled: Estate) -> None:
    assert len(filled.survey().devices) == 3
    assert filled.device("CAM-1").macs == ("02:00:00:00:00:01",)
    assert filled.device("CAM-2").addresses == ("10.1.0.6",)


def test_a_survey_twice_is_the_same_survey(filled: Estate) -> None:
    one, two = filled.survey(), filled.survey()
    assert one.devices == two.devices
    assert one.attributions == two.attributions
    assert one.datings == two.datings
    assert one.evidence == two.evidence


def test_an_assessment_twice_is_the_same_report(filled: Estate) -> None:
    one = build_snapshot(filled.ask(), small(), "estate", AT)
    assert one == build_snapshot(filled.ask(), small(), "estate", AT)


def test_a_copy_of_the_estate_says_the_same(filled: Estate, tmp_path: Path) -> None:
    shutil.copy(filled.path, tmp_path / "copy.sqlite")
    copy = survey(open_estate(tmp_path / "copy.sqlite"), small())
    assert copy.devices == filled.survey().devices
    assert copy.attributions == filled.survey().attributions


def test_nothing_hangs_on_the_cache(filled: Estate, shipped: PackSet, cache: Path) -> None:
    """Packs from the cache attribute as the packs that were just compiled."""
    fresh, cached = survey(filled.store, shipped), survey(filled.store, load_packs(cache=cache))
    assert fresh.attributions == cached.attributions
    assert fresh.evidence == cached.evidence
    assert {each.maker for each in fresh.attributions.values()} >= {"hikvision", "axis"}


@pytest.mark.parametrize("order", list(permutations(FILES)), ids=" ".join)
def test_in_whatever_order_files_come_the_devices_are_the_same(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    """An id is given once; what it names is what all files together say."""
    estate = make_estate(tmp_path / "e")
    for name in order:
        before = estate.ids()
        estate.add(name, FILES[name])
        absorbed = estate.survey().resolution
        assert {s: absorbed.current(d) for s, d in before.items()} == {  # type: ignore[arg-type]
            subject: device for subject, device in estate.ids().items() if subject in before
        }
    together = {frozenset(device.subjects) for device in estate.survey().devices}
    assert {len(each) for each in together} == {1, 2, 3}


def test_minting_again_mints_nothing(filled: Estate) -> None:
    def minted() -> int:
        with filled.store.reading() as connection:
            kinds = [each.kind for each in filled.store.judgements(connection)]
        return kinds.count(JudgementKind.DEVICE_MINTED)

    before, ids = minted(), filled.ids()
    other = filled.add("other.csv", "Asset ID,Site\nCAM-9,HQ\n")
    assert minted() == before + 1
    assert (other.devices, other.new_devices) == (4, 1)
    assert {name: device for name, device in filled.ids().items() if name in ids} == ids


def test_another_mapping_of_the_same_file_keeps_the_ids(estate: Estate) -> None:
    text = "Asset ID,Site,Col A,Col B\nCAM-1,HQ,Hikvision,DS-1\nCAM-2,HQ,Axis,P1\n"
    estate.add("register.csv", text)
    before = estate.ids()
    again = estate.add("register.csv", text, AT + timedelta(days=1),
                       mapping={"col a": "inventory.manufacturer"})  # fmt: skip
    assert again.unchanged_since is None
    assert estate.ids() == before
    found = estate.survey()
    assert {each.maker for each in found.attributions.values()} == {"hikvision", "axis"}


def test_the_day_of_the_first_import_stays_when_a_mapping_is_corrected(estate: Estate) -> None:
    estate.add("register.csv", REGISTER)
    estate.add("register.csv", REGISTER, AT + timedelta(days=9), site="HQ")
    assert set(estate.survey().listed_on.values()) >= {AT.date()}
    assert estate.survey().datings[estate.device("CAM-2").id].interval.not_after == AT.date()


def test_what_was_known_then_is_told_as_it_was_then(filled: Estate) -> None:
    before = filled.survey(known_at=AT)
    filled.add(
        "more.csv", "Asset ID,Site,Status\nCAM-1,HQ,removed\nCAM-8,HQ,\n", AT + timedelta(days=5)
    )
    judge.set_role(filled.store, filled.device("CAM-1").id, "owner", "SCH", None, "me",
                   AT + timedelta(days=5))  # fmt: skip
    then = filled.survey(known_at=AT)
    assert then.devices == before.devices
    assert then.datings == before.datings
    assert len(filled.survey().devices) == 4


def test_the_same_file_twice_changes_nothing(filled: Estate) -> None:
    content = filled.survey().devices
    again = filled.add("register.csv", REGISTER, AT + timedelta(days=3))
    assert again.unchanged_since == AT
    assert (again.observations, again.new_devices) == (0, 0)
    assert filled.survey().devices == content
