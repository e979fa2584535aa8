"""Compare two scans of the estate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from camaudit.errors import UsageError
from camaudit.estate import Difference, Look, compare
from camaudit.estate.compare import TOLD
from camaudit.model.batches import rows_by_field
from camaudit.model.estate import Resolution
from camaudit.model.ids import DeviceId
from camaudit.model.scan import Reach
from camaudit.sources.scan.targets import AddressSet
from camaudit.store import EstateStore, KeptScan, scans

from .estate import resolve_estate

_ADDRESS = "ip.address"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanDiff:
    """Two scans, and what became of each device."""

    before: str
    after: str
    at: tuple[datetime, datetime]
    differences: tuple[Difference, ...]
    #: Devices that both scans saw alike.
    unchanged: int


def scan_diff(store: EstateStore, first: str | None, second: str | None) -> ScanDiff:
    """Compare two scans by their names; without names the last two of one site."""
    with store.reading() as connection:
        kept = scans(connection)
        before, after = _chosen(kept, first, second)
        judgements = store.judgements(connection)
        batches = list(store.observations(connection))
        resolution = resolve_estate(store, connection, judgements, batches)
    looks = {
        each.record.run: _looks(each.prefix, batches, resolution)
        for each in kept
        if each.record.started <= max(before.record.started, after.record.started)
    }
    old, new = looks[before.record.run], looks[after.record.run]
    ahead = [e for e in kept if e.record.started < before.record.started]
    earlier = frozenset(device for each in ahead for device in looks[each.record.run])
    differences = compare(old, new, earlier, _reach(after))
    touched = {each.device for each in differences}
    return ScanDiff(
        before=before.record.run,
        after=after.record.run,
        at=(before.record.started, after.record.started),
        differences=differences,
        unchanged=len((old.keys() & new.keys()) - touched),
    )


def _chosen(
    kept: list[KeptScan], first: str | None, second: str | None
) -> tuple[KeptScan, KeptScan]:
    by_run = {each.record.run: each for each in kept}
    for name in (first, second):
        if name is not None and name not in by_run:
            raise UsageError(f"no scan is called {name!r}; `camaudit scan list` shows them")
    if first is not None and second is not None:
        return by_run[first], by_run[second]
    after = by_run[first] if first is not None else kept[-1] if kept else None
    if after is None:
        raise UsageError("the estate holds no scan yet: camaudit scan --site SITE")
    if first is not None:
        # one name: what has changed since then
        later = [e for e in kept if _same_site(e, after) and e is not after]
        later = [e for e in later if e.record.started > after.record.started]
        if not later:
            raise UsageError(f"there is no later scan of the same site than {first}")
        return after, later[-1]
    ahead = [e for e in kept if _same_site(e, after) and e is not after]
    if not ahead:
        raise UsageError("there is only one scan of this site; scan again to compare")
    return ahead[-1], after


def _same_site(one: KeptScan, other: KeptScan) -> bool:
    return bool(one.record.body["site"] == other.record.body["site"])


def _looks(
    prefix: str, batches: Iterable[pa.RecordBatch], resolution: Resolution
) -> dict[DeviceId, Look]:
    """Return what one scan saw of each device."""
    addresses: dict[DeviceId, set[str]] = {}
    fields: dict[DeviceId, dict[str, set[str]]] = {}
    for batch in batches:
        for protocol, name, rows in rows_by_field(batch):
            key = f"{protocol}.{name}"
            if key != _ADDRESS and key not in TOLD:
                continue
            where = pa.array(rows)
            subjects = batch.column("device").take(where).to_pylist()
            values = batch.column("value").take(where).to_pylist()
            for subject, value in zip(subjects, values, strict=True):
                if not subject.startswith(f"{prefix}/"):
                    continue
                device = resolution.device_of[subject]
                text = value.decode("utf-8", "replace")
                if key == _ADDRESS:
                    addresses.setdefault(device, set()).add(text)
                else:
                    fields.setdefault(device, {}).setdefault(key, set()).add(text)
    return {
        device: Look(
            addresses=frozenset(addresses.get(device, ())),
            fields={key: frozenset(found) for key, found in fields.get(device, {}).items()},
        )
        for device in addresses.keys() | fields.keys()
    }


def _reach(scan: KeptScan) -> Callable[[str], Reach | None]:
    reached = [
        (Reach(reach), AddressSet.parse(ranges)) for reach, _, ranges in scan.record.body["reached"]
    ]

    def reach(address: str) -> Reach | None:
        return next((each for each, addresses in reached if address in addresses), None)

    return reach
