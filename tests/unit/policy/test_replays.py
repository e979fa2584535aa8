"""Shipped packs at chosen days: rules that start, stop, are suspended or in dispute."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from camaudit.model.packs import MakerPacks
from camaudit.model.policy import Policy, RuleState, Verdict
from camaudit.packs.load import maker_packs
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import compile_policy, explain
from camaudit.policy.compiling import state_at


@cache
def makers() -> MakerPacks:
    return maker_packs(find_pack_files())


@cache
def packs() -> dict[str, Policy]:
    found = load_policies(find_pack_files(), makers().vocabulary)
    return {each.id: each for each in found.policies}


def verdicts(
    policy: str, at: str, row: dict[str, Any], choices: dict[str, str] | None = None
) -> dict[str, Verdict]:
    compiled = compile_policy(
        packs()[policy], makers().makers, at=date.fromisoformat(at), choices=choices or {}
    )
    return {each.requirement: each for each in explain(compiled, USUAL | row)}


USUAL: dict[str, Any] = {
    "device.surveillance": True,
    "device.kind": "camera",
    "device.producer.confidence": 0.95,
    "device.producer.clean": True,
    "device.producer.basis": "evidenced",
    "device.present": True,
    "device.state": "in_service",
    "decisions": "",
    "exceptions": "",
}


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-09-28", RuleState.NOT_YET),
        ("2025-10-01", RuleState.IN_FORCE),
        ("2025-12-01", RuleState.SUSPENDED),
        ("2026-11-09", RuleState.SUSPENDED),
        ("2026-11-15", RuleState.UNKNOWN),
    ],
)
def test_the_affiliates_rule_has_a_state_of_its_own(at: str, state: RuleState) -> None:
    (rule,) = (each for each in packs()["us-bis-entity-list"].requirements if each.validity)
    assert rule.validity is not None
    assert state_at(rule.validity, date.fromisoformat(at))[0] is state


@pytest.mark.parametrize("at", ["2025-10-01", "2025-12-01", "2026-11-15"])
@pytest.mark.parametrize("event", ["possess", "procure", "deploy"])
def test_a_camera_user_is_not_concerned_by_it_whatever_its_state(at: str, event: str) -> None:
    row = {"body.kind": "private", "device.producer": "hikvision", "event.kind": event}
    found = verdicts("us-bis-entity-list", at, row)["affiliates"]
    assert found.verdict == "not_applicable"
    assert "not regulated by this pack" in found.sentence


def lorex(**more: Any) -> dict[str, Any]:
    """Equipment made in 2021, bought in 2022, owned today, whose producer is Lorex itself."""
    return {
        "device.producer": "lorex",
        "device.made_not_before": date(2021, 1, 1),
        "device.made_not_after": date(2021, 12, 31),
        "device.acquired_not_before": date(2022, 1, 1),
        "device.acquired_not_after": date(2022, 11, 1),
    } | more


@pytest.mark.parametrize(
    ("ownership", "expected"),
    [("at_manufacture", "breaches"), ("at_purchase", "breaches"), ("today", "meets")],
)
def test_lorex_under_section_889_by_the_day_on_which_ownership_counts(
    ownership: str, expected: str
) -> None:
    row = lorex() | {
        "body.kind": "us_federal_agency",
        "event.kind": "renew",
        "use.purpose": "government_facility_security",
    }
    found = verdicts("us-889-part-a", "2026-11-26", row, {"ownership": ownership})["a1a"]
    assert found.verdict == expected
    assert "ownership" in {each.id for each in found.choices}


@pytest.mark.parametrize(
    ("ownership", "expected"),
    [("at_manufacture", True), ("at_purchase", True), ("today", False)],
)
def test_lorex_in_quebec_by_the_day_on_which_ownership_counts(
    ownership: str, *, expected: bool
) -> None:
    """Bought before the date, so the conditions for older equipment tell whether it is covered."""
    row = lorex() | {"body.kind": "ca_quebec_body", "event.kind": "possess"}
    found = verdicts("ca-quebec-2023", "2026-11-26", row, {"ownership": ownership})
    assert found["acquired-after"].verdict == "not_applicable"
    assert found["assess"].outstanding is expected


@pytest.mark.parametrize(
    ("day", "new", "old"),
    [
        ("2023-12-20", "not_applicable", "cannot_tell"),
        ("2023-12-21", "not_applicable", "cannot_tell"),
        ("2023-12-22", "breaches", "not_applicable"),
    ],
)
def test_quebec_at_its_date(day: str, new: str, old: str) -> None:
    row = {
        "body.kind": "ca_quebec_body",
        "event.kind": "possess",
        "device.producer": "hikvision",
        "device.acquired_not_before": date.fromisoformat(day),
        "device.acquired_not_after": date.fromisoformat(day),
    }
    found = verdicts("ca-quebec-2023", "2024-06-01", row)
    assert (found["acquired-after"].verdict, found["internet"].verdict) == (new, old)


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2024-04-01", "breaches"), ("2024-04-02", "cannot_tell"), ("2026-11-26", "cannot_tell")],
)
def test_critical_infrastructure_before_and_after_the_opinion(at: str, expected: str) -> None:
    row = {
        "body.kind": "private",
        "event.kind": "import",
        "device.producer": "dahua",
        "device.certified": False,
        "use.purpose": "critical_infrastructure",
    }
    found = verdicts("us-fcc-covered-list", at, row)
    assert found["critical-infrastructure"].verdict == expected
    assert found["authorise"].verdict == "breaches"


def test_louisiana_takes_over_the_list_of_section_889() -> None:
    row = {"body.kind": "us_louisiana_body", "event.kind": "procure", "device.producer": "hytera"}
    assert verdicts("us-la-39-1753", "2026-11-26", row)["a"].verdict == "breaches"


def test_no_pack_that_tests_no_item_answers_from_the_maker() -> None:
    for policy in packs().values():
        if policy.tests == "item":
            continue
        asked = {
            test.fact
            for test in compile_policy(policy, makers().makers, at=date(2026, 11, 26)).questions
        }
        assert not {each for each in asked if each.startswith("device.producer")}, policy.id


def test_information_is_never_breached() -> None:
    for policy in packs().values():
        for rule in policy.requirements:
            if rule.strength == "information":
                assert rule.manual_verdict == "not_applicable", policy.id
