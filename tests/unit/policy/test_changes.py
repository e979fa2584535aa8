"""On which days rules and what they cover are otherwise, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model.changes import Cause, Change
from camaudit.model.policy import (
    Contested,
    Deadline,
    DeadlineKind,
    ExceptionTo,
    Interval,
    Named,
    Policy,
    Reach,
    RuleState,
)
from camaudit.policy import compile_policy, coverage_changes, rule_changes, state_of
from tests.unit.policy.rows import maker, owned_by, statement

FAR = (date(2000, 1, 1), date(2040, 1, 1))


def d(text: str) -> date:
    return date.fromisoformat(text)


def told(policy: Policy, since: date = FAR[0], until: date = FAR[1]) -> list[tuple[str, str, str]]:
    return [
        (str(each.day), each.cause.value, each.requirement or "")
        for each in rule_changes(policy, since, until)
    ]


#: Suspended in January 2023, disputed in February, resumed on 1 March, over after 2024.
TURNING = replace(
    statement(),
    validity=replace(
        statement().validity,
        in_force_to=d("2024-12-31"),
        suspended=(Interval(start=d("2023-01-01"), end=d("2023-01-31")),),
        contested=(Contested(start=d("2023-02-01"), end=d("2023-02-28"), says="It is disputed."),),
    ),
)


def test_the_statement_began_and_was_described() -> None:
    # its target of April 2024 has no day of its own before it was announced
    found = told(statement())
    assert found[0] == ("2022-11-24", "rule_began", "")
    assert ("2023-07-21", "rule_described", "b") in found
    assert ("2024-04-29", "deadline", "c") in found


def test_each_turn_of_a_rule_is_told_on_its_first_day() -> None:
    found = [each for each in told(TURNING) if each[1].startswith("rule_") and not each[2]]
    assert found == [
        ("2022-11-24", "rule_began", ""),
        ("2023-01-01", "rule_suspended", ""),
        ("2023-02-01", "rule_contested", ""),
        ("2023-03-01", "rule_resumed", ""),
        ("2025-01-01", "rule_ended", ""),
    ]
    (disputed,) = (c for c in rule_changes(TURNING, *FAR) if c.cause is Cause.RULE_CONTESTED)
    assert disputed.says == "It is disputed."


def test_the_first_day_is_left_out_and_the_last_is_not() -> None:
    assert told(TURNING, d("2023-02-01"), d("2023-03-01")) == [("2023-03-01", "rule_resumed", "")]
    assert told(TURNING, d("2023-03-01"), d("2023-06-01")) == []


def test_a_requirement_with_days_of_its_own_is_told_by_name() -> None:
    own = replace(statement().validity, in_force_from=d("2024-02-01"), in_force_to=d("2024-02-29"))
    first, *rest = statement().requirements
    policy = replace(statement(), requirements=(replace(first, validity=own), *rest))
    assert [each for each in told(policy) if each[2] == "a"] == [
        ("2024-02-01", "rule_began", "a"),
        ("2024-03-01", "rule_ended", "a"),
    ]
    assert state_of(policy, policy.requirements[0], d("2023-06-01"))[0] is RuleState.NOT_YET
    assert state_of(policy, policy.requirements[1], d("2023-06-01"))[0] is RuleState.IN_FORCE


def test_an_instrument_that_is_over_ends_its_requirements() -> None:
    own = replace(statement().validity, in_force_from=d("2024-02-01"))
    policy = replace(
        TURNING,
        requirements=(replace(statement().requirements[0], validity=own),),
    )
    assert state_of(policy, policy.requirements[0], d("2025-01-01"))[0] is RuleState.ENDED


def test_an_exception_ends_on_the_day_after_its_last() -> None:
    waiver = ExceptionTo(
        id="w",
        title="a waiver",
        applies_to=(statement().requirements[0].id,),
        approver="the department",
        evidence="the waiver",
        citations=(),
        expires=d("2025-03-31"),
    )
    policy = replace(statement(), exceptions=(waiver,))
    assert ("2025-04-01", "exception_ended", "a") in told(policy)


def test_a_deadline_has_passed_on_the_day_after() -> None:
    due = Deadline(
        kind=DeadlineKind.LEGAL,
        day=d("2025-03-31"),
        announced=d("2025-01-10"),
        status="",
        citations=(),
        says="",
    )
    first = replace(statement().requirements[0], deadline=due)
    found = told(replace(statement(), requirements=(first,)))
    assert [each for each in found if each[1] == "deadline"] == [
        ("2025-01-10", "deadline", "a"),
        ("2025-04-01", "deadline", "a"),
    ]


# --------------------------------------------------------------------------------- makers

SUBJECT, OTHER = maker("subject", "CN"), maker("other", "SE")
SOLD = maker(
    "sold",
    "GB",
    owned_by("subject", since=d("2015-01-01"), until=d("2020-06-30")),
    owned_by("other", since=d("2020-07-01")),
)


def covered(policy: Policy, *only: str, since: date = FAR[0], until: date = FAR[1]) -> list[Change]:
    makers = (SUBJECT, OTHER, SOLD)
    choices = compile_policy(policy, makers, at=since).choices
    return list(coverage_changes(policy, makers, choices, only, since, until))


def test_ownership_that_begins_and_ends_is_told_with_the_owner() -> None:
    bought, sold = covered(statement(), "sold")
    assert (bought.day, bought.cause) == (d("2015-01-01"), Cause.OWNERSHIP)
    assert "Sold: covered" in bought.says
    assert "Sold belongs to Subject from then on" in bought.says
    assert (sold.day, sold.cause) == (d("2020-07-01"), Cause.OWNERSHIP)
    assert "Sold: not covered" in sold.says
    assert "Sold belonged to Subject until the day before" in sold.says


def test_makers_that_nobody_asks_for_are_left_out() -> None:
    assert covered(statement(), "other") == []
    assert covered(statement(), "sold", since=d("2020-07-01")) == []


@pytest.mark.parametrize(("reach", "names"), [("exact", ("other",)), ("controlled", ("other",))])
def test_a_list_that_names_a_maker_from_a_day(reach: str, names: tuple[str, ...]) -> None:
    (group,) = statement().groups
    listed = Named(maker="other", since=d("2021-05-01"), until=d("2021-12-31"))
    policy = replace(
        statement(),
        groups=(
            replace(group, named=(listed,), incorporated_in=(), open_codes=(), reach=Reach(reach)),
        ),
    )
    found = covered(policy, *names)
    assert [(each.day, each.cause, each.makers) for each in found] == [
        (d("2021-05-01"), Cause.LISTING, names),
        (d("2022-01-01"), Cause.LISTING, names),
    ]
    # what it owns is covered with it, as far as the list reaches
    owned = [each.day for each in covered(policy, "sold")]
    assert owned == ([] if reach == "exact" else [d("2021-05-01"), d("2022-01-01")])


# ------------------------------------------------------------------------------ properties

days = st.dates(date(2022, 12, 1), date(2025, 2, 1))


@given(days, days)
def test_between_two_changes_a_rule_stands_as_it_stood(one: date, other: date) -> None:
    since, until = sorted((one, other))
    turns = {each.day for each in rule_changes(TURNING, since, until) if not each.requirement}
    rule = TURNING.requirements[0]
    day = since
    while day < until:
        after = day + timedelta(days=1)
        changed = state_of(TURNING, rule, after) != state_of(TURNING, rule, day)
        assert changed is (after in turns)
        day = after
