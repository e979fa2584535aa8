"""Hand on the datagrams that a codec may read, and of a busy direction only some."""

from __future__ import annotations

from typing import Final

import numpy as np

from .addresses import moment, text_of
from .damage import Tally
from .flows import Flows
from .network import UDP, Packets
from .payload import Payload
from .watching import Passive
from .window import Bits, Chunk, Whole

#: RFC 768: ports, length and check sum.
_HEADER: Final = 8
#: Ours. Datagrams that one direction may bring in one chunk: video on a port of ours is no talk.
MAX_OF_DIRECTION: Final = 2048

BUSY: Final = (
    f"datagrams that no codec read: their sender sent more than {MAX_OF_DIRECTION:,} at once"
)


def of_ports(ports: frozenset[int]) -> Bits:
    """Return a table that tells of every port whether it is one of these."""
    wanted = np.zeros(1 << 16, np.bool_)
    wanted[[port for port in ports if 0 <= port < 1 << 16]] = True
    return wanted


def mac_bytes(mac: int) -> bytes:
    """Return a hardware address as bytes; none as ``b""``."""
    return mac.to_bytes(6, "big") if mac >= 0 else b""


class Datagrams:
    """Picks out datagrams by their ports."""

    def __init__(self, passive: Passive, tally: Tally) -> None:
        self._passive, self._tally = passive, tally
        self._wanted = of_ports(passive.udp_ports)

    def take(self, chunk: Chunk, packets: Packets, flows: Flows) -> None:
        """Hand on what is wanted of a chunk."""
        ports = self._wanted[packets.source_port] | self._wanted[packets.target_port]
        chosen = (packets.protocol == UDP) & ports & ~packets.later
        rows = np.flatnonzero(chosen & (packets.body + _HEADER < packets.end))
        if len(rows) > MAX_OF_DIRECTION:
            rows = self._few_each(packets, flows, rows)
        body = packets.body[rows]
        end = np.minimum(packets.end[rows], body + chunk.octets.two(body + 4))
        columns = [
            body + _HEADER,
            end,
            *(column[rows] for column in _described(packets)),
        ]
        take, memory = self._passive.take, chunk.memory
        for (
            begin,
            stop,
            mac,
            peer_mac,
            high,
            low,
            to_high,
            to_low,
            six,
            port,
            peer,
            at,
            number,
        ) in zip(*(column.tolist() for column in columns), strict=True):
            if begin < stop:
                take(
                    Payload(
                        mac=mac_bytes(mac),
                        peer_mac=mac_bytes(peer_mac),
                        source=text_of(high, low, six),
                        target=text_of(to_high, to_low, six),
                        protocol=UDP,
                        source_port=port,
                        target_port=peer,
                        at=moment(at),
                        position=number,
                        data=memory[begin:stop].tobytes(),
                    )
                )

    def _few_each(self, packets: Packets, flows: Flows, rows: Whole) -> Whole:
        """Return the first rows of each direction."""
        hashed = flows.hashed[rows]
        order = np.argsort(hashed, kind="stable")
        new = np.ones(len(order), np.bool_)
        new[1:] = hashed[order][1:] != hashed[order][:-1]
        starts = np.flatnonzero(new)
        place = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
        few = np.zeros(len(rows), np.bool_)
        few[order] = place < MAX_OF_DIRECTION
        self._tally.count_packets(BUSY, packets.number[rows[~few]])
        return rows[few]


def _described(packets: Packets) -> tuple[np.ndarray[tuple[int], np.dtype[np.generic]], ...]:
    return (
        packets.mac,
        packets.peer_mac,
        packets.source_high,
        packets.source_low,
        packets.target_high,
        packets.target_low,
        packets.six,
        packets.source_port,
        packets.target_port,
        packets.at,
        packets.number,
    )
