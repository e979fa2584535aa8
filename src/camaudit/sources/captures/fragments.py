"""Give later fragments the ports that the first of their packet had. Nothing is reassembled.

The first fragments of earlier chunks are remembered in a table of fixed size, the oldest forgotten.
A fragment that comes before its first one stays without ports.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from .damage import Tally
from .grouping import group
from .network import Packets
from .window import Words

#: Ours. First fragments that are remembered; RFC 791 lets a host wait a quarter of a minute.
MAX_FIRST_FRAGMENTS: Final = 1 << 15

UNKNOWN: Final = "later fragments whose first fragment was not seen: their ports are not known"

#: The four halves of the addresses, and identity, protocol and family in one.
_KEYS: Final = 5


class Fragments:
    """The first fragments that were seen last."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._first = np.zeros((_KEYS + 1, 0), np.uint64)

    def fill_in(self, packets: Packets) -> None:
        """Set the ports of later fragments where they are known."""
        if not (packets.later.any() or packets.first_of.any()):
            return
        rows = np.flatnonzero(packets.later | packets.first_of)
        before = self._first.shape[1]
        table = np.concatenate([self._first, _keys(packets, rows)], axis=1)
        is_first = np.concatenate([np.ones(before, np.bool_), packets.first_of[rows]])
        self._first = table[:, is_first][:, -MAX_FIRST_FRAGMENTS:]

        order, starts = group(table[:_KEYS])
        # the order within a group is that of the file, so the last first one before is the nearest
        place = np.arange(len(order))
        begins = np.zeros(len(order), np.int64)
        begins[starts] = starts
        begins = np.maximum.accumulate(begins)
        nearest = np.maximum.accumulate(np.where(is_first[order], place, -1))
        known = nearest >= begins
        ports = np.zeros(len(order), np.int64)
        ports[order] = np.where(known, table[_KEYS][order[nearest]].astype(np.int64), -1)
        ports = ports[before:]
        later = packets.later[rows]
        found = later & (ports >= 0)
        packets.source_port[rows[found]] = ports[found] >> 16
        packets.target_port[rows[found]] = ports[found] & 0xFFFF
        self._tally.count_packets(UNKNOWN, packets.number[rows[later & (ports < 0)]])


def _keys(packets: Packets, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Words:
    identity = (
        packets.identity[rows] << 9 | packets.protocol[rows] << 1 | packets.six[rows]
    ).astype(np.uint64)
    ports = (packets.source_port[rows] << 16 | packets.target_port[rows]).astype(np.uint64)
    return np.stack(
        [
            packets.source_high[rows],
            packets.source_low[rows],
            packets.target_high[rows],
            packets.target_low[rows],
            identity,
            ports,
        ]
    )
