"""The order of devices, and how many are shown."""

from __future__ import annotations

import pytest

from camaudit.reports.standing import groups, standing, worst_first

from .sample import DEVICES, device, large, verdict

BY_ID = {each.id: each for each in DEVICES}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("D-K3QW7PLM", "breach"),
        ("D-UNVC0RE5", "advice"),
        ("D-7TRA2VVE", "cannot_tell"),
        ("D-C0NFL1CT", "cannot_tell"),
        ("D-PP4XH6ZB", "meets"),
        ("D-SCH0OL42", "not_applicable"),
    ],
)
def test_a_device_stands_by_its_worst_verdict(name: str, expected: str) -> None:
    assert standing(BY_ID[name]) == expected


def test_an_outstanding_decision_is_no_breach_and_outranks_not_knowing() -> None:
    lines = (
        verdict("a", "cannot_tell", "x"),
        verdict("c", "cannot_tell", "y", outstanding=True),
    )
    assert standing(device("D-1", verdicts=lines)) == "outstanding"
    assert [line.clause for line in worst_first(lines)] == ["c", "a"]


def test_a_device_without_verdicts_is_outside() -> None:
    assert standing(device("D-1")) == "not_applicable"


def test_groups_come_worst_first_and_hold_everyone_once() -> None:
    found = groups(DEVICES, 100)
    assert [(group.id, group.total, group.left) for group in found] == [
        ("breach", 1, 0),
        ("advice", 1, 0),
        ("outstanding", 0, 0),
        ("cannot-tell", 4, 0),
        ("meets", 3, 0),
        ("not-applicable", 3, 0),
    ]
    assert sorted(each.id for group in found for each in group.devices) == sorted(BY_ID)


def test_what_is_over_the_limit_is_counted_and_the_worst_is_kept() -> None:
    found = groups(large(120).devices, 25)
    assert [(group.total, len(group.devices)) for group in found] == [
        (10, 10),
        (10, 10),
        (0, 0),
        (40, 5),
        (30, 0),
        (30, 0),
    ]


def test_within_a_group_more_breaches_come_first_then_the_surer() -> None:
    breach = verdict("a", "breaches", "x", basis="evidenced")
    one = device("D-1", verdicts=(breach,), maker="m", maker_confidence=0.99)
    two = device("D-2", verdicts=(breach, breach), maker="m", maker_confidence=0.85)
    sure = device("D-3", verdicts=(breach,), maker="m", maker_confidence=0.995)
    assert [each.id for each in groups((one, two, sure), 9)[0].devices] == ["D-2", "D-3", "D-1"]
