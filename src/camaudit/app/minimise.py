"""Keep of traffic what concerns surveillance equipment; of everybody else keep counts only.

A capture holds people's data: what their telephones and laptops ask for and talk to. Kept are
candidates (devices that may be cameras, recorders and the like, and whatever the operator names)
with whom they talk to. Names, addresses and replies of other hosts never reach the estate.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.traffic import Traffic

#: Sizes of a conversation that are added up for hosts that are left out.
_SIZES: Final = ("packets_out", "packets_back", "bytes_out", "bytes_back")

#: Ours. A camera has an address or two of each family; behind more stands a router.
MAX_OWN_ADDRESSES: Final = 8


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


def minimise(traffic: Traffic, candidates: Candidates) -> tuple[Traffic, LeftOut]:
    """Return the traffic of candidates and their peers, and how much was left out."""
    own = {
        address
        for mac in candidates.macs
        for address in traffic.addresses.get(mac, ())
        if not _is_router(traffic, mac)
    }
    macs = pa.array(
        sorted(bytes.fromhex(mac.replace(":", "")) for mac in candidates.macs), pa.binary(6)
    )
    addresses = pa.array(sorted(own | candidates.addresses), pa.string())
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
        events=traffic.events.filter(pc.is_in(traffic.events.column("mac"), macs)),
        observations=traffic.observations.filter(said),
        addresses={m: a for m, a in traffic.addresses.items() if m in candidates.macs},
    )
    sizes = {name: pc.sum(others.column(name)).as_py() or 0 for name in _SIZES}
    return kept, LeftOut(
        hosts=len(_hosts(others) - own - candidates.addresses),
        conversations=others.num_rows,
        packets=sizes["packets_out"] + sizes["packets_back"],
        size_bytes=sizes["bytes_out"] + sizes["bytes_back"],
        names=traffic.names.num_rows - kept.names.num_rows,
        observations=traffic.observations.num_rows - kept.observations.num_rows,
    )


def _is_router(traffic: Traffic, mac: str) -> bool:
    return len(traffic.addresses.get(mac, ())) > MAX_OWN_ADDRESSES


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
