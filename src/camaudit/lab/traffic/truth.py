"""What happened at the pretend site, written beside its capture: the yardstick.

1. A thing is told whether or not the sensor saw it: ``packets`` of a contact are those that were
   sent, ``seen`` those that are in the capture.
2. ``secrets`` are what no store, log or report may hold after the capture was read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from .site import Host, Settings
from .talk import Frame

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at: int) -> datetime:
    """Return microseconds since 1970 as a time."""
    return _EPOCH + timedelta(microseconds=at)


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time; its end does not belong to it."""

    start: datetime
    end: datetime


class Contact(msgspec.Struct, kw_only=True):
    """What a device had to do with a host that matters: a cloud, a relay, the core network."""

    kind: str
    name: str
    address: str
    protocol: int
    port: int
    packets: int = 0
    seen: int = 0
    first: datetime
    last: datetime


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """A port that a device asked the router to open."""

    at: datetime
    outer_port: int
    inner_port: int
    protocol: str
    seen: bool


class DeviceTruth(msgspec.Struct, kw_only=True):
    """What one device is, and what it did."""

    mac: str
    name: str
    role: str
    #: One of ``model.words.Kind``; ``unknown`` where it has no persona.
    kind: str
    maker: str | None
    brand: str
    model: str
    serial: str
    hostname: str
    segment: str
    #: Every hardware address of it, with its addresses.
    ports: dict[str, list[str]]
    surveillance: bool
    private: bool
    restarts: list[datetime]
    contacts: list[Contact]
    mappings: list[Mapping]
    #: Frames in the capture that it sent, of all its ports.
    sent: int = 0


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """One flow of the mass: who opened it, and what of it is in the capture."""

    client: str
    server: str
    client_mac: str
    server_mac: str
    vlan: int | None
    protocol: int
    client_port: int
    server_port: int
    #: What it carries: rtp, interleaved (RTP within RTSP), tls.
    sort: str
    packets_out: int
    packets_back: int
    #: Octets of IP packets.
    bytes_out: int
    bytes_back: int
    first: datetime | None
    last: datetime | None


class Secrets(msgspec.Struct, kw_only=True):
    """What must never be kept."""

    #: Names that phones and laptops asked for, spoke to, or call themselves.
    names: list[str]
    #: Users, passwords, both in base64, and answers to challenges.
    credentials: list[str]
    #: Sixteen octets each, in hexadecimal digits: of video and of pictures.
    media: list[str]
    #: Other words of people: paths and cookies of their requests.
    texts: list[str]


class Truth(msgspec.Struct, kw_only=True):
    """All of it."""

    pretend: bool = True
    file: str
    format: str
    settings: dict[str, object]
    start: datetime
    end: datetime
    packets: int
    #: Frames that the sensor lost, and whether the file tells.
    lost: int
    lost_told: bool
    #: Frames that were cut.
    cut: int
    outages: list[Interval]
    networks: dict[str, list[str]]
    sentinel: dict[str, str] | None
    devices: list[DeviceTruth]
    #: Frames in the capture by the hardware address that sent them.
    sent: dict[str, int]
    conversations: list[Conversation]
    secrets: Secrets


@dataclass(slots=True)
class Diary:
    """Takes down what happens while it is made."""

    settings: Settings
    contacts: dict[str, list[Contact]] = field(default_factory=dict)
    restarts: dict[str, list[int]] = field(default_factory=dict)
    mappings: dict[str, list[Mapping]] = field(default_factory=dict)
    sent: Counter[bytes] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    credentials: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)
    cut: int = 0

    def contact(
        self, host: Host, kind: str, name: str, address: str, protocol: int, port: int,
        frames: list[Frame],
    ) -> None:  # fmt: skip
        """Take down that a device was in contact, once or once more."""
        kept = self.contacts.setdefault(host.name, [])
        key = (kind, name, address, protocol, port)
        first, last = moment(frames[0].at), moment(frames[-1].at)
        found = next(
            (e for e in kept if (e.kind, e.name, e.address, e.protocol, e.port) == key), None
        )
        if found is None:
            found = Contact(
                kind=kind, name=name, address=address, protocol=protocol, port=port,
                first=first, last=last,
            )  # fmt: skip
            kept.append(found)
        found.packets += len(frames)
        found.seen += sum(self.settings.watched(each.at) for each in frames)
        found.first, found.last = min(found.first, first), max(found.last, last)
