"""Many policies over one table: the same verdicts, in the same words, as each by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from camaudit.model.policy import FACTS, Policy
from camaudit.packs.load import vocabulary
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import CompiledPolicy, compile_policy, evaluate, evaluate_all, explain
from tests.property.test_policy import days, rows, table
from tests.unit.policy.rows import MAKERS, maker, owned_by

SOLD_ON = date(2022, 11, 25)
SOLD = maker("sold", "US", owned_by("dahua", until=SOLD_ON))
EVERYBODY = (*MAKERS, maker("dahua", "CN"), SOLD)

row_kinds = st.builds(
    lambda row, more: row | more,
    rows,
    st.fixed_dictionaries(
        {
            "body.kind": st.sampled_from(["us_federal_agency", "department", "unknown", None]),
            "device.producer": st.sampled_from(["sold", "dahua", "subject", "elsewhere", None]),
            "device.producer.confidence": st.sampled_from([0.79, 0.93, None]),
            "event.kind": st.sampled_from(["procure", "possess", "stock", None]),
            "use.purpose": st.sampled_from(["public_safety", "other", "unknown", None]),
            "device.acquired_not_before": days,
            "device.acquired_not_after": days,
            "device.made_not_before": days,
            "device.made_not_after": days,
        }
    ),
)
many_rows = st.lists(row_kinds, min_size=1, max_size=12)

#: Each example asks all policies, which costs the same for one row and for a dozen: a quarter as
#: many examples as the profile has, of three times as many rows.
fewer = settings(max_examples=settings().max_examples // 4)
#: Sentences are made row by row, so here the rows are few as well; `make fuzz` asks of many.
far_fewer = settings(max_examples=settings().max_examples // 5)


@cache
def shipped() -> tuple[Policy, ...]:
    files = find_pack_files()
    return load_policies(files, vocabulary(files)).policies


@cache
def compiled() -> tuple[CompiledPolicy, ...]:
    """Every shipped pack, and each once more with its first choice made otherwise."""
    found = []
    for policy in shipped():
        found.append(compile_policy(policy, EVERYBODY, at=date(2023, 8, 1)))
        if policy.choices:
            first = policy.choices[0]
            option = next(each for each, _ in first.options if each != first.default)
            again = replace(policy, id=f"{policy.id}-otherwise")
            found.append(
                compile_policy(again, EVERYBODY, at=date(2023, 8, 1), choices={first.id: option})
            )
    return tuple(found)


def each_device(evaluation: Any) -> list[list[dict[str, Any]]]:
    """Return the verdict rows of each input row, without the number of the distinct row."""
    by_row: list[list[dict[str, Any]]] = [[] for _ in range(evaluation.facts.num_rows)]
    for verdict in evaluation.verdicts.to_pylist():
        by_row[verdict.pop("row")].append(verdict)
    return [by_row[at] for at in evaluation.row_of.to_pylist()]


@fewer
@given(many_rows)
def test_all_at_once_judge_as_each_does_alone(given_rows: list[dict[str, Any]]) -> None:
    facts = table(given_rows)
    together = list(evaluate_all(compiled(), facts))
    assert [each.policy for each in together] == [each.policy.id for each in compiled()]
    for policy, evaluation in zip(compiled(), together, strict=True):
        alone = evaluate(policy, facts)
        assert evaluation.facts.schema == FACTS
        assert evaluation.verdicts.schema == alone.verdicts.schema
        assert evaluation.facts.num_rows <= alone.facts.num_rows
        assert each_device(evaluation) == each_device(alone)


@far_fewer
@given(st.lists(row_kinds, min_size=1, max_size=4))
def test_what_is_kept_of_a_row_explains_it_in_the_same_words(
    given_rows: list[dict[str, Any]],
) -> None:
    facts = table(given_rows)
    for policy, evaluation in zip(compiled(), evaluate_all(compiled(), facts), strict=True):
        kept = evaluation.facts.to_pylist()
        for row, at in zip(facts.to_pylist(), evaluation.row_of.to_pylist(), strict=True):
            assert explain(policy, kept[at]) == explain(policy, row)


@given(many_rows)
def test_a_column_that_no_rule_reads_parts_no_rows(given_rows: list[dict[str, Any]]) -> None:
    """Nobody asks the statement of a supplier's origin; each row has another one here."""
    apart = [
        given_rows[0] | {"supplier.origin": str(at), "device.made_in": str(at)} for at in range(3)
    ]
    statement = next(each for each in compiled() if each.policy.id == "uk-2022-statement")
    (evaluation,) = evaluate_all([statement], table(apart))
    assert evaluation.row_of.to_pylist() == [0, 0, 0]
    assert evaluation.facts.column("supplier.origin").null_count == 1


def test_no_rows_and_no_policies() -> None:
    assert list(evaluate_all([], table([{}]))) == []
    for evaluation in evaluate_all(compiled(), FACTS.empty_table()):
        assert (evaluation.facts.num_rows, len(evaluation.row_of)) == (0, 0)
        assert evaluation.verdicts.num_rows == 0


def test_the_day_that_ownership_counts_on_is_read() -> None:
    """A maker sold on a day: covered for what was made before, and not for what was made after."""
    (us,) = (each for each in compiled() if each.policy.id == "us-889-part-a")
    usual = {
        "body.kind": "us_federal_agency",
        "device.surveillance": True,
        "device.producer": "sold",
        "device.producer.confidence": 0.93,
        "device.producer.clean": True,
        "event.kind": "procure",
        "use.purpose": "public_safety",
        "device.doubtful_dates": False,
        "exceptions": "",
    }
    made = [
        (date(2020, 1, 1), SOLD_ON, "breaches"),
        (date(2022, 11, 26), None, "meets"),
        (date(2020, 1, 1), date(2022, 11, 26), "cannot_tell"),
        (None, None, "cannot_tell"),
        (date(2023, 1, 1), date(2020, 1, 1), "cannot_tell"),
    ]
    facts = pa.Table.from_pylist(
        [
            usual | {"device.made_not_before": low, "device.made_not_after": high}
            for low, high, _ in made
        ],
        schema=FACTS,
    )
    (evaluation,) = evaluate_all([us], facts)
    found = [
        next(each["verdict"] for each in verdicts if each["requirement"] == "a1a")
        for verdicts in each_device(evaluation)
    ]
    assert found == [wanted for _, _, wanted in made]
