"""Columns of tables out of arrays, from their memory as it is.

``pyarrow.array`` would do; it first looks for pandas, and importing that takes longer than reading
a small capture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .window import Bits


def numbers(values: NDArray[np.generic], kind: pa.DataType, known: Bits | None = None) -> pa.Array:
    """Return numbers (or fixed bytes, rows of octets) as a column; null where not ``known``."""
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [_bits(known), data])


def bools(values: Bits) -> pa.Array:
    """Return truth values as a column."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def strings(values: Sequence[bytes], kind: pa.DataType) -> pa.Array:
    """Return texts (as UTF-8) or bytes as a column."""
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum([len(each) for each in values], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(kind, len(values), buffers)


def words(word: str, count: int) -> pa.Array:
    """Return a column of one word, again and again."""
    return pa.DictionaryArray.from_arrays(
        numbers(np.zeros(count, np.int32), pa.int32()), strings([word.encode()], pa.string())
    )


def _bits(marked: Bits | None) -> pa.Buffer | None:
    return None if marked is None else pa.py_buffer(np.packbits(marked, bitorder="little"))
