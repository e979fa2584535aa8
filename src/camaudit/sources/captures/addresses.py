"""Addresses as text, and which addresses each hardware address used as source."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from . import flows as direction
from .columns import numbers, strings
from .damage import Tally
from .flows import ABOUT, HAS_MAC, SIX_AT
from .grouping import Shape, Sums, group
from .links import ARP, Frames
from .window import Bits, Chunk, Words

#: Ours. Pairs of a hardware address and a source address that are told apart.
MAX_SOURCES: Final = 1 << 16
#: Ours. A hardware address that carries more public addresses than this is a router.
MAX_PUBLIC: Final = 8

DROPPED: Final = f"packets of hardware and source addresses beyond {MAX_SOURCES:,} pairs"
ROUTERS: Final = (
    f"hardware addresses with more than {MAX_PUBLIC} public source addresses: routers, not devices"
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: IEEE 802-2014 8.2: the bit of a group address in its first octet.
_GROUP: Final = np.uint64(1 << 40)
_MAC_BITS: Final = np.uint64(HAS_MAC - 1)
_HALF: Final = 64
#: A source: its keys, then packets, the first packet's number and the first time.
_SOURCE: Final = Shape(4, 1, 2, 0)
_MAC, _HIGH, _LOW, _SIX, _PACKETS, _NUMBER, _FIRST = range(7)


@lru_cache(maxsize=1 << 14)
def text_of(high: int, low: int, six: bool) -> str:  # noqa: FBT001
    """Return the canonical text of an address."""
    if six:
        return str(ipaddress.IPv6Address(high << _HALF | low))
    return f"{low >> 24}.{low >> 16 & 255}.{low >> 8 & 255}.{low & 255}"


def moment(at: int) -> datetime:
    """Return the time of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at)


def texts(high: Words, low: Words, six: Bits) -> pa.Array:
    """Return addresses as text; each different one is written once."""
    keys = np.stack([high, low, six.astype(np.uint64)])
    order, starts = group(keys)
    once = keys[:, order[starts]].tolist()
    found = [text_of(*each).encode() for each in zip(*once, strict=True)]
    codes = np.empty(len(order), np.int64)
    codes[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    return strings([found[code] for code in codes.tolist()], pa.string())


def macs(words: Words) -> pa.Array:
    """Return hardware addresses of six bytes; null where there is none."""
    octets = (words & _MAC_BITS).astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    return numbers(octets, pa.binary(6), words > 0)


class Sender(NamedTuple):
    """A hardware address that sent IP packets or ARP: the first of them, and when."""

    mac: str
    number: int
    #: Microseconds since 1970.
    at: int


class Sources:
    """Which source addresses each hardware address used."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._pairs = Sums(_SOURCE)

    def add(self, directions: Words) -> None:
        """Add summed directions (``flows.sum_flows``)."""
        mac = directions[direction.MAC]
        rows = np.empty((_SOURCE.height, directions.shape[1]), np.uint64)
        rows[_MAC] = mac
        rows[_HIGH], rows[_LOW] = (
            directions[direction.SOURCE_HIGH],
            directions[direction.SOURCE_LOW],
        )
        rows[_SIX] = directions[ABOUT] >> np.uint64(SIX_AT) & np.uint64(1)
        rows[_PACKETS] = directions[direction.PACKETS]
        rows[_NUMBER] = directions[direction.NUMBER]
        rows[_FIRST] = directions[direction.FIRST]
        self._add(rows)

    def hear(self, chunk: Chunk, frames: Frames) -> None:
        """Add who sends ARP: a host that says nothing else is there as well."""
        said = np.flatnonzero(frames.ether == ARP)
        rows = np.zeros((_SOURCE.height, len(said)), np.uint64)
        rows[_MAC] = np.where(frames.mac[said] < 0, 0, frames.mac[said] | HAS_MAC)
        rows[_PACKETS] = 1
        rows[_NUMBER], rows[_FIRST] = chunk.numbers[said], chunk.at[said]
        self._add(rows)

    def _add(self, rows: Words) -> None:
        mac = rows[_MAC]
        # no interface has a group address, or none at all
        self._pairs.add(rows[:, (mac & _GROUP == 0) & (mac & _MAC_BITS > 0)])
        if len(self._pairs) > 2 * MAX_SOURCES:
            self._bound()

    def _bound(self) -> Words:
        table = self._pairs.merged()
        if table.shape[1] <= MAX_SOURCES:
            return table
        order = np.argsort(table[_NUMBER], kind="stable")
        lost = table[:, order[MAX_SOURCES:]]
        self._tally.count(DROPPED, f"packet {lost[_NUMBER].min()}", int(lost[_PACKETS].sum()))
        table = np.ascontiguousarray(table[:, order[:MAX_SOURCES]])
        self._pairs.replace(table)
        return table

    def told(self) -> tuple[Mapping[str, Mapping[str, int]], list[Sender]]:
        """Return packets by hardware and source address, and the senders that are devices.

        An unset address (``0.0.0.0``, ``::``) is no address, but who sends from it is a sender.
        """
        table = self._bound()
        table = table[:, np.argsort(table[_NUMBER], kind="stable")]
        found: dict[str, dict[str, int]] = {}
        senders: dict[str, Sender] = {}
        public: dict[str, int] = {}
        for word, high, low, six, packets, number, first in zip(*table.tolist(), strict=True):
            mac = f"{word & HAS_MAC - 1:012x}"
            mac = ":".join(mac[at : at + 2] for at in range(0, 12, 2))
            senders.setdefault(mac, Sender(mac, number, first))
            if not high and not low:
                continue
            address = text_of(high, low, bool(six))
            found.setdefault(mac, {})[address] = packets
            if public.get(mac, 0) <= MAX_PUBLIC:
                public[mac] = public.get(mac, 0) + ipaddress.ip_address(address).is_global
        routers = [each for each in senders.values() if public.get(each.mac, 0) > MAX_PUBLIC]
        if routers:
            self._tally.count(ROUTERS, f"packet {routers[0].number}", len(routers))
        return found, [each for each in senders.values() if public.get(each.mac, 0) <= MAX_PUBLIC]
