"""IPv4 and IPv6 headers of a chunk at once: addresses, ports, sizes, fragments."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np

from .damage import Tally
from .links import ARP, IPV4, IPV6, LLDP, NOTHING, Frames, describe
from .window import Bits, Chunk, Octets, Whole, Words

TCP, UDP = 6, 17
#: Protocols whose first four bytes are two ports: TCP, UDP, DCCP, SCTP, UDP-Lite.
_WITH_PORTS: Final = (TCP, UDP, 33, 132, 136)
#: RFC 791 3.1 and RFC 8200 3: the fixed parts of the headers.
_LEAST_IPV4, _LEAST_IPV6 = 20, 40
#: RFC 8200 4: headers that may stand between, each with its length in units of eight bytes.
_BETWEEN: Final = (0, 43, 60, 135, 139, 140)
_FRAGMENT, _AUTHENTICATION = 44, 51
#: Ours. RFC 8200 4.1 lists seven that may occur in one packet.
_MAX_BETWEEN: Final = 12
_LEAST_TCP: Final = 20

#: Frames that no bridge passes on, or that lead nowhere: spanning tree and others on LLC (0 here),
#: port authentication (IEEE 802.1X), neighbour discovery (802.1AB), tests of a loop or a cable.
_LOCAL: Final = (0, 0x888E, 0x88CC, 0x9000, 0x8899, 0x88E1)

NOT_IP: Final = "packets that are marked as IP and are not"
CUT: Final = "packets whose IP header is cut"
TOO_LONG: Final = "IP packets that say they are longer than their frame"
MANY_HEADERS: Final = "IPv6 packets with too many headers before their content"
NO_CONTENT: Final = "packets of a PPP protocol or address family that is not read"


@dataclass(slots=True)
class Packets:
    """The IP packets of a chunk, one element of each array a packet.

    ``body`` is where the transport header begins and ``end`` where what was captured of the packet
    ends. ``later`` marks fragments other than the first, ``first_of`` first fragments, with
    ``identity`` to join them by. IPv4 addresses stand in ``source_low`` and ``target_low``.
    """

    row: Whole
    number: Whole
    at: Whole
    mac: Whole
    peer_mac: Whole
    vlan: Whole
    six: Bits
    source_high: Words
    source_low: Words
    target_high: Words
    target_low: Words
    protocol: Whole
    size: Whole
    body: Whole
    end: Whole
    later: Bits
    first_of: Bits
    identity: Whole
    source_port: Whole
    target_port: Whole
    flags: Whole

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """Return all parts as one, in the order of the file."""
        if len(parts) == 1:
            return parts[0]
        order = np.argsort(np.concatenate([part.row for part in parts]), kind="stable")
        return cls(
            *(
                np.concatenate([getattr(part, each.name) for part in parts])[order]
                for each in fields(cls)
            )
        )


def read_packets(chunk: Chunk, frames: Frames, tally: Tally) -> Packets:
    """Read the IP headers; what is neither IP, ARP nor LLDP is counted by what it is."""
    four = np.flatnonzero(frames.ether == IPV4)
    six = np.flatnonzero(frames.ether == IPV6)
    _count_others(chunk, frames, tally, len(four) + len(six))
    parts = []
    if len(four) or not len(six):
        parts.append(_read_four(chunk, frames, four, tally))
    if len(six):
        parts.append(_read_six(chunk, frames, six, tally))
    packets = Packets.joined(parts)
    _read_ports(chunk.octets, packets)
    return packets


def _count_others(chunk: Chunk, frames: Frames, tally: Tally, read: int) -> None:
    if read == len(chunk):
        return
    other = (frames.ether != IPV4) & (frames.ether != IPV6)
    other &= (frames.ether != ARP) & (frames.ether != LLDP)
    nothing = other & (frames.ether == NOTHING)
    if not other.any():
        return
    # a link that is not read, or whose header is cut, was counted before
    tally.count_packets(NO_CONTENT, chunk.numbers[nothing & (frames.net > chunk.start)])
    rows = np.flatnonzero(other & ~nothing)
    kinds, begins, counts = np.unique(
        np.where(frames.ether[rows] <= 1500, 0, frames.ether[rows]),
        return_index=True,
        return_counts=True,
    )
    for kind, begin, count in zip(kinds.tolist(), begins.tolist(), counts.tolist(), strict=True):
        place = f"packet {chunk.first + int(rows[begin])}"
        add = tally.count if kind in _LOCAL else tally.hide
        add(f"frames that are not read: {describe(kind)}", place, count)


def _sized(
    chunk: Chunk, frames: Frames, rows: Whole, least: int, version: int, tally: Tally
) -> Whole:
    """Return the rows whose header is whole and of this version."""
    start = frames.net[rows]
    whole = start + least <= chunk.start[rows] + chunk.kept[rows]
    if not whole.all():
        tally.hide_packets(CUT, chunk.first + rows[~whole])
        rows = rows[whole]
        start = start[whole]
    right = chunk.octets.one(start) >> 4 == version
    if not right.all():
        tally.hide_packets(NOT_IP, chunk.first + rows[~right])
        rows = rows[right]
    return rows


def _read_four(chunk: Chunk, frames: Frames, rows: Whole, tally: Tally) -> Packets:
    octets = chunk.octets
    rows = _sized(chunk, frames, rows, _LEAST_IPV4, 4, tally)
    header = (octets.one(frames.net[rows]) & 15) * 4
    right = header >= _LEAST_IPV4
    if not right.all():
        tally.hide_packets(NOT_IP, chunk.first + rows[~right])
        rows, header = rows[right], header[right]
    net = frames.net[rows]
    size = _bounded(chunk, rows, net, octets.two(net + 2), tally)
    addresses = octets.eight(net + 12)
    fragment = octets.two(net + 6)
    offset, more = fragment & 0x1FFF, fragment & 0x2000
    none = np.zeros(len(rows), np.uint64)
    return _packets(
        chunk,
        frames,
        rows,
        six=np.zeros(len(rows), np.bool_),
        addresses=(none, addresses >> np.uint64(32), none, addresses & np.uint64(0xFFFFFFFF)),
        protocol=octets.one(net + 9),
        size=size,
        body=net + header,
        offset=offset,
        more=more,
        identity=octets.two(net + 4),
    )


def _read_six(chunk: Chunk, frames: Frames, rows: Whole, tally: Tally) -> Packets:
    octets = chunk.octets
    rows = _sized(chunk, frames, rows, _LEAST_IPV6, 6, tally)
    net = frames.net[rows]
    said = octets.two(net + 4)
    # RFC 2675: a jumbogram says 0; its frame says how long it is
    size = _bounded(chunk, rows, net, np.where(said > 0, said + _LEAST_IPV6, 0), tally)
    end = np.minimum(net + size, chunk.start[rows] + chunk.kept[rows])
    protocol, body = octets.one(net + 6), net + _LEAST_IPV6
    fragment = np.zeros(len(rows), np.int64)
    identity = np.zeros(len(rows), np.int64)
    for _ in range(_MAX_BETWEEN):
        between = _is_between(protocol) & (body + 8 <= end) & (fragment >> 3 == 0)
        left = np.flatnonzero(between)
        if not len(left):
            break
        place, kind = body[left], protocol[left]
        length = octets.one(place + 1)
        is_fragment = kind == _FRAGMENT
        step = np.where(kind == _AUTHENTICATION, (length + 2) * 4, (length + 1) * 8)
        fragment[left] = np.where(is_fragment, octets.two(place + 2), fragment[left])
        identity[left] = np.where(is_fragment, octets.four(place + 4), identity[left])
        protocol[left] = octets.one(place)
        # never past what was captured: a later read then finds nothing
        body[left] = np.minimum(place + np.where(is_fragment, 8, step), end[left])
    else:
        rest = _is_between(protocol) & (fragment >> 3 == 0)
        tally.count_packets(MANY_HEADERS, chunk.first + rows[rest])
    return _packets(
        chunk,
        frames,
        rows,
        six=np.ones(len(rows), np.bool_),
        addresses=tuple(octets.eight(net + at) for at in (8, 16, 24, 32)),
        protocol=protocol,
        size=size,
        body=body,
        offset=fragment >> 3,
        more=fragment & 1,
        identity=identity,
    )


def _is_between(protocol: Whole) -> Bits:
    return np.isin(protocol, (*_BETWEEN, _FRAGMENT, _AUTHENTICATION))


def _bounded(chunk: Chunk, rows: Whole, net: Whole, size: Whole, tally: Tally) -> Whole:
    """Return sizes that their frames can hold; 0 (left to the network card) is the frame's."""
    room = chunk.wire[rows] - (net - chunk.start[rows])
    longer = size > room
    if longer.any():
        tally.count_packets(TOO_LONG, chunk.first + rows[longer])
    return np.where(longer | (size == 0), room, size)


def _packets(
    chunk: Chunk,
    frames: Frames,
    rows: Whole,
    *,
    six: Bits,
    addresses: tuple[Words, ...],
    protocol: Whole,
    size: Whole,
    body: Whole,
    offset: Whole,
    more: Whole,
    identity: Whole,
) -> Packets:
    net = frames.net[rows]
    end = np.minimum(net + size, chunk.start[rows] + chunk.kept[rows])
    none = np.zeros(len(rows), np.int64)
    return Packets(
        row=rows,
        number=chunk.first + rows,
        at=chunk.at[rows],
        mac=frames.mac[rows],
        peer_mac=frames.peer_mac[rows],
        vlan=frames.vlan[rows],
        six=six,
        source_high=addresses[0],
        source_low=addresses[1],
        target_high=addresses[2],
        target_low=addresses[3],
        protocol=protocol,
        size=size,
        body=np.minimum(body, end),
        end=end,
        later=offset > 0,
        first_of=(offset == 0) & (more > 0),
        identity=identity,
        source_port=none,
        target_port=none.copy(),
        flags=none.copy(),
    )


def _read_ports(octets: Octets, packets: Packets) -> None:
    """Fill in ports and TCP flags where they were captured and the packet is no later fragment."""
    protocol = packets.protocol
    ported = (protocol == TCP) | (protocol == UDP)
    for each in _WITH_PORTS[2:]:
        ported |= protocol == each
    ported &= ~packets.later & (packets.body + 4 <= packets.end)
    rows = np.flatnonzero(ported)
    both = octets.four(packets.body[rows])
    packets.source_port[rows] = both >> 16
    packets.target_port[rows] = both & 0xFFFF
    rows = rows[(protocol[rows] == TCP) & (packets.body[rows] + 14 <= packets.end[rows])]
    packets.flags[rows] = octets.one(packets.body[rows] + 13)


def has_ports(protocol: Words) -> Bits:
    """Tell of protocol numbers whether their packets have ports."""
    return np.isin(protocol, _WITH_PORTS)
