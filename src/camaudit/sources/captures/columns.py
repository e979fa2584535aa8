"""Columns of tables out of arrays, from their memory as it is.

``pyarrow.array`` would do; it first looks for pandas, and importing that takes longer than reading
a small capture.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .window import Bits

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT: Final = timedelta(microseconds=1)


def numbers(values: NDArray[np.generic], kind: pa.DataType, known: Bits | None = None) -> pa.Array:
    """Return numbers (or fixed bytes, rows of octets) as a column; null where not ``known``."""
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [_bits(known), data])


def bools(values: Bits) -> pa.Array:
    """Return truth values as a column."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def strings(values: Sequence[bytes | None], kind: pa.DataType) -> pa.Array:
    """Return texts (as UTF-8) or bytes as a column."""
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum([len(each or b"") for each in values], out=offsets[1:])
    known = np.array([each is not None for each in values], np.bool_)
    mask = None if known.all() else _bits(known)
    buffers = [mask, pa.py_buffer(offsets), pa.py_buffer(b"".join(each or b"" for each in values))]
    return pa.Array.from_buffers(kind, len(values), buffers)


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return texts as a column."""
    return strings([None if each is None else each.encode() for each in values], pa.string())


def words(values: Sequence[str]) -> pa.Array:
    """Return a column of few different words."""
    known: dict[str, int] = {}
    codes = [known.setdefault(each, len(known)) for each in values]
    return pa.DictionaryArray.from_arrays(
        numbers(np.array(codes, np.int32), pa.int32()), texts(tuple(known))
    )


def moments(values: Sequence[datetime], kind: pa.DataType) -> pa.Array:
    """Return times as a column of microseconds."""
    return numbers(np.array([(each - _EPOCH) // _UNIT for each in values], np.int64), kind)


def _bits(marked: Bits | None) -> pa.Buffer | None:
    return None if marked is None else pa.py_buffer(np.packbits(marked, bitorder="little"))
