"""What a scan reached, subnet by subnet, read back from the estate."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from camaudit.errors import UsageError
from camaudit.model.scan import Reach, ScanRecord
from camaudit.sources.scan.targets import AddressSet
from camaudit.store import EstateStore, scans

from .estate import resolve_estate

#: Subnets are told by these prefixes: what people plan IPv4 and IPv6 networks in.
_PREFIX: Final = {4: 24, 6: 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One scan, told."""

    run: str
    record: ScanRecord
    #: Subnet -> how many of its addresses came to each reach.
    subnets: tuple[tuple[str, dict[Reach, int]], ...]
    #: Reach, reason, ranges.
    told: tuple[tuple[Reach, str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    #: Reason, ranges: devices that were asked no further, whether or not they had answered.
    stopped: tuple[tuple[str, str], ...]
    elsewhere: str
    troubles: tuple[dict[str, Any], ...]
    withheld: tuple[str, ...]
    faults: tuple[str, ...]
    #: Recorders that the scan saw: device, declared channels, devices seen that hang under it.
    recorders: tuple[tuple[str, int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return everything that the estate keeps of the scan, and the subnets."""
        return {
            "run": self.run,
            "started": self.record.started,
            "ended": self.record.ended,
            **self.record.body,
            "recorders": [
                {"device": device, "channels_declared": declared, "channels_seen": seen}
                for device, declared, seen in self.recorders
            ],
            "subnets": [
                {"subnet": subnet, **{reach.value: counts.get(reach, 0) for reach in Reach}}
                for subnet, counts in self.subnets
            ],
        }


def scans_of(store: EstateStore) -> list[ScanRecord]:
    """Return the scans that an estate holds, oldest first."""
    with store.reading() as connection:
        return [kept.record for kept in scans(connection)]


def coverage(store: EstateStore, run: str | None) -> Coverage:
    """Return a scan by its name, or the last one."""
    with store.reading() as connection:
        found = [kept for kept in scans(connection) if run is None or kept.record.run == run]
        if not found:
            raise UsageError(
                "no such scan; `camaudit scan list` shows those of the estate"
                if run
                else "the estate holds no scan yet: camaudit scan --site SITE"
            )
        batches = list(store.observations(connection))
        devices = resolve_estate(store, connection, store.judgements(connection), batches).devices
    prefix = f"{found[-1].prefix}/"
    recorders = tuple(
        (device.id, device.channels_declared, device.channels_seen)
        for device in devices
        if device.channels_declared and any(s.startswith(prefix) for s in device.subjects)
    )
    return replace(tell(found[-1].record), recorders=recorders)


def tell(record: ScanRecord) -> Coverage:
    """Put a scan's record into the shape that is shown."""
    body = record.body
    told = tuple((Reach(reach), reason, ranges) for reach, reason, ranges in body["reached"])
    counts: dict[str, dict[Reach, int]] = {}
    for reach, _, ranges in told:
        for subnet, number in _by_subnet(AddressSet.parse(ranges)):
            mine = counts.setdefault(subnet, {})
            mine[reach] = mine.get(reach, 0) + number
    return Coverage(
        run=record.run,
        record=record,
        subnets=tuple(sorted(counts.items(), key=lambda item: _order(item[0]))),
        told=told,
        left_out=tuple((ranges, reason) for ranges, reason in body["left_out"]),
        stopped=tuple((reason, ranges) for reason, ranges in body["stopped"]),
        elsewhere=body["elsewhere"],
        troubles=tuple(each for each in body["searches"] if each["trouble"]),
        withheld=tuple(body["withheld"]),
        faults=tuple(body["faults"]),
    )


def _by_subnet(addresses: AddressSet) -> Iterator[tuple[str, int]]:
    for first, last in addresses.ranges():
        bits = first.max_prefixlen - _PREFIX[first.version]
        for block in range(int(first) >> bits, (int(last) >> bits) + 1):
            start = max(int(first), block << bits)
            end = min(int(last), ((block + 1) << bits) - 1)
            network = ipaddress.ip_network((type(first)(block << bits), _PREFIX[first.version]))
            yield str(network), end - start + 1


def _order(subnet: str) -> tuple[int, int]:
    network = ipaddress.ip_network(subnet)
    return network.version, int(network.network_address)
