"""Where a pack that replaces a shipped one asks less: each way of weakening it, and none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from camaudit.model.ids import RequirementId
from camaudit.model.policy import (
    AllOf,
    AnyOf,
    Check,
    ChoiceIs,
    Contested,
    Deadline,
    DeadlineKind,
    ExceptionTo,
    Group,
    Interval,
    Named,
    Not,
    Operator,
    Part,
    Policy,
    Reach,
    Requirement,
    Test,
    Validity,
)
from camaudit.model.words import Strength, VerdictCode
from camaudit.policy.weakening import weakened
from tests.unit.policy.rows import statement


def d(text: str) -> date:
    return date.fromisoformat(text)


def with_rule(name: str, policy: Policy | None = None, **changed: Any) -> Policy:
    """Return a policy with one requirement changed."""
    base = policy or statement()
    return replace(
        base,
        requirements=tuple(
            replace(rule, **changed) if rule.id == name else rule for rule in base.requirements
        ),
    )


def rule(name: str) -> Requirement:
    return next(each for each in statement().requirements if each.id == name)


def days(**changed: Any) -> Policy:
    return replace(statement(), validity=replace(statement().validity, **changed))


def own_days(start: str, end: str | None = None) -> Validity:
    return replace(
        statement().validity, in_force_from=d(start), in_force_to=d(end) if end else None
    )


def group(**changed: Any) -> Policy:
    (only,) = statement().groups
    return replace(statement(), groups=(replace(only, **changed),))


def naming(*named: Named) -> Policy:
    """Return the statement with a list of makers in place of its predicate."""
    return group(named=named, incorporated_in=(), open_codes=())


def chosen(name: str, option: str) -> Policy:
    return replace(
        statement(),
        choices=tuple(
            replace(each, default=option) if each.id == name else each
            for each in statement().choices
        ),
    )


def waiver(*rules: str, expires: date | None = None) -> ExceptionTo:
    return ExceptionTo(
        id="waiver",
        title="a waiver by the department",
        applies_to=tuple(map(RequirementId, rules)),
        approver="the department",
        evidence="the waiver",
        citations=(),
        expires=expires,
    )


def narrowed(condition: Any) -> Policy:
    """Return the statement with one more condition before clause a applies."""
    part = Part(when=condition, otherwise="It is left out.")
    return with_rule("a", scope=(*rule("a").scope, part))


def test_the_same_pack_weakens_nothing() -> None:
    assert weakened(statement(), statement()) == ()


CONNECTED = Test(fact="device.networked", operator=Operator.IS, value=True)
CONTESTED = Contested(start=d("2024-01-01"), end=None, says="It is disputed.")


@pytest.mark.parametrize(
    ("overlay", "says"),
    [
        (
            replace(statement(), requirements=statement().requirements[1:]),
            "requirement a: it is removed",
        ),
        (
            with_rule("a", strength=Strength.SHOULD),
            "requirement a: its strength is should instead of must_not",
        ),
        (
            days(in_force_from=d("2023-01-01")),
            (
                "requirements a, b, c, d, e: it is not yet instead of in force from 2022-11-24 to "
                "2022-12-31"
            ),
        ),
        (
            days(in_force_to=d("2024-12-31")),
            "requirements a, b, c, d, e: it is ended instead of in force from 2025-01-01 on",
        ),
        (
            days(suspended=(Interval(start=d("2023-02-01"), end=d("2023-02-28")),)),
            (
                "requirements a, b, c, d, e: it is suspended instead of in force from 2023-02-01 "
                "to 2023-02-28"
            ),
        ),
        (
            days(contested=(CONTESTED,)),
            "requirements a, b, c, d, e: it is unknown instead of in force from 2024-01-01 on",
        ),
        (
            with_rule("b", validity=own_days("2023-07-21")),
            "requirement b: it is not yet instead of in force from 2022-11-24 to 2023-07-20",
        ),
        (
            group(incorporated_in=()),
            (
                "requirements a, b, c, d: “subject_to_law” no longer covers companies incorporated "
                "in CN"
            ),
        ),
        (
            chosen("hong_kong_and_macau", "not_covered"),
            (
                "requirements a, b, c, d: “subject_to_law” no longer covers companies incorporated "
                "in HK"
            ),
        ),
        (
            group(reach=Reach.EXACT),
            (
                "requirements a, b, c, d: “subject_to_law” reaches exact makers only, instead of "
                "controlled ones"
            ),
        ),
        (
            replace(statement(), groups=()),
            "requirements a, b, c, d: the makers of “subject_to_law” are gone",
        ),
        (
            replace(statement(), equipment_kinds=("camera",)),
            (
                "requirements a, b, c, d: it no longer counts as equipment: recorder, encoder, "
                "intercom, body_worn, drone, video_management"
            ),
        ),
        (
            replace(statement(), exceptions=(waiver("a"),)),
            "requirement a: it has one exception more: a waiver by the department",
        ),
        (
            narrowed(CONNECTED),
            "requirement a: it no longer asks anything where device.networked is no",
        ),
        (
            with_rule(
                "a",
                check=Check.MANUAL,
                manual_verdict=VerdictCode.CANNOT_TELL,
                scope=(),
                forbidden=(),
            ),
            "requirement a: it is no longer decided by facts but left to a person",
        ),
        (
            with_rule("a", action="report"),
            "requirement a: it asks to report instead of to prohibit new",
        ),
        (
            replace(statement(), legal_force="advisory"),
            "requirements a, b, c, d, e: its legal force is advisory instead of internal",
        ),
        (
            replace(statement(), tests="supplier"),
            "requirements a, b, c, d, e: it tests supplier instead of item",
        ),
    ],
)
def test_each_way_of_asking_less_is_said(overlay: Policy, says: str) -> None:
    found = weakened(statement(), overlay)
    assert says in found
    # and the other way round it asks more, or what cannot be told is said again
    assert says not in weakened(overlay, statement())


def test_a_list_in_place_of_a_predicate_cannot_be_told_apart() -> None:
    says = (
        (
            "requirements a, b, c, d: “subject_to_law” covers makers by another test: which ones "
            "it loses cannot be told by comparing"
        ),
    )
    named = naming(Named(maker="hikvision"))
    assert weakened(statement(), named) == says
    assert weakened(named, statement()) == says


def test_a_default_that_frees_a_body_is_said_with_the_body() -> None:
    found = weakened(statement(), chosen("executive_agency", "not_bound"))
    assert len(found) == 1
    assert found[0].startswith("requirements a, b, c, d: it no longer asks anything where ")
    assert "body.kind is executive_agency" in found[0]
    assert weakened(chosen("executive_agency", "not_bound"), statement()) == ()


def test_a_default_that_takes_the_weaker_reading_lowers_the_strength_from_its_day() -> None:
    stricter = chosen("core_network_strength", "as_described")
    assert weakened(statement(), stricter) == ()
    assert weakened(stricter, statement()) == (
        "requirement b: its strength is should instead of must from 2023-07-21",
    )


@pytest.mark.parametrize(
    ("shipped", "overlay", "says"),
    [
        ([Named(maker="hikvision")], [], None),
        (
            [Named(maker="hikvision"), Named(maker="dahua")],
            [Named(maker="dahua")],
            "no longer names hikvision",
        ),
        (
            [Named(maker="dahua")],
            [Named(maker="dahua", since=d("2020-01-01"))],
            "names dahua later or for a shorter time",
        ),
        (
            [Named(maker="dahua", since=d("2020-01-01"))],
            [Named(maker="dahua", since=d("2020-01-01"), until=d("2024-01-01"))],
            "names dahua later or for a shorter time",
        ),
        # two spans that touch hold every day of the one
        (
            [Named(maker="dahua", since=d("2020-01-01"))],
            [
                Named(maker="dahua", since=d("2022-01-01")),
                Named(maker="dahua", since=d("2019-01-01"), until=d("2021-12-31")),
            ],
            "",
        ),
        # one day is missing between them
        (
            [Named(maker="dahua", since=d("2020-01-01"))],
            [
                Named(maker="dahua", since=d("2022-01-02")),
                Named(maker="dahua", since=d("2019-01-01"), until=d("2021-12-31")),
            ],
            "names dahua later or for a shorter time",
        ),
    ],
)
def test_a_list_loses_makers_or_days(
    shipped: list[Named], overlay: list[Named], says: str | None
) -> None:
    found = weakened(naming(*shipped), naming(*overlay))
    if says == "":
        assert found == ()
    else:
        wanted = "no longer names hikvision" if says is None else says
        assert found == (f"requirements a, b, c, d: “subject_to_law” {wanted}",)


def test_an_exception_that_can_be_used_longer_is_wider() -> None:
    until = replace(statement(), exceptions=(waiver("a", expires=d("2024-01-01")),))
    longer = replace(statement(), exceptions=(waiver("a", "b", expires=d("2025-01-01")),))
    assert weakened(until, longer) == (
        (
            "requirement a: the exception “a waiver by the department” can be used until "
            "2025-01-01 instead of 2024-01-01"
        ),
        "requirement b: it has one exception more: a waiver by the department",
    )
    assert weakened(longer, until) == ()


@pytest.mark.parametrize(
    ("day", "kind", "says"),
    [
        ("2025-01-01", DeadlineKind.LEGAL, ()),
        ("2026-01-01", DeadlineKind.LEGAL, ("its date is 2026-01-01 instead of 2025-06-30",)),
        (None, DeadlineKind.LEGAL, ("its date is left out instead of 2025-06-30",)),
        (
            "2025-06-30",
            DeadlineKind.TARGET,
            ("its date is of the kind target instead of legal",),
        ),
    ],
)
def test_a_date_that_is_later_or_binds_less(
    day: str | None, kind: DeadlineKind, says: tuple[str, ...]
) -> None:
    def due(on: str | None, of: DeadlineKind) -> Policy:
        deadline = Deadline(
            kind=of, day=d(on) if on else None, announced=None, status="", citations=(), says=""
        )
        return with_rule("c", deadline=deadline)

    found = weakened(due("2025-06-30", DeadlineKind.LEGAL), due(day, kind))
    assert found == tuple(f"requirement c: {each}" for each in says)


def test_a_condition_more_in_what_is_forbidden_asks_less() -> None:
    more = Part(when=CONNECTED, otherwise="It is not connected.")
    found = weakened(statement(), with_rule("a", forbidden=(*rule("a").forbidden, more)))
    assert found == ("requirement a: it no longer asks anything where device.networked is no",)


def test_a_word_less_in_a_list_asks_less_and_a_word_more_does_not() -> None:
    def counting(*states: str) -> Policy:
        state = Test(fact="device.state", operator=Operator.IN, value=states)
        return with_rule("a", scope=(Part(when=state, otherwise="It is not in service."),))

    few, many = counting("in_service"), counting("in_service", "seen_again")
    assert weakened(few, many) == ()
    assert weakened(many, few) == (
        "requirement a: it no longer asks anything where device.state is seen_again",
    )


def test_the_same_condition_in_other_words_is_no_weaker() -> None:
    one = Test(fact="device.state", operator=Operator.IS, value="in_service")
    two = Test(fact="device.state", operator=Operator.IS, value="seen_again")
    either = Test(fact="device.state", operator=Operator.IN, value=("seen_again", "in_service"))
    plain = with_rule("a", scope=(Part(when=AnyOf(parts=(one, two)), otherwise="It is out."),))
    other = with_rule(
        "a",
        scope=(
            Part(
                when=Not(part=AllOf(parts=(Not(part=either),))),
                otherwise="It is out.",
            ),
        ),
    )
    assert weakened(plain, other) == ()
    assert weakened(other, plain) == ()


@pytest.mark.parametrize(
    ("was", "now", "weaker"),
    [("2022-11-24", "2022-11-25", True), ("2022-11-24", "2022-11-23", False)],
)
def test_a_later_day_of_installation_asks_less(was: str, now: str, *, weaker: bool) -> None:
    def since(day: str) -> Policy:
        test = Test(fact="device.installed", operator=Operator.ON_OR_AFTER, value=d(day))
        return with_rule("a", scope=(Part(when=test, otherwise="It was there before."),))

    found = weakened(since(was), since(now))
    assert bool(found) is weaker
    if weaker:
        assert found == (
            (
                "requirement a: it no longer asks anything where device.installed is at or after "
                "2022-11-24 and before 2022-11-25"
            ),
        )


def test_a_higher_threshold_for_who_made_it_asks_less() -> None:
    def from_share(share: float) -> Policy:
        made_by = rule("a").forbidden[0].when
        assert isinstance(made_by, Test)
        test = replace(made_by, at_least=share)
        return with_rule("a", forbidden=(replace(rule("a").forbidden[0], when=test),))

    # what was open at 0.85 is now cleared, where the maker is not covered
    assert weakened(from_share(0.9), from_share(0.8)) == (
        (
            "requirement a: it no longer stays open where device.producer is not in "
            "subject_to_law, less probably"
        ),
    )
    (found,) = weakened(from_share(0.8), from_share(0.9))
    assert found == (
        "requirement a: it can no longer be decided where device.producer is in subject_to_law, "
        "less probably"
    )


def test_what_must_be_settled_first_may_not_be_dropped() -> None:
    eager = tuple(replace(part, settle_first=False) for part in rule("a").scope)
    assert weakened(statement(), with_rule("a", scope=eager)) == (
        "requirement a: it no longer stays open where body.kind is not known",
    )


def test_a_decision_that_is_met_more_easily_asks_less() -> None:
    decided = rule("c").met_by
    assert decided is not None
    easier = AnyOf(parts=(decided.when, CONNECTED))
    (found,) = weakened(statement(), with_rule("c", met_by=replace(decided, when=easier)))
    assert found.startswith("requirement c: it no longer asks anything where ")
    assert "device.networked is yes" in found


def test_conditions_that_are_too_many_to_try_are_said_to_be_others() -> None:
    kinds = Test(fact="device.kind", operator=Operator.IN, value=tuple("abcdefghij"))
    states = Test(fact="device.state", operator=Operator.IN, value=tuple("abcdefghij"))
    origin = Test(fact="device.made_in", operator=Operator.IN, value=tuple("abcdefghij"))
    notes = Test(fact="use.purpose", operator=Operator.IN, value=tuple("abcdefghij"))
    flow = Test(fact="device.data_flow", operator=Operator.IN, value=tuple("abcdefghij"))
    unlike = AnyOf(parts=(kinds, states, origin, notes, flow))
    assert weakened(statement(), narrowed(unlike)) == (
        (
            "requirement a: its conditions are others: whether it asks less cannot be told by "
            "comparing"
        ),
    )


def test_a_condition_that_can_never_hold_switches_a_rule_off() -> None:
    never = ChoiceIs(choice="executive_agency", option="not_bound")
    (found,) = weakened(statement(), narrowed(never))
    assert found.startswith("requirement a: it no longer asks anything")


def test_stricter_packs_are_no_weaker() -> None:
    stricter = with_rule("b", strength=Strength.MUST)
    stricter = with_rule("a", stricter, scope=rule("a").scope[:-1])
    stricter = replace(
        stricter,
        validity=replace(stricter.validity, in_force_from=d("2022-01-01")),
        equipment_kinds=(*stricter.equipment_kinds, "network"),
        groups=(
            Group(
                id="subject_to_law",
                says="more of them",
                incorporated_in=("CN", "HK", "MO", "RU"),
                reach=Reach.AFFILIATED,
            ),
        ),
    )
    assert weakened(statement(), stricter) == ()
