"""Put the other end of each conversation in its class.

The first that fits: a core network; what the operator declares a host to be; where it is (same
zone, another zone, another site, private and undeclared); and of the internet, the service that a
name, a network or a port stands for. Multicast, broadcast and link-local addresses are of the same
zone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from camaudit.model.clouds import Catalogue, CloudService, ServiceRole
from camaudit.model.isolation import Destination

from .addresses import Addresses, Mask, Nature, Numbers, read_addresses
from .flows import UDP, Flows, Sums, find
from .names import SPOKEN, Named, Names
from .zones import Area, Place, Role, Territory

#: A destination's number is its place here.
DESTINATIONS: Final = tuple(Destination)

#: IANA: domain, domain-s.
_DNS_PORTS: Final = (53, 853)
_NTP_PORT: Final = 123

#: What a service of the catalogue is to a device that speaks to it by name or network.
_BY_ROLE: Final = {
    ServiceRole.MAKER_CLOUD: Destination.MAKER_CLOUD,
    ServiceRole.P2P_RELAY: Destination.P2P_RELAY,
    ServiceRole.UPDATE_HOST: Destination.UPDATE_HOST,
    ServiceRole.DDNS: Destination.MAKER_CLOUD,
    ServiceRole.TIME_SERVER: Destination.NTP,
}
#: Of several services behind one address, the one that says most.
_RANK: Final = {role: at for at, role in enumerate(ServiceRole)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A service that the other end was put to, and by what: name, network or port."""

    service: CloudService
    by: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What each address of the conversations is, by itself and as declared."""

    territory: Territory
    addresses: Addresses
    natures: npt.NDArray[np.int8]
    areas: Numbers
    #: Which duty names an address as a recorder or jump host; -1: none.
    hosts: Numbers
    core: Mask
    #: Of the internet: by nature, and in no declared network.
    external: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The class of each sum of a flow, and what it rests on."""

    grounds: Grounds
    #: The zones that each device has an address in, by name.
    zones: tuple[frozenset[str], ...]
    #: Number into ``DESTINATIONS``.
    destination: npt.NDArray[np.int8]
    external: Mask
    #: Sum -> the service of the catalogue that the peer was put to.
    known: Mapping[int, Known]


def survey(addresses: pa.Array, territory: Territory) -> Grounds:
    """Find out what every address is."""
    read = read_addresses(addresses)
    natures, areas = read.natures(), territory.area_of(read)
    return Grounds(
        territory=territory,
        addresses=read,
        natures=natures,
        areas=areas,
        hosts=territory.named_hosts(read),
        core=territory.places(areas) == Place.CORE,
        external=(natures == Nature.EXTERNAL) & (areas < 0),
    )


def areas_of(texts: AbstractSet[str], territory: Territory) -> list[Area]:
    """Return the declared networks that a device's own addresses lie in."""
    found = territory.area_of(read_addresses(pa.array(sorted(texts), pa.string())))
    return [territory.areas[at] for at in found if at >= 0]


def place(
    flows: Flows,
    grounds: Grounds,
    zones: Sequence[frozenset[str]],
    names: Names,
    catalogue: Catalogue,
) -> Placed:
    """Classify every sum of ``flows``; ``zones`` are those of each device."""
    external = grounds.external[flows.sums.peer]
    known = _known(flows, external, names, catalogue)
    destination = _classes(flows, grounds, zones, known)
    destination[_declared_updates(flows, external, names, grounds.territory)] = _number(
        Destination.UPDATE_HOST
    )
    return Placed(
        grounds=grounds,
        zones=tuple(zones),
        destination=destination,
        external=external,
        known=known,
    )


def _number(destination: Destination) -> int:
    return DESTINATIONS.index(destination)


def _classes(
    flows: Flows,
    grounds: Grounds,
    zones: Sequence[frozenset[str]],
    known: Mapping[int, Known],
) -> npt.NDArray[np.int8]:
    """Return the class of each sum; what comes later in here outranks what comes before."""
    sums, territory = flows.sums, grounds.territory
    peer = sums.peer
    result = np.full(len(peer), _number(Destination.UNKNOWN_INTERNAL), dtype=np.int8)

    def mark(which: Mask, destination: Destination) -> None:
        result[which] = _number(destination)

    external = grounds.external[peer]
    dns = np.isin(sums.port, _DNS_PORTS)
    ntp = (sums.port == _NTP_PORT) & (sums.protocol == UDP)
    mark(external, Destination.UNKNOWN_EXTERNAL)
    mark(external & dns, Destination.DNS)
    mark(external & ntp, Destination.NTP)
    for at, each in known.items():
        result[at] = _number(_class_of(each, is_time=bool(ntp[at])))
    places = territory.places(grounds.areas)[peer]
    mark(places == Place.OTHER_SITE, Destination.OTHER_SITE)
    mark(places == Place.ZONE, Destination.OTHER_ZONE)
    mark(_in_own_zone(sums, grounds, zones), Destination.SAME_ZONE)
    mark(_stays_here(grounds)[peer], Destination.SAME_ZONE)
    for role, destination, fitting in (
        (Role.UPDATES, Destination.UPDATE_HOST, np.ones(len(peer), dtype=np.bool_)),
        (Role.NTP, Destination.NTP, ntp),
        (Role.DNS, Destination.DNS, dns),
    ):
        mark(territory.has_role(role, grounds.addresses)[peer] & fitting, destination)
    recorders = territory.has_role(Role.RECORDER, grounds.addresses)
    mark(recorders[peer], Destination.RECORDER)
    mark(grounds.core[peer], Destination.CORE)
    return result


def _class_of(known: Known, *, is_time: bool) -> Destination:
    if known.by == "port" and known.service.role is not ServiceRole.P2P_RELAY:
        return Destination.UNKNOWN_EXTERNAL
    if known.service.maker is None and known.service.role is ServiceRole.DDNS:
        return Destination.UNKNOWN_EXTERNAL
    if known.service.role is ServiceRole.TIME_SERVER and not is_time:
        # the same host on another port: the maker's, if it is one's
        maker = known.service.maker is not None
        return Destination.MAKER_CLOUD if maker else Destination.UNKNOWN_EXTERNAL
    return _BY_ROLE[known.service.role]


def _stays_here(grounds: Grounds) -> Mask:
    """Tell which addresses are groups, everybody, the link or the host itself."""
    here = np.isin(grounds.natures, (Nature.LINK, Nature.MULTICAST, Nature.BROADCAST, Nature.SELF))
    for each in grounds.territory.areas:
        network = each.network
        if isinstance(network, ipaddress.IPv4Network) and network.prefixlen < 31:
            # RFC 919: the last address of a network; RFC 3021 knows none in networks of two
            last = ipaddress.ip_network(network.broadcast_address)
            here |= grounds.addresses.within(last)
    return here & ~grounds.core


def _in_own_zone(sums: Sums, grounds: Grounds, zones: Sequence[frozenset[str]]) -> Mask:
    areas = grounds.territory.areas
    own = np.zeros((len(zones) + 1, len(areas) + 1), dtype=np.bool_)
    for at, names in enumerate(zones):
        for number, area in enumerate(areas):
            own[at, number] = area.place is Place.ZONE and area.name in names
    found: Mask = own[sums.device, grounds.areas[sums.peer]]
    return found


def _known(flows: Flows, external: Mask, names: Names, catalogue: Catalogue) -> dict[int, Known]:
    """Return the services that peers on the internet were put to: by name, network, then port."""
    result = _known_ports(flows.sums, external, catalogue)
    if any(each.networks for each in catalogue.services):
        result |= _known_networks(flows, external, catalogue)
    for at, named in _named_sums(flows, external, names):
        if (best := _best(named, names)) is not None:
            result[at] = best
    return result


def _known_ports(sums: Sums, external: Mask, catalogue: Catalogue) -> dict[int, Known]:
    result: dict[int, Known] = {}
    for protocol, port in set(
        zip(sums.protocol[external].tolist(), sums.port[external].tolist(), strict=True)
    ):
        if (service := catalogue.by_port(protocol, port)) is not None:
            fits = external & (sums.protocol == protocol) & (sums.port == port) & sums.outbound
            for at in np.flatnonzero(fits).tolist():
                result[at] = Known(service=service, by="port")
    return result


def _known_networks(flows: Flows, external: Mask, catalogue: Catalogue) -> dict[int, Known]:
    result: dict[int, Known] = {}
    peers = flows.sums.peer
    for peer in np.unique(peers[external]).tolist():
        if (service := catalogue.by_address(flows.addresses[peer].as_py())) is not None:
            for at in np.flatnonzero(external & (peers == peer)).tolist():
                result[at] = Known(service=service, by="network")
    return result


def _named_sums(flows: Flows, external: Mask, names: Names) -> list[tuple[int, Named]]:
    """Return every sum whose peer has names for that device."""
    sums, keys = flows.sums, list(names.known)
    peers = find(flows.addresses, [address for _, address in keys])
    width = len(flows.addresses) + 1
    pairs = sums.device.astype(np.int64) * width + sums.peer
    result = []
    for (device, address), peer in zip(keys, peers.tolist(), strict=True):
        if peer >= 0:
            # the sums are in the order of device and peer
            start, end = np.searchsorted(pairs, [device * width + peer, device * width + peer + 1])
            named = names.known[device, address]
            result += [(at, named) for at in range(start, end) if external[at]]
    return result


def _best(named: Named, names: Names) -> Known | None:
    found = [
        (not (ways & SPOKEN), _RANK[service.role], name, service)
        for name, ways in named.names.items()
        if (service := names.services.get(name)) is not None
    ]
    if not found:
        return None
    _, _, name, service = min(found, key=lambda each: each[:3])
    return Known(service=service, by="name", name=name)


def _declared_updates(
    flows: Flows, external: Mask, names: Names, territory: Territory
) -> npt.NDArray[np.int64]:
    """Return the sums whose peer has a name that is declared to be an update host."""
    if not territory.update_names:
        return np.zeros(0, dtype=np.int64)
    fits = [
        at
        for at, named in _named_sums(flows, external, names)
        if any(name in territory.update_names for name in named.names)
    ]
    return np.array(fits, dtype=np.int64)
