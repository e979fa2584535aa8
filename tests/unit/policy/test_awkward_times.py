"""The awkward cases, second part: what is done, when, and what is not known of the place.

Each test is one case of the sort that breaks "is the maker in the list?", judged by a shipped pack
where one concerns it. What is expected is worked out from the instrument's text and its notes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camaudit.model.policy import Verdict
from tests.unit.policy.small_packs import by_shipped, gaps, shipped

UK: dict[str, Any] = {
    "device.producer": "hikvision",
    "site.sensitivity": "yes",
    "device.not_before": date(2023, 2, 1),
    "device.not_after": date(2023, 2, 1),
}
EXPORT: dict[str, Any] = {
    "body.kind": "private",
    "device.producer": "hikvision",
    "event.kind": "market",
    "recipient.listed": True,
    "device.certified": False,  # no grant from before the rule
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def uk(row: dict[str, Any], at: str = "2023-08-01", **choices: str) -> dict[str, Verdict]:
    return by_shipped("uk-2022-statement", UK | row, day(at), **choices)


# -------------------------------------------------------------------- direction of the list


@pytest.mark.parametrize("event", ["procure", "possess", "deploy"])
def test_direction_a_list_of_whom_not_to_sell_to_forbids_no_purchase(event: str) -> None:
    for body in ("private", "us_federal_agency", "department"):
        row = EXPORT | {"body.kind": body, "event.kind": event}
        for clause, found in by_shipped("us-bis-entity-list", row, day("2025-10-01")).items():
            assert (found.verdict, gaps(found)) == ("not_applicable", set()), clause


def test_direction_the_same_list_does_bind_who_sells_to_the_maker() -> None:
    found = by_shipped("us-bis-entity-list", EXPORT, day("2025-10-01"))["affiliates"]
    assert (found.verdict, gaps(found)) == ("breaches", set())
    assert "an export to it needs a licence" in found.sentence


# ---------------------------------------------------------- date-dependent and suspended rules


@pytest.mark.parametrize(
    ("at", "expected", "missing"),
    [
        ("2025-09-28", "not_applicable", set()),
        ("2025-09-29", "breaches", set()),
        ("2025-11-09", "breaches", set()),
        ("2025-11-10", "not_applicable", set()),
        ("2026-11-09", "not_applicable", set()),
        # due again that day; whether the suspension was extended is in no source that was read
        ("2026-11-10", "cannot_tell", {"rule.in_force"}),
    ],
)
def test_suspended_a_rule_that_started_stopped_and_may_start_again(
    at: str, expected: str, missing: set[str]
) -> None:
    found = by_shipped("us-bis-entity-list", EXPORT, day(at))["affiliates"]
    assert (found.verdict, gaps(found)) == (expected, missing)
    if missing:
        assert "suspended until 9 November 2026" in found.sentence


@pytest.mark.parametrize(
    ("at", "expected"), [("2024-04-01", "breaches"), ("2024-04-02", "cannot_tell")]
)
def test_suspended_a_definition_that_a_court_vacated(at: str, expected: str) -> None:
    row = EXPORT | {"event.kind": "import", "use.purpose": "critical_infrastructure"}
    found = by_shipped("us-fcc-covered-list", row, day(at))["critical-infrastructure"]
    assert found.verdict == expected
    assert gaps(found) == ({"rule.in_force"} if expected == "cannot_tell" else set())


# ---------------------------------------------------------------------------- strength drift


@pytest.mark.parametrize(
    ("at", "described"),
    [("2023-07-20", None), ("2023-07-21", "must")],
)
def test_strength_drift_the_text_stands_and_later_words_are_shown_beside_it(
    at: str, described: str | None
) -> None:
    found = uk({"device.core_connected": True}, at)["b"]
    assert (found.verdict, found.strength) == ("breaches", "should")
    assert [each.strength for each in found.described_as] == ([described] if described else [])
    cited = {each.id for each in found.citations}
    assert "hcws386" in cited
    assert ("answer-2023-07-21" in cited) is (described is not None)


def test_strength_drift_the_stricter_reading_may_be_chosen() -> None:
    row = {"device.core_connected": True}
    chosen = uk(row, core_network_strength="as_described")["b"]
    assert (chosen.verdict, chosen.strength) == ("breaches", "must")
    assert "core_network_strength" in {each.id for each in chosen.choices}
    # there was nothing to follow before the answers were given
    assert uk(row, "2022-12-01", core_network_strength="as_described")["b"].strength == "should"


# ------------------------------------------------------------ sensitivity unknown or withheld


@pytest.mark.parametrize(
    ("word", "a", "d"),
    [
        ("yes", "breaches", "not_applicable"),
        ("no", "not_applicable", "cannot_tell"),
        ("unknown", "cannot_tell", "cannot_tell"),
        ("withheld", "cannot_tell", "cannot_tell"),
        (None, "cannot_tell", "cannot_tell"),
    ],
)
def test_sensitivity_has_four_values_and_two_say_nothing(word: str | None, a: str, d: str) -> None:
    found = uk({"site.sensitivity": word})
    assert (found["a"].verdict, found["d"].verdict) == (a, d)
    if a == "cannot_tell":
        assert gaps(found["a"]) == {"site.sensitivity"}
        assert "classify the site" in found["a"].sentence
        assert {each.label: each.verdict for each in found["a"].branches} == {
            "if sensitive": "breaches",
            "if not": "not_applicable",
        }
    # outside the class a decision is due: never a breach, never met by silence
    assert found["d"].outstanding is (word == "no")


# ------------------------------------------------------------------------------ stock vs flow


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2022-11-24", "2022-11-24", "breaches"),
        ("2019-01-01", "2022-11-23", "not_applicable"),
        # "before the statement?" has no answer here, and none is made up
        ("2022-11-01", "2022-12-31", "cannot_tell"),
        (None, None, "cannot_tell"),
        (None, "2022-11-23", "not_applicable"),
        ("2022-11-24", None, "breaches"),
    ],
)
def test_stock_and_flow_a_ban_on_the_new_needs_a_date(
    first: str | None, last: str | None, expected: str
) -> None:
    found = uk(
        {
            "device.not_before": day(first) if first else None,
            "device.not_after": day(last) if last else None,
        }
    )["a"]
    assert found.verdict == expected
    assert gaps(found) == ({"device.installed"} if expected == "cannot_tell" else set())
    if expected == "not_applicable":
        assert "falls to clause c" in found.sentence


# ------------------------------------------------------------- storage, spares, like for like


def test_spares_what_lies_in_a_store_is_not_deployed() -> None:
    found = uk({"device.state": "in_storage"})["a"]
    assert (found.verdict, gaps(found)) == ("not_applicable", set())
    assert "not in service (in storage)" in found.sentence


def test_spares_an_order_for_stock_is_never_left_out() -> None:
    found = uk({"event.kind": "stock", "site.sensitivity": "no"})["a"]
    assert (found.verdict, gaps(found)) == ("cannot_tell", {"site.sensitivity"})


def test_like_for_like_a_swapped_unit_is_a_new_deployment_as_the_pack_reads_it() -> None:
    old = {"device.not_before": date(2018, 5, 1), "device.not_after": date(2018, 5, 1)}
    new = {"device.not_before": date(2023, 5, 1), "device.not_after": date(2023, 5, 1)}
    assert uk(old)["a"].verdict == "not_applicable"
    assert uk(new)["a"].verdict == "breaches"
    (note,) = (
        each
        for each in shipped()["uk-2022-statement"].interpretation_notes
        if "like for like" in each.question
    )
    assert note.choice.startswith("Yes.")
    assert note.alternatives


# --------------------------------------------------------------------- exceptions that expire


@pytest.mark.parametrize(
    ("policy", "row", "exception", "clause"),
    [
        (
            "tw-2020",
            {"body.kind": "tw_agency", "event.kind": "procure"},
            "no-alternative",
            "procure",
        ),
        (
            "us-889-part-a",
            {
                "body.kind": "us_federal_agency",
                "event.kind": "procure",
                "use.purpose": "national_security",
            },
            "dni-waiver",
            "a1a",
        ),
    ],
)
def test_exceptions_count_while_one_stands_and_no_longer(
    policy: str, row: dict[str, Any], exception: str, clause: str
) -> None:
    """What stands on a day is a fact of that day; `test_facts` shows that it ends by itself."""
    covered = row | {"device.producer": "hikvision"}
    standing = by_shipped(policy, covered | {"exceptions": exception})[clause]
    assert (standing.verdict, gaps(standing)) == ("not_applicable", set())
    assert standing.sentence.startswith("Excepted: ")
    lapsed = by_shipped(policy, covered | {"exceptions": ""})[clause]
    assert (lapsed.verdict, gaps(lapsed)) == ("breaches", set())
    unread = by_shipped(policy, covered | {"exceptions": None})[clause]
    assert (unread.verdict, gaps(unread)) == ("cannot_tell", {f"exception.{exception}"})
