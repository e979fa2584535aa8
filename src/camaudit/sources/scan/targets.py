"""Sets of network addresses, as ranges: parsed from text, joined, taken apart, walked lazily.

An ``AddressSet`` costs memory by its ranges and not by its addresses, so that a /8 is as cheap as
one host.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from camaudit.errors import UsageError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Ours. Larger IPv6 prefixes cannot be enumerated in a lifetime; they are found by other means.
MAX_IPV6_RANGE: Final = 1 << 20
#: RFC 3021: in a /31 both addresses are hosts.
_POINT_TO_POINT: Final = 31
#: IP version and number, so that both kinds sort in one list.
_Key: TypeAlias = tuple[int, int]
_Range: TypeAlias = tuple[_Key, _Key]


class AddressSet:
    """An immutable set of IPv4 and IPv6 addresses."""

    __slots__ = ("_ranges", "_starts")

    def __init__(self, ranges: Iterable[_Range] = ()) -> None:
        self._ranges = tuple(_joined(sorted(ranges)))
        self._starts = [start for start, _ in self._ranges]

    @classmethod
    def of(cls, addresses: Iterable[str]) -> AddressSet:
        """Return the set of single addresses; ``ValueError`` where a text is none."""
        keys = [_key(ipaddress.ip_address(text)) for text in addresses]
        return cls((key, key) for key in keys)

    @classmethod
    def union_of(cls, sets: Iterable[AddressSet]) -> AddressSet:
        """Return everything that is in one of the sets."""
        return cls(part for each in sets for part in each._ranges)

    @classmethod
    def parse(cls, text: str) -> AddressSet:
        """Read what ``text`` writes, and networks: all their addresses."""
        return cls(_whole_range(word) for word in text.replace(",", " ").split())

    def text(self) -> str:
        """Return the ranges, comma separated: ``192.0.2.1-192.0.2.9,192.0.2.20``."""
        return ",".join(
            _address(start) if start == end else f"{_address(start)}-{_address(end)}"
            for start, end in self._ranges
        )

    def ranges(self) -> Iterator[tuple[Address, Address]]:
        """Yield first and last address of each range, in order."""
        for start, end in self._ranges:
            yield ipaddress.ip_address(_address(start)), ipaddress.ip_address(_address(end))

    @property
    def count(self) -> int:
        """Return how many addresses there are."""
        return sum(end[1] - start[1] + 1 for start, end in self._ranges)

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AddressSet) and self._ranges == other._ranges

    def __hash__(self) -> int:
        return hash(self._ranges)

    def __repr__(self) -> str:
        return f"AddressSet({self.text()!r})"

    def __contains__(self, address: str) -> bool:
        key = _key(ipaddress.ip_address(address))
        at = bisect_right(self._starts, key) - 1
        return at >= 0 and key <= self._ranges[at][1]

    def __iter__(self) -> Iterator[str]:
        for (version, first), (_, last) in self._ranges:
            for number in range(first, last + 1):
                yield _address((version, number))

    def __or__(self, other: AddressSet) -> AddressSet:
        return AddressSet((*self._ranges, *other._ranges))

    def __and__(self, other: AddressSet) -> AddressSet:
        return self - (self - other)

    def __sub__(self, other: AddressSet) -> AddressSet:
        return AddressSet(self._without(other))

    def _without(self, other: AddressSet) -> Iterator[_Range]:
        cuts, at = other._ranges, 0
        for (version, first), (_, last) in self._ranges:
            start = first
            while at < len(cuts) and cuts[at][1] < (version, start):
                at += 1
            look = at
            while look < len(cuts) and cuts[look][0] <= (version, last):
                cut_first, cut_last = cuts[look][0][1], cuts[look][1][1]
                if cut_first > start:
                    yield (version, start), (version, cut_first - 1)
                start = max(start, cut_last + 1)
                look += 1
            if start <= last:
                yield (version, start), (version, last)


def parse_targets(texts: Iterable[str]) -> AddressSet:
    """Read targets as an operator writes them; ``UsageError`` says which and why.

    Networks (without their network and broadcast addresses), single addresses, and ranges:
    ``192.0.2.0/24``, ``192.0.2.7``, ``192.0.2.5-192.0.2.40``, ``192.0.2.5-40``.
    """
    parts: list[_Range] = []
    for text in texts:
        for word in text.replace(",", " ").split():
            try:
                parts.append(_range(word))
            except ValueError as error:
                raise UsageError(
                    f"target {word!r}: {error}; write 192.0.2.7, 192.0.2.0/24, or 192.0.2.5-40"
                ) from error
    return AddressSet(parts)


def _range(word: str) -> _Range:
    if "/" in word:
        network = ipaddress.ip_network(word, strict=False)
        if network.version == 6 and network.num_addresses > MAX_IPV6_RANGE:
            raise ValueError(
                f"more than {MAX_IPV6_RANGE} addresses cannot be tried one by one: name hosts, or "
                "import neighbour tables"
            )
        first, last = _ends(network)
        if network.version == 4 and network.prefixlen < _POINT_TO_POINT:
            return (4, first[1] + 1), (4, last[1] - 1)
        return first, last
    found = _whole_range(word)
    if found[0][0] == 6 and found[1][1] - found[0][1] >= MAX_IPV6_RANGE:
        raise ValueError(f"more than {MAX_IPV6_RANGE} addresses")
    return found


def _whole_range(word: str) -> _Range:
    if "/" in word:
        return _ends(ipaddress.ip_network(word, strict=False))
    first, dash, last = word.partition("-")
    start = ipaddress.ip_address(first)
    if not dash:
        return _key(start), _key(start)
    if last.isdecimal() and start.version == 4:
        last = f"{first.rpartition('.')[0]}.{last}"
    end = ipaddress.ip_address(last)
    if end.version != start.version or int(end) < int(start):
        raise ValueError("a range goes from the lower to the higher address of one kind")
    return _key(start), _key(end)


def _ends(network: Network) -> _Range:
    return _key(network.network_address), _key(network.broadcast_address)


def _joined(ranges: list[_Range]) -> Iterator[_Range]:
    """Yield sorted ranges with those joined that overlap or touch."""
    held: _Range | None = None
    for start, end in ranges:
        if held is None:
            held = start, end
        elif start[0] == held[1][0] and start[1] <= held[1][1] + 1:
            held = held[0], max(held[1], end)
        else:
            yield held
            held = start, end
    if held is not None:
        yield held


def _key(address: Address) -> _Key:
    return address.version, int(address)


def _address(key: _Key) -> str:
    version, number = key
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))
