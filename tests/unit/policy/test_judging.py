"""The statement of 24 November 2022, device by clause, on three days: worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from camaudit.model.policy import AllOf, AnyOf, Not, Operator, Part, Test
from camaudit.model.words import Strength, VerdictCode
from camaudit.policy import compile_policy, explain
from tests.unit.policy.rows import IN_FORCE, MAKERS, USUAL, statement, verdicts

#: What is known of each device, whatever the day: laid over the usual camera, which is a
#: department's, on a sensitive site, by a covered maker.
DEVICES: dict[str, dict[str, Any]] = {
    "lobby": {
        "device.not_before": date(2019, 1, 1),
        "device.not_after": date(2019, 12, 31),
        "device.core_connected": True,
    },
    "gate": {"device.not_before": date(2022, 11, 25), "device.not_after": date(2022, 11, 25)},
    "yard": {"device.not_before": date(2023, 5, 1), "device.not_after": None},
    "attic": {"device.not_before": date(2019, 3, 1), "device.not_after": None},
    "bosch": {
        "device.producer": "elsewhere",
        "device.not_before": date(2019, 3, 1),
        "device.not_after": None,
    },
    "car park": {"site.sensitivity": "no", "device.core_connected": False},
    "annexe": {"site.sensitivity": "unknown"},
    "school": {"body.kind": "education", "device.core_connected": True},
    "printer": {"device.surveillance": False},
    "old hall": {
        "device.not_before": date(2019, 1, 1),
        "device.not_after": date(2019, 12, 31),
    },
}

#: What is known on each day only.
FIRST, SECOND, THIRD = date(2022, 11, 23), date(2022, 11, 25), date(2023, 8, 1)
ON_THE_DAY: dict[date, dict[str, dict[str, Any]]] = {
    FIRST: {},
    SECOND: {
        "yard": {"device.present": False},
        # Made in 2019, first seen in 2023: nobody knows whether it was there in 2022.
        "attic": {"device.present": None},
    },
    THIRD: {"old hall": {"device.state": "removed"}, "lobby": {"decisions": "c"}},
}

#: meets, breaches, cannot tell, not applicable; "due" is a decision outstanding.
TABLE = """
            2022-11-23     2022-11-25      2023-08-01
lobby       n n n n        n b due n       n b m n
gate        n n n n        b c due n       b c due n
yard        n n n n        n n n n         b c due n
attic       n n n n        c c c n         c c due n
bosch       n n n n        m m m n         m m m n
car_park    n n n n        n m n due       n m n due
annexe      n n n n        c c c c         c c c c
school      n n n n        n n n n         n n n n
printer     n n n n        n n n n         n n n n
old_hall    n n n n        n c due n       n n n n
"""
WORDS = {
    "m": "meets",
    "b": "breaches",
    "c": "cannot_tell",
    "n": "not_applicable",
    "due": "decision outstanding",
}
CASES = [
    (line.split()[0].replace("_", " "), day, tuple(line.split()[1 + 4 * at : 5 + 4 * at]))
    for line in TABLE.strip().splitlines()[1:]
    for at, day in enumerate((FIRST, SECOND, THIRD))
]


@pytest.mark.parametrize(("device", "day", "expected"), CASES)
def test_the_table(device: str, day: date, expected: tuple[str, ...]) -> None:
    facts = {**DEVICES[device], **ON_THE_DAY[day].get(device, {})}
    given = verdicts(facts, at=day)
    said = {
        clause: "decision outstanding" if given[clause].outstanding else given[clause].verdict
        for clause in "abcd"
    }
    assert said == dict(zip("abcd", (WORDS[each] for each in expected), strict=True))


def test_the_table_is_whole() -> None:
    assert len(CASES) == len(DEVICES) * 3
    assert {len(expected) for _, _, expected in CASES} == {4}
    assert set(TABLE.split()) >= set(WORDS)


def test_each_verdict_of_the_table_names_its_clause() -> None:
    for device, day, _ in CASES:
        for clause, verdict in verdicts(DEVICES[device], at=day).items():
            assert verdict.clause == clause
            assert verdict.quote
            assert verdict.citations
            assert verdict.sentence
            assert verdict.at == day


@pytest.mark.parametrize("made", [2019, 2024])
def test_a_serial_settles_clause_a_only_where_it_is_later(made: int) -> None:
    facts = {"device.not_before": date(made, 1, 1), "device.not_after": None}
    verdict = verdicts(facts, at=date(2024, 6, 1))["a"]
    if made == 2024:
        assert (verdict.verdict, verdict.gaps) == ("breaches", ())
    else:
        assert verdict.verdict == "cannot_tell"
        assert [gap.missing for gap in verdict.gaps] == ["installation date"]


def test_an_unknown_fact_that_changes_nothing_is_not_asked_for() -> None:
    facts = {"device.core_connected": None, "device.producer": "elsewhere"}
    assert verdicts(facts)["b"].gaps == ()


def test_facts_that_only_matter_together_are_both_asked_for() -> None:
    facts = {"site.sensitivity": None, "device.not_before": None, "device.not_after": None}
    assert {gap.fact for gap in verdicts(facts)["a"].gaps} == {
        "site.sensitivity",
        "device.installed",
    }


@pytest.mark.parametrize("kind", ["devolved", "police", "council", "nhs", "education", "private"])
def test_other_bodies_are_free_to_choose(kind: str) -> None:
    for clause in "abcd":
        verdict = verdicts({"body.kind": kind, "device.core_connected": True})[clause]
        assert verdict.verdict == "not_applicable"
        assert "may choose to follow" in verdict.sentence
        assert "answer-2023-01-31" in {citation.id for citation in verdict.citations}


def test_an_unknown_body_is_never_cleared() -> None:
    for maker in ("subject", "elsewhere", None):
        verdict = verdicts({"body.kind": None, "device.producer": maker})["a"]
        assert verdict.verdict == "cannot_tell"
        assert "name the body that owns or runs the device" in {gap.missing for gap in verdict.gaps}


def test_clauses_to_consider_are_never_breached() -> None:
    for sensitivity in ("yes", "no", "unknown", "withheld", None):
        for decided in ("c d", "", None):
            facts = {"site.sensitivity": sensitivity, "decisions": decided}
            given = verdicts(facts)
            assert given["c"].verdict != "breaches"
            assert given["d"].verdict != "breaches"


@pytest.mark.parametrize("strength", [Strength.MUST, Strength.SHOULD])
def test_a_duty_that_only_a_record_shows_is_outstanding_however_hard_it_presses(
    strength: Strength,
) -> None:
    """What is not on record here may be done all the same, so it is no breach."""
    (rule,) = (each for each in statement().requirements if each.id == "c")
    pressed = replace(statement(), requirements=(replace(rule, strength=strength),))
    compiled = compile_policy(pressed, MAKERS, at=IN_FORCE)

    def told(decisions: str) -> tuple[str, bool, list[str]]:
        (verdict,) = explain(compiled, {**USUAL, "decisions": decisions})
        return verdict.verdict, verdict.outstanding, [gap.fact for gap in verdict.gaps]

    assert told("") == ("cannot_tell", True, ["decision.c"])
    assert told("c") == ("meets", False, [])


def test_a_duty_that_its_pack_lets_be_breached_is_breached_without_a_record() -> None:
    (rule,) = (each for each in statement().requirements if each.id == "c")
    given = (*rule.can_give, VerdictCode.BREACHES)
    harder = replace(rule, strength=Strength.MUST, can_give=given)
    compiled = compile_policy(replace(statement(), requirements=(harder,)), MAKERS, at=IN_FORCE)
    (verdict,) = explain(compiled, USUAL)
    assert (verdict.verdict, verdict.outstanding) == ("breaches", False)


def test_a_decision_that_may_or_may_not_exist_is_asked_for() -> None:
    verdict = verdicts({"decisions": None})["c"]
    assert (verdict.verdict, verdict.outstanding) == ("cannot_tell", False)
    assert [gap.fact for gap in verdict.gaps] == ["decision.c"]


def test_where_no_single_fact_helps_all_that_are_unknown_are_asked_for() -> None:
    """Forbidden: both or neither. With both unknown, no answer to one of them decides."""
    one = Test(fact="device.networked", operator=Operator.IS, value=True)
    other = Test(fact="decision.a", operator=Operator.IS, value=True)
    both = AllOf(parts=(one, other))
    neither = AllOf(parts=(Not(part=one), Not(part=other)))
    part = Part(when=AnyOf(parts=(both, neither)), otherwise="One of the two, as it should be.")
    rule = replace(statement().requirements[0], scope=(), forbidden=(part,))
    compiled = compile_policy(replace(statement(), requirements=(rule,)), (), at=IN_FORCE)

    def gaps(row: dict[str, Any]) -> tuple[str, list[str]]:
        (verdict,) = explain(compiled, row)
        return verdict.verdict, [gap.fact for gap in verdict.gaps]

    assert gaps({}) == ("cannot_tell", ["device.networked", "decision.a"])
    assert gaps({"decisions": "a"}) == ("cannot_tell", ["device.networked"])
    assert gaps({"decisions": "a", "device.networked": True}) == ("breaches", [])
    assert gaps({"decisions": "a", "device.networked": False}) == ("meets", [])
