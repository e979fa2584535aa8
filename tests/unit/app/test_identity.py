"""camaudit.app.identity: merges and splits by hand hold, are seen through, and are undone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from camaudit.app import identity, judge
from camaudit.app.identity import By
from camaudit.errors import UsageError
from camaudit.model.ids import DeviceId
from camaudit.model.words import DeviceState
from tests.estates import AT, TODAY, Estate

M1, M2 = "44:19:b6:00:53:01", "44:19:b6:00:53:02"
LATER = AT + timedelta(days=1)
BY = By(who="officer", at=LATER, reason="work order 118")
DRY = By(who="officer", at=LATER, reason="work order 118", dry_run=True)


def scan(*subjects: tuple[str, dict[str, str]], seen: str = "2026-02-01") -> str:
    lines = []
    for name, said in subjects:
        for key, value in said.items():
            protocol, _, field = key.partition(".")
            lines.append(
                {"device": name, "protocol": protocol, "field": field, "value": value,
                 "seen_at": f"{seen}T00:00:00Z"}
            )  # fmt: skip
    return "".join(f"{json.dumps(line)}\n" for line in lines)


NICS = scan(
    ("one", {"mac.address": M1, "ip.address": "10.1.0.5", "onvif.serial": "E12849307"}),
    ("two", {"mac.address": M2, "ip.address": "10.1.0.6", "onvif.serial": "E12849307"}),
)
TOMORROW = scan(
    ("x", {"mac.address": M1, "ip.address": "10.1.0.15"}),
    ("y", {"mac.address": M2, "ip.address": "10.1.0.16"}),
    seen="2026-02-02",
)
#: Two units that a cloned serial number makes one.
CLONES = scan(
    ("one", {"ip.address": "10.1.0.5", "onvif.serial": "E12849307"}),
    ("two", {"ip.address": "10.1.0.6", "onvif.serial": "E12849307"}),
)


def ids(estate: Estate) -> dict[str, str]:
    """Return the device of each subject, by its name in its file."""
    return {name.partition("/")[2]: device for name, device in estate.ids().items()}


@pytest.fixture
def nics(estate: Estate) -> Estate:
    estate.add("scan.jsonl", NICS)
    return estate


def named(estate: Estate) -> tuple[DeviceId, DeviceId]:
    found = ids(estate)
    return DeviceId(found["one"]), DeviceId(found["two"])


def test_what_may_be_one_says_how_to_say_so(nics: Estate) -> None:
    one, two = named(nics)
    remarks = {device.id: device.remarks for device in nics.survey().devices}
    assert any(f"camaudit devices merge {one} {two}" in text for text in remarks[one])
    assert any(f"camaudit devices merge {two} {one}" in text for text in remarks[two])


def test_a_dry_run_shows_what_the_merge_then_does(nics: Estate) -> None:
    one, two = named(nics)
    before = nics.ids()
    shown = identity.merge(nics.store, two, one, DRY)
    assert shown.seq is None
    assert nics.ids() == before
    done = identity.merge(nics.store, two, one, BY)
    assert done.moves == shown.moves
    assert [(move.before, move.after) for move in done.moves] == [(one, two)]
    assert set(nics.ids().values()) == {two}


def test_a_merge_holds_for_tomorrows_scan_and_leaves_no_remark(nics: Estate) -> None:
    one, two = named(nics)
    identity.merge(nics.store, one, two, BY)
    nics.add("tomorrow.jsonl", TOMORROW)
    assert set(nics.ids().values()) == {one}
    [device] = nics.survey().devices
    assert set(device.macs) == {M1, M2}
    assert not any("merge" in text for text in device.remarks)


def test_what_was_recorded_under_the_other_id_counts(nics: Estate) -> None:
    one, two = named(nics)
    judge.set_state(nics.store, two, DeviceState.REMOVED, TODAY, "told", "me", AT)
    identity.merge(nics.store, one, two, BY)
    assert [change.state for change in nics.device(M1).states] == [DeviceState.REMOVED]
    assert judge.need_device(nics.store, two) == one


def test_a_merge_does_not_take_in_the_unit_that_comes_after(nics: Estate) -> None:
    """An address that a part of it had, and the same serial number, prove nothing."""
    one, two = named(nics)
    identity.merge(nics.store, one, two, BY)
    other = {"mac.address": "3c:ef:8c:00:53:01", "ip.address": "10.1.0.6",
             "onvif.serial": "E12849307"}  # fmt: skip
    nics.add("new.jsonl", scan(("new", other), seen="2026-02-20"))
    assert ids(nics)["new"] not in (one, two)


def test_undoing_a_merge_gives_both_ids_back_and_tomorrow_too(nics: Estate) -> None:
    one, two = named(nics)
    seq = identity.merge(nics.store, one, two, BY).seq
    assert seq is not None
    nics.add("tomorrow.jsonl", TOMORROW)
    identity.undo(nics.store, seq, BY)
    assert ids(nics) == {"one": one, "two": two, "x": one, "y": two}
    with pytest.raises(UsageError, match="undone before"):
        identity.undo(nics.store, seq, BY)


def test_the_date_of_knowledge_is_respected(nics: Estate) -> None:
    one, two = named(nics)
    identity.merge(nics.store, one, two, BY)
    assert {device.id for device in nics.survey(known_at=AT).devices} == {one, two}
    assert {device.id for device in nics.survey(known_at=LATER).devices} == {one}


def test_a_split_gives_the_part_an_id_of_its_own(estate: Estate) -> None:
    estate.add("scan.jsonl", CLONES)
    [device] = set(estate.ids().values())
    shown = identity.split(estate.store, DeviceId(device), ["10.1.0.6"], DRY)
    assert set(estate.ids().values()) == {device}
    done = identity.split(estate.store, DeviceId(device), ["10.1.0.6"], BY)
    assert done.moves == shown.moves
    found = ids(estate)
    assert found["one"] == device != found["two"]
    assert not any("serial" in text for each in estate.survey().devices for text in each.remarks)


def test_a_split_holds_for_tomorrows_scan(estate: Estate) -> None:
    estate.add("scan.jsonl", CLONES)
    [device] = set(estate.ids().values())
    identity.split(estate.store, DeviceId(device), ["two"], BY)
    found = ids(estate)
    estate.add("tomorrow.jsonl", CLONES.replace('"one"', '"x"').replace('"two"', '"y"'))
    assert ids(estate) == found | {"x": found["one"], "y": found["two"]}


def test_undoing_a_split_brings_the_part_back(estate: Estate) -> None:
    estate.add("scan.jsonl", CLONES)
    [device] = set(estate.ids().values())
    seq = identity.split(estate.store, DeviceId(device), ["10.1.0.6"], BY).seq
    assert seq is not None
    part = DeviceId(ids(estate)["two"])
    identity.undo(estate.store, seq, BY)
    assert set(estate.ids().values()) == {device}
    assert judge.need_device(estate.store, part) == device


def test_the_later_of_a_merge_and_a_split_holds(nics: Estate) -> None:
    one, two = named(nics)
    identity.merge(nics.store, one, two, BY)
    identity.split(nics.store, one, [M2], BY)
    found = ids(nics)
    assert found["one"] == one != found["two"]
    identity.merge(nics.store, one, DeviceId(found["two"]), BY)
    assert set(nics.ids().values()) == {one}


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (["10.9.9.9"], "no part of the device is called '10.9.9.9'"),
        (["one", "two"], "that is the whole of"),
    ],
)
def test_a_split_that_says_nothing_is_refused(estate: Estate, part: list[str], says: str) -> None:
    estate.add("scan.jsonl", CLONES)
    [device] = set(estate.ids().values())
    with pytest.raises(UsageError, match=says):
        identity.split(estate.store, DeviceId(device), part, BY)
    assert identity.history(estate.store, DeviceId(device)).steps == ()


def test_a_device_is_not_merged_with_itself(nics: Estate) -> None:
    one, _ = named(nics)
    with pytest.raises(UsageError, match="one device already"):
        identity.merge(nics.store, one, one, BY)


def test_what_is_no_ruling_cannot_be_undone(nics: Estate) -> None:
    with pytest.raises(UsageError, match="1 is no merge or split"):
        identity.undo(nics.store, 1, BY)


def test_history_tells_ids_anchors_and_rulings(nics: Estate) -> None:
    one, two = named(nics)
    seq = identity.merge(nics.store, one, two, BY).seq
    told = identity.history(nics.store, one)
    assert told.former == (two,)
    assert {anchor for anchor, _, borne in told.anchors if borne} >= {f"mac:{M1}", f"mac:{M2}"}
    [step] = told.steps
    assert (step.seq, step.kind, step.who, step.on) == (seq, "merged", "officer", LATER)
    assert step.reason == "work order 118"
    assert step.undone is None
    assert seq is not None
    identity.undo(nics.store, seq, BY)
    for name in (one, two):
        [step] = identity.history(nics.store, name).steps
        assert step.undone == ("officer", LATER, "work order 118")


def test_erasing_either_takes_the_merge_that_names_it(nics: Estate) -> None:
    one, two = named(nics)
    seq = identity.merge(nics.store, one, two, BY).seq
    assert seq is not None
    identity.undo(nics.store, seq, BY)
    judge.erase_device(nics.store, two, "request 7", "officer", LATER)
    assert ids(nics) == {"one": one}
    content = b"".join(path.read_bytes() for path in nics.path.parent.glob("*.sqlite*"))
    assert M2.encode() not in content
