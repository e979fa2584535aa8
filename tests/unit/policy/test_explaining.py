"""What a verdict says of itself: sentence, clause, basis, facts, gaps, choices, branches."""

from __future__ import annotations

from datetime import date

import pytest

from camaudit.errors import UsageError
from camaudit.model.policy import FACTS
from camaudit.policy import compile_policy, evaluate, explain, explain_rows, judge
from tests.unit.policy.rows import IN_FORCE, MAKERS, USUAL, statement, verdicts


def test_a_breach_names_the_likely_maker_and_the_clause() -> None:
    verdict = verdicts()["a"]
    assert verdict.sentence.startswith("Likely produced by Subject (0.93)")
    assert verdict.quote.startswith("instructed to cease deployment")
    assert len(verdict.quote.split()) <= 25
    assert (verdict.strength, verdict.basis, verdict.not_examined) == ("must_not", "evidenced", ())
    assert [citation.id for citation in verdict.citations] == ["hcws386-press", "hcws386"]
    assert (verdict.policy, verdict.version, verdict.digest, verdict.at) == (
        "uk-2022-statement",
        statement().version,
        statement().digest,
        IN_FORCE,
    )


def test_a_presumption_says_what_was_not_examined() -> None:
    verdict = verdicts({"device.producer": "elsewhere"})["a"]
    assert (verdict.verdict, verdict.basis) == ("meets", "presumed")
    assert "components" in verdict.not_examined
    confirmed = {"device.producer": "elsewhere", "device.producer.confirmed": True}
    assert verdicts(confirmed)["a"].not_examined == ()


def test_of_two_reasons_the_better_founded_one_is_given() -> None:
    facts = {
        "device.producer": "elsewhere",
        "device.producer.basis": "declared",
        "device.core_connected": False,
        "device.core_basis": "evidenced",
    }
    verdict = verdicts(facts)["b"]
    assert verdict.basis == "evidenced"
    assert verdict.sentence == "It is recorded as not connected to a departmental core network."


def test_a_breach_is_no_better_founded_than_its_weakest_fact() -> None:
    facts = {"device.core_connected": True, "device.core_basis": "declared"}
    assert verdicts(facts)["b"].basis == "declared"
    facts["device.core_basis"] = "evidenced"
    assert verdicts(facts)["b"].basis == "evidenced"


def test_clause_b_cites_the_two_answers_only_once_they_were_given() -> None:
    def cited(at: date) -> set[str]:
        return {citation.id for citation in verdicts(at=at)["b"].citations}

    answers = {"answer-2023-07-21", "answer-2023-07-26"}
    assert answers <= cited(IN_FORCE)
    assert not answers & cited(date(2022, 11, 25))
    (described,) = verdicts()["b"].described_as
    assert described.strength == "must"
    assert "does not amend" in described.says


def test_a_declared_isolation_is_told_from_a_verified_one() -> None:
    facts = {"device.core_connected": None, "device.core_note": "declared isolated, not verified"}
    verdict = verdicts(facts)["b"]
    assert "(declared isolated, not verified)" in verdict.sentence
    assert [gap.note for gap in verdict.gaps] == ["declared isolated, not verified"]


def test_the_facts_read_are_listed_once_and_unknown_ones_too() -> None:
    facts = verdicts({"device.not_after": None})["a"].facts
    names = [fact.name for fact in facts]
    assert len(names) == len(set(names))
    assert set(names) <= set(FACTS.names)
    values = {fact.name: fact.value for fact in facts}
    assert values["body.kind"] == "department"
    assert values["device.producer.confidence"] == "0.9300"
    assert values["device.present"] == "yes"
    assert values["device.not_before"] == "2023-02-01"
    assert values["device.not_after"] is None
    assert "device.core_connected" not in values
    assert all(fact.says for fact in facts)


def test_a_flag_that_is_false_reads_as_no() -> None:
    values = {fact.name: fact.value for fact in verdicts()["c"].facts}
    assert values["decision.c"] == "no"


def test_gaps_say_what_to_ask_and_what_to_run() -> None:
    (gap,) = verdicts({"device.not_before": None, "device.not_after": None})["a"].gaps
    assert gap.missing == "installation date"
    assert gap.question.endswith("?")
    assert gap.obtain
    assert (gap.verdicts, gap.settles) == (1, 1)


def test_both_branches_are_shown_where_the_class_is_withheld() -> None:
    given = verdicts({"site.sensitivity": "withheld"})
    shown = {
        clause: {each.label: (each.verdict, each.outstanding) for each in given[clause].branches}
        for clause in "abcd"
    }
    assert shown == {
        "a": {"if sensitive": ("breaches", False), "if not": ("not_applicable", False)},
        "b": {},
        "c": {"if sensitive": ("cannot_tell", True), "if not": ("not_applicable", False)},
        "d": {"if sensitive": ("not_applicable", False), "if not": ("cannot_tell", True)},
    }


def test_meets_with_an_open_scope_says_so() -> None:
    facts = {"device.producer": "elsewhere", "site.sensitivity": "unknown"}
    assert "either way it asks nothing more" in verdicts(facts)["a"].sentence
    assert "either way" not in verdicts({"device.producer": "elsewhere"})["a"].sentence


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"device.surveillance": False}, "It is not visual surveillance equipment."),
        ({"device.present": False}, "It was not there on the day that the facts are of."),
        ({"device.state": "in_storage"}, "It is not in service (in storage)."),
        (
            {"device.not_before": None, "device.not_after": date(2022, 11, 23)},
            "It was already there before 24 November 2022, so it falls to clause c.",
        ),
        ({"site.sensitivity": "no"}, "The site is not a sensitive site."),
    ],
)
def test_the_first_part_that_fails_is_the_reason(facts: dict[str, object], sentence: str) -> None:
    assert verdicts(facts)["a"].sentence == sentence
    also = {**facts, "site.sensitivity": "no"}
    assert verdicts(also)["a"].sentence == sentence


def test_a_body_that_is_not_bound_comes_before_every_other_reason() -> None:
    facts = {"body.kind": "council", "device.surveillance": False, "site.sensitivity": "no"}
    assert 'A body of the kind "council" is free' in verdicts(facts)["a"].sentence


def test_before_the_statement_the_day_is_named() -> None:
    verdict = verdicts(at=date(2022, 11, 23))["a"]
    assert verdict.sentence == (
        "On 2022-11-23 the statement of 24 November 2022 was not yet in force."
    )
    assert verdict.gaps == ()
    assert verdict.branches == ()


def test_a_choice_is_listed_where_it_decides_and_only_there() -> None:
    assert [each.id for each in verdicts()["a"].choices] == []
    (choice,) = verdicts({"body.kind": "executive_agency"})["a"].choices
    assert (choice.id, choice.option, choice.alternatives) == (
        "executive_agency",
        "bound",
        ("not_bound",),
    )
    assert choice.question
    assert choice.says


def test_a_choice_that_decides_only_the_strength_is_listed_too() -> None:
    assert [each.id for each in verdicts()["b"].choices] == ["core_network_strength"]
    assert verdicts(at=date(2022, 11, 25))["b"].choices == ()
    assert verdicts({"device.state": "removed"})["b"].choices == ()


def test_the_target_for_removal_is_a_target() -> None:
    deadline = verdicts(at=date(2025, 6, 1))["c"].deadline
    assert deadline is not None
    assert (deadline.kind, deadline.day, deadline.status) == (
        "target",
        date(2025, 4, 30),
        "unknown",
    )
    assert "not a legal deadline" in deadline.says


def test_a_manual_clause_is_listed_all_the_same() -> None:
    verdict = verdicts()["e"]
    assert (verdict.verdict, verdict.check) == ("not_applicable", "manual")
    assert "own undertaking" in verdict.sentence
    assert verdict.quote


def test_an_unknown_column_is_refused() -> None:
    compiled = compile_policy(statement(), MAKERS, at=IN_FORCE)
    with pytest.raises(UsageError, match=r"device\.colour"):
        explain(compiled, {"device.colour": "red"})


def test_a_row_of_nothing_is_answered() -> None:
    compiled = compile_policy(statement(), (), at=IN_FORCE)
    given = explain(compiled, {})
    assert [each.verdict for each in given[:4]] == ["cannot_tell"] * 4
    assert all(each.gaps for each in given[:4])


def test_a_missing_name_or_confidence_reads_well() -> None:
    stranger = {"device.producer": "elsewhere", "device.producer.confirmed": True}
    assert "Elsewhere (0.93)" in verdicts(stranger)["a"].sentence
    gone = {"device.state": "removed", "device.producer": None, "device.producer.confidence": None}
    assert verdicts(gone)["a"].sentence == "It is not in service (removed)."


def test_explanation_and_evaluation_are_one_machine() -> None:
    compiled = compile_policy(statement(), MAKERS, at=IN_FORCE)
    rows = [{**USUAL, "site.sensitivity": word} for word in ("yes", "no", "withheld", None)]
    evaluation = evaluate(compiled, FACTS.empty_table().from_pylist(rows, schema=FACTS))
    told = [
        (at, verdict.requirement, verdict.verdict, [gap.fact for gap in verdict.gaps])
        for at, row in enumerate(explain_rows(compiled, evaluation.facts))
        for verdict in row
    ]
    judged = [
        (row["row"], row["requirement"], row["verdict"], row["gaps"])
        for row in evaluation.verdicts.to_pylist()
    ]
    assert sorted(told) == sorted(judged)


def test_judging_in_one_go_is_the_same() -> None:
    compiled = compile_policy(statement(), MAKERS, at=IN_FORCE)
    assert judge(statement(), MAKERS, IN_FORCE, {}, USUAL) == explain(compiled, USUAL)
