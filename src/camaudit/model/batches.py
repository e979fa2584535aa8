"""How every stage walks over a batch of observations: field by field.

Read by: signals, estate, isolation, store, app.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Places of rows in a batch.
Rows: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]


def shared(column: pa.DictionaryArray) -> list[Any]:
    """Return the values of a column, one object for each word of its dictionary."""
    words = column.dictionary.to_pylist()
    return [words[code] for code in column.indices.to_pylist()]


def distinct(values: Rows) -> Rows:
    """Return the different values, in order; sorting is quicker here than ``numpy.unique``."""
    ordered = np.sort(values)
    fresh: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        np.diff(ordered, prepend=ordered[:1] - 1) != 0
    )
    found: Rows = ordered[fresh]
    return found


def of_fields(observations: pa.Table, *wanted: tuple[str, str]) -> pa.Table:
    """Return the rows of a table of ``schemas.OBSERVATIONS`` with one of these names."""
    protocols, fields = (
        observations.column(name).cast(pa.string()) for name in ("protocol", "field")
    )
    masks = (pc.and_(pc.equal(protocols, one), pc.equal(fields, other)) for one, other in wanted)
    return observations.filter(reduce(pc.or_, masks))


def rows_by_field(batch: pa.RecordBatch) -> Iterator[tuple[str, str, Rows]]:
    """Yield each (protocol, field) of a batch of ``schemas.OBSERVATIONS`` with its rows."""
    protocols, fields = batch.column("protocol"), batch.column("field")
    first, words = protocols.dictionary.to_pylist(), fields.dictionary.to_pylist()
    codes = protocols.indices.to_numpy(zero_copy_only=False).astype(np.int64) * max(len(words), 1)
    codes += fields.indices.to_numpy(zero_copy_only=False)
    for code in distinct(codes).tolist():
        yield first[code // len(words)], words[code % len(words)], np.flatnonzero(codes == code)
