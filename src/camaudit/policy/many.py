"""Judge one table of facts under many policies: each column is coded once, each rule asks few rows.

A policy reads a dozen of the facts. Rows that differ only in the others have the same verdicts, so
each policy judges the distinct rows of what it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from camaudit.model.policy import FACTS, Evaluation

from .compiling import CompiledPolicy
from .evaluating import evaluate, fit

#: Mixed-radix codes are made dense again before they could overflow.
_DENSE_BELOW = 2**40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    """A column as numbers; rows with equal numbers have equal values."""

    codes: npt.NDArray[np.int64]
    distinct: int


def evaluate_all(policies: Sequence[CompiledPolicy], facts: pa.Table) -> Iterator[Evaluation]:
    """Judge every row of ``facts`` under each policy, as ``evaluate`` does one by one.

    ``Evaluation.facts`` holds the distinct rows of the facts that the policy reads; a fact that it
    does not read is null there.
    """
    table = fit(facts)
    coded: dict[str, _Coded] = {}
    for compiled in policies:
        names = columns_read(compiled)
        for name in names:
            if name not in coded:
                coded[name] = _code(table.column(name))
        first, row_of = _distinct([coded[name] for name in names], table.num_rows)
        rows = pa.array(first)
        columns = [
            table.column(field.name).take(rows)
            if field.name in names
            else pa.nulls(len(first), field.type)
            for field in FACTS
        ]
        found = evaluate(compiled, pa.Table.from_arrays(columns, schema=FACTS))
        of_distinct = found.row_of.to_numpy(zero_copy_only=False)
        yield Evaluation(
            policy=found.policy,
            digest=found.digest,
            at=found.at,
            facts=found.facts,
            row_of=pa.array(of_distinct[row_of], pa.int32()),
            verdicts=found.verdicts,
        )


def columns_read(compiled: CompiledPolicy) -> tuple[str, ...]:
    """Return the columns of the facts that a policy's questions and remarks read, in order."""
    facts = {test.fact for test in compiled.questions}
    read = {
        column
        for name in facts
        for column in (*compiled.facts[name].columns, compiled.facts[name].note or "")
    }
    read |= {word.columns[0] for word in compiled.facts.values() if word.branches}
    # who can act on what a rule asks; no question reads them
    read |= {"device.owner", "site.lease_ends"}
    owned = any(each.owned_on != "today" for each in compiled.covered.values())
    if owned:
        read |= {name for name in FACTS.names if name.startswith(("device.acq", "device.made_not"))}
        read.add("device.doubtful_dates")
    return tuple(name for name in FACTS.names if name in read)


def _code(column: pa.ChunkedArray) -> _Coded:
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return _Coded(codes=codes, distinct=max(len(encoded.dictionary), 1))


def _distinct(
    columns: Sequence[_Coded], length: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first row of each distinct combination, and for each row which one it is."""
    codes, size = np.zeros(length, np.int64), 1
    for column in columns:
        if size * column.distinct >= _DENSE_BELOW:
            codes, size = _dense(codes)
        codes = codes * column.distinct + column.codes
        size *= column.distinct
    codes, size = _dense(codes)
    first = np.full(size, -1, np.int64)
    first[codes[::-1]] = np.arange(length - 1, -1, -1)
    return first, codes


def _dense(codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    """Return the codes numbered from 0 without holes, in order of value, and how many there are."""
    encoded = pa.array(codes).dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)
