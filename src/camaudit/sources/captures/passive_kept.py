"""What the passive codecs found, each thing once, within ceilings that are told when met.

1. A name is one row for each client, way and address, however often it is seen.
2. What a device says is kept under the hardware address that sent it. A router sends what others
   said under its own: see ``Told.batches`` for what is then kept and what is not.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from camaudit.model.observation import Seen
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage
from camaudit.model.traffic_schemas import EVENTS, NAMES

from .columns import moments, numbers, strings, texts, words

#: Ours. Rows of names in all, some 50 MiB, and of one device: a camera asks for about ten names.
MAX_NAMES: Final = 1 << 17
MAX_NAMES_A_DEVICE: Final = 1 << 12
#: Ours. Starts in all and of one device: one every minute for a week stays below.
MAX_EVENTS: Final = 1 << 17
MAX_EVENTS_A_DEVICE: Final = 1 << 14
#: Ours. Devices of which something is kept, values of one device, and the bytes of all values.
MAX_DEVICES: Final = 1 << 15
MAX_VALUES_A_DEVICE: Final = 512
MAX_VALUES_BYTES: Final = 64 << 20
#: Ours. Networks from which one interface sends as its own: the factory address, a link-local one
#: and the configured one occur together. What sends from more passes on what others sent.
MAX_OWN_ADDRESSES: Final = 4
#: Ours. Hosts that are told apart of one interface.
MAX_HOSTS: Final = 64
#: Ours. Rows of a batch.
_BATCH_ROWS: Final = 1 << 16
#: Our own kinds of damage are fewer.
_MAX_KINDS: Final = 256
_MAC_BYTES: Final = 6


class Place(NamedTuple):
    """When something was seen, and in which packet."""

    at: datetime
    position: int


class Tally:
    """What went wrong, how often, and where first."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[int, int]] = {}

    def add(self, what: str, position: int) -> None:
        """Count ``what``, met in packet ``position``."""
        count, first = self._met.get(what, (0, position))
        if count or len(self._met) < _MAX_KINDS:
            self._met[what] = (count + 1, first)

    def result(self) -> tuple[Damage, ...]:
        """Return each sort of damage, in the order in which it was first met."""
        return tuple(
            Damage(what=what, count=count, first=f"packet {first}")
            for what, (count, first) in self._met.items()
        )


class _Row:
    """When a name was seen first and last, and how often."""

    __slots__ = ("count", "first", "last")

    def __init__(self, at: datetime) -> None:
        self.first = self.last = at
        self.count = 0


class Names:
    """Names that clients asked for or spoke to."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._rows: dict[tuple[bytes, str, str, str, str | None], _Row] = {}
        self._of_device: dict[bytes, int] = {}

    def add(
        self, mac: bytes, client: str, via: str, name: str, address: str | None, place: Place
    ) -> None:
        """Count one sighting."""
        key = (mac, client, via, name, address)
        row = self._rows.get(key)
        if row is None:
            held = self._of_device.get(mac, 0)
            if held >= MAX_NAMES_A_DEVICE or len(self._rows) >= MAX_NAMES:
                self._tally.add("names beyond the ceiling", place.position)
                return
            self._of_device[mac] = held + 1
            row = self._rows[key] = _Row(place.at)
        row.count += 1
        # captures of several interfaces are not always in the order of time
        row.first, row.last = min(row.first, place.at), max(row.last, place.at)

    def table(self) -> pa.Table:
        """Return the rows of ``NAMES``."""
        keys, rows = tuple(self._rows), tuple(self._rows.values())
        macs, clients, ways, names, addresses = zip(*keys, strict=True) if keys else ((),) * 5
        columns = (
            texts(clients),
            _macs(macs),
            words(ways),
            texts(names),
            texts(addresses),
            moments([row.first for row in rows], NAMES.field("first").type),
            moments([row.last for row in rows], NAMES.field("last").type),
            numbers(np.array([row.count for row in rows], np.int64), pa.int64()),
        )
        return pa.Table.from_arrays(list(columns), schema=NAMES)


class Events:
    """Signs that a device started anew."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._rows: list[tuple[bytes, str, datetime]] = []
        self._of_device: dict[bytes, int] = {}

    def add(self, mac: bytes, kind: str, place: Place) -> None:
        """Keep one sign."""
        held = self._of_device.get(mac, 0)
        if held >= MAX_EVENTS_A_DEVICE or len(self._rows) >= MAX_EVENTS:
            self._tally.add("signs of a start beyond the ceiling", place.position)
            return
        self._of_device[mac] = held + 1
        self._rows.append((mac, kind, place.at))

    def table(self) -> pa.Table:
        """Return the rows of ``EVENTS``."""
        macs, kinds, times = zip(*self._rows, strict=True) if self._rows else ((),) * 3
        columns = (
            _macs(macs),
            words(kinds),
            moments(times, EVENTS.field("at").type),
        )
        return pa.Table.from_arrays(list(columns), schema=EVENTS)


class _Said:
    """What was said from one address under one hardware address."""

    __slots__ = ("far", "near", "of_host")

    def __init__(self) -> None:
        #: Values from this network segment for certain, and values that a router may have passed.
        self.near: dict[Seen, Place] = {}
        self.far: dict[Seen, Place] = {}
        #: Those of them that nothing but multicast DNS says.
        self.of_host: set[Seen] = set()


class Told:
    """What devices say, under the hardware addresses that sent it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._said: dict[bytes, _Said] = {}
        self._networks: dict[bytes, set[str]] = {}
        self._last: dict[bytes, str] = {}
        #: The hosts that each speaks as by multicast DNS, and whether it gave them its address.
        self._hosts: dict[bytes, dict[str, bool]] = {}
        self._size = 0

    def sent_from(self, mac: bytes, address: str) -> None:
        """Remember from which addresses an interface sends, as far as that tells a router."""
        if self._last.get(mac) == address:
            return
        networks = self._networks.get(mac)
        if networks is None:
            if len(self._networks) >= MAX_DEVICES:
                return
            networks = self._networks[mac] = set()
        self._last[mac] = address
        if len(networks) <= MAX_OWN_ADDRESSES:
            networks.add(_network(address))

    def called(self, mac: bytes, host: str, *, own: bool) -> None:
        """Remember as which host an interface speaks by multicast DNS.

        ``own`` says that it sends from an address that it gives that host.
        """
        hosts = self._hosts.get(mac)
        if hosts is None:
            if len(self._hosts) >= MAX_DEVICES:
                return
            hosts = self._hosts[mac] = {}
        if host in hosts or len(hosts) < MAX_HOSTS:
            hosts[host] = hosts.get(host, False) or own

    def _speaks_for_others(self, mac: bytes) -> bool:
        hosts = self._hosts.get(mac, {})
        return len(hosts) > 1 and not all(hosts.values())

    def add(
        self, mac: bytes, seen: Seen, place: Place, *, near: bool, of_host: bool = False
    ) -> None:
        """Keep one value.

        ``near`` says that no router can have passed it on, ``of_host`` that multicast DNS says it.
        """
        said = self._said.get(mac)
        if said is None:
            if len(self._said) >= MAX_DEVICES:
                self._tally.add("devices beyond the ceiling", place.position)
                return
            said = self._said[mac] = _Said()
        held = said.near if near else said.far
        if not of_host:
            said.of_host.discard(seen)
        elif seen not in said.near and seen not in said.far:
            said.of_host.add(seen)
        if seen in held:
            return
        size = len(seen.value)
        if len(held) >= MAX_VALUES_A_DEVICE or self._size + size > MAX_VALUES_BYTES:
            self._tally.add("values beyond the ceiling", place.position)
            return
        self._size += size
        held[seen] = place

    def batches(self) -> list[pa.RecordBatch]:
        """Return rows of ``OBSERVATIONS``; the device is the hardware address.

        An interface that sends from more than ``MAX_OWN_ADDRESSES`` networks is taken for a
        router. Of it only values are kept that were sent to a group or to all, which no router
        passes on: whose the others are cannot be told, so they are counted and left out. So are
        all words of multicast DNS under an interface that speaks as several hosts, not all of
        them with its address: it reflects what others say (RFC 6762 calls it a proxy). Cameras
        have several names too: D-Link's DCS-935L has five.
        """
        rows: list[tuple[str, Seen, Place]] = []
        for mac, said in self._said.items():
            kept = dict(said.near)
            if len(self._networks.get(mac, ())) <= MAX_OWN_ADDRESSES:
                kept.update((each, at) for each, at in said.far.items() if each not in kept)
            else:
                for place in said.far.values():
                    self._tally.add("values passed on by a router, left out", place.position)
            if self._speaks_for_others(mac):
                for each in said.of_host & kept.keys():
                    place = kept.pop(each)
                    self._tally.add("words of mDNS passed on, left out", place.position)
            if kept:
                device = mac.hex(":")
                own = Seen("mac", "address", device.encode())
                kept = {own: next(iter(kept.values()))} | kept
                rows += ((device, seen, place) for seen, place in kept.items())
        return list(_batches(rows))


def _macs(macs: Sequence[bytes]) -> pa.Array:
    octets = np.frombuffer(b"".join(macs), np.uint8).reshape(-1, _MAC_BYTES)
    return numbers(octets, pa.binary(_MAC_BYTES))


def _batches(rows: list[tuple[str, Seen, Place]]) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(rows), _BATCH_ROWS):
        part = rows[start : start + _BATCH_ROWS]
        columns = (
            texts([device for device, _, _ in part]),
            words([seen.protocol for _, seen, _ in part]),
            words([seen.field for _, seen, _ in part]),
            strings([seen.value for _, seen, _ in part], pa.binary()),
            moments([place.at for _, _, place in part], OBSERVATIONS.field("seen_at").type),
            pa.nulls(len(part), OBSERVATIONS.field("artefact").type),
            texts([f"packet {place.position}" for _, _, place in part]),
        )
        yield pa.RecordBatch.from_arrays(list(columns), schema=OBSERVATIONS)


def _network(address: str) -> str:
    """Return what tells an interface's own addresses apart: of IPv6 the first 64 bits.

    RFC 8981: a host has many addresses of one prefix at a time. Addresses that name no network
    are all one.
    """
    if ":" not in address:
        return "" if address.startswith(("0.", "169.254.")) else address
    if address.startswith("fe80:") or address == "::":
        return ""
    try:
        packed = ipaddress.IPv6Address(address).packed
    except ValueError:
        return ""
    return packed[:8].hex()
