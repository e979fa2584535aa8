"""camaudit.reports.comparing: what several policies say of the same devices."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from camaudit.model.snapshot import DeviceRow, Snapshot, VerdictLine, WhatIf
from camaudit.reports import jsonl, terminal
from camaudit.reports.comparing import compare, tallies

from .sample import DEVICES, duty, sample


def line(verdict: str, strength: str = "must_not", *, outstanding: bool = False) -> VerdictLine:
    """Return a verdict with its ground, from the sample's own."""
    return replace(
        DEVICES[0].verdicts[0],
        requirement="a",
        clause="a",
        verdict=verdict,
        strength=strength,
        outstanding=outstanding,
        basis="evidenced" if verdict in ("meets", "breaches") else None,
        not_examined=(),
        branches=(),
        gaps=(),
    )


def under(name: str, *lines: VerdictLine, **changes: Any) -> Snapshot:
    """Return the first devices of the sample under a policy of one clause, each with a verdict."""
    rows = tuple(
        replace(device, verdicts=(each,)) for device, each in zip(DEVICES, lines, strict=False)
    )
    return sample(
        policy=replace(sample().policy, id=name, title=f"The {name} rules"),
        devices=rows,
        duties=(duty("a", rows),),
        sites=(),
        questions=(),
        figures=(),
        unknowns=(),
        weaknesses=(),
        weakness_figures=(),
        **changes,
    )


BREACH, ADVICE, MEETS = line("breaches"), line("breaches", "should"), line("meets")
OPEN, OUTSIDE = line("cannot_tell"), line("not_applicable")
DECISION = line("cannot_tell", "consider", outstanding=True)


@pytest.mark.parametrize(
    ("one", "two", "conflict"),
    [
        (BREACH, MEETS, True),
        (MEETS, BREACH, True),
        (ADVICE, MEETS, True),
        (BREACH, BREACH, False),
        (MEETS, MEETS, False),
        # a policy that does not bind the body, and a fact that is missing, disagree with nobody
        (BREACH, OUTSIDE, False),
        (BREACH, OPEN, False),
        (BREACH, DECISION, False),
        (OPEN, MEETS, False),
    ],
)
def test_regimes_disagree_where_one_is_breached_and_another_met(
    one: VerdictLine, two: VerdictLine, *, conflict: bool
) -> None:
    (found,) = compare([under("east", one), under("west", two)])
    assert found.conflict is conflict
    assert found.policies == ("east", "west")


def test_what_disagrees_comes_first_and_then_the_worst() -> None:
    east = under("east", OUTSIDE, BREACH, OPEN, BREACH)
    west = under("west", OUTSIDE, OUTSIDE, MEETS, MEETS)
    found = compare([east, west])
    ids = [DEVICES[at].id for at in (3, 1, 2, 0)]
    assert [each.device.id for each in found] == ids
    assert (found[0].breached, found[0].met, found[0].outside) == (("east",), ("west",), ())
    assert found[1].outside == ("west",)


def test_each_policy_is_counted_by_the_worst_of_a_device() -> None:
    (_, east), (_, west) = tallies([under("east", BREACH, ADVICE), under("west", OPEN, DECISION)])
    assert (east["breach"], east["advice"]) == (1, 1)
    assert (west["cannot_tell"], west["outstanding"]) == (1, 1)


def printed(*snapshots: Snapshot, width: int = 80, most: int = 25) -> str:
    sink = io.StringIO()
    terminal.show_many(snapshots, Console(file=sink, width=width), most)
    return sink.getvalue()


def test_the_terminal_shows_them_side_by_side() -> None:
    text = printed(under("east", BREACH, OPEN), under("west", MEETS, OUTSIDE))
    told = " ".join(text.split())
    assert "The east rules The west rules" in told
    assert "Regimes disagree on 1 of 2 devices" in told
    assert "regimes disagree: breaches east, meets west" in told
    assert "east: \u00d7 breaches (evidenced) (a must not)" in told
    assert "west: \u2713 meets (evidenced) (a must not)" in told
    assert "not applicable: west" in told


@pytest.mark.parametrize("width", [60, 80, 132])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    text = printed(under("east", BREACH, OPEN), under("west", MEETS, OUTSIDE), width=width)
    assert max(map(len, text.splitlines())) <= width


def test_what_is_not_shown_is_counted() -> None:
    text = printed(under("east", BREACH, OPEN), under("west", MEETS, OPEN), most=1)
    assert "1 of 2 device records are not shown here" in " ".join(text.split())


def rows(*snapshots: Snapshot) -> list[dict[str, Any]]:
    return [json.loads(each) for each in jsonl.build_many(snapshots)]


def test_json_has_one_line_a_device_with_every_policy() -> None:
    found = rows(under("east", BREACH, OPEN), under("west", MEETS, OUTSIDE))
    assert (found[0]["type"], found[0]["format"]) == ("report", "camaudit-policies/1")
    assert found[0]["policies"] == ["east", "west"]
    assert [each["policy"] for each in found if each["type"] == "duty"] == ["east", "west"]
    first, second = (each for each in found if each["type"] == "device")
    assert (first["id"], first["conflict"]) == (DEVICES[0].id, True)
    assert (first["breached"], first["met"]) == (["east"], ["west"])
    assert first["policies"]["east"]["standing"] == "breach"
    assert first["policies"]["west"]["verdicts"][0]["verdict"] == "meets"
    assert "verdicts" not in first
    assert second["conflict"] is False


# ----------------------------------------------------------------------------- what if


def supposed(name: str, *lines: VerdictLine, before: tuple[VerdictLine, ...]) -> Snapshot:
    old = under(name, *before)
    what_if = WhatIf(overridden=("event.kind=deploy",), before=old.duties)
    found = under(name, *lines, what_if=what_if)
    devices: tuple[DeviceRow, ...] = tuple(
        replace(each, overridden=what_if.overridden) for each in found.devices
    )
    return replace(found, devices=devices)


def test_a_supposition_is_marked_in_every_output() -> None:
    snapshot = supposed("east", BREACH, before=(OPEN,))
    sink = io.StringIO()
    terminal.show(snapshot, Console(file=sink, width=80))
    texts = [sink.getvalue(), printed(snapshot, under("west", MEETS))]
    for text in texts:
        told = " ".join(text.split())
        assert "WHAT IF, NOT AS ON RECORD" in told
        assert told.count("overridden, not on record: event.kind=deploy") >= 3
        assert "Nothing of this is stored." in told
    for lines in ([json.loads(each) for each in jsonl.SPEC.build(snapshot)], rows(snapshot)):
        assert lines[0]["overridden"] == ["event.kind=deploy"]
        (device,) = (each for each in lines if each["type"] == "device")
        assert device["overridden"] == ["event.kind=deploy"]
        (change,) = (each for each in lines if each["type"] == "what_if")
        assert change["overridden"] == ["event.kind=deploy"]
        assert change["outcomes"] == [
            "breaches",
            "outstanding",
            "cannot_tell",
            "meets",
            "not_applicable",
        ]
        assert change["on_record"] == [0, 0, 1, 0, 0]
        assert change["what_if"] == [1, 0, 0, 0, 0]
        assert change["difference"] == [1, 0, -1, 0, 0]


def test_the_difference_has_its_sign() -> None:
    sink = io.StringIO()
    terminal.show(supposed("east", BREACH, before=(OPEN,)), Console(file=sink, width=80))
    (row,) = (text for text in sink.getvalue().splitlines() if text.startswith("  difference"))
    assert row.split() == ["difference", "+1", "0", "-1", "0", "0"]


def test_other_reports_carry_the_mark_too() -> None:
    from camaudit.reports import registry

    for name in ("html", "csv"):
        snapshot = supposed("east", BREACH, before=(OPEN,))
        page = b"".join(registry()[name].build(snapshot)).decode()
        assert "OFFICIAL-SENSITIVE" in page
        assert "what if, not as on record" in page
