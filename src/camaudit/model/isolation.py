"""What can be said of a device's separation from the core network and of whom it talks to.

Produced by: isolation. Read by: app, reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Destination(StrEnum):
    """What the other end of a conversation is to the device."""

    SAME_ZONE = "same_zone"
    CORE = "core"
    OTHER_SITE = "other_site"
    RECORDER = "recorder"
    DNS = "dns"
    NTP = "ntp"
    UPDATE_HOST = "update_host"
    MAKER_CLOUD = "maker_cloud"
    P2P_RELAY = "p2p_relay"
    UNKNOWN_EXTERNAL = "unknown_external"


class Separation(StrEnum):
    """The answers. None says that a maker's word is confirmed or refuted."""

    ISOLATED = "isolated"
    CONNECTED_TO_CORE = "connected_to_core"
    REACHES_MAKER_CLOUD = "reaches_maker_cloud"
    REACHES_INTERNET = "reaches_internet"
    INDIRECT_PATH = "indirect_path"
    CANNOT_TELL = "cannot_tell"


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
    #: Whether the device opened it.
    outbound: bool
    bytes_sent: int
    bytes_received: int
    packets: int
    first: datetime
    last: datetime
    #: Whether what was said could be read by who carries it: encrypted, readable, unknown.
    content: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of the watch for which there is no proof that the sensor saw anything."""

    start: datetime
    end: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchProfile:
    """What a watch must have been for silence to count; declared by the operator."""

    hours: float = 24.0
    restart: bool = True
    #: Interfaces of the device that are accounted for, e.g. wired, wifi, cellular, second_port.
    interfaces: tuple[str, ...] = ()
    #: An address whose regular traffic proves that the sensor worked.
    sentinel: str | None = None
    #: How long the sentinel (or the whole line) may be silent before it counts as a gap.
    longest_silence: timedelta = timedelta(minutes=5)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The answers for one device; several may hold at once, ``isolated`` only alone."""

    device: str
    answers: tuple[Separation, ...]
    because: tuple[str, ...]
    contacts: tuple[Contact, ...]
    coverage: Coverage
    #: Start of each hour of the watch -> the answer for that hour.
    hours: tuple[tuple[datetime, Separation], ...]
    #: The operator's definition of "core" that the answer rests on.
    core: tuple[str, ...]
    not_looked_at: tuple[str, ...] = ()
