"""What can be said of a device's separation from the core network and of whom it talks to.

Produced by: isolation. Read by: app, reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Destination(StrEnum):
    """What the other end of a conversation is to the device."""

    SAME_ZONE = "same_zone"
    #: Another declared network of the same site that is not core.
    OTHER_ZONE = "other_zone"
    CORE = "core"
    OTHER_SITE = "other_site"
    RECORDER = "recorder"
    DNS = "dns"
    NTP = "ntp"
    UPDATE_HOST = "update_host"
    MAKER_CLOUD = "maker_cloud"
    P2P_RELAY = "p2p_relay"
    #: A private address that no declared network holds: nothing is known of where it leads.
    UNKNOWN_INTERNAL = "unknown_internal"
    UNKNOWN_EXTERNAL = "unknown_external"


class Separation(StrEnum):
    """The answers. None says that a maker's word is confirmed or refuted."""

    ISOLATED = "isolated"
    CONNECTED_TO_CORE = "connected_to_core"
    REACHES_MAKER_CLOUD = "reaches_maker_cloud"
    REACHES_INTERNET = "reaches_internet"
    INDIRECT_PATH = "indirect_path"
    CANNOT_TELL = "cannot_tell"


#: What a recorded answer is by, where it is by no watch: a probe, or configurations.
PROBE: Final = "probe"
CONFIGURATION: Final = "configuration"

#: From what matters most to what is wanted: the order for readers and for exit codes.
WORST_FIRST: Final = (
    Separation.CONNECTED_TO_CORE,
    Separation.REACHES_MAKER_CLOUD,
    Separation.REACHES_INTERNET,
    Separation.INDIRECT_PATH,
    Separation.CANNOT_TELL,
    Separation.ISOLATED,
)


class Content(StrEnum):
    """Whether what was said could be read by who carries it, as far as names and ports tell."""

    ENCRYPTED = "encrypted"
    READABLE = "readable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """What the operator declares of the networks. A more specific network counts before a wider.

    A network is text such as ``192.0.2.0/24`` or a single address. A host in a core network is
    core, whatever else it is declared to be.
    """

    core: tuple[str, ...] = ()
    #: The networks of the site, by the zone's name.
    site: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The networks of other sites, by the site's name.
    other_sites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: All addresses of each recorder or video management server, by its name.
    recorders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    jump_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dns: tuple[str, ...] = ()
    ntp: tuple[str, ...] = ()
    #: Addresses, networks or host names.
    updates: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A device as it is recognised in traffic: by hardware addresses, else by addresses."""

    device: str
    #: Lower case, with colons.
    macs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    #: Interfaces that it is declared to have and that no sensor watches, e.g. ``cellular``.
    unwatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One peer of a device, over the whole watch: how much, under which name, when."""

    peer: str
    peer_mac: str | None
    destination: Destination
    #: Why it was put there: a network of the site, a name in the catalogue of clouds, a port.
    because: str
    names: tuple[str, ...]
    protocol: int
    port: int
    #: Whether the device opened it; where the opening was not seen, the ports suggest it.
    outbound: bool
    opened: bool
    #: Whether the peer is on the internet: neither private nor in a declared network.
    external: bool
    bytes_sent: int
    bytes_received: int
    packets: int
    first: datetime
    last: datetime
    content: Content = Content.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAsked:
    """A name of a known service that a device asked for, whether or not it talked to it."""

    name: str
    service: str
    maker: str | None
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of the watch for which there is no proof that the sensor saw anything."""

    start: datetime
    end: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchProfile:
    """What a watch must have been for silence to count; declared by the operator."""

    #: Where the sensor stands, in the operator's words; silence means nothing without it.
    vantage: str | None = None
    hours: float = 24.0
    restart: bool = True
    #: Interfaces of the device that are accounted for, e.g. wired, wifi, cellular, second_port.
    interfaces: tuple[str, ...] = ()
    #: An address whose regular traffic proves that the sensor worked.
    sentinel: str | None = None
    #: How long the sentinel (or the whole line) may be silent before it counts as a gap.
    longest_silence: timedelta = timedelta(minutes=5)
    #: The share of packets that the sensor may have lost, as it says itself.
    most_lost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was watched, from where, for how long, and with which holes."""

    vantage: str | None
    first: datetime | None
    last: datetime | None
    hours: float
    gaps: tuple[Gap, ...]
    packets: int
    lost: int | None
    sentinel_seen: bool | None
    restarts: tuple[datetime, ...]
    interfaces: tuple[str, ...]
    #: What the profile asks for and the watch lacks, in sentences.
    lacking: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Tell whether silence counts: nothing lacks, and there is no hole."""
        return not self.lacking and not self.gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The answers for one device; several may hold at once, ``isolated`` only alone."""

    device: str
    answers: tuple[Separation, ...]
    because: tuple[str, ...]
    contacts: tuple[Contact, ...]
    #: What was sent and not answered, by the device or to it: it shows what was tried, no path.
    attempts: tuple[Contact, ...]
    #: Names of known services that it asked for.
    asked: tuple[NameAsked, ...]
    coverage: Coverage
    #: Start of each hour of the watch -> the answer for that hour.
    hours: tuple[tuple[datetime, Separation], ...]
    #: The operator's definition of "core" that the answer rests on.
    core: tuple[str, ...]
    not_looked_at: tuple[str, ...] = ()
    #: Contacts and attempts that count in the answers and are not listed, for their number.
    unlisted: int = 0
