"""Derive the expected flows of a device from what it was seen to do, and find departures later.

Derived is what was seen, and no judgement: a contact with a maker's cloud becomes a rule like any
other unless it is left out. A reply is not a flow of its own; each conversation gives a rule for
the packets of each direction.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Final

from camaudit.model.isolation import Contact, Destination
from camaudit.model.mud import (
    DNS_URN,
    NTP_URN,
    Direction,
    Drift,
    DriftKind,
    DriftReport,
    FlowRule,
    MudProfile,
    PeerKind,
    PortRange,
    Resolution,
)

from .flows import TCP, UDP
from .telling import shown_port

#: A name in ``Resolution.controllers`` for the device's own controller.
MY_CONTROLLER: Final = "my-controller"

_WELL_KNOWN: Final = {Destination.DNS: DNS_URN, Destination.NTP: NTP_URN}
_NONE: Final[AbstractSet[str]] = frozenset()


def derive(
    contacts: Iterable[Contact],
    *,
    url: str,
    at: datetime,
    same_manufacturer: AbstractSet[str] = _NONE,
    leave_out: AbstractSet[Destination] = frozenset(),
    systeminfo: str = "",
) -> MudProfile:
    """Return the profile of one device, or of a group, whose contacts these are.

    ``same_manufacturer``: addresses of peers that the same maker made. ``leave_out``: destinations
    that are not to be expected, e.g. makers' clouds of a device that is to be retained without.
    """
    rules = {
        rule
        for contact in contacts
        if contact.destination not in leave_out
        for rule in _rules_of(contact, same_manufacturer)
    }
    return MudProfile(
        url=url, last_update=at, rules=tuple(sorted(rules, key=_order)), systeminfo=systeminfo
    )


def _order(rule: FlowRule) -> tuple[object, ...]:
    ports = [
        (each.first, each.last) if each else () for each in (rule.device_ports, rule.peer_ports)
    ]
    initiated = rule.initiated.value if rule.initiated else ""
    protocol = -1 if rule.protocol is None else rule.protocol
    return (rule.direction, rule.family, rule.peer, rule.name, protocol, *ports, initiated)


def _rules_of(contact: Contact, same_manufacturer: AbstractSet[str]) -> Iterable[FlowRule]:
    address = _address(contact)
    if address is None:
        return
    opened = Direction.FROM_DEVICE if contact.outbound else Direction.TO_DEVICE
    ports = PortRange(first=contact.port, last=contact.port)
    has_ports = contact.protocol in (TCP, UDP)
    for kind, name in _peers_of(contact, same_manufacturer):
        for direction in Direction:
            yield FlowRule(
                direction=direction,
                family=address.version,
                peer=kind,
                name=name,
                protocol=contact.protocol,
                device_ports=ports if has_ports and not contact.outbound else None,
                peer_ports=ports if has_ports and contact.outbound else None,
                initiated=opened if contact.protocol == TCP else None,
            )


def _peers_of(
    contact: Contact, same_manufacturer: AbstractSet[str]
) -> Iterable[tuple[PeerKind, str]]:
    """Return how the rules name the other end: as abstractly as it was declared."""
    network = ipaddress.ip_network(contact.peer)
    alone = (PeerKind.NETWORK, str(network))
    if contact.peer in same_manufacturer:
        return [(PeerKind.SAME_MANUFACTURER, "")]
    if contact.external:
        return [(PeerKind.HOST, name) for name in contact.names] or [alone]
    if contact.destination is Destination.RECORDER:
        return [(PeerKind.MY_CONTROLLER, "")]
    if contact.destination in _WELL_KNOWN:
        return [(PeerKind.CONTROLLER, _WELL_KNOWN[contact.destination])]
    if contact.destination is Destination.SAME_ZONE and not network.is_multicast:
        return [(PeerKind.LOCAL_NETWORKS, "")]
    return [alone]


def check(
    profile: MudProfile, contacts: Iterable[Contact], resolution: Resolution | None = None
) -> DriftReport:
    """Hold later contacts against a profile; an access list's first entry that fits decides."""
    resolution = resolution or Resolution()
    checked = [rule for rule in profile.rules if _is_resolved(rule, resolution)]
    drifts: list[Drift] = []
    used: set[FlowRule] = set()
    for contact in contacts:
        fitting = [each for each in checked if _fits_peer(each, contact, resolution)]
        same = [each for each in fitting if _fits_flow(each, contact)]
        deciding = same[0] if same else None
        if deciding is not None:  # one address may go by several expected names
            used.update(each for each in same if each.accept == deciding.accept)
        if deciding is None or not deciding.accept:
            drifts.append(_drift(contact, fitting, deciding))
    used |= {each for each in checked if _mirror(each) in used}
    openings = [each for each in checked if _is_opening(each) and each.accept]
    drifts += [
        Drift(
            kind=DriftKind.NOT_SEEN,
            says=f"{_shown(each)} was not seen",
            protocol=each.protocol,
            rule=each,
        )
        for each in openings
        if each not in used
    ]
    unresolved = tuple(each for each in profile.rules if each not in checked)
    return DriftReport(drifts=tuple(drifts), unresolved=unresolved)


def _is_resolved(rule: FlowRule, resolution: Resolution) -> bool:
    """Tell whether it can be known here whom a rule means."""
    match rule.peer:
        case PeerKind.SAME_MANUFACTURER:
            return bool(resolution.same_manufacturer)
        case PeerKind.MANUFACTURER:
            return rule.name in resolution.manufacturers
        case PeerKind.MODEL:
            return rule.name in resolution.models
        case PeerKind.CONTROLLER:
            return rule.name in _WELL_KNOWN.values() or rule.name in resolution.controllers
        case _:
            return True


def _fits_peer(rule: FlowRule, contact: Contact, resolution: Resolution) -> bool:
    address = _address(contact)
    if address is None or address.version != rule.family:
        return False
    if rule.peer is PeerKind.ANY:
        return True
    if rule.peer is PeerKind.HOST:
        return rule.name in contact.names
    if rule.peer is PeerKind.NETWORK:
        return address in ipaddress.ip_network(rule.name)
    return contact.peer in _behind(rule, resolution) or _is_class(rule, contact)


def _behind(rule: FlowRule, resolution: Resolution) -> AbstractSet[str]:
    """Return the addresses that an abstract name stands for."""
    by_name = {
        PeerKind.MANUFACTURER: resolution.manufacturers,
        PeerKind.MODEL: resolution.models,
        PeerKind.CONTROLLER: resolution.controllers,
    }
    if rule.peer is PeerKind.SAME_MANUFACTURER:
        return resolution.same_manufacturer
    if rule.peer is PeerKind.MY_CONTROLLER:
        return resolution.controllers.get(MY_CONTROLLER, _NONE)
    return by_name[rule.peer].get(rule.name, _NONE) if rule.peer in by_name else _NONE


def _is_class(rule: FlowRule, contact: Contact) -> bool:
    """Tell whether a peer is what an abstract name means, by what the operator declared."""
    if contact.external:
        return False
    if rule.peer is PeerKind.LOCAL_NETWORKS:
        return contact.destination in (Destination.SAME_ZONE, Destination.RECORDER)
    if rule.peer is PeerKind.MY_CONTROLLER:
        return contact.destination is Destination.RECORDER
    known = _WELL_KNOWN.get(contact.destination)
    return rule.peer is PeerKind.CONTROLLER and known == rule.name


def _address(contact: Contact) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(contact.peer)
    except ValueError:
        return None


def _is_opening(rule: FlowRule) -> bool:
    """Tell whether a rule is about who opens: it names the port of who is opened to, if any."""
    out = rule.direction is Direction.FROM_DEVICE
    source = rule.device_ports if out else rule.peer_ports
    return source is None and rule.initiated in (None, rule.direction)


def _mirror(rule: FlowRule) -> FlowRule | None:
    """Return the rule for the answers, where a protocol without ports says no more of them."""
    if rule.protocol in (None, TCP, UDP):
        return None
    other = next(each for each in Direction if each is not rule.direction)
    return replace(rule, direction=other)


def _fits_flow(rule: FlowRule, contact: Contact, *, either_way: bool = False) -> bool:
    """Tell whether a rule allows, or forbids, the first packet of a conversation."""
    out = rule.direction is Direction.FROM_DEVICE
    target = rule.peer_ports if out else rule.device_ports
    return (
        _is_opening(rule)
        and (out == contact.outbound or either_way)
        and rule.protocol in (None, contact.protocol)
        and (target is None or contact.port in target)
    )


def _drift(contact: Contact, fitting: Sequence[FlowRule], deciding: FlowRule | None) -> Drift:
    if deciding is not None:
        kind = DriftKind.FORBIDDEN
    elif any(_fits_flow(each, contact, either_way=True) for each in fitting):
        kind = DriftKind.NEW_DIRECTION
    elif fitting:
        kind = DriftKind.NEW_PORT
    else:
        kind = DriftKind.NEW_DESTINATION
    way = "to" if contact.outbound else "from"
    port = shown_port(contact.protocol, contact.port)
    named = f" ({', '.join(contact.names)})" if contact.names else ""
    return Drift(
        kind=kind,
        says=f"{_WORDS[kind]}: {way} {contact.peer}{named}, {port}",
        peer=contact.peer,
        protocol=contact.protocol,
        port=contact.port,
        rule=deciding,
    )


_WORDS: Final = {
    DriftKind.NEW_DESTINATION: "a destination that is not expected",
    DriftKind.NEW_PORT: "a port that is not expected of a known destination",
    DriftKind.NEW_DIRECTION: "a direction that is not expected of a known destination and port",
    DriftKind.FORBIDDEN: "a conversation that a rule forbids",
}


def _shown(rule: FlowRule) -> str:
    out = rule.direction is Direction.FROM_DEVICE
    ports = rule.peer_ports if out else rule.device_ports
    shown = f"{rule.direction.value} {rule.peer.value} {rule.name}".rstrip()
    if rule.protocol is not None:
        shown += f", {shown_port(rule.protocol, ports.first if ports else 0)}"
    if ports is not None and ports.last > ports.first:
        shown += f"-{ports.last}"
    return shown
