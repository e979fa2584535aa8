"""When the sensor saw anything at all, and where its clock jumped."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa

from camaudit.model.traffic_schemas import ACTIVITY

from .addresses import moment
from .columns import numbers
from .damage import Tally
from .grouping import Shape, Sums
from .window import Chunk

_MINUTE_US: Final = 60_000_000
#: Ours. Interfaces of one sensor are this far apart at most; what goes back further has jumped.
_BACK_US: Final = 60 * 1_000_000
#: Ours. Captures are merged over months, and not over years.
_AHEAD_US: Final = 366 * 86_400 * 1_000_000
#: Ours. Minutes that are told apart: nearly two years.
MAX_MINUTES: Final = 1 << 20

BACK: Final = "clock jumps back by more than a minute"
AHEAD: Final = "clock jumps ahead by more than a year"
DROPPED: Final = f"packets in minutes beyond {MAX_MINUTES:,}"

_MINUTE, _PACKETS, _NUMBER = range(3)


class Activity:
    """Packets a minute, of every sort."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._minutes = Sums(Shape(1, 1, 1, 0))
        self._first: int | None = None
        self._last: int | None = None
        self._before: int | None = None

    def add(self, chunk: Chunk) -> None:
        """Take the times of a chunk."""
        at = chunk.at
        before = np.empty_like(at)
        before[0] = at[0] if self._before is None else self._before
        before[1:] = at[:-1]
        step = at - before
        numbers = chunk.numbers
        self._tally.count_packets(BACK, numbers[step < -_BACK_US])
        self._tally.count_packets(AHEAD, numbers[step > _AHEAD_US])
        self._before = int(at[-1])
        low, high = int(at.min()), int(at.max())
        self._first = low if self._first is None else min(low, self._first)
        self._last = high if self._last is None else max(high, self._last)
        minutes, begins, counts = np.unique(at // _MINUTE_US, return_index=True, return_counts=True)
        self._minutes.add(np.stack([minutes, counts, numbers[begins]]).astype(np.uint64))
        if len(self._minutes) > 2 * MAX_MINUTES:
            self._bound()

    def _bound(self) -> None:
        table = self._minutes.merged()
        if table.shape[1] > MAX_MINUTES:
            order = np.argsort(table[_NUMBER], kind="stable")
            lost = table[:, order[MAX_MINUTES:]]
            count, first = int(lost[_PACKETS].sum()), int(lost[_NUMBER].min())
            self._tally.count(DROPPED, f"packet {first}", count)
            self._minutes.replace(np.ascontiguousarray(table[:, order[:MAX_MINUTES]]))

    @property
    def first(self) -> datetime | None:
        """Return the earliest time."""
        return None if self._first is None else moment(self._first)

    @property
    def last(self) -> datetime | None:
        """Return the latest time."""
        return None if self._last is None else moment(self._last)

    def table(self) -> pa.Table:
        """Return packets a minute, in the order of time."""
        self._bound()
        table = self._minutes.merged().astype(np.int64)
        table = table[:, np.argsort(table[_MINUTE])]
        columns = [
            numbers(table[_MINUTE] * _MINUTE_US, ACTIVITY.field("minute").type),
            numbers(table[_PACKETS], pa.int64()),
        ]
        return pa.Table.from_arrays(columns, schema=ACTIVITY)
