"""Judge a table of facts: each distinct row once, and every device through its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import UsageError
from camaudit.model.policy import FACTS, VERDICTS, Evaluation, Gap
from camaudit.model.words import Basis, Strength

from .asking import known_words
from .compiling import CompiledPolicy, CompiledRequirement
from .judging import (
    BREACHES,
    CODES,
    MEETS,
    Outcome,
    answer_all,
    branches,
    decide,
    missing_facts,
)
from .kleene import Answer, Column, Mask

#: In the order of the numbers in ``kleene``.
BASIS_WORDS: Final = (Basis.DECLARED, Basis.PRESUMED, Basis.EVIDENCED)

#: Mixed-radix codes of rows are made dense again before they could overflow.
_DENSE_BELOW: Final = 2**40


def evaluate(compiled: CompiledPolicy, facts: pa.Table) -> Evaluation:
    """Judge every row of ``facts`` (schema ``FACTS``, columns in any order)."""
    distinct, row_of = distinct_rows(fit(facts))
    answers = answer_all(compiled, distinct)
    shown = shown_both_ways(compiled, distinct)
    tables = [
        _verdicts(compiled, rule, answers, distinct.num_rows, shown)
        for rule in compiled.requirements
    ]
    return Evaluation(
        policy=compiled.policy.id,
        digest=compiled.policy.digest,
        at=compiled.at,
        facts=distinct,
        row_of=pa.array(row_of, pa.int32()),
        verdicts=pa.concat_tables(tables).combine_chunks(),
    )


def count_gaps(compiled: CompiledPolicy, evaluation: Evaluation) -> tuple[Gap, ...]:
    """Return every fact that holds up verdicts, with how many: those of devices, not of rows."""
    weights = np.bincount(
        evaluation.row_of.to_numpy(zero_copy_only=False), minlength=evaluation.facts.num_rows
    )
    rows = evaluation.verdicts.column("row").to_numpy()
    lists = evaluation.verdicts.column("gaps").combine_chunks()
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    names = lists.flatten().dictionary_encode()
    held_by = weights[rows[owner]]
    alone = np.where(lengths[owner] == 1, held_by, 0)
    indices = names.indices.to_numpy(zero_copy_only=False)
    gaps = [
        gap(
            compiled,
            name,
            verdicts=int(held_by[indices == at].sum()),
            settles=int(alone[indices == at].sum()),
        )
        for at, name in enumerate(names.dictionary.to_pylist())
    ]
    return tuple(sorted(gaps, key=lambda each: (-each.settles, -each.verdicts, each.fact)))


def gap(
    compiled: CompiledPolicy, name: str, *, verdicts: int, settles: int, note: str | None = None
) -> Gap:
    """Return the gap for one fact of the vocabulary."""
    fact = compiled.facts[name]
    return Gap(
        fact=name,
        missing=fact.gap,
        question=fact.question,
        obtain=fact.obtain,
        note=note,
        verdicts=verdicts,
        settles=settles,
    )


def fit(facts: pa.Table) -> pa.Table:
    """Return ``facts`` in the order and types of ``FACTS``, NaN as null; refuse another schema."""
    if set(facts.column_names) != set(FACTS.names) or facts.num_columns != len(FACTS):
        wrong = set(facts.column_names) ^ set(FACTS.names)
        named = ", ".join(sorted(wrong)) or "given twice"
        raise UsageError(f"not a fact table: missing or unknown columns {named}")
    table = facts.select(FACTS.names).cast(FACTS).combine_chunks()
    for at, field in enumerate(FACTS):
        if pa.types.is_floating(field.type):
            column = table.column(at)
            cleaned = pc.if_else(pc.is_nan(column), pa.scalar(None, field.type), column)
            table = table.set_column(at, field, cleaned)
    return _stock_stands_nowhere(table)


def _stock_stands_nowhere(table: pa.Table) -> pa.Table:
    """Return ``table`` with no class of the site for what is bought for stock.

    The class is that of the place where a device stands or will stand; a store is neither.
    """
    stock = pc.fill_null(pc.equal(table.column("event.kind"), "stock"), False)
    if not pc.any(stock).as_py():
        return table
    at = table.schema.get_field_index("site.sensitivity")
    field = table.schema.field(at)
    place = pc.if_else(stock, pa.scalar(None, field.type), table.column(at))
    return table.set_column(at, field, place).combine_chunks()


def distinct_rows(facts: pa.Table) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """Return the distinct rows in order of first appearance, and for each row which one it is."""
    codes = np.zeros(facts.num_rows, dtype=np.int64)
    size = 1
    for column in facts.columns:
        encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
        radix = max(len(encoded.dictionary), 1)
        if size * radix >= _DENSE_BELOW:
            seen, codes = np.unique(codes, return_inverse=True)
            size = len(seen)
        codes = codes * radix + encoded.indices.to_numpy(zero_copy_only=False)
        size *= radix
    _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return facts.take(pa.array(first[order])), place[codes]


def shown_both_ways(compiled: CompiledPolicy, facts: pa.Table) -> dict[str, Mask]:
    """Return, for each fact with branches, the rows where it is not known."""
    return {
        fact.name: known_words(fact, facts.column(fact.columns[0]).combine_chunks())
        .is_null()
        .to_numpy(zero_copy_only=False)
        for fact in compiled.facts.values()
        if fact.branches
    }


def _verdicts(
    compiled: CompiledPolicy,
    rule: CompiledRequirement,
    answers: Sequence[Answer],
    length: int,
    shown: dict[str, Mask],
) -> pa.Table:
    outcome = decide(rule, answers, length)
    missing = missing_facts(compiled, rule, answers, outcome)
    both = _branches(compiled, rule, answers, length, shown)
    described = rule.described_as[-1].strength if rule.described_as else None
    strengths = tuple(Strength)
    columns = {
        "row": pa.array(np.arange(length, dtype=np.int32)),
        "requirement": _words(np.zeros(length, np.int8), (rule.requirement.id,)),
        "verdict": _words(outcome.codes, CODES),
        "strength": _words(np.full(length, strengths.index(rule.strength), np.int8), strengths),
        "described_as": _words(
            np.full(length, strengths.index(described or rule.strength), np.int8),
            strengths,
            empty=np.full(length, described is None),
        ),
        "basis": _words(outcome.basis, BASIS_WORDS, empty=~has_basis(outcome)),
        "outstanding": pa.array(outcome.outstanding),
        "gaps": _lists(missing, length),
        "if_sensitive": both[0],
        "if_not": both[1],
    }
    return pa.table([columns[field.name].cast(field.type) for field in VERDICTS], VERDICTS)


def has_basis(outcome: Outcome) -> Mask:
    """Say which rows have a basis: those where something was tested and found."""
    return np.isin(outcome.codes, (MEETS, BREACHES)) | outcome.outstanding


def _branches(
    compiled: CompiledPolicy,
    rule: CompiledRequirement,
    answers: Sequence[Answer],
    length: int,
    shown: dict[str, Mask],
) -> list[pa.Array]:
    columns = [
        _words(outcome.codes, CODES, empty=~rows)
        for _, rows, outcome in branches(compiled, rule, answers, length, shown)
    ]
    nothing = pa.nulls(length, pa.string())
    return [*columns, nothing, nothing][:2]


def _words(codes: Column, words: Sequence[str], empty: Mask | None = None) -> pa.Array:
    indices = pa.array(codes.astype(np.int32), mask=empty)
    return pa.DictionaryArray.from_arrays(indices, pa.array([str(word) for word in words]))


def _lists(missing: Mapping[str, Mask], length: int) -> pa.Array:
    """Build, for each row, the list of the facts that are marked for it."""
    marks = np.zeros((length, len(missing)), dtype=np.bool_)
    for at, mask in enumerate(missing.values()):
        marks[:, at] = mask
    _, which = np.nonzero(marks)
    offsets = np.concatenate(([0], np.cumsum(marks.sum(axis=1)))).astype(np.int32)
    values = pa.array(list(missing), pa.string()).take(pa.array(which))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
