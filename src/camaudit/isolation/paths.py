"""Paths that lead on from a peer: a host that also talks beyond, and ports opened from outside."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.batches import of_fields
from camaudit.model.isolation import Watched
from camaudit.model.traffic import INTERNET, Traffic
from camaudit.model.traffic_schemas import ASKED_FOR_PORT, LOOKED_FOR_GATEWAY

from .addresses import Mask, Nature, Network, Numbers
from .destinations import Grounds, Placed
from .flows import MOST_OWN_ADDRESSES, TCP, UDP, Ends, Flows, State, answered_rows, find
from .zones import Duty, Place, Role

#: RFC 6886 and RFC 6887: asking a gateway for a port mapping.
PORT_MAPPING: Final = 5351

#: Small services that a host does for a whole network; with these alone nothing is passed on:
#: domain, DHCP (4 and 6), NTP, SSDP, WS-Discovery, mDNS.
_SMALL: Final = (53, 67, 68, 123, 546, 547, 1900, 3702, 5353)
#: ICMP, IGMP, ICMPv6.
_SIGNALLING: Final = (1, 2, 58)

#: UPnP IGD: what a device searches for that wants a port mapping.
_GATEWAY_WORDS: Final = (
    rb"InternetGatewayDevice|WANIPConnection|WANPPPConnection|WANIPv6FirewallControl"
)
#: Interfaces from which on an address is not of one.
_SEVERAL: Final = 2
#: Ours. Ports that are told one by one.
_MOST_PORTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Which sums lead on, and why; and which devices asked for a way in, with no answer seen."""

    #: Sum -> why a path leads on from the peer.
    indirect: Mapping[int, str]
    #: Device -> what it tried.
    tried: Mapping[int, tuple[str, ...]]
    #: Sums that asked for a way in by datagrams: whether one was opened was not seen.
    unsettled: tuple[int, ...] = ()


def find_paths(
    traffic: Traffic, ends: Ends, flows: Flows, placed: Placed, devices: Sequence[Watched]
) -> Paths:
    """Find every contact from which a path leads on."""
    grounds, sums = placed.grounds, flows.sums
    interfaces = _by_interface(ends)
    lead = _leads(traffic, ends, interfaces, grounds)
    contact = sums.state == State.CONTACT
    inside = ~(grounds.external | grounds.core)[sums.peer]
    declared = grounds.hosts[sums.peer] >= 0
    small = np.isin(sums.port, _SMALL) | np.isin(sums.protocol, _SIGNALLING)
    indirect: dict[int, str] = {}
    for at in np.flatnonzero(contact & inside & (declared | ~small)).tolist():
        if (why := lead.get(int(sums.peer[at]))) is not None:
            indirect[at] = why
    tried: dict[int, list[str]] = {}
    unsettled: list[int] = []
    asks = (sums.protocol == UDP) & (sums.port == PORT_MAPPING) & sums.outbound & inside
    for at in np.flatnonzero(asks).tolist():
        peer = flows.addresses[int(sums.peer[at])].as_py()
        if contact[at]:
            indirect[at] = f"{peer} answered a request for a port mapping (NAT-PMP or PCP)"
        else:
            unsettled.append(at)
            tried.setdefault(int(sums.device[at]), []).append(
                f"it asked {peer} for a port mapping (NAT-PMP or PCP), and nothing answered"
            )
    gateways = _gateways(interfaces, grounds)
    controls = contact & (sums.protocol == TCP) & sums.outbound
    for device, sum_at, why in _by_upnp(traffic, flows, controls, gateways, devices):
        if sum_at is None:
            tried.setdefault(device, []).append(why)
        else:
            indirect[sum_at] = why
    return Paths(
        indirect=indirect,
        tried={at: tuple(each) for at, each in tried.items()},
        unsettled=tuple(unsettled),
    )


def _by_upnp(
    traffic: Traffic, flows: Flows, controls: Mask, gateways: Mask, devices: Sequence[Watched]
) -> Iterable[tuple[int, int | None, str]]:
    """Yield device, the sum that leads on (none: it was only tried), and why, of UPnP gateways.

    Whoever is asked to open a port is the gateway, whatever is declared.
    """
    sums = flows.sums
    asked = _asking_for_ports(traffic, devices)
    for device in _wanting_a_gateway(traffic, devices):
        control = controls & (sums.device == device) & gateways[sums.peer]
        for at in np.flatnonzero(control).tolist():
            peer = flows.addresses[int(sums.peer[at])].as_py()
            yield device, at, f"it looked for a UPnP gateway and then talked to the gateway {peer}"
        if not control.any() and device not in asked:
            why = "it looked for a UPnP gateway that opens ports, and was not seen to talk to one"
            yield device, None, why
    for device, by_gateway in asked.items():
        mine = np.flatnonzero(controls & (sums.device == device)).tolist()
        peers = [(at, flows.addresses[int(sums.peer[at])].as_py()) for at in mine]
        for gateway, ports in by_gateway.items():
            why = f"it asked {gateway} by UPnP to open {_ports_told(ports)}"
            answered = [at for at, peer in peers if peer == gateway]
            yield from ((device, at, why) for at in answered)
            if not answered:
                yield device, None, f"{why}, and no answer was seen"


def _leads(
    traffic: Traffic, ends: Ends, interfaces: Sequence[Numbers], grounds: Grounds
) -> dict[int, str]:
    """Return the addresses whose host also talks to core or the internet, and to whom."""
    beyond = grounds.core | grounds.external
    answered = answered_rows(traffic, ends)
    lead: dict[int, int] = {}
    for here, there in ((ends.client, ends.server), (ends.server, ends.client)):
        rows = answered & ~beyond[here] & beyond[there]
        for one, other in set(zip(here[rows].tolist(), there[rows].tolist(), strict=True)):
            lead[one] = min(lead.get(one, other), other)
    result = {
        one: _also(ends.addresses[other].as_py(), grounds, other) for one, other in lead.items()
    }
    for one, why in _told_beyond(traffic, ends, grounds):
        lead.setdefault(one, one)
        result.setdefault(one, why)
    for group in (*_same_interface(interfaces, grounds), *_same_host(grounds)):
        whys = sorted((at, result[at]) for at in group if at in lead)
        if whys:
            at, why = whys[0]
            for other in group:
                result.setdefault(other, f"the same host, as {ends.addresses[at].as_py()}, {why}")
    for at, why in _declared_in_core(grounds):
        result.setdefault(at, why)
    return result


def _also(address: str, grounds: Grounds, at: int) -> str:
    where = "in a core network" if grounds.core[at] else "on the internet"
    return f"also talks to {address}, {where}"


def _told_beyond(traffic: Traffic, ends: Ends, grounds: Grounds) -> Iterable[tuple[int, str]]:
    """Return the addresses whose host was seen to talk beyond, where the others were left out."""
    territory, hosts = grounds.territory, list(traffic.beyond)
    core = [each.network for each in territory.areas if each.place is Place.CORE]
    elsewhere = {str(each.network) for each in territory.areas if each.place is not Place.CORE}
    for host, at in zip(hosts, find(ends.addresses, hosts).tolist(), strict=True):
        if at < 0 or grounds.core[at] or grounds.external[at]:
            continue
        for network in traffic.beyond[host]:
            if network == INTERNET:
                yield at, "also talks to the internet"
            elif network not in elsewhere and _overlaps(network, core):
                yield at, f"also talks to hosts of {network}, in a core network"


def _overlaps(text: str, networks: Sequence[Network]) -> bool:
    network = ipaddress.ip_network(text)
    return any(network.version == each.version and network.overlaps(each) for each in networks)


def _same_interface(interfaces: Sequence[Numbers], grounds: Grounds) -> Iterable[list[int]]:
    """Return addresses that one interface has in one zone; what a router carries is left out.

    A router's interface carries the addresses of all that is behind it; an address of the zone
    itself, or of the link, is the interface's own.
    """
    zoned = grounds.territory.places(grounds.areas) == Place.ZONE
    link = grounds.natures == Nature.LINK
    for addresses in interfaces:
        own = addresses[(zoned | link)[addresses]]
        names = {grounds.territory.areas[at].name for at in grounds.areas[own].tolist() if at >= 0}
        if len(names) == 1 and 1 < len(own) <= MOST_OWN_ADDRESSES:
            yield own.tolist()


def _by_interface(ends: Ends) -> list[Numbers]:
    """Return the addresses that each hardware address was seen with."""
    macs = np.concatenate([ends.client_mac, ends.server_mac]).astype(np.int64)
    addresses = np.concatenate([ends.client, ends.server])
    pairs = np.unique((macs << 32 | addresses)[macs >= 0])
    macs, addresses = pairs >> 32, (pairs & 0xFFFFFFFF).astype(np.int32)
    return np.split(addresses, np.flatnonzero(np.diff(macs)) + 1) if len(pairs) else []


def _same_host(grounds: Grounds) -> Iterable[list[int]]:
    """Return the addresses that are declared to be of one recorder or jump host."""
    found: dict[tuple[Role, str], list[int]] = {}
    for at, duty in enumerate(grounds.hosts.tolist()):
        if duty >= 0:
            each = grounds.territory.duties[duty]
            found.setdefault((each.role, each.name), []).append(at)
    return found.values()


def _declared_in_core(grounds: Grounds) -> Iterable[tuple[int, str]]:
    """Return the addresses of hosts that are declared to have another address in core."""
    territory = grounds.territory
    core = [each.network for each in territory.areas if each.place is Place.CORE]
    inside: dict[tuple[Role, str], Duty] = {}
    for each in territory.duties:
        if each.name and any(_holds(network, each) for network in core):
            inside.setdefault((each.role, each.name), each)
    for at, number in enumerate(grounds.hosts.tolist()):
        duty = territory.duties[number] if number >= 0 else None
        if duty is not None and (other := inside.get((duty.role, duty.name))) is not None:
            yield at, f"is declared to have an address in core as well ({other.network})"


def _holds(wide: Network, duty: Duty) -> bool:
    narrow = duty.network
    return (
        wide.version == narrow.version
        and wide.prefixlen <= narrow.prefixlen
        and narrow.network_address in wide
    )


def _gateways(interfaces: Sequence[Numbers], grounds: Grounds) -> Mask:
    """Tell which addresses are a gateway's: declared, or on an interface that carries others'.

    A host behind such an interface is seen with its own hardware address too, where a sensor stands
    on both sides of the router; a gateway's address is seen with the router's alone.
    """
    found = grounds.territory.has_role(Role.GATEWAY, grounds.addresses)
    inside = ~(grounds.external | grounds.core)
    if interfaces:
        inside &= np.bincount(np.concatenate(interfaces), minlength=len(inside)) < _SEVERAL
    for addresses in interfaces:
        if len(addresses) > MOST_OWN_ADDRESSES or grounds.external[addresses].any():
            found[addresses[inside[addresses]]] = True
    return found


def _wanting_a_gateway(traffic: Traffic, devices: Sequence[Watched]) -> list[int]:
    """Return the devices that were seen to look for a gateway that opens ports."""
    table = of_fields(traffic.observations, LOOKED_FOR_GATEWAY)
    values = table.column("value").cast(pa.binary())
    hits = table.filter(pc.match_substring_regex(values, _GATEWAY_WORDS))
    wanting = set(hits.column("device").to_pylist())
    return [at for at, device in enumerate(devices) if wanting & _known_as(device)]


def _asking_for_ports(
    traffic: Traffic, devices: Sequence[Watched]
) -> dict[int, dict[str, list[str]]]:
    """Return which gateways each device asked to open ports from outside, and which ports."""
    table = of_fields(traffic.observations, ASKED_FOR_PORT)
    rows = zip(table.column("device").to_pylist(), table.column("value").to_pylist(), strict=True)
    asked: dict[str, dict[str, list[str]]] = {}
    for name, value in rows:
        gateway, _, port = value.decode("utf-8", "replace").partition(" ")
        asked.setdefault(name, {}).setdefault(gateway, []).append(port)
    found: dict[int, dict[str, list[str]]] = {}
    for at, device in enumerate(devices):
        for name in sorted(_known_as(device) & asked.keys()):
            for gateway, ports in asked[name].items():
                found.setdefault(at, {}).setdefault(gateway, []).extend(ports)
    return found


def _ports_told(ports: Sequence[str]) -> str:
    told = sorted({each for each in ports if each})
    if not told:
        return "a port to the outside"
    more = f" and {len(told) - _MOST_PORTS} more" if len(told) > _MOST_PORTS else ""
    return f"a port to the outside ({', '.join(told[:_MOST_PORTS])}{more})"


def _known_as(device: Watched) -> set[str]:
    return {device.device, *device.macs, *device.addresses}
