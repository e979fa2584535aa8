"""Keep what a capture or flow log shows of devices, and purge it when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection

from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Traffic
from camaudit.model.words import OUTSIDE_KINDS, Kind
from camaudit.store import EstateStore, KeptWatch, watches

from .classifier import Classifier
from .estate import need_site, sites_of
from .minimise import Candidates, LeftOut, minimise
from .packset import PackSet
from .survey import survey_in

#: From this probability on a device is kept as perhaps surveillance equipment. Low on purpose: a
#: camera that is left out is not found, and what is kept of a wrong one is its own traffic.
PERHAPS: Final = 0.5
#: How many days traffic is kept if the operator names no other day.
KEEP_DAYS: Final = 30


def of_capture(batches: Sequence[pa.RecordBatch], packs: PackSet) -> frozenset[str]:
    """Return the hardware addresses that a capture itself shows to be perhaps surveillance."""
    if not batches:
        return frozenset()
    whole = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    found = Classifier(packs)(whole.to_batches()[0])
    wanted = [
        code
        for code, each in enumerate(found.conclusions)
        if _perhaps(each.kind, each.surveillance)
    ]
    chosen = set(wanted)
    names = found.devices.to_pylist()
    return frozenset(
        name for name, code in zip(names, found.codes, strict=True) if int(code) in chosen
    )


def of_estate(
    store: EstateStore, connection: Connection, packs: PackSet, site: str | None
) -> Candidates:
    """Return what the estate knows of surveillance equipment, at a site if one is given."""
    known = survey_in(store, connection, packs)
    macs: set[str] = set()
    addresses: set[str] = set()
    for device in known.devices:
        found = known.attributions[device.id]
        outside = found.kind in OUTSIDE_KINDS or (found.surveillance or 1.0) < PERHAPS
        if outside or (site is not None and device.site not in (site, None)):
            continue
        macs.update(device.macs)
        if site is not None and device.site == site:
            addresses.update(device.addresses)
    return Candidates(macs=macs, addresses=addresses)


def reduced(
    batches: Sequence[pa.RecordBatch], traffic: Traffic, packs: PackSet, known: Candidates
) -> tuple[Traffic, LeftOut]:
    """Return what may be kept of a capture, and how much was left out."""
    seen = of_capture(batches, packs)
    observations = (
        pa.Table.from_batches(batches, OBSERVATIONS) if batches else OBSERVATIONS.empty_table()
    )
    candidates = Candidates(macs=known.macs | seen, addresses=known.addresses)
    return minimise(replace(traffic, observations=observations), candidates)


def joined(first: Traffic, second: Traffic) -> Traffic:
    """Return two parts of one input as one."""
    addresses = {mac: dict(found) for mac, found in first.addresses.items()}
    for mac, found in second.addresses.items():
        mine = addresses.setdefault(mac, {})
        for address, packets in found.items():
            mine[address] = mine.get(address, 0) + packets
    tables = {
        name: pa.concat_tables([getattr(first, name), getattr(second, name)])
        for name in ("conversations", "names", "events", "activity", "observations")
    }
    lost = None if first.lost is None else first.lost + (second.lost or 0)
    return Traffic(
        **tables,
        packets=first.packets + second.packets,
        first=min(filter(None, (first.first, second.first)), default=None),
        last=max(filter(None, (first.last, second.last)), default=None),
        lost=second.lost if lost is None else lost,
        cut=first.cut + second.cut,
        damage=first.damage + second.damage,
        addresses=addresses,
    )


def counts(left_out: LeftOut) -> dict[str, int]:
    """Return the counts by word, as the estate keeps them."""
    return asdict(left_out)


def listed(store: EstateStore, site: str | None) -> list[dict[str, Any]]:
    """Return what there is of each watch, oldest first; ``purged`` ones have no packets."""
    with store.reading() as connection:
        chosen = need_site(sites_of(store.judgements(connection)), site).id if site else None
        found = watches(connection, chosen)
    return [
        {
            "number": each.seq,
            "site": each.site,
            "file": each.name,
            "digest": each.digest.hex(),
            "first": each.started.isoformat() if each.started else None,
            "last": each.ended.isoformat() if each.ended else None,
            "packets": each.traffic.packets if each.traffic else None,
            "left_out": dict(each.left_out),
            "keep_until": each.keep_until.isoformat(),
            "purged": each.traffic is None,
            "content_digest": each.content_digest.hex(),
        }
        for each in found
    ]


def due(found: Iterable[KeptWatch], on: date) -> Iterator[KeptWatch]:
    """Yield the watches whose content should be gone by a day."""
    return (each for each in found if each.traffic is not None and each.keep_until < on)


def purge(
    store: EstateStore,
    on: date,
    who: str,
    reason: str,
    at: datetime,
    *,
    only: frozenset[int] | None = None,
) -> list[int]:
    """Blank the content of watches that are due, or of those named; return their numbers.

    What stays is the row, its days and the salted digest of what it held. Devices and what they
    said of themselves stay in the estate: ``camaudit devices erase`` is for those.
    """
    with store.writing() as connection:
        found = watches(connection)
        chosen = (
            [each.seq for each in due(found, on)]
            if only is None
            else [each.seq for each in found if each.seq in only and each.traffic is not None]
        )
        store.erase_watches(connection, chosen, who, reason, at)
    store.scrub()
    return chosen


def _perhaps(kind: Kind, surveillance: float | None) -> bool:
    if kind in OUTSIDE_KINDS:
        return False
    return kind is not Kind.UNKNOWN or (surveillance or 0.0) >= PERHAPS
