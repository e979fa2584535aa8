"""Laws of the rule machine: Kleene's logic, totality, and one answer however it is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model.policy import FACTS, Check
from camaudit.policy import CompiledPolicy, compile_policy, evaluate, explain
from camaudit.policy.kleene import Answer, conjoin, disjoin, negate
from tests.unit.policy.rows import MAKERS, maker, owned_by, statement

OWNED = maker("owned", "GB", owned_by("subject"))
COMPILED = compile_policy(statement(), (*MAKERS, OWNED), at=date(2023, 8, 1))
AUTOMATED = {each.id for each in statement().requirements if each.check is Check.AUTOMATED}

flags = st.sampled_from([True, False, None])
days = st.one_of(
    st.none(), st.dates(date(2022, 11, 20), date(2022, 11, 28)), st.dates(date(1970, 1, 1))
)
words = {
    "body.kind": ["department", "executive_agency", "arms_length_body", "education", "unknown"],
    "device.kind": ["camera", "drone", "unknown"],
    "device.producer": ["subject", "elsewhere", "nowhere", "owned", "stranger"],
    "device.producer.aspect": ["badge", "hardware"],
    "device.producer.basis": ["evidenced", "presumed", "declared"],
    "device.state": ["in_service", "disconnected", "removed", "seen_again"],
    "device.core_basis": ["evidenced", "declared"],
    "device.core_note": ["declared isolated, not verified"],
    "site.sensitivity": ["yes", "no", "unknown", "withheld"],
}


def _values(field: pa.Field) -> st.SearchStrategy[Any]:
    if field.name in {"decisions", "exceptions"}:
        return st.one_of(st.none(), st.sampled_from(["", "c", "d", "c d", "cd"]))
    if field.name in words:
        return st.one_of(st.none(), st.sampled_from(words[field.name]), st.text(max_size=3))
    if pa.types.is_boolean(field.type):
        return flags
    if pa.types.is_date(field.type):
        return days
    if pa.types.is_string(field.type):
        return st.one_of(st.none(), st.text(max_size=3))
    return st.one_of(st.none(), st.sampled_from([0.0, 0.79, 0.8, 0.93]), st.floats())


rows = st.fixed_dictionaries({field.name: _values(field) for field in FACTS})
tables = st.lists(rows, min_size=1, max_size=3)
answers = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=3).map(
    lambda pairs: Answer(
        truth=np.array([truth for truth, _ in pairs], dtype=np.int8),
        basis=np.array([basis for _, basis in pairs], dtype=np.int8),
    )
)


def table(given_rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(given_rows, schema=FACTS)


def judged(facts: pa.Table, compiled: CompiledPolicy = COMPILED) -> list[dict[str, dict[str, Any]]]:
    """Return, for each input row, its verdict rows by requirement, without the row's number."""
    evaluation = evaluate(compiled, facts)
    by_row: list[dict[str, dict[str, Any]]] = [{} for _ in range(evaluation.facts.num_rows)]
    for each in evaluation.verdicts.to_pylist():
        at = each.pop("row")
        by_row[at][each["requirement"]] = each | {"gaps": sorted(each["gaps"])}
    return [by_row[at] for at in evaluation.row_of.to_pylist()]


def same(left: Answer, right: Answer) -> bool:
    return np.array_equal(left.truth, right.truth)


@given(answers, answers, answers)
def test_and_and_or_are_a_lattice(one: Answer, two: Answer, three: Answer) -> None:
    assert same(conjoin([one, two]), conjoin([two, one]))
    assert same(disjoin([one, two]), disjoin([two, one]))
    assert same(conjoin([one, conjoin([two, three])]), conjoin([one, two, three]))
    assert same(disjoin([one, disjoin([two, three])]), disjoin([one, two, three]))
    assert same(conjoin([one, disjoin([one, two])]), one)
    assert same(disjoin([one, conjoin([one, two])]), one)
    assert same(
        conjoin([one, disjoin([two, three])]),
        disjoin([conjoin([one, two]), conjoin([one, three])]),
    )


@given(answers, answers)
def test_not_turns_one_into_the_other(one: Answer, two: Answer) -> None:
    assert same(negate(negate(one)), one)
    assert same(negate(conjoin([one, two])), disjoin([negate(one), negate(two)]))


@given(answers, answers)
def test_more_knowledge_never_takes_an_answer_back(one: Answer, two: Answer) -> None:
    """Settle the unknowns of one side in either way: what was decided stays as it was."""
    for settled in (0, 2):
        known = Answer(
            truth=np.where(one.truth == 1, np.int8(settled), one.truth).astype(np.int8),
            basis=one.basis,
        )
        for join in (conjoin, disjoin):
            before, after = join([one, two]).truth, join([known, two]).truth
            assert (after == before)[before != 1].all()


@given(tables)
def test_every_row_gets_one_of_four_answers_from_every_clause(
    given_rows: list[dict[str, Any]],
) -> None:
    for verdicts in judged(table(given_rows)):
        assert set(verdicts) == {each.id for each in statement().requirements}
        for name, row in verdicts.items():
            decided = row["verdict"] in {"meets", "breaches"}
            assert decided or row["verdict"] in {"cannot_tell", "not_applicable"}
            assert (row["basis"] is not None) == (decided or row["outstanding"])
            # Not knowing names what is missing; knowing asks for nothing.
            assert bool(row["gaps"]) == (row["verdict"] == "cannot_tell" and name in AUTOMATED)


@given(tables)
def test_a_table_is_judged_as_its_rows_are(given_rows: list[dict[str, Any]]) -> None:
    alone = [judged(table([row]))[0] for row in given_rows]
    assert judged(table(given_rows)) == alone


@given(st.lists(rows, min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_rows_columns_and_makers_does_not_matter(
    given_rows: list[dict[str, Any]], shuffler: Any
) -> None:
    order = list(range(len(given_rows)))
    shuffler.shuffle(order)
    names = list(FACTS.names)
    shuffler.shuffle(names)
    turned = compile_policy(statement(), (OWNED, *MAKERS[::-1]), at=COMPILED.at)
    straight = judged(table(given_rows))
    shuffled = judged(table([given_rows[at] for at in order]).select(names), turned)
    assert shuffled == [straight[at] for at in order]


@given(rows)
def test_the_explanation_is_of_the_verdict_that_was_reached(row: dict[str, Any]) -> None:
    (reached,) = judged(table([row]))
    for verdict in explain(COMPILED, row):
        assert verdict.verdict == reached[verdict.requirement]["verdict"]
        assert sorted(gap.fact for gap in verdict.gaps) == reached[verdict.requirement]["gaps"]
        assert verdict.sentence
        assert "{" not in verdict.sentence
        assert verdict.quote
        assert verdict.citations


#: Facts that say nothing about each other, so that one can be settled without the rest.
APART = [
    "body.kind",
    "device.surveillance",
    "device.kind",
    "device.producer",
    "device.producer.confidence",
    "device.present",
    "device.state",
    "site.sensitivity",
    "decisions",
]


@given(rows, st.sampled_from(APART), st.data())
def test_a_fact_that_becomes_known_never_reverses_a_verdict(
    row: dict[str, Any], name: str, data: st.DataObject
) -> None:
    unknown = row | {name: None}
    known = row | {name: data.draw(_values(FACTS.field(name)))}
    (before,), (after,) = judged(table([unknown])), judged(table([known]))
    for clause in AUTOMATED:
        was, now = before[clause]["verdict"], after[clause]["verdict"]
        if was in {"breaches", "not_applicable"}:
            assert now == was
        if was == "meets":  # nothing was asked of it either way; now it is known which way
            assert now in {"meets", "not_applicable"}


@given(rows)
def test_an_unknown_maker_is_never_cleared_by_that(row: dict[str, Any]) -> None:
    nothing_shown = {
        "device.producer": None,
        "device.core_connected": None,
        "device.networked": True,
        "decisions": "",
    }
    (verdicts,) = judged(table([row | nothing_shown]))
    assert {each["verdict"] for each in verdicts.values()} <= {"cannot_tell", "not_applicable"}
