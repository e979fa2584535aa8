"""ARP announcements: a device that has just taken an address says so (RFC 5227 2.3)."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from camaudit.model.traffic_schemas import EVENTS

from .addresses import macs
from .columns import numbers, words
from .damage import Tally
from .flows import HAS_MAC
from .links import ARP, Frames
from .window import Chunk, Whole

#: RFC 826: hardware type Ethernet, protocol IPv4, their lengths; the whole has 28 bytes.
_ETHERNET_IPV4: Final = 0x0001_0800_0604
_SIZE: Final = 28
#: Ours. Announcements that are kept of one capture.
MAX_ANNOUNCEMENTS: Final = 1 << 18

KIND: Final = "arp_announcement"
DROPPED: Final = f"ARP announcements beyond {MAX_ANNOUNCEMENTS:,}"


class Announcements:
    """The announcements of a capture."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._macs: list[Whole] = []
        self._times: list[Whole] = []
        self._count = 0

    def add(self, chunk: Chunk, frames: Frames) -> None:
        """Take those of a chunk: sender and target are the same address, request or reply."""
        rows = np.flatnonzero(frames.ether == ARP)
        if not len(rows):
            return
        rows = rows[frames.net[rows] + _SIZE <= (chunk.start + chunk.kept)[rows]]
        octets, net = chunk.octets, frames.net[rows]
        kind = octets.two(net) << 32 | octets.four(net + 2)
        sender, target = octets.four(net + 14), octets.four(net + 24)
        mac = octets.two(net + 8) << 32 | octets.four(net + 10)
        said = (kind == _ETHERNET_IPV4) & (sender == target) & (sender > 0) & (mac > 0)
        rows, mac = rows[said], mac[said]
        room = MAX_ANNOUNCEMENTS - self._count
        self._tally.count_packets(DROPPED, chunk.first + rows[room:])
        self._macs.append(mac[:room])
        self._times.append(chunk.at[rows[:room]])
        self._count += len(rows[:room])

    def table(self) -> pa.Table:
        """Return them as events."""
        mac = np.concatenate([np.zeros(0, np.int64), *self._macs])
        at = np.concatenate([np.zeros(0, np.int64), *self._times])
        columns = [
            macs((mac | HAS_MAC).astype(np.uint64)),
            words([KIND] * len(mac)),
            numbers(at, EVENTS.field("at").type),
        ]
        return pa.Table.from_arrays(columns, schema=EVENTS)
