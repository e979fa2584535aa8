"""Rules of the United States at chosen days, with the shipped packs and the shipped makers.

Days and owners are those of the instruments: what a rule's own days are, and what a camera's user
is told on each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest

from camaudit.model.packs import MakerPacks
from camaudit.model.policy import Policy, Requirement, RuleState, Verdict
from camaudit.packs.load import maker_packs
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import compile_policy, explain
from camaudit.policy.compiling import state_at

#: What every test starts from: a camera, of which its label tells the maker.
USUAL: dict[str, Any] = {
    "device.surveillance": True,
    "device.kind": "camera",
    "device.producer.confidence": 0.95,
    "device.producer.clean": True,
    "device.producer.basis": "declared",
    "device.present": True,
    "device.state": "in_service",
    "item.function": "equipment",
    "decisions": "",
    "exceptions": "",
}
#: What is done by somebody who uses cameras and neither imports nor sells them.
USES: Sequence[str] = ("possess", "procure", "deploy", "connect", "contract", "renew", "stock")


@cache
def makers() -> MakerPacks:
    return maker_packs(find_pack_files())


@cache
def packs() -> dict[str, Policy]:
    found = load_policies(find_pack_files(), makers().vocabulary)
    return {each.id: each for each in found.policies}


def rule(policy: str, name: str) -> Requirement:
    (found,) = (each for each in packs()[policy].requirements if each.id == name)
    return found


def state(policy: str, name: str, at: str) -> RuleState:
    days = rule(policy, name).validity
    assert days is not None
    return state_at(days, date.fromisoformat(at))[0]


def verdicts(
    policy: str, at: str, row: dict[str, Any], choices: dict[str, str] | None = None
) -> dict[str, Verdict]:
    compiled = compile_policy(
        packs()[policy], makers().makers, at=date.fromisoformat(at), choices=choices or {}
    )
    return {str(each.requirement): each for each in explain(compiled, USUAL | row)}


def gaps(verdict: Verdict) -> list[str]:
    return [each.fact for each in verdict.gaps]


# ---------------------------------------------------------------------------- the Affiliates Rule

BIS = "us-bis-entity-list"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-09-28", RuleState.NOT_YET),
        ("2025-09-29", RuleState.IN_FORCE),
        ("2025-10-01", RuleState.IN_FORCE),
        ("2025-11-09", RuleState.IN_FORCE),
        ("2025-11-10", RuleState.SUSPENDED),
        ("2025-12-01", RuleState.SUSPENDED),
        ("2026-11-09", RuleState.SUSPENDED),
        ("2026-11-10", RuleState.UNKNOWN),
        ("2026-11-15", RuleState.UNKNOWN),
        ("2036-01-01", RuleState.UNKNOWN),
    ],
)
def test_the_affiliates_rule_by_day(at: str, expected: RuleState) -> None:
    assert state(BIS, "affiliates", at) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-10-01", "breaches"),
        ("2025-12-01", "not_applicable"),
        ("2026-11-15", "cannot_tell"),
    ],
)
def test_an_export_to_what_a_listed_firm_owns(at: str, expected: str) -> None:
    row = {"body.kind": "private", "event.kind": "market", "recipient.listed": True}
    assert verdicts(BIS, at, row)["affiliates"].verdict == expected


def test_whether_the_suspension_was_extended_is_what_is_missing() -> None:
    row = {"body.kind": "private", "event.kind": "market", "recipient.listed": True}
    found = verdicts(BIS, "2026-11-15", row)["affiliates"]
    assert gaps(found) == ["rule.in_force"]
    assert "extended" in found.sentence
    assert {"suspension", "extension"} <= {each.id for each in found.citations}


@pytest.mark.parametrize("at", ["2020-01-01", "2025-10-01", "2025-12-01", "2026-11-15"])
@pytest.mark.parametrize("event", USES)
@pytest.mark.parametrize("producer", ["hikvision", "dahua", "ezviz", "axis"])
def test_a_user_of_cameras_is_told_why_the_list_is_not_about_them(
    at: str, event: str, producer: str
) -> None:
    row = {"body.kind": "private", "device.producer": producer, "event.kind": event}
    for found in verdicts(BIS, at, row).values():
        assert found.verdict == "not_applicable"
        assert "not regulated by this pack" in found.sentence
        assert not found.gaps


def test_a_suspended_rule_is_not_said_to_have_ended() -> None:
    row = {"body.kind": "private", "event.kind": "possess"}
    assert "was suspended" in verdicts(BIS, "2025-12-01", row)["affiliates"].sentence


def test_the_maker_of_what_is_sold_does_not_tell_to_whom_it_goes() -> None:
    row = {"body.kind": "private", "event.kind": "market", "device.producer": "hikvision"}
    assert gaps(verdicts(BIS, "2025-10-01", row)["affiliates"]) == ["recipient.listed"]


# ------------------------------------------------------------------- the FCC and its Covered List

FCC = "us-fcc-covered-list"
CRITICAL = {
    "body.kind": "private",
    "event.kind": "market",
    "device.producer": "dahua",
    "device.certified": False,
    "use.purpose": "critical_infrastructure",
}


@pytest.mark.parametrize(
    ("at", "expected", "cited"),
    [
        ("2023-02-05", "not_applicable", set()),
        ("2023-02-06", "breaches", {"fcc-22-84"}),
        ("2024-04-01", "breaches", {"fcc-22-84"}),
        ("2024-04-02", "cannot_tell", {"opinion", "mandate"}),
        ("2024-05-23", "cannot_tell", {"opinion", "mandate"}),
        ("2024-05-24", "cannot_tell", {"opinion", "remand"}),
        ("2026-11-26", "cannot_tell", {"opinion", "remand"}),
    ],
)
def test_critical_infrastructure_before_between_and_after(
    at: str, expected: str, cited: set[str]
) -> None:
    found = verdicts(FCC, at, CRITICAL)["critical-infrastructure"]
    assert found.verdict == expected
    assert cited <= {each.id for each in found.citations}
    if expected == "cannot_tell":
        assert gaps(found) == ["rule.in_force"]


def test_the_days_between_opinion_and_mandate_have_a_reason_of_their_own() -> None:
    between, after = (
        verdicts(FCC, at, CRITICAL)["critical-infrastructure"]
        for at in ("2024-05-01", "2024-06-01")
    )
    assert "mandate, which had not issued yet" in between.sentence
    assert "vacated and remanded" in after.sentence
    assert "remand" not in {each.id for each in between.citations}


def test_the_mandate_follows_from_the_rules_of_procedure() -> None:
    """45 days for a petition where an agency is a party, then seven: Rules 40(a)(1) and 41(b)."""
    days = rule(FCC, "critical-infrastructure").validity
    assert days is not None
    opinion, mandate = (each.start for each in days.contested)
    assert opinion == date(2024, 4, 2)
    assert (mandate - opinion).days == 45 + 7


@pytest.mark.parametrize("at", ["2024-05-01", "2024-06-01", "2026-11-26"])
def test_the_other_purposes_stand_while_that_one_is_open(at: str) -> None:
    row = CRITICAL | {"use.purpose": "public_safety"}
    found = verdicts(FCC, at, row)
    assert (found["authorise"].verdict, found["purposes"].verdict) == ("breaches", "breaches")


@pytest.mark.parametrize("at", ["2023-02-06", "2024-05-01", "2025-12-26", "2026-11-26"])
@pytest.mark.parametrize("event", USES)
def test_a_camera_in_use_is_not_regulated_by_the_covered_list(at: str, event: str) -> None:
    row = CRITICAL | {"event.kind": event, "device.components": "covered"}
    automated = [
        each for each in verdicts(FCC, at, row).values() if each.check.value == "automated"
    ]
    assert {each.verdict for each in automated} == {"not_applicable"}
    assert "not regulated by this pack" in next(
        each.sentence for each in automated if each.requirement == "authorise"
    )


@pytest.mark.parametrize(
    ("at", "expected"), [("2025-12-25", "not_applicable"), ("2025-12-26", "breaches")]
)
def test_modular_transmitters_from_their_own_day(at: str, expected: str) -> None:
    row = CRITICAL | {"device.producer": "axis", "device.components": "covered"}
    found = verdicts(FCC, at, row)
    assert found["modules"].verdict == expected
    assert found["authorise"].verdict == "meets"


@pytest.mark.parametrize(
    ("granted", "expected"), [(False, "breaches"), (True, "meets"), (None, "cannot_tell")]
)
def test_a_grant_from_before_is_not_revoked(granted: object, expected: str) -> None:
    row = CRITICAL | {"use.purpose": "other", "device.certified": granted}
    found = verdicts(FCC, "2023-06-01", row)["authorise"]
    assert found.verdict == expected
    assert gaps(found) == (["device.certified"] if granted is None else [])


# --------------------------------------------------- Lorex under section 889, by its owner

PART_A = "us-889-part-a"
RENEWS = {
    "body.kind": "us_federal_agency",
    "event.kind": "renew",
    "use.purpose": "government_facility_security",
    "device.made_not_before": date(2021, 1, 1),
    "device.made_not_after": date(2021, 12, 31),
    "device.acquired_not_before": date(2022, 1, 1),
    "device.acquired_not_after": date(2022, 12, 31),
}


@pytest.mark.parametrize(
    ("ownership", "bought", "expected"),
    [
        # Dahua owned Lorex from 2018 to 24 November 2022.
        ("at_manufacture", (1, 12), "breaches"),
        ("at_purchase", (1, 11), "breaches"),
        ("at_purchase", (12, 12), "meets"),
        ("at_purchase", (1, 12), "cannot_tell"),
        ("today", (1, 12), "meets"),
    ],
)
def test_lorex_made_in_2021_bought_in_2022_owned_today(
    ownership: str, bought: tuple[int, int], expected: str
) -> None:
    first, last = bought
    row = RENEWS | {
        "device.producer": "lorex",
        "device.acquired_not_before": date(2022, first, 1),
        "device.acquired_not_after": date(2022, last, 24),
    }
    found = verdicts(PART_A, "2026-11-26", row, {"ownership": ownership})["a1a"]
    assert found.verdict == expected
    assert "ownership" in {each.id for each in found.choices}


def test_the_default_is_who_owned_it_when_the_unit_was_made() -> None:
    row = RENEWS | {"device.producer": "lorex"}
    assert verdicts(PART_A, "2026-11-26", row)["a1a"].verdict == "breaches"


@pytest.mark.parametrize("ownership", ["today", "at_purchase", "at_manufacture"])
def test_what_dahua_itself_made_is_covered_whoever_owns_lorex(ownership: str) -> None:
    """The label says Lorex, the hardware that Dahua built it."""
    row = RENEWS | {"device.producer": "dahua"}
    found = verdicts(PART_A, "2026-11-26", row, {"ownership": ownership})["a1a"]
    assert found.verdict == "breaches"


@pytest.mark.parametrize("policy", ["us-2cfr-200-216", "us-la-39-1753"])
@pytest.mark.parametrize(
    ("ownership", "expected"), [("at_manufacture", "breaches"), ("today", "meets")]
)
def test_packs_that_take_over_the_list_read_ownership_alike(
    policy: str, ownership: str, expected: str
) -> None:
    row = RENEWS | {"device.producer": "lorex", "body.kind": packs()[policy].usual_body}
    found = verdicts(policy, "2026-11-26", row, {"ownership": ownership})["a"]
    assert found.verdict == expected


@pytest.mark.parametrize("producer", ["hikvision", "dahua", "hytera", "huawei", "zte"])
@pytest.mark.parametrize(
    ("policy", "clause"),
    [("us-889-part-a", "a1a"), ("us-2cfr-200-216", "a"), ("us-la-39-1753", "a")],
)
def test_the_five_makers_are_covered_with_the_shipped_makers(
    producer: str, policy: str, clause: str
) -> None:
    row = RENEWS | {"device.producer": producer, "body.kind": packs()[policy].usual_body}
    assert verdicts(policy, "2026-11-26", row)[clause].verdict == "breaches"


@pytest.mark.parametrize(
    ("producer", "expected"), [("huawei", "breaches"), ("zte", "breaches"), ("dahua", "meets")]
)
def test_huawei_and_zte_have_no_purpose_test(producer: str, expected: str) -> None:
    row = RENEWS | {"device.producer": producer, "use.purpose": "other"}
    assert verdicts(PART_A, "2026-11-26", row)["a1a"].verdict == expected
    row |= {"body.kind": "us_grant_recipient", "event.kind": "spend_grant"}
    assert verdicts("us-2cfr-200-216", "2026-11-26", row)["a"].verdict == expected


def test_a_chip_makers_owner_is_only_said_to_be_huawei() -> None:
    row = RENEWS | {"device.producer": "hisilicon"}
    assert verdicts(PART_A, "2026-11-26", row)["a1a"].verdict == "cannot_tell"


# --------------------------------------------------------------------------- suppliers, not items


@pytest.mark.parametrize("producer", ["hikvision", "axis", None])
@pytest.mark.parametrize(
    ("represented", "expected"),
    [("does", "breaches"), ("does_not", "meets"), (None, "cannot_tell")],
)
def test_part_b_answers_from_the_representation_alone(
    producer: str | None, represented: str | None, expected: str
) -> None:
    row = {
        "body.kind": "us_federal_agency",
        "event.kind": "contract",
        "device.producer": producer,
        "supplier.representation": represented,
    }
    found = verdicts("us-889-part-b", "2026-11-26", row)["a1b"]
    assert found.verdict == expected
    assert gaps(found) == (["supplier.representation"] if represented is None else [])


@pytest.mark.parametrize(
    ("at", "supplier", "goods"),
    [
        ("2026-06-29", "not_applicable", "not_applicable"),
        ("2026-06-30", "breaches", "not_applicable"),
        ("2027-06-29", "breaches", "not_applicable"),
        ("2027-06-30", "breaches", "breaches"),
    ],
)
def test_section_805_by_limb_and_day(at: str, supplier: str, goods: str) -> None:
    row = {
        "body.kind": "us_defense_agency",
        "event.kind": "procure",
        "device.producer": "hikvision",
        "supplier.debarment": "excluded",
    }
    found = verdicts("us-1260h", at, row)
    assert (found["entity"].verdict, found["goods"].verdict) == (supplier, goods)


def test_a_listed_maker_says_nothing_of_the_supplier() -> None:
    row = {
        "body.kind": "us_defense_agency",
        "event.kind": "procure",
        "device.producer": "hikvision",
    }
    found = verdicts("us-1260h", "2026-11-26", row)
    assert gaps(found["entity"]) == ["supplier.debarment"]
    assert "30 June 2027" in found["goods"].sentence


def test_a_list_of_securities_judges_no_device() -> None:
    for event in USES:
        row = {"body.kind": "private", "event.kind": event, "device.producer": "hikvision"}
        found = verdicts("us-ns-cmic", "2026-11-26", row).values()
        assert {each.verdict for each in found} == {"not_applicable"}
