"""Many addresses at once: their numbers, their nature, and which network holds each."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Mask: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.int32]
_Words: TypeAlias = npt.NDArray[np.uint64]

_IPV4_FORM: Final = r"^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$"
_LAST_OCTET: Final = 255
_HALF: Final = 64
_WORD: Final = (1 << _HALF) - 1


class Nature(IntEnum):
    """What an address is by itself, before anybody declared anything."""

    EXTERNAL = 0
    #: RFC 1918, RFC 4193, and the shared space of RFC 6598.
    PRIVATE = 1
    #: RFC 3927, RFC 4291 2.5.6: never leaves its link.
    LINK = 2
    #: RFC 5771, RFC 4291 2.7.
    MULTICAST = 3
    BROADCAST = 4
    #: Unspecified and loopback: a host that has no address yet, or that talks to itself.
    SELF = 5
    UNREADABLE = 6


_NATURES: Final = (
    (Nature.PRIVATE, "10.0.0.0/8"),
    (Nature.PRIVATE, "172.16.0.0/12"),
    (Nature.PRIVATE, "192.168.0.0/16"),
    (Nature.PRIVATE, "100.64.0.0/10"),
    (Nature.PRIVATE, "fc00::/7"),
    (Nature.LINK, "169.254.0.0/16"),
    (Nature.LINK, "fe80::/10"),
    (Nature.MULTICAST, "224.0.0.0/4"),
    (Nature.MULTICAST, "ff00::/8"),
    (Nature.BROADCAST, "255.255.255.255/32"),
    (Nature.SELF, "0.0.0.0/8"),
    (Nature.SELF, "127.0.0.0/8"),
    (Nature.SELF, "::/128"),
    (Nature.SELF, "::1/128"),
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses as numbers: the family (4, 6; 0: unreadable) and two words of 64 bits."""

    family: npt.NDArray[np.int8]
    high: _Words
    low: _Words

    def within(self, network: Network) -> Mask:
        """Tell which addresses a network holds."""
        start, length = int(network.network_address), network.prefixlen
        here: Mask = self.family == network.version
        if network.version == 4:
            here &= _same(self.low, start, 32 - length)
            return here
        here &= _same(self.high, start >> _HALF, _HALF - min(length, _HALF))
        here &= _same(self.low, start & _WORD, 128 - max(length, _HALF))
        return here

    def locate(self, networks: Sequence[Network]) -> Numbers:
        """Return for each address which network holds it, the most specific one; -1: none."""
        found = np.full(len(self.family), -1, dtype=np.int32)
        order = sorted(range(len(networks)), key=lambda at: networks[at].prefixlen)
        for at in order:
            found[self.within(networks[at])] = at
        return found

    def natures(self) -> npt.NDArray[np.int8]:
        """Return the nature of each address."""
        found = np.full(len(self.family), Nature.EXTERNAL, dtype=np.int8)
        for nature, network in _NATURES:
            found[self.within(ipaddress.ip_network(network))] = nature
        found[self.family == 0] = Nature.UNREADABLE
        return found


def _same(words: _Words, start: int, free: int) -> Mask:
    """Tell whose leading bits are those of ``start``, the last ``free`` bits left aside."""
    if free >= _HALF:
        return np.ones(len(words), dtype=np.bool_)
    found: Mask = (words >> np.uint64(free)) == np.uint64(start >> free)
    return found


def read_addresses(texts: pa.Array) -> Addresses:
    """Read addresses in their canonical form; an IPv4 address within an IPv6 one is IPv4."""
    count = len(texts)
    family = np.zeros(count, dtype=np.int8)
    high = np.zeros(count, dtype=np.uint64)
    low = np.zeros(count, dtype=np.uint64)
    dotted = np.asarray(pc.match_substring_regex(texts, _IPV4_FORM), dtype=np.bool_)
    if dotted.any():
        parts = pc.split_pattern(texts.filter(pa.array(dotted)), ".")
        octets = np.asarray(parts.flatten().cast(pa.int32())).reshape(-1, 4)
        number = (octets.astype(np.uint64) << np.array([24, 16, 8, 0], np.uint64)).sum(axis=1)
        low[dotted] = number
        family[dotted] = np.where((octets <= _LAST_OCTET).all(axis=1), 4, 0)
    for at in np.flatnonzero(~dotted):
        family[at], number6 = _sixth(texts[at].as_py())
        high[at], low[at] = number6 >> _HALF, number6 & _WORD
    return Addresses(family, high, low)


def _sixth(text: str) -> tuple[int, int]:
    try:
        parsed = ipaddress.IPv6Address(text)
    except ValueError:
        return 0, 0
    if parsed.ipv4_mapped is not None:
        return 4, int(parsed.ipv4_mapped)
    return 6, int(parsed)
