"""Contacts that may carry more than they show: tunnels, groups that routers pass on, odd questions.

What is inside goes to somebody whom the conversation does not name, so such a contact within the
device's own zone is no proof of anything, and never of isolation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from .addresses import Mask, Nature
from .destinations import Placed
from .flows import TCP, UDP, Flows, State
from .names import Names

#: IANA protocol numbers whose packets hold packets: IPv4 (RFC 2003), IPv6 (RFC 4213), GRE (RFC
#: 2784), ESP (RFC 4303), IPIP, EtherIP (RFC 3378), L2TPv3 (RFC 3931), MPLS (RFC 4023).
_PROTOCOLS: Final = {
    4: "IP in IP",
    41: "IPv6 in IP",
    47: "GRE",
    50: "IPsec",
    94: "IP in IP",
    97: "Ethernet in IP",
    115: "L2TP",
    137: "MPLS in IP",
}
#: IANA service names of the same over UDP: IKE with ESP behind address translation (RFC 3948),
#: OpenVPN, L2TP (RFC 2661), GTP-U, Teredo (RFC 4380), GRE (RFC 8086), VXLAN (RFC 7348) and its
#: extension, GENEVE (RFC 8926), MPLS (RFC 7510), WireGuard.
_UDP_PORTS: Final = {
    500: "IPsec",
    1194: "OpenVPN",
    1701: "L2TP",
    2152: "GTP",
    3544: "Teredo",
    4500: "IPsec",
    4754: "GRE",
    4755: "GRE",
    4789: "VXLAN",
    4790: "VXLAN",
    6081: "GENEVE",
    6635: "MPLS",
    51820: "WireGuard",
}
#: And over TCP: SSH forwards connections (RFC 4254 7), SOCKS (RFC 1928) and proxies of HTTP too.
_TCP_PORTS: Final = {
    22: "SSH",
    1080: "SOCKS",
    1194: "OpenVPN",
    1723: "PPTP",
    3128: "an HTTP proxy",
}

#: RFC 5771 4 and RFC 2365 6.1: what no router passes on, and what stays within the local scope.
_LOCAL_GROUPS: Final = (0xE0000000 >> 8, 0xEFFF0000 >> 16)
#: RFC 7346 2: scopes of an IPv6 group up to the realm's, which is no wider than the link's network.
_REALM: Final = 3
#: IGMP and ICMPv6: a host that joins a group tells the group, on its link only (RFC 3376, 2710).
_JOINING: Final = (2, 58)

_DNS: Final = 53
_ICMP: Final = (1, 58)
#: Ours. IP bytes of a packet, on the average: a question of DNS has 60 to 90, an echo 60 to 84, and
#: an error of ICMP repeats up to 128 of what caused it (RFC 4884 4.3) after 28 of its own.
MOST_OF_A_QUESTION: Final = 160
#: Ours. Fewer packets than this carry little, and a long one may be among them.
_LEAST_PACKETS: Final = 32


def find_carriers(flows: Flows, placed: Placed, names: Names) -> Mapping[int, str]:
    """Return the sums that may carry more than they show, and why; of the internet none."""
    inside = ~placed.external & (flows.sums.state != State.SILENT)
    found: dict[int, str] = {}
    for which, why in (*_tunnels(flows), *_groups(flows, placed), *_long(flows)):
        found.update(dict.fromkeys(np.flatnonzero(which & inside).tolist(), why))
    for device, domain, count in names.many:
        asks = inside & (flows.sums.device == device) & (flows.sums.port == _DNS)
        why = f"{count:,} names below {domain} were asked for: data can travel in names"
        found.update(dict.fromkeys(np.flatnonzero(asks).tolist(), why))
    return found


def _tunnels(flows: Flows) -> Iterable[tuple[Mask, str]]:
    sums = flows.sums
    for protocol, name in _PROTOCOLS.items():
        yield sums.protocol == protocol, f"{name} is a tunnel, and what it holds is not read"
    for port, name in _UDP_PORTS.items():
        there = (sums.protocol == UDP) & (sums.port == port)
        yield there, f"{name} is a tunnel, and what it holds is not read"
    for port, name in _TCP_PORTS.items():
        there = (sums.protocol == TCP) & (sums.port == port) & sums.outbound
        yield there, f"{name} can carry connections of others inside its own"


def _groups(flows: Flows, placed: Placed) -> Iterable[tuple[Mask, str]]:
    grounds = placed.grounds
    family, low = grounds.addresses.family, grounds.addresses.low
    near = (low >> np.uint64(8) == _LOCAL_GROUPS[0]) | (low >> np.uint64(16) == _LOCAL_GROUPS[1])
    scope = grounds.addresses.high >> np.uint64(48) & np.uint64(0xF)
    wide = np.where(family == 4, ~near, scope > _REALM)
    # who declares a group's network says how far it goes
    passed_on = (grounds.natures == Nature.MULTICAST) & wide & (grounds.areas < 0)
    yield (
        passed_on[flows.sums.peer] & ~np.isin(flows.sums.protocol, _JOINING),
        "routers may pass this group on; if none does, declare it as a network of the zone",
    )


def _long(flows: Flows) -> Iterable[tuple[Mask, str]]:
    sums = flows.sums
    many = sums.packets_sent >= _LEAST_PACKETS
    long = many & (sums.sent > MOST_OF_A_QUESTION * sums.packets_sent)
    asks = (sums.protocol == UDP) & (sums.port == _DNS) & sums.outbound
    yield long & asks, "its questions are longer than names are: data can travel in them"
    echoes = np.isin(sums.protocol, _ICMP)
    yield long & echoes, "its packets are longer than an echo's: data can travel in them"
