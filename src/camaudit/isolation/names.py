"""Which names a device gave to which addresses, and what the catalogue knows of them.

An address stands for a name only where this device asked for that name, or spoke to it by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.clouds import Catalogue, CloudService
from camaudit.model.isolation import NameAsked, Watched
from camaudit.model.traffic import Traffic

from .addresses import Numbers
from .flows import find, number, raw_mac

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

#: How a name was seen where the device spoke to it, rather than asked what it stands for.
SPOKEN: Final = frozenset({"sni", "http_host"})

#: Ours. A device asks for about ten names; so many below one domain are data in names.
MOST_NAMES: Final = 64
_DOMAIN_LABELS: Final = 2


@dataclass(slots=True)
class Named:
    """The names of one address, as one device knows it."""

    #: Name -> the ways in which it was seen.
    names: dict[str, set[str]] = field(default_factory=dict)

    def spoken(self, via: str) -> bool:
        """Tell whether the device spoke to the address in this way."""
        return any(via in ways for ways in self.names.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """All names of all watched devices."""

    #: (device, address) -> its names.
    known: Mapping[tuple[int, str], Named]
    #: Name -> the service it belongs to.
    services: Mapping[str, CloudService]
    #: Device -> the names of known services that it asked for.
    asked: Mapping[int, tuple[NameAsked, ...]]
    #: Device, domain, and how many names below it the device asked for; where these are many.
    many: tuple[tuple[int, str, int], ...]

    def of(self, device: int, address: str) -> tuple[str, ...]:
        """Return the names of an address, sorted."""
        named = self.known.get((device, address))
        return tuple(sorted(named.names)) if named else ()


def read_names(traffic: Traffic, devices: Sequence[Watched], catalogue: Catalogue) -> Names:
    """Put the names of ``traffic`` to the devices that used them."""
    table = traffic.names
    owner = _owner(table, devices)
    names, name = number(table.column("name"))
    rows = np.flatnonzero(owner >= 0)
    texts = names.to_pylist()
    found = {text: service for text in texts if (service := catalogue.by_host(text)) is not None}
    kept = table.take(pa.array(rows))
    addresses = kept.column("address").to_pylist()
    ways = kept.column("via").to_pylist()
    known: dict[tuple[int, str], Named] = {}
    for device, at, address, via in zip(
        owner[rows].tolist(), name[rows].tolist(), addresses, ways, strict=True
    ):
        if address is not None:
            named = known.setdefault((device, address), Named())
            named.names.setdefault(texts[at], set()).add(via)
    return Names(
        known=known,
        services=found,
        asked=_asked(kept, owner[rows], found),
        many=_many(
            {
                (device, texts[at])
                for device, at, via in zip(
                    owner[rows].tolist(), name[rows].tolist(), ways, strict=True
                )
                if via not in SPOKEN
            }
        ),
    )


def _many(asked: AbstractSet[tuple[int, str]]) -> tuple[tuple[int, str, int], ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for device, name in asked:
        labels = name.split(".")
        # names of addresses (RFC 1035 3.5) and of the link (RFC 6762 3) come from lists of hosts
        if len(labels) > _DOMAIN_LABELS and labels[-1] not in ("arpa", "local"):
            counts[device, ".".join(labels[-_DOMAIN_LABELS:])] += 1
    return tuple(
        (device, domain, count)
        for (device, domain), count in sorted(counts.items())
        if count >= MOST_NAMES
    )


def _owner(table: pa.Table, devices: Sequence[Watched]) -> Numbers:
    """Return the device of each row, by hardware address or else by address; -1: nobody's."""
    result = np.full(table.num_rows, -1, dtype=np.int32)
    for column, wanted in (
        ("client", [(at, each) for at, d in enumerate(devices) for each in d.addresses]),
        ("client_mac", [(at, raw_mac(each)) for at, d in enumerate(devices) for each in d.macs]),
    ):
        values, numbers = number(table.column(column))
        owners = np.full(len(values) + 1, -1, dtype=np.int32)
        for (device, _), place in reversed(
            list(zip(wanted, find(values, [value for _, value in wanted]), strict=True))
        ):
            if place >= 0:
                owners[place] = device
        owned = owners[numbers]
        result = np.where(owned >= 0, owned, result)
    return result


def _asked(
    kept: pa.Table, owner: Numbers, services: Mapping[str, CloudService]
) -> dict[int, tuple[NameAsked, ...]]:
    table = pa.table(
        {
            "device": owner,
            "name": kept.column("name"),
            "count": kept.column("count"),
            "first": kept.column("first").cast(pa.int64()),
            "last": kept.column("last").cast(pa.int64()),
        }
    )
    table = table.filter(pc.is_in(table.column("name"), pa.array(list(services), pa.string())))
    summed = table.group_by(["device", "name"]).aggregate(
        [("count", "sum"), ("first", "min"), ("last", "max")]
    )
    summed = summed.sort_by([("device", "ascending"), ("name", "ascending")])
    result: dict[int, list[NameAsked]] = {}
    for row in summed.to_pylist():
        service = services[row["name"]]
        result.setdefault(row["device"], []).append(
            NameAsked(
                name=row["name"],
                service=service.id,
                maker=service.maker,
                count=row["count_sum"],
                first=moment(row["first_min"]),
                last=moment(row["last_max"]),
            )
        )
    return {device: tuple(each) for device, each in result.items()}


def moment(microseconds: int) -> datetime:
    """Return the time of a number of microseconds since 1970, exactly."""
    return _EPOCH + timedelta(microseconds=microseconds)
