"""Expected flows of a device as RFC 8520 (MUD) has them, and how later traffic departs from them.

Produced by: isolation. Read by: app, reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

#: RFC 8520 17.7: who answers these is for the network to say.
DNS_URN: Final = "urn:ietf:params:mud:dns"
NTP_URN: Final = "urn:ietf:params:mud:ntp"


class Direction(StrEnum):
    """Which way, as the device's network sees it."""

    FROM_DEVICE = "from-device"
    TO_DEVICE = "to-device"


class PeerKind(StrEnum):
    """How a rule names the other end."""

    HOST = "host"
    NETWORK = "network"
    LOCAL_NETWORKS = "local-networks"
    SAME_MANUFACTURER = "same-manufacturer"
    MANUFACTURER = "manufacturer"
    MODEL = "model"
    CONTROLLER = "controller"
    MY_CONTROLLER = "my-controller"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PortRange:
    """Ports, both ends included."""

    first: int
    last: int

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRule:
    """One entry of an access list: packets that may, or may not, pass in one direction."""

    #: Of the packets.
    direction: Direction
    #: 4 or 6.
    family: int
    peer: PeerKind
    #: The host, network or URI; empty where the kind says it all.
    name: str = ""
    #: IANA protocol number; ``None``: any.
    protocol: int | None = None
    device_ports: PortRange | None = None
    peer_ports: PortRange | None = None
    #: Who opens the TCP connection; ``None``: either.
    initiated: Direction | None = None
    accept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MudProfile:
    """The description of a device's flows, in the order of its access lists."""

    url: str
    last_update: datetime
    rules: tuple[FlowRule, ...]
    #: Hours.
    cache_validity: int = 48
    is_supported: bool = True
    systeminfo: str = ""
    mfg_name: str = ""
    model_name: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Which addresses stand behind the abstract names of a profile, in this network."""

    same_manufacturer: AbstractSet[str] = frozenset()
    #: By URI; ``my-controller`` for the device's own.
    controllers: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    #: By the manufacturer's domain, and by the model's URI.
    manufacturers: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    models: Mapping[str, AbstractSet[str]] = field(default_factory=dict)


class DriftKind(StrEnum):
    """How a conversation departs from the profile."""

    NEW_DESTINATION = "new_destination"
    NEW_PORT = "new_port"
    NEW_DIRECTION = "new_direction"
    #: A rule says no.
    FORBIDDEN = "forbidden"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One departure: a conversation that no rule allows, or a rule that none made use of."""

    kind: DriftKind
    says: str
    peer: str = ""
    protocol: int | None = None
    port: int | None = None
    rule: FlowRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """All departures, and the rules whose names nobody resolved, which were not checked."""

    drifts: tuple[Drift, ...]
    unresolved: tuple[FlowRule, ...]
