"""Keep what a capture or flow log shows of devices, and purge it when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection

from camaudit.model.attribution import Conclusion
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage, Traffic
from camaudit.model.words import OUTSIDE_KINDS, JudgementKind, Kind
from camaudit.store import EstateStore, KeptWatch, watches

from .classifier import Classifier
from .estate import need_site, sites_of
from .free_text import plain
from .minimise import MAX_OWN_ADDRESSES, Candidates, LeftOut, minimise
from .packset import PackSet
from .survey import survey_in
from .zones import completed, declared

#: From this probability on a device is kept as perhaps surveillance equipment. Low on purpose: a
#: camera that is left out is not found, and what is kept of a wrong one is its own traffic.
PERHAPS: Final = 0.5
REJECTED: Final = "records that were rejected"
#: How many days traffic is kept if the operator names no other day.
KEEP_DAYS: Final = 30


def of_capture(batches: Sequence[pa.RecordBatch], packs: PackSet) -> frozenset[str]:
    """Return the hardware addresses that a capture itself shows to be perhaps surveillance."""
    if not any(each.num_rows for each in batches):
        return frozenset()
    found = Classifier(packs)(whole(batches))
    chosen = {code for code, each in enumerate(found.conclusions) if is_candidate(each)}
    names = found.devices.to_pylist()
    return frozenset(
        name for name, code in zip(names, found.codes, strict=True) if int(code) in chosen
    )


def of_estate(
    store: EstateStore, connection: Connection, packs: PackSet, site: str | None
) -> Candidates:
    """Return what the estate knows of surveillance equipment.

    Hardware addresses count wherever they turn up. Addresses mean something at their site only;
    with it come the hosts that its declaration names: recorders, jump hosts, the sentinel.
    """
    known = survey_in(store, connection, packs)
    macs: set[str] = set()
    addresses: set[str] = set()
    owners: dict[str, set[str]] = {}
    anybody: set[str] = set()
    networks: tuple[str, ...] = ()
    if site is not None:
        place = need_site(known.sites, site).id
        declaration = completed(declared(known.judgements, place), known.sites, place)
        networks = declaration.networks()
        anybody |= declaration.hosts()
        addresses |= anybody
    for device in known.devices:
        found = known.attributions[device.id]
        if not perhaps(found.kind, found.surveillance):
            continue
        macs.update(device.macs)
        if site is not None and device.site == place:
            addresses.update(device.addresses)
            for address in device.addresses:
                owners.setdefault(address, set()).update(device.macs)
            if not device.macs:
                anybody.update(device.addresses)
    known_of = {address: found for address, found in owners.items() if address not in anybody}
    return Candidates(macs=macs, addresses=addresses, owners=known_of, networks=networks)


def reduced(
    batches: Sequence[pa.RecordBatch], traffic: Traffic, packs: PackSet, known: Candidates
) -> tuple[Traffic, LeftOut]:
    """Return what may be kept of a capture, and how much was left out."""
    seen = of_capture(batches, packs)
    observations = (
        pa.Table.from_batches(batches, OBSERVATIONS) if batches else OBSERVATIONS.empty_table()
    )
    candidates = replace(known, macs=known.macs | seen)
    kept, left_out = minimise(replace(traffic, observations=observations), candidates)
    kept = replace(kept, observations=plain(kept.observations, packs))
    return replace(kept, observations=_with_presence(kept)), left_out


def _with_presence(traffic: Traffic) -> pa.Table:
    """Return the observations, and that each device was on the wire, under which addresses."""
    rows = [
        (mac, *word, value.encode())
        for mac, found in sorted(traffic.addresses.items())
        for word, value in (
            *([(("capture", "packets"), str(sum(found.values())))] if found else []),
            *((("ip", "address"), address) for address in sorted(found)[:MAX_OWN_ADDRESSES]),
        )
    ]
    if not rows:
        return traffic.observations
    devices, protocols, fields, values = zip(*rows, strict=True)
    columns = [
        pa.array(devices, pa.string()),
        pa.array(protocols).dictionary_encode(),
        pa.array(fields).dictionary_encode(),
        pa.array(values, pa.binary()),
        pa.array([traffic.last] * len(rows), pa.timestamp("us", tz="UTC")),
        pa.nulls(len(rows), pa.binary(32)),
        pa.nulls(len(rows), pa.string()),
    ]
    more = pa.Table.from_arrays(columns, schema=OBSERVATIONS)
    return pa.concat_tables([traffic.observations, more]).unify_dictionaries()


def joined(first: Traffic, second: Traffic) -> Traffic:
    """Return two parts of one input as one."""
    addresses = {mac: dict(found) for mac, found in first.addresses.items()}
    for mac, found in second.addresses.items():
        mine = addresses.setdefault(mac, {})
        for address, packets in found.items():
            mine[address] = mine.get(address, 0) + packets
    tables = {
        name: pa.concat_tables([getattr(first, name), getattr(second, name)])
        for name in ("conversations", "names", "events", "activity", "observations", "heard")
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
        carried={
            mac: max(first.carried.get(mac, 0), second.carried.get(mac, 0))
            for mac in {*first.carried, *second.carried}
        },
        beyond={
            host: tuple(sorted({*first.beyond.get(host, ()), *second.beyond.get(host, ())}))
            for host in {*first.beyond, *second.beyond}
        },
    )


def with_rejected(traffic: Traffic, rejected: int, first: str) -> Traffic:
    """Return traffic in which what its reader rejected counts as damage that hides contacts."""
    if not rejected:
        return traffic
    damage = Damage(what=REJECTED, count=rejected, first=first, hides=True)
    return replace(traffic, damage=(*traffic.damage, damage))


def counts(left_out: LeftOut) -> dict[str, int]:
    """Return the counts by word, as the estate keeps them."""
    return asdict(left_out)


def listed(store: EstateStore, site: str | None) -> list[dict[str, Any]]:
    """Return what there is of each watch, oldest first; ``purged`` ones have no packets."""
    with store.reading() as connection:
        chosen = need_site(sites_of(store.judgements(connection)), site).id if site else None
        found = watches(connection, chosen, superseded=True)
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
            "superseded": each.superseded,
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
    said of themselves stay in the estate: ``camaudit devices erase`` is for those. Answers that
    rest on it stay too, without the sentences that earlier versions kept with them.
    """
    with store.writing() as connection:
        found = watches(connection, superseded=True)
        chosen = (
            [each.seq for each in due(found, on)]
            if only is None
            else [each.seq for each in found if each.seq in only and each.traffic is not None]
        )
        store.erase_watches(connection, chosen, who, reason, at)
        gone = {each.digest.hex() for each in found if each.traffic is None or each.seq in chosen}
        _restate(store, connection, gone, who, reason, at)
    store.scrub()
    return chosen


def _restate(
    store: EstateStore,
    connection: Connection,
    gone: AbstractSet[str],
    who: str,
    reason: str,
    at: datetime,
) -> None:
    """Lay answers down anew, of their own day, without the sentences that name people's hosts.

    Estates of before 26 November 2026 have such answers; those of a probe name the device alone.
    """
    told = [
        each
        for each in store.judgements(connection)
        if each.kind is JudgementKind.ISOLATION
        and "because" in each.body
        and "by" not in each.body
        and not gone.isdisjoint(each.body["sources"])
    ]
    store.add_judgements(
        connection,
        (
            replace(
                each,
                body={name: said for name, said in each.body.items() if name != "because"}
                | {"restates": each.seq},
            )
            for each in told
        ),
    )
    store.erase_judgements(connection, [each.seq for each in told], who, reason, at)


def whole(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Return batches as one, for rows of one device may stand in several."""
    table = pa.Table.from_batches(batches, OBSERVATIONS).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]


def is_candidate(found: Conclusion) -> bool:
    """Tell whether something may be surveillance equipment, so that its traffic is kept."""
    return perhaps(found.kind, found.surveillance)


def perhaps(kind: Kind, surveillance: float | None) -> bool:
    """Tell the same of a kind and of the probability that it is surveillance at all."""
    if kind in OUTSIDE_KINDS:
        return False
    return kind is not Kind.UNKNOWN or (surveillance or 0.0) >= PERHAPS
