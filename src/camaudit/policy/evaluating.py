"""Judge a table of facts: each distinct row once, and every device through its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import UsageError
from camaudit.model.policy import FACTS, VERDICTS, Evaluation, Gap, Operator
from camaudit.model.words import Basis, Strength

from .asking import DATED_BY, known_words
from .compiling import CompiledPolicy, CompiledRequirement
from .distinct import Codes, Numbers, distinct, distinct_rows, encode
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

#: How many truth values and bases there are.
_TRUTHS: Final = 3
_BASES: Final = len(BASIS_WORDS)

#: Where the values come from that stand in a pack's sentences.
FILLED_FROM: Final = {
    "{producer}": "device.producer",
    "{confidence}": "device.producer.confidence",
    "{body}": "body.kind",
    "{kind}": "device.kind",
    "{state}": "device.state",
}


def evaluate(compiled: CompiledPolicy, facts: pa.Table) -> Evaluation:
    """Judge every row of ``facts`` (schema ``FACTS``, columns in any order)."""
    return _evaluation(compiled, *distinct_rows(fit(facts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedFacts:
    """A table of facts that many policies are to be judged on, encoded once for all of them."""

    #: The distinct rows, and the codes of their columns by name.
    rows: pa.Table
    codes: Mapping[str, Codes]
    #: For each row of the input: its distinct row.
    row_of: Numbers


def _share(facts: pa.Table) -> _SharedFacts:
    """Encode ``facts`` (schema ``FACTS``, columns in any order) for ``_evaluate_shared``."""
    table = fit(facts)
    codes = [encode(column) for column in table.columns]
    first, place = distinct(codes, table.num_rows)
    return _SharedFacts(
        rows=table.take(pa.array(first)),
        codes={
            name: Codes(numbers=each.numbers[first], size=each.size)
            for name, each in zip(FACTS.names, codes, strict=True)
        },
        row_of=place,
    )


def _evaluate_shared(compiled: CompiledPolicy, shared: _SharedFacts) -> Evaluation:
    """Judge every row, by its distinct values in the columns that the policy reads."""
    read = columns_read(compiled)
    names = [name for name in FACTS.names if name in read]
    first, place = distinct((shared.codes[name] for name in names), shared.rows.num_rows)
    kept = shared.rows.select(names).take(pa.array(first))
    columns = [
        kept.column(each.name) if each.name in read else pa.nulls(len(first), each.type)
        for each in FACTS
    ]
    return _evaluation(compiled, pa.table(columns, FACTS), place[shared.row_of])


def evaluate_all(compiled: Iterable[CompiledPolicy], facts: pa.Table) -> Iterator[Evaluation]:
    """Judge every row of ``facts`` under each policy, as ``evaluate`` does, when it is asked for.

    A policy reads a dozen of the facts. Rows that differ only in the others have the same verdicts,
    so each judges the distinct rows of what it reads; the other columns of ``Evaluation.facts`` are
    null. Its rows explain the verdicts in the same words.
    """
    shared = _share(facts)
    return (_evaluate_shared(each, shared) for each in compiled)


def columns_read(compiled: CompiledPolicy) -> frozenset[str]:
    """Return the columns of ``FACTS`` that decide or explain a verdict of the policy."""
    read: set[str] = set()
    for each in (compiled, *(other for _, other in compiled.alternatives)):
        for test in each.questions:
            fact = each.facts[test.fact]
            read.update(fact.columns, (fact.note,) if fact.note else ())
            if test.operator is Operator.IN_GROUP:
                owned_on = each.covered[str(test.value)].owned_on
                read.update(() if owned_on == "today" else DATED_BY[owned_on])
    said = "".join(_sentences(compiled))
    read |= {"device.owner", "site.lease_ends"}  # they say who can act; no question reads them
    return frozenset(read | {column for name, column in FILLED_FROM.items() if name in said})


def _sentences(compiled: CompiledPolicy) -> Iterable[str]:
    for rule in compiled.requirements:
        yield from (rule.silent or "", rule.requirement.breach_says, rule.requirement.manual_says)
        parts = (*rule.scope, *rule.forbidden, *((rule.met_by,) if rule.met_by else ()))
        yield from (each.part.otherwise for each in parts)


def _evaluation(compiled: CompiledPolicy, rows: pa.Table, row_of: Numbers) -> Evaluation:
    """Judge distinct rows: each combination of answers once, and every row through its own."""
    answers = answer_all(compiled, rows)
    shown = shown_both_ways(compiled, rows)
    length = rows.num_rows
    codes = [
        Codes(numbers=each.truth * np.int8(_BASES) + each.basis, size=_TRUTHS * _BASES)
        for each in answers
    ]
    codes += [Codes(numbers=each.view(np.int8), size=2) for each in shown.values()]
    first, place = distinct(codes, length)
    answers = [Answer(truth=each.truth[first], basis=each.basis[first]) for each in answers]
    shown = {name: each[first] for name, each in shown.items()}
    judged = pa.concat_tables(
        _verdicts(compiled, rule, answers, len(first), shown) for rule in compiled.requirements
    ).combine_chunks()
    rules = np.arange(len(compiled.requirements))[:, np.newaxis]
    verdicts = judged.take(pa.array((rules * len(first) + place).ravel()))
    numbers = np.tile(np.arange(length, dtype=np.int32), len(compiled.requirements))
    return Evaluation(
        policy=compiled.policy.id,
        digest=compiled.policy.digest,
        at=compiled.at,
        facts=rows,
        row_of=pa.array(row_of, pa.int32()),
        verdicts=verdicts.set_column(0, VERDICTS.field("row"), pa.array(numbers)).combine_chunks(),
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
    # with its type given: where pyarrow has to guess, it looks for a missing library each time
    told = pa.array([str(word) for word in words], pa.string())
    return pa.DictionaryArray.from_arrays(indices, told)


def _lists(missing: Mapping[str, Mask], length: int) -> pa.Array:
    """Build, for each row, the list of the facts that are marked for it."""
    marks = np.zeros((length, len(missing)), dtype=np.bool_)
    for at, mask in enumerate(missing.values()):
        marks[:, at] = mask
    _, which = np.nonzero(marks)
    offsets = np.concatenate(([0], np.cumsum(marks.sum(axis=1)))).astype(np.int32)
    values = pa.array(list(missing), pa.string()).take(pa.array(which))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
