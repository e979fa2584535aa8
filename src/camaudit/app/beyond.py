"""What the peers of candidates also talk to: a path may lead on from a host that nobody declared.

A recorder's software on any computer has a foot in two networks, and minimisation leaves out what
its other foot does. Kept of that is no address and no name: only that such a host also talks to
the internet, and to hosts of which network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.isolation import answered
from camaudit.model.traffic import INTERNET, Traffic

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Ours. Networks that are told of one host; who talks to more is told of by these.
MOST_NETWORKS: Final = 32
#: What stands for a host of a network that nobody declared: a usual size of one (RFC 4291 2.5.4).
_PREFIXES: Final = {4: 24, 6: 64}
#: RFC 6598.
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")
_SIDES: Final = ("client", "server")


def beyond(
    kept: pa.Table,
    left_out: Traffic,
    own: AbstractSet[str],
    interfaces: Iterable[AbstractSet[str]],
    networks: Sequence[str],
) -> Mapping[str, tuple[str, ...]]:
    """Return for each peer of candidates the networks of those that it talks to besides.

    ``kept`` are conversations of candidates, ``left_out`` holds all others, ``own`` the candidates'
    addresses, ``interfaces`` those of one interface each. Of ``networks`` (as declared; texts that
    are none are passed over) the most specific one stands for an address. What nothing answered is
    left out.
    """
    hosts = _hosts(_ends(kept) - own, interfaces)
    named = pa.array(sorted(hosts), pa.string())
    touching = (pc.is_in(left_out.conversations.column(side), named) for side in _SIDES)
    table = left_out.conversations.filter(pc.or_(*touching))
    table = table.filter(pa.array(answered(replace(left_out, conversations=table))))
    declared = sorted(_read(networks), key=lambda each: -each.prefixlen)
    found: dict[str, set[str]] = {}
    for one, other in _pairs(table):
        for host in hosts.get(one, ()):
            where = _where(other, declared)
            known = found.setdefault(host, set())
            if where is not None and (len(known) < MOST_NETWORKS or where == INTERNET):
                known.add(where)
    return {host: tuple(sorted(known)) for host, known in sorted(found.items()) if known}


def _ends(table: pa.Table) -> set[str]:
    return {each for side in _SIDES for each in pc.unique(table.column(side)).to_pylist()}


def _hosts(peers: AbstractSet[str], interfaces: Iterable[AbstractSet[str]]) -> dict[str, set[str]]:
    """Return for each address of a peer's host the peers: its own, and those beside it."""
    hosts = {peer: {peer} for peer in peers}
    for addresses in interfaces:
        for peer in peers & addresses:
            for address in addresses:
                hosts.setdefault(address, set()).add(peer)
    return hosts


def _read(networks: Sequence[str]) -> Iterator[Network]:
    for text in networks:
        with suppress(ValueError):
            yield ipaddress.ip_network(text.strip())


def _pairs(table: pa.Table) -> Iterator[tuple[str, str]]:
    both = table.group_by(list(_SIDES)).aggregate([])
    for row in both.to_pylist():
        yield row["client"], row["server"]
        yield row["server"], row["client"]


def _where(text: str, declared: Sequence[Network]) -> str | None:
    """Return what stands for an address: a network, the internet; none for what leads nowhere."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    for network in declared:
        if address.version == network.version and address in network:
            return str(network)
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return None
    if address.is_loopback or text == "255.255.255.255":
        return None
    if address.is_private or address in _SHARED:
        return str(ipaddress.ip_network((text, _PREFIXES[address.version]), strict=False))
    return INTERNET
