"""When the sentinel was heard: what it sent passed the sensor, so the path was seen then.

Conversations are kept by the hour, which is too coarse to prove that a path was watched all the
time; so the one host that the operator names is followed more closely while its traffic is read.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from camaudit.model.traffic_schemas import HEARD

Times = npt.NDArray[np.int64]

#: Ours, in microseconds. Between two packets that are nearer the sentinel counts as heard.
_NEAR: Final = 60_000_000
#: Ours. Stretches that are told apart; more are of a clock that jumps, and the rest is not heard.
MAX_STRETCHES: Final = 1 << 18
_WAITING: Final = 1 << 12
_AT: Final = HEARD.field("first").type


class Hearing:
    """The stretches in which one host was heard; of no host, none."""

    def __init__(self, sentinel: str | None) -> None:
        """Follow ``sentinel``; what is no address is never heard."""
        self.address = _address(sentinel)
        self._parts: list[Times] = []
        self._waiting = 0

    def add(self, first: npt.NDArray[Any], last: npt.NDArray[Any]) -> None:
        """Add stretches (microseconds since 1970) in which it sent something, in any order."""
        if len(first):
            self._parts.append(_joined(np.stack([first, last]).astype(np.int64)))
            self._waiting += 1
            if self._waiting > _WAITING:
                self._merge()

    def table(self) -> pa.Table:
        """Return the stretches (``HEARD``), in the order of time."""
        self._merge()
        if not self._parts:
            # an empty array would look for pandas, which takes longer than reading a small capture
            return pa.Table.from_batches([], HEARD)
        spans = self._parts[0]
        columns = [
            pa.array([str(self.address)] * spans.shape[1], pa.string()),
            *(pa.array(each, pa.int64()).cast(_AT) for each in spans),
        ]
        return pa.Table.from_arrays(columns, schema=HEARD)

    def _merge(self) -> None:
        if self._parts:
            spans = _joined(np.concatenate(self._parts, axis=1))
            self._parts, self._waiting = [spans[:, :MAX_STRETCHES]], 0


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return None if text is None else ipaddress.ip_address(text)
    except ValueError:
        return None


def _joined(spans: Times) -> Times:
    """Return stretches in order, those that are near each other as one."""
    spans = spans[:, np.argsort(spans[0], kind="stable")]
    ends = np.maximum.accumulate(spans[1])
    new = np.ones(spans.shape[1], np.bool_)
    new[1:] = spans[0, 1:] - ends[:-1] > _NEAR
    starts = np.flatnonzero(new)
    return np.stack([spans[0, starts], np.maximum.reduceat(spans[1], starts)])
