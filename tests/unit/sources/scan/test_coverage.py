"""What a journal comes to: the best of each address, and nothing left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from camaudit.sources.scan.coverage import Coverage
from camaudit.sources.scan.engine import PORTS
from camaudit.sources.scan.journal import (
    EndLine,
    HeardLine,
    Line,
    ResumedLine,
    ScanLine,
    VisitedLine,
)

AT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
OPENING = ScanLine(
    v=1, run="r", started=AT, site="HQ", permission=None, right=None, profile="polite",
    ceiling="polite", limits={}, ports=[80], searches=[], dialogues=["a"], withheld=[],
    targets="192.0.2.1-192.0.2.3", left_out=[], vantages=[], collector="x",
)  # fmt: skip


def visited(address: str, *outcomes: tuple[str, str]) -> VisitedLine:
    return VisitedLine(a=address, r=[(each, why, [("a", 80)]) for each, why in outcomes])


def heard(address: str, probe: str = "s", *named: str) -> HeardLine:
    fields = [("ip", "address", each) for each in named]
    return HeardLine(s=f"host:{address}", a=address, p=probe, n=1, at=AT, f=fields)


def reached(*lines: Line) -> dict[tuple[str, str], str]:
    coverage = Coverage()
    for line in (OPENING, *lines):
        coverage.add(line)
    body = coverage.record().body
    return {(reach, why): ranges for reach, why, ranges in body["reached"]}


def test_a_device_that_was_asked_no_further_is_named_even_if_it_had_answered() -> None:
    coverage = Coverage()
    for line in (
        OPENING,
        visited("192.0.2.1", ("answered", ""), ("stopped", "HTTP 423 Locked")),
        visited("192.0.2.2", ("answered", ""), ("stopped", "the port asks for a login")),
        visited("192.0.2.3", ("ceiling", "60 s with one device")),
    ):
        coverage.add(line)
    assert coverage.record().body["stopped"] == [
        ["60 s with one device", "192.0.2.3"],
        ["HTTP 423 Locked", "192.0.2.1"],
    ]


@pytest.mark.parametrize(
    ("outcomes", "reach"),
    [
        ([("answered", ""), ("refused", "")], ("answered", "")),
        ([("refused", ""), ("silent", "x")], ("present", "")),
        ([("open", "x"), ("stopped", "blocked")], ("stopped", "blocked")),
        ([("silent", "x"), ("filtered", "y")], ("filtered", "")),
        ([("silent", "x"), ("skipped", "no sign")], ("silent", "")),
        ([("skipped", "a blackout")], ("skipped", "a blackout")),
        ([("ceiling", "60 s")], ("stopped", "60 s")),
    ],
)
def test_the_best_of_an_address_counts(
    outcomes: list[tuple[str, str]], reach: tuple[str, str]
) -> None:
    assert reached(visited("192.0.2.1", *outcomes))[reach] == "192.0.2.1"


def test_what_was_not_visited_is_told() -> None:
    found = reached(visited("192.0.2.1", ("silent", "")))
    assert found["skipped", "the scan ended before"] == "192.0.2.2-192.0.2.3"


def test_an_answer_to_a_search_outranks_silent_ports_and_open_ports_are_no_answer() -> None:
    found = reached(
        heard("192.0.2.1"),
        visited("192.0.2.1", ("silent", "")),
        heard("192.0.2.2", PORTS),
        visited("192.0.2.2", ("open", "")),
    )
    assert found["answered", ""] == "192.0.2.1"
    assert found["present", ""] == "192.0.2.2"


def test_addresses_of_other_networks_are_told_apart() -> None:
    coverage = Coverage()
    for line in (OPENING, heard("192.0.2.1", "s", "192.168.1.64", "fe80::1", "0.0.0.0")):  # noqa: S104
        coverage.add(line)
    assert coverage.record().body["elsewhere"] == "192.168.1.64"


def test_a_scan_that_went_on_ended_as_it_last_did() -> None:
    coverage = Coverage()
    stopped = EndLine(at=AT, how="stopped", packets=1, undecoded=0)
    for line in (OPENING, stopped, ResumedLine(at=AT)):
        coverage.add(line)
    assert coverage.record().body["how"] == "cut off"
    coverage.add(EndLine(at=AT, how="complete", packets=2, undecoded=0))
    assert coverage.record().body["how"] == "complete"


def test_without_an_opening_there_is_no_record() -> None:
    with pytest.raises(ValueError, match="opening"):
        Coverage().record()
