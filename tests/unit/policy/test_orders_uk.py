"""What the shipped packs of the United Kingdom say of lines of an order, before it is signed.

Each row is written by hand, and so is what the instrument makes of it.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from camaudit.model.packs import MakerPacks
from camaudit.model.policy import Check, Policy, Verdict
from camaudit.model.words import Strength
from camaudit.packs.load import maker_packs
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import compile_policy, explain

ON = date(2026, 11, 26)
STATEMENT, ACT, DEPARTMENT = "uk-2022-statement", "uk-procurement-act-2023", "uk-dhsc-2022"
CODE = "uk-surveillance-camera-code"
POSITIONS = ("uk-scotland", "uk-wales")

#: A department's order of a Hikvision camera for a sensitive site; nothing is deployed yet.
LINE: dict[str, Any] = {
    "body.kind": "department",
    "device.surveillance": True,
    "device.kind": "camera",
    "device.producer": "hikvision",
    "device.producer.confidence": 0.95,
    "device.producer.aspect": "badge",
    "device.producer.clean": True,
    "device.producer.basis": "declared",
    "device.producer.confirmed": False,
    "device.not_before": ON,
    "device.not_after": ON,
    "device.acquired_not_before": ON,
    "device.acquired_not_after": ON,
    "device.present": True,
    "device.state": "in_service",
    "site.sensitivity": "yes",
    "event.kind": "procure",
    "item.function": "equipment",
    "decisions": "",
    "exceptions": "",
}


@cache
def makers() -> MakerPacks:
    return maker_packs(find_pack_files())


@cache
def packs() -> dict[str, Policy]:
    found = load_policies(find_pack_files(), makers().vocabulary)
    return {each.id: each for each in found.policies}


def verdicts(
    policy: str,
    facts: dict[str, Any] | None = None,
    *,
    at: date = ON,
    choices: dict[str, str] | None = None,
) -> dict[str, Verdict]:
    """Judge the line with ``facts`` laid over it: verdicts by requirement."""
    compiled = compile_policy(packs()[policy], makers().makers, at=at, choices=choices)
    return {str(each.requirement): each for each in explain(compiled, LINE | (facts or {}))}


def gaps(verdict: Verdict) -> set[str]:
    return {each.fact for each in verdict.gaps}


def branches(verdict: Verdict) -> dict[str, str]:
    return {each.label: each.verdict.value for each in verdict.branches}


# --------------------------------------------------------------------------- the statement


@pytest.mark.parametrize("event", ["procure", "deploy"])
def test_a_line_for_a_sensitive_site_is_refused_although_nothing_is_deployed(event: str) -> None:
    found = verdicts(STATEMENT, {"event.kind": event})["a"]
    assert (found.verdict, found.strength) == ("breaches", Strength.MUST_NOT)
    assert found.gaps == ()
    assert "Hikvision" in found.sentence
    assert "hcws386-press" in {each.id for each in found.citations}


def test_the_same_line_for_stock_cannot_be_told_until_its_site_is_named() -> None:
    found = verdicts(STATEMENT, {"event.kind": "stock", "site.sensitivity": None})
    assert [found[clause].verdict.value for clause in "acd"] == ["cannot_tell"] * 3
    assert [gaps(found[clause]) for clause in "acd"] == [{"site.sensitivity"}] * 3
    assert branches(found["a"]) == {"if sensitive": "breaches", "if not": "not_applicable"}


@pytest.mark.parametrize("store", ["yes", "no", "unknown", "withheld"])
def test_stock_is_never_judged_by_the_store_where_it_lies(store: str) -> None:
    found = verdicts(STATEMENT, {"event.kind": "stock", "site.sensitivity": store})["a"]
    assert found.verdict == "cannot_tell"
    assert gaps(found) == {"site.sensitivity"}


def test_what_an_estate_has_in_a_store_is_still_left_out() -> None:
    found = verdicts(STATEMENT, {"event.kind": "possess", "device.state": "in_storage"})
    assert {each.verdict.value for each in found.values()} == {"not_applicable"}


@pytest.mark.parametrize("event", ["procure", "deploy"])
@pytest.mark.parametrize("sensitivity", [None, "unknown", "withheld"])
def test_a_site_that_nobody_has_classified_leaves_it_open(
    event: str, sensitivity: str | None
) -> None:
    found = verdicts(STATEMENT, {"event.kind": event, "site.sensitivity": sensitivity})["a"]
    assert found.verdict == "cannot_tell"
    assert gaps(found) == {"site.sensitivity"}


def test_for_a_site_outside_the_definition_a_decision_is_outstanding() -> None:
    found = verdicts(STATEMENT, {"site.sensitivity": "no"})
    assert found["a"].verdict == found["c"].verdict == "not_applicable"
    assert (found["d"].verdict, found["d"].outstanding) == ("cannot_tell", True)
    assert found["d"].strength is Strength.CONSIDER
    assert gaps(found["d"]) == {"decision.d"}
    decided = verdicts(STATEMENT, {"site.sensitivity": "no", "decisions": "d"})["d"]
    assert (decided.verdict, decided.outstanding) == ("meets", False)


def test_a_line_of_a_maker_elsewhere_may_be_bought_for_any_site() -> None:
    for place in ({}, {"site.sensitivity": None}, {"event.kind": "stock"}):
        found = verdicts(STATEMENT, {**place, "device.producer": "axis"})["a"]
        assert (found.verdict, found.basis) == ("meets", "declared")


def test_an_order_before_the_statement_is_not_reached() -> None:
    day = date(2022, 11, 23)
    found = verdicts(STATEMENT, {"device.not_before": day, "device.not_after": day}, at=day)
    assert {each.verdict.value for each in found.values()} == {"not_applicable"}


def test_a_unit_that_was_there_before_is_connected_and_not_deployed() -> None:
    old = {"device.not_before": date(2019, 1, 1), "device.not_after": date(2019, 12, 31)}
    found = verdicts(STATEMENT, {"event.kind": "connect", "device.core_connected": True, **old})
    assert found["a"].verdict == "not_applicable"
    assert (found["b"].verdict, found["b"].strength) == ("breaches", Strength.SHOULD)


# --------------------------------------------------------------------------- the supplier


@pytest.mark.parametrize("producer", ["hikvision", "axis", None])
@pytest.mark.parametrize("debarment", [None, "unknown"])
def test_without_a_look_at_the_list_the_supplier_is_asked_about(
    producer: str | None, debarment: str | None
) -> None:
    found = verdicts(ACT, {"device.producer": producer, "supplier.debarment": debarment})[
        "mandatory"
    ]
    assert found.verdict == "cannot_tell"
    (gap,) = found.gaps
    assert gap.fact == "supplier.debarment"
    assert "describe this contract" in gap.question


@pytest.mark.parametrize("producer", ["hikvision", "axis", None])
@pytest.mark.parametrize(
    ("recorded", "expected"), [("excluded", "breaches"), ("not_excluded", "meets")]
)
def test_once_the_list_is_looked_up_the_question_is_gone(
    recorded: str, expected: str, producer: str | None
) -> None:
    found = verdicts(ACT, {"device.producer": producer, "supplier.debarment": recorded})[
        "mandatory"
    ]
    assert found.verdict == expected
    assert found.gaps == ()


def test_the_answer_about_the_supplier_taken_back_brings_the_question_back() -> None:
    answered = verdicts(ACT, {"supplier.debarment": "not_excluded"})["mandatory"]
    removed = verdicts(ACT, {"supplier.debarment": None})["mandatory"]
    assert (answered.verdict, removed.verdict) == ("meets", "cannot_tell")
    assert gaps(removed) - gaps(answered) == {"supplier.debarment"}


def test_an_entry_counts_from_the_day_on_which_the_act_is_in_force() -> None:
    days = (date(2025, 2, 23), date(2025, 2, 24))
    found = [verdicts(ACT, {"supplier.debarment": "excluded"}, at=day)["mandatory"] for day in days]
    assert [each.verdict.value for each in found] == ["not_applicable", "breaches"]


@pytest.mark.parametrize("exempted", ["national-security-exemption", "below-threshold"])
def test_an_exemption_counts_only_where_it_is_on_record(exempted: str) -> None:
    row = {"supplier.debarment": "excluded"}
    assert verdicts(ACT, row)["mandatory"].verdict == "breaches"
    recorded = verdicts(ACT, {**row, "exceptions": exempted})["mandatory"]
    assert recorded.verdict == "not_applicable"
    assert "on record" in recorded.sentence


def test_questions_about_suppliers_name_no_origin_and_no_producer() -> None:
    found = verdicts(ACT)["mandatory"]
    asked = " ".join(each.question for each in found.gaps).casefold()
    assert not any(word in asked for word in ("hikvision", "china", "chinese", "country", "origin"))


# --------------------------------------------------------------------------- one department


SPRING = date(2022, 5, 1)


@pytest.mark.parametrize(
    ("is_dhsc", "expected"),
    [("yes", "breaches"), ("no", "not_applicable"), ("unknown", "cannot_tell")],
)
def test_the_ban_of_one_department_asks_which_department_it_is(is_dhsc: str, expected: str) -> None:
    found = verdicts(DEPARTMENT, at=SPRING, choices={"is_dhsc": is_dhsc})["a"]
    assert found.verdict == expected
    assert "is_dhsc" in {each.id for each in found.choices}
    assert gaps(found) == ({"body.is_issuer"} if is_dhsc == "unknown" else set())


def test_unless_somebody_says_so_no_department_is_taken_for_it() -> None:
    assert verdicts(DEPARTMENT, at=SPRING)["a"].verdict == "cannot_tell"


def test_its_ban_names_one_maker_and_not_a_country() -> None:
    yes = {"is_dhsc": "yes"}
    dahua = verdicts(DEPARTMENT, {"device.producer": "dahua"}, at=SPRING, choices=yes)["a"]
    assert dahua.verdict == "meets"


def test_whether_its_ban_still_holds_is_not_known() -> None:
    found = verdicts(DEPARTMENT, choices={"is_dhsc": "yes"})["a"]
    assert found.verdict == "cannot_tell"
    assert gaps(found) == {"rule.in_force"}
    assert "lawyers-since" in {each.id for each in found.citations}


# --------------------------------------------------------------------------- what binds nobody


@pytest.mark.parametrize("policy", POSITIONS)
@pytest.mark.parametrize("event", ["procure", "deploy", "stock", "possess"])
@pytest.mark.parametrize("body", ["devolved", "police", "department", "unknown"])
def test_a_position_never_refuses_a_line(policy: str, event: str, body: str) -> None:
    found = verdicts(policy, {"event.kind": event, "body.kind": body})
    assert {each.verdict.value for each in found.values()} == {"not_applicable"}
    assert {each.strength for each in found.values()} == {Strength.INFORMATION}


def test_the_code_lists_its_twelve_principles_and_the_duty_to_have_regard() -> None:
    policy = packs()[CODE]
    assert policy.clauses == ("s33", *(f"p{number}" for number in range(1, 13)))
    assert {each.check for each in policy.requirements} == {Check.MANUAL}


def test_the_code_says_the_same_of_every_maker() -> None:
    ours = {"body.kind": "council", "event.kind": "possess"}
    said = [
        [(each.verdict.value, each.sentence) for each in verdicts(CODE, {**ours, **line}).values()]
        for line in ({}, {"device.producer": "axis"}, {"device.producer": None})
    ]
    assert said[0] == said[1] == said[2]
    assert {verdict for verdict, _ in said[0]} == {"cannot_tell"}
