"""Read what devices say unasked, and what they ask for, out of recorded traffic.

1. Nothing of a payload is kept but the fields that the protocols' ``observe`` modules show, names
   of hosts, and the signs of a start. User names, passwords, cookies, addresses within sites and
   media never leave this folder: see ``passive_streams``.
2. Only what a device says counts as said by it. A search that a client sends is no answer, and a
   server on the internet whose reply a router passes on is not that router.
3. Any bytes may come: a fault of a reader is counted, and the next payload is read.
4. QUIC (UDP 443) is not decrypted, though the first packet of a client could be (RFC 9001 5.2):
   that takes AES, which only the extra ``scan`` brings. Who speaks it to whom stands in the
   conversations. NTP (RFC 5905) carries nothing that names a device: the server asked stands in the
   conversations, its name in DNS.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyarrow as pa

from camaudit.errors import DecodeError
from camaudit.model.traffic import Damage
from camaudit.sources.protocols.lldp.observe import expand_frame

from .passive_datagrams import UDP_PORTS, Datagrams
from .passive_hosts import TELLING_HOSTS, is_below
from .passive_kept import Events, Names, Place, Tally, Told
from .passive_notes import Notes
from .passive_streams import TCP_PORTS, Streams
from .payload import LLDP, Payload

_UDP: Final = 17
_TCP: Final = 6
_MAC_BYTES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What came of it: tables of ``NAMES`` and ``EVENTS``, and batches of ``OBSERVATIONS``."""

    names: pa.Table
    events: pa.Table
    observations: list[pa.RecordBatch]
    damage: tuple[Damage, ...]


class Watcher:
    """Take payloads in any order; memory has a ceiling.

    Attributes:
        udp_ports: Every datagram from or to one of these is wanted.
        tcp_ports: Of every connection from or to one of these both starts are wanted.
    """

    def __init__(self, hosts: frozenset[str] = TELLING_HOSTS) -> None:
        """Begin; below ``hosts`` lie the names that are evidence of what a device is."""
        self.udp_ports = UDP_PORTS
        self.tcp_ports = TCP_PORTS
        self._tally = Tally()
        self._told, self._names = Told(self._tally), Names(self._tally)
        self._events = Events(self._tally)
        notes = Notes(self._told, self._names, self._events, lambda name: is_below(name, hosts))
        self._notes = notes
        self._datagrams, self._streams = Datagrams(notes), Streams(notes)

    def take(self, payload: Payload) -> None:
        """Read one payload; whatever it holds, nothing is raised."""
        try:
            self._take(payload)
        except DecodeError:
            self._tally.add("payloads that are no message of their port's protocol", _at(payload))
        except ModuleNotFoundError as error:
            self._tally.add(f"payloads not read: {error.name} is not installed", _at(payload))
        except Exception as error:  # noqa: BLE001 -- one reader's fault must not end the reading
            self._tally.add(
                f"payloads at which a reader failed ({type(error).__name__})", _at(payload)
            )

    def result(self) -> Watched:
        """Return what was found so far."""
        batches = self._told.batches()
        return Watched(
            names=self._names.table(),
            events=self._events.table(),
            observations=batches,
            damage=self._tally.result(),
        )

    def _take(self, payload: Payload) -> None:
        if len(payload.mac) != _MAC_BYTES or payload.mac[0] & 1 or not any(payload.mac):
            self._tally.add("payloads from no single hardware address", _at(payload))
            return
        self._told.sent_from(payload.mac, payload.source)
        place = Place(payload.at, payload.position)
        if payload.protocol == _UDP:
            self._datagrams.take(payload, place)
        elif payload.protocol == _TCP:
            self._streams.take(payload, place)
        elif payload.protocol == LLDP:
            # no bridge passes it on, and no router
            self._notes.device_says(payload.mac, _announced_again(payload.data), place)


#: Devices repeat what they announce, word for word, twice a minute.
_announced_again = lru_cache(maxsize=1024)(expand_frame)


def _at(payload: Payload) -> int:
    return payload.position
