"""Tables in, tables out: each distinct row is judged once, and every device finds its row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from camaudit.errors import UsageError
from camaudit.model.policy import FACTS, VERDICTS, Evaluation
from camaudit.policy import CompiledPolicy, compile_policy, count_gaps, distinct, evaluate
from tests.unit.policy.rows import IN_FORCE, MAKERS, USUAL, statement

CLAUSES = ["a", "b", "c", "d", "e"]


@pytest.fixture(name="compiled")
def _compiled() -> CompiledPolicy:
    return compile_policy(statement(), MAKERS, at=IN_FORCE)


def table(*overrides: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([{**USUAL, **each} for each in overrides], schema=FACTS)


def by_row(evaluation: Evaluation) -> dict[tuple[int, str], dict[str, Any]]:
    return {(row["row"], row["requirement"]): row for row in evaluation.verdicts.to_pylist()}


def test_equal_rows_are_judged_once(compiled: CompiledPolicy) -> None:
    first, second = {"device.present": True}, {"device.present": False}
    evaluation = evaluate(compiled, table(first, second, first, first))
    assert evaluation.facts.num_rows == 2
    assert evaluation.row_of.to_pylist() == [0, 1, 0, 0]
    assert evaluation.facts.schema == FACTS
    assert evaluation.facts.column("device.present").to_pylist() == [True, False]


def test_there_is_an_answer_for_every_row_and_requirement(compiled: CompiledPolicy) -> None:
    evaluation = evaluate(compiled, table({}, {"body.kind": "nhs"}, {"site.sensitivity": None}))
    assert evaluation.verdicts.schema == VERDICTS
    assert set(by_row(evaluation)) == {(row, clause) for row in range(3) for clause in CLAUSES}
    assert (evaluation.policy, evaluation.at) == ("uk-2022-statement", IN_FORCE)
    assert evaluation.digest == statement().digest


def test_what_a_row_of_the_answer_says(compiled: CompiledPolicy) -> None:
    rows = by_row(evaluate(compiled, table({"site.sensitivity": "withheld"})))
    assert rows[0, "a"] == {
        "row": 0,
        "requirement": "a",
        "verdict": "cannot_tell",
        "strength": "must_not",
        "described_as": None,
        "basis": None,
        "outstanding": False,
        "gaps": ["site.sensitivity"],
        "if_sensitive": "breaches",
        "if_not": "not_applicable",
    }
    assert rows[0, "b"] == {
        "row": 0,
        "requirement": "b",
        "verdict": "cannot_tell",
        "strength": "should",
        "described_as": "must",
        "basis": None,
        "outstanding": False,
        "gaps": ["device.core_network"],
        "if_sensitive": None,
        "if_not": None,
    }


def test_an_outstanding_decision_is_marked(compiled: CompiledPolicy) -> None:
    row = by_row(evaluate(compiled, table({})))[0, "c"]
    assert (row["verdict"], row["outstanding"], row["gaps"]) == (
        "cannot_tell",
        True,
        ["decision.c"],
    )


def test_no_rows_give_no_answers(compiled: CompiledPolicy) -> None:
    evaluation = evaluate(compiled, FACTS.empty_table())
    assert (evaluation.facts.num_rows, len(evaluation.row_of)) == (0, 0)
    assert evaluation.verdicts.num_rows == 0
    assert count_gaps(compiled, evaluation) == ()


def test_columns_may_stand_in_any_order_and_in_chunks(compiled: CompiledPolicy) -> None:
    plain = table({}, {"site.sensitivity": "no"})
    turned = pa.concat_tables([plain.slice(0, 1), plain.slice(1)]).select(FACTS.names[::-1])
    assert evaluate(compiled, turned).verdicts.equals(evaluate(compiled, plain).verdicts)


def test_another_table_is_refused(compiled: CompiledPolicy) -> None:
    with pytest.raises(UsageError, match=r"columns body\.kind"):
        evaluate(compiled, table({}).drop_columns(["body.kind"]))
    twice = table({}).append_column(FACTS.field(0), pa.array(["nhs"]))
    with pytest.raises(UsageError, match="given twice"):
        evaluate(compiled, twice)


def test_a_confidence_that_is_no_number_is_unknown(compiled: CompiledPolicy) -> None:
    evaluation = evaluate(compiled, table({"device.producer.confidence": float("nan")}))
    assert evaluation.facts.column("device.producer.confidence").to_pylist() == [None]
    assert by_row(evaluation)[0, "a"]["gaps"] == ["device.producer"]


def test_distinct_rows_survive_their_codes_being_made_dense(
    compiled: CompiledPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table({}, {"body.kind": "nhs"}, {"device.kind": "drone"}, {"site.sensitivity": "no"}, {})
    expected = evaluate(compiled, rows)
    monkeypatch.setattr(distinct, "_DENSE_BELOW", 2)
    dense = evaluate(compiled, rows)
    assert dense.row_of.to_pylist() == expected.row_of.to_pylist() == [0, 1, 2, 3, 0]
    assert dense.facts.equals(expected.facts)


def test_gaps_are_counted_over_devices(compiled: CompiledPolicy) -> None:
    unclassified = {"site.sensitivity": "unknown", "device.core_connected": False}
    unnamed = {**unclassified, "body.kind": None}
    gaps = count_gaps(compiled, evaluate(compiled, table(unclassified, unclassified, unnamed)))
    # Two devices lack the class alone, for a, c and d. A third lacks body and class for those
    # three, and the body alone for b.
    assert [(gap.fact, gap.settles, gap.verdicts) for gap in gaps] == [
        ("site.sensitivity", 6, 9),
        ("body.kind", 1, 4),
    ]
    assert gaps[0].missing == "classify the site"
    assert "camaudit site" in gaps[0].obtain


def test_a_manual_check_that_nobody_has_made_has_no_gap(compiled: CompiledPolicy) -> None:
    manual = replace(
        statement().requirements[-1], manual_verdict=statement().requirements[0].can_give[2]
    )
    policy = replace(statement(), requirements=(manual,))
    evaluation = evaluate(compile_policy(policy, MAKERS, at=IN_FORCE), table({}))
    row = by_row(evaluation)[0, "e"]
    assert (row["verdict"], row["gaps"]) == ("cannot_tell", [])


@pytest.mark.parametrize("event", ["procure", "deploy", "possess", None])
def test_a_site_keeps_its_class_unless_the_item_is_for_stock(
    compiled: CompiledPolicy, event: str | None
) -> None:
    facts = table({"event.kind": event}, {"event.kind": "stock"}, {"event.kind": event})
    evaluation = evaluate(compiled, facts)
    assert evaluation.facts.column("site.sensitivity").to_pylist() == ["yes", None]
    assert evaluation.row_of.to_pylist() == [0, 1, 0]
    rows = by_row(evaluation)
    assert rows[0, "a"]["gaps"] == []
    assert rows[1, "a"]["gaps"] == ["site.sensitivity"]
