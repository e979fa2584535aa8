"""Keep of traffic what concerns surveillance equipment; of everybody else keep counts only.

A capture holds people's data: what their telephones and laptops ask for and talk to. Kept are
candidates (devices that may be cameras, recorders and the like, and whatever the operator names)
with whom they talk to. Names, addresses and replies of other hosts never reach the estate.

Two things would bring other people's traffic in under a candidate's name, and are looked for:

1. A router (or what reflects discovery on one) may be taken for a camera. All that people do on the
   internet passes under its hardware address, so this counts for nothing; what it sends to groups
   comes from addresses of its own (RFC 1812 4.2: no router passes such frames on).
2. An address that was a camera's may have been leased to a telephone since.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.traffic import Traffic

from .beyond import beyond

#: Sizes of a conversation that are added up for hosts that are left out.
_SIZES: Final = ("packets_out", "packets_back", "bytes_out", "bytes_back")

#: Ours. A camera has an address or two of each family; behind more stands a router. Of IPv6 the
#: networks count: RFC 8981 gives a host a new address in each of them every day.
MAX_OWN_ADDRESSES: Final = 8
_NETWORK_BITS: Final = 64
#: Events and observations that only a client of DHCP gives rise to.
_LEASES: Final = ("dhcp_discover", "dhcp_request")
_DHCP: Final = "dhcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What was seen of others, as numbers and nothing else."""

    hosts: int = 0
    conversations: int = 0
    packets: int = 0
    size_bytes: int = 0
    names: int = 0
    observations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Who is kept: hardware addresses (lower case, with colons) and addresses."""

    macs: AbstractSet[str]
    addresses: AbstractSet[str]
    #: Of addresses that are known of devices: the hardware addresses of these, where all are known.
    owners: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    #: Networks that are declared of a site: what stands for the hosts that a peer talks to besides.
    networks: tuple[str, ...] = ()


def minimise(traffic: Traffic, candidates: Candidates) -> tuple[Traffic, LeftOut]:
    """Return the traffic of candidates and their peers, and how much was left out."""
    routers = {mac for mac in candidates.macs if _is_router(traffic.addresses.get(mac, ()))}
    addresses_of = {
        mac: {a: n for a, n in found.items() if mac not in routers}
        for mac, found in traffic.addresses.items()
        if mac in candidates.macs
    }
    for mac, address in _said_to_groups(traffic.conversations, routers):
        addresses_of[mac][address] = traffic.addresses[mac].get(address, 0)
    own = {address for found in addresses_of.values() for address in found}
    wanted = own | (candidates.addresses - set(_moved(traffic, candidates)))
    macs = pa.array(sorted(map(_raw, candidates.macs - routers)), pa.binary(6))
    addresses = pa.array(sorted(wanted), pa.string())
    spoken = _touches(traffic.conversations, ("client", "server"), macs, addresses)
    asked = _touches(traffic.names, ("client",), macs, addresses)
    said = pc.is_in(
        traffic.observations.column("device"), pa.array(sorted(candidates.macs), pa.string())
    )
    others = traffic.conversations.filter(pc.invert(spoken))
    kept = replace(
        traffic,
        conversations=traffic.conversations.filter(spoken),
        names=traffic.names.filter(asked),
        events=traffic.events.filter(
            pc.is_in(
                traffic.events.column("mac"),
                pa.array(sorted(map(_raw, candidates.macs)), pa.binary(6)),
            )
        ),
        observations=traffic.observations.filter(said),
        addresses=addresses_of,
        carried={mac: len(traffic.addresses[mac]) for mac in routers},
    )
    left = replace(traffic, conversations=others)
    hosts = (set(found) for found in traffic.addresses.values() if not _is_router(found))
    besides = beyond(kept.conversations, left, wanted, hosts, candidates.networks)
    kept = replace(kept, beyond=besides)
    sizes = {name: pc.sum(others.column(name)).as_py() or 0 for name in _SIZES}
    return kept, LeftOut(
        hosts=len(_hosts(others) - wanted),
        conversations=others.num_rows,
        packets=sizes["packets_out"] + sizes["packets_back"],
        size_bytes=sizes["bytes_out"] + sizes["bytes_back"],
        names=traffic.names.num_rows - kept.names.num_rows,
        observations=traffic.observations.num_rows - kept.observations.num_rows,
    )


def _is_router(addresses: Iterable[str]) -> bool:
    """Tell whether an interface sends what others sent: from many networks, or the internet's."""
    networks = {network for each in addresses if (network := _network(each)) is not None}
    four = [each for each in networks if each.version == 4]
    public = sum(each.is_global for each in four)
    return len(networks) > MAX_OWN_ADDRESSES or (public > 0 and len(four) > 1)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return what tells an interface's own addresses apart; none for those of the link."""
    address = ipaddress.ip_address(text)
    if address.is_link_local or address.is_unspecified:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return ipaddress.IPv4Network(address)
    return ipaddress.IPv6Network((int(address), _NETWORK_BITS), strict=False)


def _said_to_groups(conversations: pa.Table, macs: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    """Yield hardware and source addresses of what was sent to groups or to everybody."""
    if not macs:
        return
    sent = pc.is_in(
        conversations.column("client_mac"), pa.array(sorted(map(_raw, macs)), pa.binary(6))
    )
    rows = conversations.filter(sent).select(["client_mac", "server_mac", "client"])
    for row in rows.group_by(["client_mac", "server_mac", "client"]).aggregate([]).to_pylist():
        peer = row["server_mac"]
        if peer is not None and peer[0] & 1 and _network(row["client"]) is not None:
            yield row["client_mac"].hex(":"), row["client"]


def _moved(traffic: Traffic, candidates: Candidates) -> Iterator[str]:
    """Yield addresses that somebody else has by now.

    The device is here under other addresses and not under this one; or whoever sends from it asked
    for a lease, which a router that passes on what a camera sent does not do in the camera's place.
    """
    if not candidates.owners:
        return
    senders: dict[str, set[str]] = {}
    for mac, found in traffic.addresses.items():
        for address in found:
            senders.setdefault(address, set()).add(mac)
    hosts = _lease_holders(traffic)
    for address, macs in candidates.owners.items():
        now = senders.get(address, set())
        if not now or now & macs:
            continue
        if not macs.isdisjoint(traffic.addresses) or any(
            mac in hosts and not _is_router(traffic.addresses[mac]) for mac in now
        ):
            yield address


def _lease_holders(traffic: Traffic) -> set[str]:
    """Return who was seen to ask for an address of its own."""
    events = traffic.events.filter(
        pc.is_in(traffic.events.column("kind").cast(pa.string()), pa.array(_LEASES))
    )
    found = {mac.hex(":") for mac in events.column("mac").to_pylist() if mac is not None}
    said = traffic.observations
    asked = pc.equal(said.column("protocol").cast(pa.string()), _DHCP)
    return found | set(said.filter(asked).column("device").to_pylist())


def _raw(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def _touches(
    table: pa.Table, sides: tuple[str, ...], macs: pa.Array, addresses: pa.Array
) -> pa.ChunkedArray:
    found = None
    for side in sides:
        for column, wanted in ((side, addresses), (f"{side}_mac", macs)):
            here = pc.is_in(table.column(column), wanted)
            found = here if found is None else pc.or_(found, here)
    return found


def _hosts(conversations: pa.Table) -> set[str]:
    sides = (pc.unique(conversations.column(side)).to_pylist() for side in ("client", "server"))
    return set[str]().union(*sides)
