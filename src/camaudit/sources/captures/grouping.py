"""Bring equal rows together, and keep sums of them in tables that grow by merging.

A table is one array of 64-bit words: a row of it is a column, first the keys, then the values.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from .window import Whole, Words

#: Odd constants without a pattern (the golden ratio's, and those of MurmurHash3's finaliser).
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT: Final = np.uint64(32)
#: Ours. Rows that wait before they are merged, at least.
_WAITING: Final = 1 << 16


def spread(keys: Words, begun: Words | None = None) -> Words:
    """Return one word for each column of ``keys``, equal where the keys are equal."""
    state = np.zeros(keys.shape[1], np.uint64) if begun is None else begun.copy()
    for row in keys:
        state ^= row
        state *= _SPREAD
        state ^= state >> _SHIFT
        state *= _MIX
    state ^= state >> _SHIFT
    return state


def group(keys: Words, hashed: Words | None = None) -> tuple[Whole, Whole]:
    """Return an order that brings equal columns together, and where in it each group begins.

    Within a group the order is that of the columns. Two different keys with the same hash may part
    a group in two; they never join two groups.
    """
    order = np.argsort(spread(keys) if hashed is None else hashed, kind="stable")
    if not len(order):
        return order, order
    new = np.zeros(len(order), np.bool_)
    new[0] = True
    for row in keys:
        ordered = row[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return order, np.flatnonzero(new)


class Shape(NamedTuple):
    """How many rows of a table are keys, sums, lowest and highest values."""

    keys: int
    sums: int
    lowest: int
    highest: int

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return sum(self)


class Sums:
    """Rows merged by their keys: sums, lowest and highest values."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._merged = np.zeros((shape.height, 0), np.uint64)
        self._waiting: list[Words] = []
        self._count = 0

    def add(self, rows: Words) -> None:
        """Add rows; they are merged when many wait."""
        self._waiting.append(rows)
        self._count += rows.shape[1]
        if self._count > max(_WAITING, self._merged.shape[1] // 2):
            self.merged()

    def merged(self) -> Words:
        """Return all rows merged."""
        if self._waiting:
            table = np.concatenate([self._merged, *self._waiting], axis=1)
            # what stands in the table now is not kept beside it
            self.replace(np.zeros((self._shape.height, 0), np.uint64))
            self._merged = merge(table, self._shape)
        return self._merged

    def replace(self, rows: Words) -> None:
        """Hold these rows and no others; they are merged already."""
        self._merged, self._waiting, self._count = rows, [], 0

    def __len__(self) -> int:
        """Return how many rows there are at most."""
        return self._merged.shape[1] + self._count


def merge(table: Words, shape: Shape) -> Words:
    """Return a table with each key once."""
    order, starts = group(table[: shape.keys])
    merged = np.empty((shape.height, len(starts)), np.uint64)
    if not len(starts):
        return merged
    first = order[starts]
    ways = (
        [None] * shape.keys
        + [np.add] * shape.sums
        + [np.minimum] * shape.lowest
        + [np.maximum] * shape.highest
    )
    for row, way, out in zip(table, ways, merged, strict=True):
        out[:] = row[first] if way is None else way.reduceat(row[order], starts)
    return merged
