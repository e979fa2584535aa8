"""Who talked to whom: directions joined into connections, and those into conversations by hour.

A connection has both ports; a conversation has the server's only, so the many connections of one
client to one service are one row an hour. The client is who sent the first SYN (or was answered by
a SYN-ACK), or the first datagram. Where the opening was not seen it is the side with the higher
port: of TCP without a handshake, of later fragments without ports, and of a first datagram that
comes from a service's port and goes to none, which is an answer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from camaudit.model.traffic_schemas import CONVERSATIONS

from . import flows as direction
from .addresses import macs, texts
from .columns import bools, numbers
from .damage import Tally
from .flows import ABOUT, HOUR, KEYS, NEVER, PEER_PORT_AT, PORT_AT, SIX_AT, VLAN_AT
from .grouping import Shape, Sums, group, merge
from .network import TCP, has_ports
from .window import Bits, Whole, Words

#: Ours. Connections that are held apart by both ports; the quiet ones are then summed up.
MAX_CONNECTIONS: Final = 1 << 17
#: Ours. Conversations (a client, server, service and hour) that are told apart.
MAX_CONVERSATIONS: Final = 1 << 18
#: Ours. Beyond it, pairs of addresses (and hours) that are told apart.
MAX_PAIRS: Final = 1 << 16

MERGED: Final = (
    f"conversations beyond {MAX_CONVERSATIONS:,}, told by their two addresses without ports"
)
DROPPED: Final = f"packets of conversations beyond {MAX_PAIRS:,} further pairs of addresses"

#: A connection: keys, packets and bytes each way, then lowest and highest values.
_CONNECTION: Final = Shape(KEYS, 4, 6, 1)
_OUT, _BACK, _BYTES_OUT, _BYTES_BACK, _FIRST = range(KEYS, KEYS + 5)
_NUMBER, _NUMBER_BACK, _OPENED, _OPENED_BACK, _WENT_ON, _LAST = range(KEYS + 5, KEYS + 11)
#: A conversation: the same keys with one port; ``_SEEN`` tells whether every opening was seen.
_CONVERSATION: Final = Shape(KEYS, 4, 3, 1)
_ROW_NUMBER, _SEEN, _ROW_LAST = range(KEYS + 5, KEYS + 8)

_PORT: Final = 0xFFFF
_BOTH_PORTS: Final = np.uint64(0xFFFFFFFF << PORT_AT)
_VLAN: Final = np.uint64(((1 << direction.VLAN_BITS) - 1) << VLAN_AT)
_SIX: Final = np.uint64(1 << SIX_AT)
_PROTOCOL: Final = np.uint64(0xFF)

#: RFC 6335 6: system ports.
_SYSTEM_PORTS: Final = 1024
#: Services above them whose questions go to groups, so that an answer is the first datagram between
#: two hosts: SSDP, WS-Discovery, mDNS, LLMNR, Hikvision's SADP, Dahua's DHIP.
_ASKED_IN_GROUPS: Final = (1900, 3702, 5353, 5355, 37020, 37810)


class Conversations:
    """All conversations of a capture, in bounded memory."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._connections = Sums(_CONNECTION)
        self._rows = Sums(_CONVERSATION)
        self._pairs = Sums(_CONVERSATION)

    def add(self, directions: Words) -> None:
        """Add summed directions (``flows.sum_flows``)."""
        self._connections.add(_joined(directions))
        # merging is work, so it waits until a quarter more may be there
        if len(self._connections) > MAX_CONNECTIONS + MAX_CONNECTIONS // 4:
            table = self._connections.merged()
            if table.shape[1] > MAX_CONNECTIONS:
                self._sum_up_quiet(table)

    def table(self) -> pa.Table:
        """Return the conversations, by first packet."""
        connections = self._connections.merged()
        self._connections.replace(connections[:, :0].copy())
        self._sum_up(connections, _opened_by(connections))
        del connections
        rows, pairs = self._rows.merged(), self._pairs.merged()
        self._rows.replace(rows[:, :0].copy())
        self._pairs.replace(rows[:, :0].copy())
        if pairs.shape[1]:
            rows = np.concatenate([rows, pairs], axis=1)
        return _told(_both_ways(rows))

    def _sum_up_quiet(self, table: Words) -> None:
        """Sum up the half that was quiet for longest; busy ones keep who opened them."""
        opened = _opened_by(table)
        quiet = np.argsort(table[_LAST], kind="stable")[: table.shape[1] - MAX_CONNECTIONS // 2]
        stays = np.ones(table.shape[1], np.bool_)
        stays[quiet] = False
        self._sum_up(table[:, quiet], (opened[0][quiet], opened[1][quiet]))
        self._connections.replace(np.ascontiguousarray(table[:, stays]))

    def _sum_up(self, connections: Words, opened: tuple[Bits, Bits]) -> None:
        self._rows.add(merge(_as_conversations(connections, *opened), _CONVERSATION))
        if len(self._rows) <= MAX_CONVERSATIONS:
            return
        table = self._rows.merged()
        if table.shape[1] <= MAX_CONVERSATIONS:
            return
        order = np.argsort(table[_ROW_NUMBER], kind="stable")
        over = table[:, order[MAX_CONVERSATIONS:]]
        self._rows.replace(np.ascontiguousarray(table[:, order[:MAX_CONVERSATIONS]]))
        self._tally.count(MERGED, f"packet {over[_ROW_NUMBER].min()}", over.shape[1])
        over[[direction.MAC, direction.PEER_MAC, _SEEN]] = 0
        over[ABOUT] &= _PROTOCOL | _SIX
        self._pairs.add(over)
        table = self._pairs.merged()
        if table.shape[1] > MAX_PAIRS:
            order = np.argsort(table[_ROW_NUMBER], kind="stable")
            lost = table[:, order[MAX_PAIRS:]]
            self._pairs.replace(np.ascontiguousarray(table[:, order[:MAX_PAIRS]]))
            packets = int(lost[_OUT].sum() + lost[_BACK].sum())
            self._tally.hide(DROPPED, f"packet {lost[_ROW_NUMBER].min()}", packets)


def _joined(table: Words) -> Words:
    """Return directions as connections: the lower of the two ends comes first."""
    rows = np.empty((_CONNECTION.height, table.shape[1]), np.uint64)
    ports = table[ABOUT] >> np.uint64(PORT_AT)
    port, peer_port = ports & np.uint64(_PORT), ports >> np.uint64(16)
    swapped = _higher(
        (table[direction.SOURCE_HIGH], table[direction.SOURCE_LOW], port),
        (table[direction.TARGET_HIGH], table[direction.TARGET_LOW], peer_port),
    )
    _exchange(table, rows, swapped)
    for out, back, row, none in (
        (_OUT, _BACK, direction.PACKETS, 0),
        (_BYTES_OUT, _BYTES_BACK, direction.BYTES, 0),
        (_NUMBER, _NUMBER_BACK, direction.NUMBER, NEVER),
    ):
        rows[out] = np.where(swapped, np.uint64(none), table[row])
        rows[back] = np.where(swapped, table[row], np.uint64(none))
    # who sends a SYN opens; who sends a SYN-ACK was opened to by the other
    syn, syn_ack = table[direction.SYN_NUMBER], table[direction.SYN_ACK_NUMBER]
    rows[_OPENED] = np.where(swapped, syn_ack, syn)
    rows[_OPENED_BACK] = np.where(swapped, syn, syn_ack)
    rows[_WENT_ON] = table[direction.ACK_NUMBER]
    rows[_FIRST], rows[_LAST] = table[direction.FIRST], table[direction.LAST]
    return rows


def _exchange(table: Words, rows: Words, swapped: Bits) -> None:
    """Write the keys of ``table`` to ``rows``, the two ends exchanged where ``swapped``."""
    for one, other in (
        (direction.SOURCE_HIGH, direction.TARGET_HIGH),
        (direction.SOURCE_LOW, direction.TARGET_LOW),
        (direction.MAC, direction.PEER_MAC),
    ):
        rows[one] = np.where(swapped, table[other], table[one])
        rows[other] = np.where(swapped, table[one], table[other])
    about = table[ABOUT]
    port = about >> np.uint64(PORT_AT) & np.uint64(_PORT)
    peer_port = about >> np.uint64(PEER_PORT_AT) & np.uint64(_PORT)
    turned = about & ~_BOTH_PORTS | peer_port << np.uint64(PORT_AT)
    rows[ABOUT] = np.where(swapped, turned | port << np.uint64(PEER_PORT_AT), about)
    rows[HOUR] = table[HOUR]


def _higher(one: tuple[Words, ...], other: tuple[Words, ...]) -> Bits:
    """Tell where ``one`` is greater, its first part deciding before its next."""
    higher = np.zeros(len(one[0]), np.bool_)
    for left, right in zip(reversed(one), reversed(other), strict=True):
        higher = (left > right) | ((left == right) & higher)
    return higher


def _opened_by(table: Words) -> tuple[Bits, Bits]:
    """Return for each connection whether its far end is the client, and whether that was seen.

    It is decided over all hours, hardware addresses and VLANs of the two ends.
    """
    keys = table[: ABOUT + 1].copy()
    keys[direction.MAC] = keys[direction.PEER_MAC] = 0
    keys[ABOUT] &= ~_VLAN
    order, starts = group(keys)
    turned, seen = np.zeros(len(order), np.bool_), np.zeros(len(order), np.bool_)
    if not len(order):
        return turned, seen
    number, number_back, opened, opened_back, went_on = (
        np.minimum.reduceat(table[row][order], starts)
        for row in (_NUMBER, _NUMBER_BACK, _OPENED, _OPENED_BACK, _WENT_ON)
    )
    about = keys[ABOUT][order[starts]]
    protocol = about & _PROTOCOL
    port = about >> np.uint64(PORT_AT) & np.uint64(_PORT)
    peer_port = about >> np.uint64(PEER_PORT_AT) & np.uint64(_PORT)

    came_back_first = number_back < number
    higher = np.where(port == peer_port, came_back_first, peer_port > port)
    handshake = np.minimum(opened, opened_back) < np.uint64(NEVER)
    # RFC 9293 3.5: who opens goes on when it was answered, so the answer went another way
    elsewhere = (np.maximum(number, number_back) == np.uint64(NEVER)) & (went_on < np.uint64(NEVER))
    is_tcp = protocol == TCP
    without = has_ports(protocol) & (port == 0) & (peer_port == 0)
    sender = np.where(came_back_first, peer_port, port)
    receiver = np.where(came_back_first, port, peer_port)
    answer = _is_service(sender) & ~_is_service(receiver) & (receiver >= _SYSTEM_PORTS)
    # nothing is asked from a group
    answer &= ~_is_group(keys[:, order[starts]], came_back_first)

    by_datagram = np.where(answer, ~came_back_first, came_back_first)
    by_handshake = np.where(handshake, opened_back < opened, higher)
    result = np.where(
        is_tcp, by_handshake, np.where(has_ports(protocol), by_datagram, came_back_first)
    )
    was_seen = np.where(is_tcp, handshake & ~elsewhere, ~(answer & has_ports(protocol))) & ~without
    sizes = np.diff(starts, append=len(order))
    turned[order], seen[order] = np.repeat(result, sizes), np.repeat(was_seen, sizes)
    return turned, seen


def _is_service(port: Words) -> Bits:
    return np.asarray((port > 0) & ((port < _SYSTEM_PORTS) | np.isin(port, _ASKED_IN_GROUPS)))


def _is_group(keys: Words, came_back_first: Bits) -> Bits:
    """Tell whether the receiver of the first datagram is a group or everybody."""
    high = np.where(came_back_first, keys[direction.SOURCE_HIGH], keys[direction.TARGET_HIGH])
    low = np.where(came_back_first, keys[direction.SOURCE_LOW], keys[direction.TARGET_LOW])
    six = keys[ABOUT] & _SIX != 0
    # 224.0.0.0/4 and 255.255.255.255; ff00::/8. A subnet's own broadcast address is not known.
    return np.asarray(np.where(six, high >> np.uint64(56) == 0xFF, low >> np.uint64(28) >= 0xE))


def _as_conversations(table: Words, turned: Bits, seen: Bits) -> Words:
    rows = np.empty((_CONVERSATION.height, table.shape[1]), np.uint64)
    _exchange(table, rows, turned)
    port = rows[ABOUT] >> np.uint64(PEER_PORT_AT) & np.uint64(_PORT)
    rows[ABOUT] = rows[ABOUT] & ~_BOTH_PORTS | port << np.uint64(PEER_PORT_AT)
    for out, back in ((_OUT, _BACK), (_BYTES_OUT, _BYTES_BACK)):
        rows[out] = np.where(turned, table[back], table[out])
        rows[back] = np.where(turned, table[out], table[back])
    rows[_FIRST], rows[_ROW_LAST] = table[_FIRST], table[_LAST]
    rows[_ROW_NUMBER] = np.minimum(table[_NUMBER], table[_NUMBER_BACK])
    rows[_SEEN] = seen
    return rows


def _both_ways(rows: Words) -> Words:
    """Join what came back under another tag or hardware address to the one way that it answers.

    A port may be tagged one way only, and a pair of routers answers from either. Where there are
    several ways out, as at a sensor on both sides of a router, each row stays as it was seen.
    """
    keys = rows[:KEYS].copy()
    keys[direction.MAC] = keys[direction.PEER_MAC] = 0
    keys[ABOUT] &= ~_VLAN
    order, starts = group(keys)
    if not len(order):
        return rows
    sizes = np.diff(starts, append=len(order))
    several = np.repeat(sizes > 1, sizes)
    if not several.any():
        return rows
    # most stand alone: those are left as they are
    alone = rows[:, order[~several]]
    return np.concatenate([alone, _ways_joined(rows[:, order[several]], sizes[sizes > 1])], axis=1)


def _ways_joined(rows: Words, sizes: Whole) -> Words:
    """Join the ways of groups of so many rows each, one group after the other."""
    ends = np.cumsum(sizes)
    starts = ends - sizes
    out, back = rows[_OUT] > 0, rows[_BACK] > 0
    ways = np.add.reduceat(out.astype(np.int64), starts)
    answered = np.logical_or.reduceat(out & back, starts)
    joins = np.repeat((ways == 1) & ~answered, sizes)
    # the tag and the addresses of the way out are those of the whole
    place = np.arange(rows.shape[1])
    outward = np.repeat(np.add.reduceat(np.where(out, place, 0), starts), sizes)
    same = np.where(joins, outward * joins, place)
    for row in (direction.MAC, direction.PEER_MAC, ABOUT):
        rows[row] = rows[row][same]
    return merge(rows, _CONVERSATION)


def _told(rows: Words) -> pa.Table:
    # one column after the other: a table of all in their order would be another as large
    order = np.argsort(rows[_ROW_NUMBER], kind="stable")
    about = rows[ABOUT][order].astype(np.int64)
    six = (about >> SIX_AT & 1).astype(np.bool_)
    vlan = (about >> VLAN_AT & (1 << direction.VLAN_BITS) - 1) - 1
    at = CONVERSATIONS.field("first").type
    columns = [
        texts(rows[direction.SOURCE_HIGH][order], rows[direction.SOURCE_LOW][order], six),
        texts(rows[direction.TARGET_HIGH][order], rows[direction.TARGET_LOW][order], six),
        macs(rows[direction.MAC][order]),
        macs(rows[direction.PEER_MAC][order]),
        numbers(vlan.astype(np.int32), pa.int32(), vlan >= 0),
        numbers(about.astype(np.uint8), pa.uint8()),
        numbers((about >> PEER_PORT_AT).astype(np.uint16), pa.uint16()),
        bools(rows[_SEEN][order] > 0),
        *(numbers(rows[row][order], pa.int64()) for row in (_OUT, _BACK, _BYTES_OUT, _BYTES_BACK)),
        *(numbers(rows[row][order], at) for row in (_FIRST, _ROW_LAST)),
    ]
    return pa.Table.from_arrays(columns, schema=CONVERSATIONS)
