"""Manual checks are put to those who are bound; a rule in dispute binds as far as both readings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.policy.small_packs import by_shipped, gaps

OPINION = date(2024, 4, 2)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ca_quebec_body", "cannot_tell"),
        ("ca_quebec_municipality", "not_applicable"),
        ("department", "not_applicable"),
        # nobody knows whether it is bound, so it is asked to look
        ("unknown", "cannot_tell"),
    ],
)
def test_a_manual_check_is_not_asked_of_whom_the_order_does_not_bind(
    body: str, expected: str
) -> None:
    found = by_shipped("ca-quebec-2023", {"body.kind": body})["firewall"]
    assert found.verdict == expected
    if expected == "not_applicable":
        assert "is not bound" in found.sentence
    else:
        assert "who runs the network" in found.sentence


def test_a_manual_check_is_not_asked_before_its_day() -> None:
    row = {"body.kind": "ca_quebec_body"}
    assert by_shipped("ca-quebec-2023", row, date(2023, 1, 1))["firewall"].verdict == (
        "not_applicable"
    )
    assert by_shipped("ca-quebec-2023", row, date(2024, 1, 1))["firewall"].verdict == "cannot_tell"


def test_what_is_asked_of_nobody_says_so_to_everybody() -> None:
    for body in ("private", "council"):
        found = by_shipped("us-bis-entity-list", {"body.kind": body})["listing"]
        assert found.verdict == "not_applicable"
        assert "not regulated by this pack" in found.sentence


def infrastructure(**row: Any) -> dict[str, Any]:
    return {
        "body.kind": "private",
        "event.kind": "import",
        "use.purpose": "critical_infrastructure",
        "device.producer": "dahua",
        "device.certified": False,
    } | row


@pytest.mark.parametrize(
    ("row", "expected", "missing"),
    [
        # if the limb holds it is breached, if not it asks nothing: only the limb's state tells
        ({}, "cannot_tell", {"rule.in_force"}),
        # by either reading nothing is asked of this maker, or of this purpose
        ({"device.producer": "axis"}, "meets", set()),
        ({"use.purpose": "other"}, "meets", set()),
        # by either reading it does not concern who only has one
        ({"event.kind": "possess"}, "not_applicable", set()),
        # either would settle it: who made it, or whether the limb holds
        ({"device.producer": None}, "cannot_tell", {"rule.in_force", "device.producer"}),
    ],
)
def test_a_rule_in_dispute_is_only_open_where_its_readings_differ(
    row: dict[str, Any], expected: str, missing: set[str]
) -> None:
    found = by_shipped("us-fcc-covered-list", infrastructure(**row), OPINION)[
        "critical-infrastructure"
    ]
    assert (found.verdict, gaps(found)) == (expected, missing)
    if expected == "meets":
        assert "either way it asks nothing more" in found.sentence
    if expected == "cannot_tell":
        assert "is not known" in found.sentence
