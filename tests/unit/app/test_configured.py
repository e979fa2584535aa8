"""What configurations permit, recorded and read as facts: weaker than traffic, never isolation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from camaudit.app import judge
from camaudit.app.configured import keep_configured, read
from camaudit.model.ids import DeviceId
from camaudit.model.isolation import Separation, Zones
from camaudit.model.judgement import Judgement
from camaudit.model.words import DeviceState, JudgementKind
from tests.estates import AT, TODAY, Estate
from tests.unit.cli.test_isolation_configured import OPEN, PUZZLING, SHUT

ZONES = Zones(core=("10.0.0.0/8",), site={"cctv": ("192.0.2.0/24",)})
FACTS = ("device.core_connected", "device.core_basis", "device.internet")


def camera(estate: Estate, site: str = "DEPOT", **more: str) -> None:
    told = {"Asset ID": "CAM-1", "Site": site, "Manufacturer": "Axis", "IP Address": "192.0.2.20"}
    told |= more
    estate.add("register.csv", f"{','.join(told)}\n{','.join(told.values())}\n")


def record(estate: Estate, text: str, site: str = "DEPOT", day: int = 0) -> None:
    place = estate.folder / "rules.cfg"
    place.write_text(text)
    known = estate.survey()
    at = AT + timedelta(days=day)
    assert keep_configured(estate.store, read([place]), known, site, ZONES, "officer", at) == 1


def watched(estate: Estate, *answers: Separation, complete: bool = True, day: int = 0) -> None:
    at = AT + timedelta(days=day)
    body = {"answers": [*answers], "because": [], "first": None, "last": at.isoformat(),
            "hours": 30, "complete": complete, "core": ["10.0.0.0/8"], "sources": []}  # fmt: skip
    found = Judgement(kind=JudgementKind.ISOLATION, subject=DeviceId(estate.device("CAM-1").id),
                      body=body, who="camaudit", recorded_at=at)  # fmt: skip
    with estate.store.writing() as connection:
        estate.store.add_judgements(connection, [found])


def facts(estate: Estate) -> tuple[object, ...]:
    row = estate.facts("CAM-1", facts_on=TODAY + timedelta(days=9), known_at=AT + timedelta(days=9))
    return (*(row[name] for name in FACTS), row["device.core_note"] or "")


@pytest.mark.parametrize(
    ("site", "text", "core", "says"),
    [
        # DEPOT is in no zone, ANNEX is declared isolated, and HQ core
        ("DEPOT", OPEN, True, "as configured on 2026-03-01: a path to the core network is"),
        ("ANNEX", OPEN, True, "a path to the core network is permitted"),
        ("HQ", OPEN, True, "a path to the core network is permitted"),
        ("DEPOT", SHUT, None, "no path to the core network is permitted, which is no proof"),
        ("HQ", SHUT, None, "it is declared on the core network"),
        ("DEPOT", PUZZLING, None, ""),
        ("HQ", PUZZLING, True, ""),
    ],
)
def test_what_is_permitted_is_declared_and_never_isolation(
    estate: Estate, site: str, text: str, core: object, says: str
) -> None:
    camera(estate, site)
    record(estate, text, site)
    connected, basis, internet, note = facts(estate)
    assert (connected, basis) == (core, "declared")
    assert internet is None
    assert says in str(note)


@pytest.mark.parametrize("text", [OPEN, SHUT, PUZZLING])
def test_traffic_outranks_configuration(estate: Estate, text: str) -> None:
    camera(estate)
    watched(estate, Separation.ISOLATED)
    record(estate, text, day=1)
    assert facts(estate)[:3] == (False, "evidenced", False)
    watched(estate, Separation.CONNECTED_TO_CORE)
    assert facts(estate)[:3] == (True, "evidenced", None)


def test_what_traffic_left_open_is_answered_as_configured(estate: Estate) -> None:
    camera(estate)
    watched(estate, Separation.REACHES_INTERNET)
    record(estate, OPEN)
    assert facts(estate)[:3] == (True, "declared", True)


def test_a_later_recording_supersedes(estate: Estate) -> None:
    camera(estate)
    record(estate, OPEN)
    record(estate, PUZZLING, day=1)
    assert facts(estate)[:2] == (None, "declared")
    # on the day before it was not known
    assert estate.facts("CAM-1")["device.core_connected"] is True


def test_what_is_unplugged_stays_unplugged(estate: Estate) -> None:
    camera(estate)
    record(estate, OPEN)
    device = estate.device("CAM-1").id
    state = DeviceState.DISCONNECTED
    judge.set_state(estate.store, device, state, TODAY, "work order", "me", AT)
    assert facts(estate)[0] is False


def test_no_line_that_is_not_understood_is_recorded(estate: Estate, tmp_path: Path) -> None:
    camera(estate)
    record(estate, PUZZLING)
    held = b"".join(each.read_bytes() for each in tmp_path.rglob("estate.sqlite*"))
    assert b"hunter2" not in held


CORE, CLOUD, INTERNET = (
    Separation.CONNECTED_TO_CORE,
    Separation.REACHES_MAKER_CLOUD,
    Separation.REACHES_INTERNET,
)
OPEN_END, ISOLATED = Separation.CANNOT_TELL, Separation.ISOLATED


@pytest.mark.parametrize(
    ("watches", "expected"),
    [
        # a watch that cannot tell takes no contact back
        ([((CORE,), False), ((OPEN_END,), False)], (True, "evidenced", None)),
        ([((CORE, CLOUD), False), ((INTERNET,), False)], (True, "evidenced", True)),
        # a complete one does
        ([((CORE,), False), ((ISOLATED,), True)], (False, "evidenced", False)),
        ([((CORE,), True), ((CLOUD,), True)], (None, "declared", True)),
        ([((CORE,), False), ((ISOLATED,), True), ((OPEN_END,), False)], (None, "declared", None)),
        # what was isolated once is not so for ever
        ([((ISOLATED,), True), ((OPEN_END,), False)], (None, "declared", None)),
        ([((ISOLATED,), True), ((CORE,), False)], (True, "evidenced", None)),
    ],
    ids=["open", "other", "isolated", "complete", "before", "once", "since"],
)
def test_contacts_count_until_a_complete_watch_shows_otherwise(
    estate: Estate,
    watches: list[tuple[tuple[Separation, ...], bool]],
    expected: tuple[object, ...],
) -> None:
    camera(estate)
    for day, (answers, complete) in enumerate(watches):
        watched(estate, *answers, complete=complete, day=day)
    assert facts(estate)[:3] == expected
