"""LLDP frames: what a device tells whatever it hangs at (IEEE 802.1AB)."""

from __future__ import annotations

from typing import Final

import numpy as np

from . import links
from .addresses import moment
from .damage import Tally
from .datagrams import mac_bytes
from .links import Frames
from .payload import LLDP, Payload
from .watching import Passive
from .window import Chunk

#: Ours. Frames of one chunk that are handed on: devices announce themselves twice a minute.
MAX_OF_CHUNK: Final = 4096
#: IEEE 802.3 3.2.7: what a frame may carry.
_MOST_BYTES: Final = 1500

BUSY: Final = f"LLDP frames that no codec read: more than {MAX_OF_CHUNK:,} at once"


class Neighbours:
    """Hands on what LLDP frames carry."""

    def __init__(self, passive: Passive, tally: Tally) -> None:
        self._passive, self._tally = passive, tally

    def take(self, chunk: Chunk, frames: Frames) -> None:
        """Hand on those of a chunk."""
        rows = np.flatnonzero(frames.ether == links.LLDP)
        if not len(rows):
            return
        self._tally.count_packets(BUSY, chunk.first + rows[MAX_OF_CHUNK:])
        rows = rows[:MAX_OF_CHUNK]
        begin, end = frames.net[rows], (chunk.start + chunk.kept)[rows]
        columns = (
            *(begin, np.minimum(end, begin + _MOST_BYTES)),
            *(frames.mac[rows], frames.peer_mac[rows], chunk.at[rows], chunk.first + rows),
        )
        for start, stop, mac, peer, at, number in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            if start < stop:
                data = chunk.memory[start:stop].tobytes()
                addresses = (mac_bytes(mac), mac_bytes(peer), "", "")
                self._passive.take(Payload(*addresses, LLDP, 0, 0, moment(at), number, data))
