"""Make the rows of columns distinct, by codes that each column gets once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.int64]

#: Mixed-radix codes of rows are made dense again before they could overflow.
_DENSE_BELOW: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """A column as numbers below ``size``: equal numbers, equal values."""

    numbers: npt.NDArray[np.integer[Any]]
    size: int


def encode(column: pa.ChunkedArray) -> Codes:
    """Return the codes of a column; null has a code of its own."""
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return Codes(
        numbers=encoded.indices.to_numpy(zero_copy_only=False),
        size=max(len(encoded.dictionary), 1),
    )


def distinct(columns: Iterable[Codes], length: int) -> tuple[Numbers, Numbers]:
    """Return where each distinct row stands first, in that order, and for each row which it is."""
    together = Codes(numbers=np.zeros(length, dtype=np.int64), size=1)
    for each in columns:
        if each.size == 1:
            continue
        if together.size * each.size >= _DENSE_BELOW:
            together = _dense(together.numbers)
        together = Codes(
            numbers=together.numbers * np.int64(each.size) + each.numbers,
            size=together.size * each.size,
        )
    place = _dense(together.numbers).numbers.astype(np.int64)
    # numbered as they first appear: a first appearance is a new greatest number
    seen = np.concatenate(([-1], np.maximum.accumulate(place)[:-1])) if length else place
    return np.flatnonzero(place > seen), place


def distinct_rows(table: pa.Table) -> tuple[pa.Table, Numbers]:
    """Return the distinct rows in order of first appearance, and for each row which one it is."""
    first, place = distinct(map(encode, table.columns), table.num_rows)
    return table.take(pa.array(first)), place


def _dense(numbers: npt.NDArray[np.integer[Any]]) -> Codes:
    """Number the values anew, without gaps, as they first appear."""
    return encode(pa.chunked_array([pa.array(numbers)]))
