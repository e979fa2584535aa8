"""Services that equipment is known to contact: makers' clouds, relays, update and time servers.

Produced by: packs. Read by: isolation, app, reports.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from .ids import MakerId
from .packs import Source
from .words import Confidence


class ServiceRole(StrEnum):
    """What a service is for."""

    MAKER_CLOUD = "maker_cloud"
    #: Brings two ends together behind address translation, or carries their traffic.
    P2P_RELAY = "p2p_relay"
    UPDATE_HOST = "update_host"
    #: Keeps a name for a device's changing address.
    DDNS = "ddns"
    TIME_SERVER = "time_server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """A span of ports of one protocol (an IANA number), both ends included."""

    protocol: int
    first: int
    last: int

    def hold(self, protocol: int, port: int) -> bool:
        """Tell whether a port lies in the span."""
        return protocol == self.protocol and self.first <= port <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudService:
    """One service: whose, what for, and by which names, networks and ports it is known."""

    id: str
    #: ``None``: many makers use it.
    maker: MakerId | None
    role: ServiceRole
    #: Host names; what stands below one of them belongs to it.
    hosts: tuple[str, ...]
    networks: tuple[str, ...]
    ports: tuple[Ports, ...]
    #: Whether a port, with nothing else known of the other end, is worth a mention. It is never
    #: proof of who is there.
    port_alone: bool
    confidence: Confidence
    says: str
    source: Source


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every service in force. Where several fit, the longest name or network counts."""

    digest: str
    services: tuple[CloudService, ...]
    _hosts: dict[str, CloudService] = field(init=False, repr=False, compare=False)
    _networks: tuple[tuple[int, int, int, CloudService], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        hosts = {host: each for each in self.services for host in each.hosts}
        object.__setattr__(self, "_hosts", hosts)
        networks = [
            (network.version, int(network.network_address), network.prefixlen, each)
            for each in self.services
            for network in map(ipaddress.ip_network, each.networks)
        ]
        networks.sort(key=lambda each: -each[2])
        object.__setattr__(self, "_networks", tuple(networks))

    def by_host(self, name: str) -> CloudService | None:
        """Return the service that a host name belongs to, compared label by label."""
        rest = name.casefold().rstrip(".")
        while rest:
            if (found := self._hosts.get(rest)) is not None:
                return found
            rest = rest.partition(".")[2]
        return None

    def by_address(self, address: str) -> CloudService | None:
        """Return the service whose network holds an address; text that is none belongs to none."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return None
        for version, start, length, service in self._networks:
            shift = parsed.max_prefixlen - length
            if version == parsed.version and int(parsed) >> shift == start >> shift:
                return service
        return None

    def by_port(self, protocol: int, port: int) -> CloudService | None:
        """Return the service that a port by itself hints at, if any."""
        found = (
            each
            for each in self.services
            if each.port_alone and any(span.hold(protocol, port) for span in each.ports)
        )
        return next(found, None)

    def suffixes(self) -> Iterable[str]:
        """Return every host name that services are known by."""
        return self._hosts.keys()
