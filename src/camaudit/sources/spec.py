"""What a protocol folder and an importer folder must declare, and how they are found.

1. A folder below ``protocols`` or ``importers`` that holds a ``SPEC`` is registered; nothing else
   is edited to add one.
2. Nothing here opens a file or a socket.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Final, Protocol, TypeAlias

import pyarrow as pa

from camaudit.model.observation import Body, Problem, Seen, Site
from camaudit.model.scan import ScanRecord
from camaudit.model.traffic import Traffic
from camaudit.wirekit.codec import Buffer

#: Ours. What one exchange may bring: a login page with its scripts inline stays below this.
MAX_EXCHANGE_BYTES: Final = 1 << 18


class Intrusiveness(StrEnum):
    """What asking costs the device. There is no fifth level: no passwords, no changes."""

    PASSIVE = "passive"
    POLITE = "polite"
    PROBING = "probing"
    CREDENTIALED = "credentialed"


class Transport(StrEnum):
    """What a dialogue runs over."""

    TCP = "tcp"
    TLS = "tls"
    UDP = "udp"


class Line(Protocol):
    """The way to one port of one device, as ``probe`` modules see it.

    The scan engine implements it. It connects when it has to, never twice at a time to one device,
    and keeps the connection for the next exchange where the device does. Each call raises
    ``LineError`` where nothing can be had (refused, silent, reset, over budget, told to stop); a
    dialogue lets it through: what it has yielded by then is kept.
    """

    #: Numeric, without a zone.
    address: str
    port: int
    transport: Transport

    @property
    def certificate(self) -> bytes | None:
        """Return the device's certificate (DER) after the first exchange over TLS."""

    @property
    def given(self) -> Mapping[str, bytes]:
        """Return what the operator gave for this scan, by the name in ``Dialogue.needs``."""

    async def exchange(
        self,
        request: bytes,
        end: Callable[[Buffer], int | None] | None = None,
        limit: int = MAX_EXCHANGE_BYTES,
    ) -> bytes:
        """Send ``request`` (nothing, if empty) and return the first message that comes back.

        It ends where ``end`` says (a codec's ``end``; without one: when the device closes or falls
        quiet), when the device closes, at ``limit`` bytes, or at the time ceiling; whatever came
        until then is returned. ``LineError`` where nothing at all came. Over UDP a message is a
        datagram, and a request is repeated as the scan's policy for loss says.
        """

    def lock_out(self, reason: str) -> None:
        """Tell that the device shows signs of locking out: nothing more is sent to it at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Questions to one port of one device, one after the other, over ``Line``.

    ``ask`` gets the line and a path (``/``, unless it comes from a URL in ``follows``) and yields
    what the replies show as it goes. It decides nothing beyond its protocol, stops by itself at a
    request to log in (401), and never answers one.

    Attributes:
        id: ``protocol.what``, e.g. ``rtsp.describe``.
        ports: Where it is held when a port of this number is open.
        requests: The most requests that it sends, for budgets and the dry run.
        follows: An observation key whose values are URLs on the same device at which it is held
            too (``ssdp.location``); URLs of other hosts are refused by the engine.
        needs: A name in ``Line.given`` without which it is not held (``snmp.community``).
    """

    id: str
    title: str
    transport: Transport
    ports: tuple[int, ...]
    intrusiveness: Intrusiveness
    requests: int
    ask: Callable[[Line, str], AsyncIterator[Seen]]
    follows: str | None = None
    needs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Datagrams that many devices may answer: to groups, to a broadcast address, to one address.

    Attributes:
        id: ``protocol.what``, e.g. ``sadp.inquiry``.
        port: Where devices listen.
        groups: Multicast groups (IPv4 or IPv6), or ``255.255.255.255``, that it is sent to.
        unicast: Whether it may also be sent to a single address.
        requests: The datagrams, made from 16 random bytes; all of them are sent each time. Of
            protocols without a nonce the argument is ignored.
        read: One reply as fields; raises only ``DecodeError``. A reply may be cut, padded, or
            another device's request.
        reply_port: Where devices answer, if not at the port that asked.
        reply_groups: Groups to join, where replies are themselves multicast.
    """

    id: str
    title: str
    port: int
    groups: tuple[str, ...]
    unicast: bool
    intrusiveness: Intrusiveness
    requests: Callable[[bytes], tuple[bytes, ...]]
    read: Callable[[bytes], Iterable[Seen]]
    reply_port: int | None = None
    reply_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSpec:
    """A discovery protocol: how it is spoken, and how its replies become observations.

    ``expands`` maps an observation key (``http.response``, or ``onvif.*Response`` with one ``*``)
    to the function that reads its value into further fields. The function raises only
    ``DecodeError``. ``dialogues`` and ``searches`` are what a scan may ask; a protocol without
    them is read where it was recorded. ``intrusiveness`` is that of the mildest of them.
    """

    id: str
    title: str
    transport: str
    ports: tuple[int, ...]
    intrusiveness: Intrusiveness
    reference: str
    expands: Mapping[str, Callable[[bytes], Iterable[Seen]]]
    dialogues: tuple[Dialogue, ...] = ()
    searches: tuple[Search, ...] = ()


#: What an importer yields, in any order.
Item: TypeAlias = pa.RecordBatch | Problem | Body | Site | ScanRecord | Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the operator said about a file."""

    name: str = ""
    #: Header as it stands in the file (folded case) -> our column word; outranks guessing.
    mapping: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    #: Of captures and flow logs: the address that shows when the sensor saw the path.
    sentinel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImporterSpec:
    """A file format: how it is recognised and read.

    ``sniff`` gets the file name and its first 64 KiB and answers how sure it is, 0 to 100.
    ``read`` takes a seekable binary stream; it yields bounded record batches of
    ``model.schemas.OBSERVATIONS`` (``artefact`` null: the caller knows it), bodies, sites, what
    traffic shows, and ``Problem`` values; it raises ``SourceError`` only where the file as a whole
    cannot be read.
    ``streams`` says that it never seeks, so that a pipe or a compressed file need not be copied.
    ``traffic`` says that it shows what people do too: it yields ``Traffic``, and nothing of it is
    kept before it is minimised.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[str, bytes], int]
    read: Callable[[BinaryIO, ReadOptions], Iterator[Item]]
    streams: bool = False
    traffic: bool = False


def find_specs(package: str) -> Iterator[object]:
    """Yield the ``SPEC`` of each folder directly below ``package``, sorted by name."""
    parent = importlib.import_module(package)
    for module in sorted(pkgutil.iter_modules(parent.__path__), key=lambda found: found.name):
        if module.ispkg:
            yield importlib.import_module(f"{package}.{module.name}").SPEC
