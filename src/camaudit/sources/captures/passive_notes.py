"""Where readers of payloads write down what they find, and what decides whose it is."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from camaudit.model.observation import Seen

from .passive_kept import Events, Names, Place, Told
from .payload import Payload

#: The names of hosts, as the vocabulary calls them, by the way in which they were seen.
_FIELDS: Final = {
    "dns": ("dns", "query"),
    "sni": ("tls", "sni"),
    "http_host": ("http", "host"),
}
#: What an address of a host is called, whatever told it.
ADDRESS: Final = ("ip", "address")
#: RFC 4291 2.5.4 and common practice: hosts within these share a network.
_SHARED: Final = {4: 24, 6: 64}


#: Whoever is known to speak: ``Notes.client_says`` or ``Notes.server_says``.
Says = Callable[[Payload, Iterable[Seen], Place], None]


class Notes:
    """One place for names, events and values."""

    def __init__(
        self, told: Told, names: Names, events: Events, is_evidence: Callable[[str], bool]
    ) -> None:
        self._told, self._names, self.events = told, names, events
        self._is_evidence = is_evidence

    def client_says(self, payload: Payload, seen: Iterable[Seen], place: Place) -> None:
        """Keep what the sender says of itself in asking."""
        near = is_to_many(payload)
        for each in seen:
            self._told.add(payload.mac, each, place, near=near)

    def server_says(self, payload: Payload, seen: Iterable[Seen], place: Place) -> None:
        """Keep what the sender answers, unless it is a host elsewhere and a router passed it on."""
        if self.hears(payload):
            self.client_says(payload, seen, place)

    def host_says(
        self, payload: Payload, hosts: Iterable[str], seen: Iterable[Seen], place: Place
    ) -> None:
        """Keep what the sender says of a host by multicast DNS, unless it speaks for others."""
        if not self.hears(payload):
            return
        said = tuple(seen)
        own = any(
            (each.protocol, each.field) == ADDRESS and each.value.decode() == payload.source
            for each in said
        )
        for host in hosts:
            self._told.called(payload.mac, host, own=own)
        near = is_to_many(payload)
        for each in said:
            self._told.add(payload.mac, each, place, near=near, of_host=True)

    def hears(self, payload: Payload) -> bool:
        """Tell whether an answer counts as the sender's, so that reading it is worth while."""
        return is_to_many(payload) or is_near(payload.source, payload.target)

    def device_says(self, mac: bytes, seen: Iterable[Seen], place: Place) -> None:
        """Keep what a device is known to say of itself, whoever passed it on."""
        for each in seen:
            self._told.add(mac, each, place, near=True)

    def named(self, payload: Payload, via: str, name: str, address: str | None, at: Place) -> None:
        """Keep a name that the sender asked for or spoke to."""
        self._names.add(payload.mac, payload.source, via, name, address, at)
        if self._is_evidence(name):
            self.client_says(payload, (Seen(*_FIELDS[via], name.encode()),), at)

    def answered(self, payload: Payload, name: str, address: str, place: Place) -> None:
        """Keep what a name stands for by an answer to the receiver."""
        self._names.add(payload.peer_mac, payload.target, "dns", name, address, place)


def is_to_many(payload: Payload) -> bool:
    """Tell whether a frame went to a group or to all, which no router passes on (RFC 1812 4.2)."""
    return bool(payload.peer_mac) and bool(payload.peer_mac[0] & 1)


@lru_cache(maxsize=1 << 14)
def is_near(source: str, target: str) -> bool:
    """Tell whether an address is likely to be of this site, and not that of a host elsewhere.

    It is, where it is no address of the internet (RFC 1918, RFC 4193), or shares a network with
    whoever it speaks to.
    """
    try:
        one, other = ipaddress.ip_address(source), ipaddress.ip_address(target)
    except ValueError:
        return False
    if not one.is_global and not one.is_multicast:
        return True
    if one.version != other.version:
        return False
    rest = one.max_prefixlen - _SHARED[one.version]
    return int(one) >> rest == int(other) >> rest
