"""The packets of a chunk by direction: one group a sender, receiver, protocol and pair of ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from .grouping import group, spread
from .network import Packets
from .window import Whole, Words

#: Rows of the keys of a direction.
SOURCE_HIGH, SOURCE_LOW, TARGET_HIGH, TARGET_LOW, MAC, PEER_MAC, ABOUT, HOUR = range(8)
KEYS: Final = 8
#: Within ``ABOUT``: the protocol, the VLAN and one, the family, and both ports.
PROTOCOL_BITS, VLAN_AT, SIX_AT, PORT_AT, PEER_PORT_AT = 8, 8, 21, 24, 40
VLAN_BITS: Final = 13
#: A hardware address that is known has this bit beside its 48.
HAS_MAC: Final = 1 << 48
HOUR_US: Final = 3_600_000_000

SYN, RST, ACK = 0x02, 0x04, 0x10
#: No packet has this number.
NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Flows:
    """The keys of every packet, and the order that brings packets of one direction together."""

    keys: Words
    #: A word for each packet, equal within a direction over all hours.
    hashed: Words
    order: Whole
    starts: Whole


def read_flows(packets: Packets) -> Flows:
    """Group the packets by direction and hour."""
    about = (
        packets.protocol
        | (packets.vlan + 1) << VLAN_AT
        | packets.six.astype(np.int64) << SIX_AT
        | packets.source_port << PORT_AT
        | packets.target_port << PEER_PORT_AT
    )
    keys = np.empty((KEYS, len(packets)), np.uint64)
    keys[SOURCE_HIGH], keys[SOURCE_LOW] = packets.source_high, packets.source_low
    keys[TARGET_HIGH], keys[TARGET_LOW] = packets.target_high, packets.target_low
    keys[MAC] = np.where(packets.mac < 0, 0, packets.mac | HAS_MAC)
    keys[PEER_MAC] = np.where(packets.peer_mac < 0, 0, packets.peer_mac | HAS_MAC)
    keys[ABOUT] = about
    keys[HOUR] = packets.at // HOUR_US
    hashed = spread(keys[:HOUR])
    if len(packets) and keys[HOUR].min() != keys[HOUR].max():
        order, starts = group(keys, spread(keys[HOUR:], hashed))
    else:
        order, starts = group(keys, hashed)
    return Flows(keys, hashed, order, starts)


#: Rows of a summed direction after its keys.
PACKETS, BYTES, FIRST, NUMBER, SYN_NUMBER, SYN_ACK_NUMBER, ACK_NUMBER, LAST = range(KEYS, KEYS + 8)


def sum_flows(packets: Packets, flows: Flows) -> Words:
    """Return one column for each direction and hour: its keys, then what it comes to."""
    order, starts = flows.order, flows.starts
    table = np.empty((LAST + 1, len(starts)), np.uint64)
    if not len(starts):
        return table
    table[:KEYS] = flows.keys[:, order[starts]]
    at = packets.at[order]
    table[PACKETS] = np.diff(starts, append=len(order))
    table[BYTES] = np.add.reduceat(packets.size[order], starts)
    table[FIRST] = np.minimum.reduceat(at, starts)
    table[LAST] = np.maximum.reduceat(at, starts)
    table[NUMBER] = packets.number[order[starts]]
    flags = packets.flags & (SYN | RST | ACK)
    for row, wanted in ((SYN_NUMBER, SYN), (SYN_ACK_NUMBER, SYN | ACK), (ACK_NUMBER, ACK)):
        marked = flags == wanted
        if marked.any():
            numbers = np.where(marked, packets.number, NEVER)
            table[row] = np.minimum.reduceat(numbers[order], starts)
        else:
            table[row] = NEVER
    return table
