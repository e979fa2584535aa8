"""Turn sums into contacts, each with the reason for its class, and into sentences.

No sentence says that a maker's word holds or does not: a contact is a contact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from camaudit.model.isolation import Contact, Content, Destination

from .addresses import Nature
from .destinations import DESTINATIONS, Placed
from .flows import TCP, UDP, Flows, State
from .names import Names, moment
from .zones import Place, Role

#: Ports on which what is said is encrypted: SSH, HTTPS, DNS over TLS, FTPS, RTSPS, SIPS, and those
#: that makers use for the same (Hikvision 8443; MQTT over TLS 8883).
_ENCRYPTED: Final = frozenset({22, 322, 443, 465, 563, 636, 853, 989, 990, 992, 993, 995})
_ENCRYPTED_ABOVE: Final = frozenset({5061, 8443, 8883})
#: Ports on which it can be read by who carries it: FTP, Telnet, SMTP, DNS, HTTP, POP3, NTP, IMAP,
#: SNMP, RTSP, SSDP, WS-Discovery, mDNS, and the second ports of HTTP and RTSP.
_READABLE: Final = frozenset(
    {20, 21, 23, 25, 53, 80, 110, 123, 143, 161, 162, 514, 554, 1900, 3702, 5060, 5353, 8080, 8554}
)
_NATURES: Final = {
    Nature.LINK: "a link-local address, which never leaves its link",
    Nature.MULTICAST: "a multicast address",
    Nature.BROADCAST: "the broadcast address",
    Nature.SELF: "no address of another host",
    Nature.UNREADABLE: "no address that can be read",
}
_STATES: Final = {
    State.SILENT: "nothing answered",
    State.REFUSED: "only bare headers came back, as a refusal does",
    State.UNANSWERED: "nothing answered; whether it arrived was not seen",
}
_PROTOCOLS: Final = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells of single sums."""

    flows: Flows
    placed: Placed
    names: Names

    def contact(self, at: int) -> Contact:
        """Return one sum as a contact."""
        sums = self.flows.sums
        peer, device = int(sums.peer[at]), int(sums.device[at])
        address = self.flows.addresses[peer].as_py()
        mac = int(sums.peer_mac[at])
        protocol, port = int(sums.protocol[at]), int(sums.port[at])
        return Contact(
            peer=address,
            peer_mac=self.flows.macs[mac].as_py().hex(":") if mac >= 0 else None,
            destination=DESTINATIONS[self.placed.destination[at]],
            because="; ".join([self.why(at), *self._remarks(at)]),
            names=self.names.of(device, address),
            protocol=protocol,
            port=port,
            outbound=bool(sums.outbound[at]),
            opened=bool(sums.opened[at]),
            external=bool(self.placed.external[at]),
            bytes_sent=int(sums.sent[at]),
            bytes_received=int(sums.received[at]),
            packets=int(sums.packets[at]),
            first=moment(int(sums.first[at])),
            last=moment(int(sums.last[at])),
            content=self._content(device, address, protocol, port),
        )

    def _remarks(self, at: int) -> Iterable[str]:
        sums = self.flows.sums
        state = State(sums.state[at])
        if state in _STATES:
            yield _STATES[state]
        elif min(int(sums.sent[at]), int(sums.received[at])) == 0:
            yield "only one direction was seen"
        if not sums.opened[at]:
            yield "the opening was not seen, the ports suggest who opened it"

    def why(self, at: int) -> str:
        """Return why a sum is in its class."""
        grounds = self.placed.grounds
        peer = int(self.flows.sums.peer[at])
        destination = DESTINATIONS[self.placed.destination[at]]
        area = int(grounds.areas[peer])
        where = grounds.territory.areas[area] if area >= 0 else None
        if destination is Destination.CORE and where is not None:
            return f"it lies in {where.network}, which is declared core"
        if destination is Destination.RECORDER:
            duty = grounds.territory.duties[int(grounds.hosts[peer])]
            return f"it is the declared recorder {duty.name}"
        if self.placed.external[at]:
            return self._why_external(at, destination)
        if destination in _DUTIES and self._has(_DUTIES[destination], peer):
            return f"it is declared for {destination.value.replace('_', ' ')}"
        nature = Nature(grounds.natures[peer])
        if destination is Destination.SAME_ZONE and nature in _NATURES:
            return f"it is {_NATURES[nature]}"
        if where is not None:
            kind = "zone" if where.place is Place.ZONE else "site"
            own = "the device's own " if destination is Destination.SAME_ZONE else ""
            return f"it lies in {where.network}, {own}{kind} {where.name}"
        if nature in _NATURES:
            return f"it is {_NATURES[nature]}"
        return "it is a private address that no declared network holds"

    def _has(self, role: Role, peer: int) -> bool:
        grounds = self.placed.grounds
        return bool(grounds.territory.has_role(role, grounds.addresses)[peer])

    def _why_external(self, at: int, destination: Destination) -> str:
        known = self.placed.known.get(at)
        sums = self.flows.sums
        port = shown_port(int(sums.protocol[at]), int(sums.port[at]))
        if known is not None and known.by == "port":
            return (
                f"on the internet, and by its port alone ({port}) it may be {known.service.id} "
                f"({known.service.confidence})"
            )
        if known is not None:
            by = f"the name {known.name}" if known.by == "name" else "its address"
            return f"{by} belongs to {known.service.id} ({known.service.confidence})"
        if destination is Destination.UPDATE_HOST:
            return "on the internet, and declared to be an update host"
        if destination in (Destination.DNS, Destination.NTP):
            return f"on the internet, on {port}"
        return "on the internet, and nothing in the catalogue fits it"

    def _content(self, device: int, address: str, protocol: int, port: int) -> Content:
        named = self.names.known.get((device, address))
        plain, hidden = (named is not None and named.spoken(via) for via in ("http_host", "sni"))
        if protocol == TCP and plain != hidden:
            return Content.READABLE if plain else Content.ENCRYPTED
        if protocol in (TCP, UDP):
            if port in _ENCRYPTED or port in _ENCRYPTED_ABOVE:
                return Content.ENCRYPTED
            if port in _READABLE:
                return Content.READABLE
        return Content.UNKNOWN

    def sentence(self, at: int) -> str:
        """Return one sum as a sentence about the device."""
        sums = self.flows.sums
        peer = self.flows.addresses[int(sums.peer[at])].as_py()
        port = shown_port(int(sums.protocol[at]), int(sums.port[at]))
        verb = "It talked to" if sums.outbound[at] else "It was talked to by"
        if State(sums.state[at]) is not State.CONTACT:
            verb = "It tried" if sums.outbound[at] else "It was tried by"
        return (
            f"{verb} {peer} ({port}), {int(sums.sent[at]):,} bytes sent and "
            f"{int(sums.received[at]):,} received: {'; '.join([self.why(at), *self._remarks(at)])}."
        )

    def order(self, numbers: npt.NDArray[np.int64]) -> list[int]:
        """Return sums in the order of what matters: beyond the site first, then by size."""
        sums = self.flows.sums
        size = sums.sent[numbers] + sums.received[numbers]
        rank = _RANKS[self.placed.destination[numbers]]
        ordered: list[int] = numbers[np.lexsort((numbers, -size, rank))].tolist()
        return ordered


_DUTIES: Final = {
    Destination.DNS: Role.DNS,
    Destination.NTP: Role.NTP,
    Destination.UPDATE_HOST: Role.UPDATES,
}

_RANK: Final = {
    each: at
    for at, each in enumerate(
        (
            Destination.CORE,
            Destination.P2P_RELAY,
            Destination.MAKER_CLOUD,
            Destination.UPDATE_HOST,
            Destination.UNKNOWN_EXTERNAL,
            Destination.OTHER_SITE,
            Destination.OTHER_ZONE,
            Destination.UNKNOWN_INTERNAL,
            Destination.RECORDER,
            Destination.DNS,
            Destination.NTP,
            Destination.SAME_ZONE,
        )
    )
}
_RANKS: Final = np.array([_RANK[each] for each in DESTINATIONS])


def shown_port(protocol: int, port: int) -> str:
    """Return a protocol and port as people write them, e.g. ``tcp 443``."""
    name = _PROTOCOLS.get(protocol, f"protocol {protocol}")
    return f"{name} {port}" if port or protocol in (TCP, UDP) else name
