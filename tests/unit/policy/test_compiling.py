"""Compiling a pack at a date: what is in force, which choices hold, how strong a clause is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camaudit.errors import UsageError
from camaudit.model.policy import AllOf, Interval, Not, Operator, Part, Policy, Test, Validity
from camaudit.policy import CompiledPolicy, compile_policy, explain
from tests.unit.policy.rows import IN_FORCE, MAKERS, USUAL, statement


def compiled(
    policy: Policy | None = None,
    at: date = IN_FORCE,
    choices: dict[str, str] | None = None,
) -> CompiledPolicy:
    return compile_policy(policy or statement(), MAKERS, at=at, choices=choices)


def strength_of_b(at: date, choice: str) -> tuple[str, list[str]]:
    rule = compiled(at=at, choices={"core_network_strength": choice}).requirements[1]
    return rule.strength, [each.strength for each in rule.described_as]


@pytest.mark.parametrize(
    ("at", "as_written", "as_described", "shown"),
    [
        (date(2023, 7, 20), "should", "should", []),
        (date(2023, 7, 21), "should", "must", ["must"]),
    ],
)
def test_an_answer_describes_from_its_day_and_amends_only_by_choice(
    at: date, as_written: str, as_described: str, shown: list[str]
) -> None:
    assert strength_of_b(at, "as_written") == (as_written, shown)
    assert strength_of_b(at, "as_described") == (as_described, shown)


def test_the_choice_does_not_touch_other_clauses() -> None:
    chosen = compiled(choices={"core_network_strength": "as_described"})
    assert [rule.strength for rule in chosen.requirements] == [
        "must_not",
        "must",
        "consider",
        "consider",
        "may",
    ]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"colour": "red"}, "has no choice colour"),
        ({"executive_agency": "perhaps"}, "cannot be perhaps"),
    ],
)
def test_a_choice_that_the_pack_does_not_offer_is_refused(
    choices: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        compiled(choices=choices)


def test_each_other_option_of_each_choice_is_at_hand() -> None:
    other = [(name, each.choices[name]) for name, each in compiled().alternatives]
    assert other == [
        ("executive_agency", "not_bound"),
        ("non_ministerial_department", "not_bound"),
        ("arms_length_body", "bound"),
        ("core_network_strength", "as_described"),
        ("hong_kong_and_macau", "covered"),
        ("hong_kong_and_macau", "not_covered"),
        ("portable_equipment", "excluded"),
    ]


def test_a_question_asked_by_several_clauses_is_put_once() -> None:
    questions = compiled().questions
    assert len(questions) == len(set(questions))
    assert [test.fact for test in questions].count("device.producer") == 1


def test_a_target_is_shown_from_the_day_it_was_announced() -> None:
    def deadlines(at: date) -> list[str]:
        return [
            rule.requirement.id
            for rule in compiled(at=at).requirements
            if rule.deadline is not None
        ]

    assert deadlines(date(2024, 4, 28)) == []
    assert deadlines(date(2024, 4, 29)) == ["c"]


def sentence(policy: Policy, at: date) -> str:
    return explain(compiled(policy, at), USUAL)[0].sentence


def test_a_rule_is_silent_before_after_and_while_suspended() -> None:
    lapsed = replace(
        statement(),
        validity=replace(
            statement().validity,
            in_force_to=date(2024, 12, 31),
            suspended=(
                Interval(start=date(2023, 1, 1), end=date(2023, 1, 31)),
                Interval(start=date(2025, 6, 1), end=None),
            ),
        ),
    )
    assert "not yet in force" in sentence(lapsed, date(2022, 11, 23))
    assert "Likely produced" in sentence(lapsed, date(2022, 11, 24))
    assert sentence(lapsed, date(2023, 1, 1)) == "On 2023-01-01 the rule was suspended."
    assert "was suspended" in sentence(lapsed, date(2023, 1, 31))
    assert "Likely produced" in sentence(lapsed, date(2023, 2, 1))
    assert "Likely produced" in sentence(lapsed, date(2024, 12, 31))
    assert "no longer in force" in sentence(lapsed, date(2025, 1, 1))


def test_a_suspension_may_have_no_end_yet() -> None:
    paused = replace(
        statement(),
        validity=replace(
            statement().validity, suspended=(Interval(start=date(2025, 6, 1), end=None),)
        ),
    )
    assert "Likely produced" in sentence(paused, date(2025, 5, 31))
    assert "was suspended" in sentence(paused, date(2030, 1, 1))


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (date(2023, 1, 31), "On 2023-01-31 clause a was to come."),
        (date(2023, 2, 1), "On 2023-02-01 clause a was paused."),
        (date(2023, 6, 1), "On 2023-06-01 clause a was over."),
        # the instrument's own day comes first
        (
            date(2022, 11, 23),
            "On 2022-11-23 the statement of 24 November 2022 was not yet in force.",
        ),
    ],
)
def test_a_requirement_with_days_of_its_own_has_its_own_sentences(at: date, says: str) -> None:
    days = Validity(
        announced=date(2022, 11, 24),
        in_force_from=date(2023, 2, 1),
        in_force_to=date(2023, 5, 31),
        suspended=(Interval(start=date(2023, 2, 1), end=date(2023, 2, 28)),),
        superseded_by=None,
        not_yet_says="On {at} clause a was to come.",
        ended_says="On {at} clause a was over.",
        suspended_says="On {at} clause a was paused.",
    )
    first = replace(statement().requirements[0], validity=days)
    assert sentence(replace(statement(), requirements=(first,)), at) == says


def test_conditions_nest() -> None:
    """A rule of all, any and not keeps its meaning when it is compiled."""
    present = Test(fact="device.present", operator=Operator.IS, value=True)
    removed = Test(fact="device.state", operator=Operator.IS, value="removed")
    part = Part(when=AllOf(parts=(present, Not(part=removed))), otherwise="It is gone.")
    first = replace(statement().requirements[0], scope=(part,))
    policy = replace(statement(), requirements=(first,))
    assert explain(compiled(policy), USUAL)[0].verdict == "breaches"
    (gone,) = explain(compiled(policy), {**USUAL, "device.state": "removed"})
    assert (gone.verdict, gone.sentence) == ("not_applicable", "It is gone.")
