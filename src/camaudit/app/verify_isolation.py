"""The ``isolation verify`` use case: watches and the register in, answers for each device out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from camaudit.errors import SourceError, UsageError
from camaudit.isolation import assess
from camaudit.model.attribution import Attribution
from camaudit.model.estate import Device
from camaudit.model.ids import SiteId
from camaudit.model.isolation import (
    CONFIGURATION,
    WORST_FIRST,
    Contact,
    Isolation,
    Separation,
    Watched,
)
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Problem
from camaudit.model.traffic import Traffic
from camaudit.model.verification import Source, Verification, Verified
from camaudit.model.words import JudgementKind
from camaudit.sources.spec import ReadOptions
from camaudit.store import EstateStore, KeptWatch, watches

from .classifier import Classifier
from .estate import need_site, sites_of
from .formats import open_source
from .minimise import MAX_OWN_ADDRESSES, Candidates
from .packset import PackSet
from .survey import Survey, by_day, survey_in
from .watching import counts, is_candidate, joined, perhaps, reduced, whole, with_rejected
from .zones import Declaration, completed, declared

#: Ours. What lacked of a watch, kept beside an answer in the estate.
_MOST_LACKING: Final = 5


def verify_site(
    store: EstateStore,
    packs: PackSet,
    site: str,
    at: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Verification:
    """Judge the devices of a site by the watches that the estate holds of it.

    Watches that touch the time from ``since`` to ``until`` count as one; purged ones cannot.

    Raises:
        UsageError: There is no such site, or nothing was watched there.
    """
    with store.reading() as connection:
        judgements = store.judgements(connection)
        sites = sites_of(judgements)
        place = need_site(sites, site)
        found = [
            (each, each.traffic)
            for each in watches(connection, place.id)
            if each.traffic is not None and _touches(each, since, until)
        ]
        if not found:
            raise UsageError(
                f"no traffic of site {place.id} is held for that time: `camaudit import FILE "
                f"--site {place.id}`, or `camaudit isolation watches`"
            )
        known = survey_in(store, connection, packs)
    laid_down = declared(judgements, place.id)
    declaration = completed(laid_down, sites, place.id)
    traffic = _one(seen for _, seen in found)
    devices = [each for each in known.devices if each.site == place.id and _is_wanted(known, each)]
    watched = [_watched(each, declaration) for each in devices]
    answers = assess(traffic, watched, declaration.zones, declaration.profile, packs.clouds)
    shown: list[Verified] = []
    not_seen: list[tuple[str, str]] = []
    for device, answer in zip(devices, answers, strict=True):
        label = label_of(device, known.attributions[device.id], packs.names)
        if _was_seen(answer, device, traffic):
            shown.append(_verified(device, known.attributions[device.id], label, answer, packs))
        else:
            not_seen.append((device.id, label))
    left_out: Counter[str] = Counter()
    for each, _ in found:
        left_out.update(each.left_out)
    return Verification(
        site=place.id,
        marking=known.marking,
        pretend=known.pretend,
        at=at,
        sources=tuple(
            _with_late(
                _source(each.name or "", each.digest, seen),
                laid_down.hosts() - _hosts_at(judgements, place.id, each.imported_at),
            )
            for each, seen in found
        ),
        devices=tuple(shown),
        not_seen=tuple(not_seen),
        left_out=dict(left_out),
        core=declaration.zones.core,
        profile=declaration.profile,
        vantage=declaration.profile.vantage,
    )


def verify_files(
    paths: Sequence[Path], packs: PackSet, declaration: Declaration, at: datetime
) -> tuple[Verification, list[Problem]]:
    """Judge the devices that captures show, without an estate; nothing is kept.

    Raises:
        SourceError: A file cannot be read, or is no capture or flow log.
    """
    batches: list[pa.RecordBatch] = []
    parts: list[Traffic] = []
    problems: list[Problem] = []
    sources: list[Source] = []
    for path in paths:
        mine, traffic, told = _read(path, declaration.profile.sentinel)
        batches += mine
        problems += told
        parts.append(traffic)
        sources.append(_source(path.name, b"", traffic))
    hosts = Candidates(
        macs=frozenset(), addresses=declaration.hosts(), networks=declaration.networks()
    )
    traffic, left_out = reduced(batches, _one(parts), packs, hosts)
    verified = _from_capture(traffic, packs, declaration)
    return (
        Verification(
            site=None,
            marking=None,
            pretend=False,
            at=at,
            sources=tuple(sources),
            devices=tuple(verified),
            not_seen=(),
            left_out=counts(left_out),
            core=declaration.zones.core,
            profile=declaration.profile,
            vantage=declaration.profile.vantage,
        ),
        problems,
    )


def keep_answers(store: EstateStore, found: Verification, who: str, at: datetime) -> int:
    """Record the answers, so that rules can be judged by them; return how many."""
    sources = [each.digest for each in found.sources]
    with store.writing() as connection:
        return store.add_judgements(
            connection,
            (
                Judgement(
                    kind=JudgementKind.ISOLATION,
                    subject=device.id,
                    body=_body(device.isolation, sources),
                    who=who,
                    recorded_at=at,
                )
                for device in found.devices
            ),
        )


def changes(store: EstateStore, found: Verification) -> list[str]:
    """Tell, device by device, which answers differ from those that were recorded last."""
    with store.reading() as connection:
        recorded = {
            each.subject: each.body["answers"]
            for each in by_day(store.judgements(connection))
            if each.kind is JudgementKind.ISOLATION and each.body.get("by") != CONFIGURATION
        }
    told = []
    for device in found.devices:
        now = [each.value for each in device.isolation.answers]
        before = recorded.get(device.id)
        if before is not None and before != now:
            told.append(f"{device.name} ({device.id}): {_words(before)}, now {_words(now)}")
    return told


def _words(answers: list[str]) -> str:
    return " and ".join(answers).replace("_", " ")


def label_of(device: Device, found: Attribution, names: dict[str, str]) -> str:
    """Return what people call a device: its asset id, its place, its brand and model."""
    maker = found.brand or found.maker
    what = " ".join(filter(None, (names.get(maker, maker) if maker else None, found.model)))
    parts = [device.asset_ids[0] if device.asset_ids else None, what or None, device.location]
    return ", ".join(filter(None, parts)) or (device.macs or device.addresses or (device.id,))[0]


def _body(answer: Isolation, sources: list[str]) -> dict[str, object]:
    """Return what outlives the traffic: no peer, neither by address nor by name.

    Sentences and contacts name people's hosts. While the traffic is held they are told anew.
    """
    coverage = answer.coverage
    return {
        "answers": [each.value for each in answer.answers],
        "contacts": _by_class(answer.contacts),
        "attempts": _by_class(answer.attempts),
        "unlisted": answer.unlisted,
        "lacking": list(coverage.lacking[:_MOST_LACKING]),
        "first": coverage.first.isoformat() if coverage.first else None,
        "last": coverage.last.isoformat() if coverage.last else None,
        "hours": round(coverage.hours, 2),
        "complete": coverage.complete,
        "core": list(answer.core),
        "sources": sources,
    }


def _by_class(contacts: Iterable[Contact]) -> dict[str, int]:
    return dict(Counter(each.destination.value for each in contacts))


def _touches(watch: KeptWatch, since: datetime | None, until: datetime | None) -> bool:
    starts_after = until is not None and watch.started is not None and watch.started > until
    ends_before = since is not None and watch.ended is not None and watch.ended < since
    return not starts_after and not ends_before


def _one(parts: Iterable[Traffic]) -> Traffic:
    result: Traffic | None = None
    for each in parts:
        result = each if result is None else joined(result, each)
    if result is None:
        raise SourceError("there is no traffic in it")
    return result


def _is_wanted(known: Survey, device: Device) -> bool:
    found = known.attributions[device.id]
    return bool(device.macs or device.addresses) and perhaps(found.kind, found.surveillance)


def _watched(device: Device, declaration: Declaration) -> Watched:
    return Watched(
        device=device.id,
        macs=device.macs,
        addresses=device.addresses,
        unwatched=declaration.unwatched.get(device.id, ()),
    )


def _was_seen(answer: Isolation, device: Device, traffic: Traffic) -> bool:
    if answer.contacts or answer.attempts or answer.asked:
        return True
    return any(mac in traffic.addresses for mac in device.macs)


def _verified(
    device: Device, found: Attribution, label: str, answer: Isolation, packs: PackSet
) -> Verified:
    return Verified(
        id=device.id,
        name=label,
        kind=found.kind.value,
        maker=packs.names.get(found.maker, found.maker) if found.maker else None,
        maker_confidence=found.maker_confidence,
        addresses=device.addresses,
        macs=device.macs,
        isolation=answer,
    )


def _from_capture(traffic: Traffic, packs: PackSet, declaration: Declaration) -> Iterable[Verified]:
    if not traffic.observations.num_rows:
        return
    found = Classifier(packs)(whole(traffic.observations.to_batches()))
    models = found.captured("model").to_pylist()
    chosen: list[tuple[str, int]] = [
        (name, at)
        for at, (name, code) in enumerate(zip(found.devices.to_pylist(), found.codes, strict=True))
        if is_candidate(found.conclusions[int(code)])
    ]
    watched = [
        Watched(
            device=name,
            macs=(name,),
            addresses=_own_addresses(traffic, name),
            unwatched=declaration.unwatched.get(name, ()),
        )
        for name, _ in chosen
    ]
    answers = assess(traffic, watched, declaration.zones, declaration.profile, packs.clouds)
    for (name, at), device, answer in zip(chosen, watched, answers, strict=True):
        one = found.conclusions[int(found.codes[at])]
        maker = packs.names.get(one.maker, one.maker) if one.maker else None
        yield Verified(
            id=name,
            name=" ".join(filter(None, (maker, models[at]))) or name,
            kind=one.kind.value,
            maker=maker,
            maker_confidence=one.maker_confidence,
            addresses=device.addresses,
            macs=device.macs,
            isolation=answer,
        )


def _own_addresses(traffic: Traffic, mac: str) -> tuple[str, ...]:
    found = tuple(sorted(traffic.addresses.get(mac, ())))
    return found if len(found) <= MAX_OWN_ADDRESSES else ()


def _read(path: Path, sentinel: str | None) -> tuple[list[pa.RecordBatch], Traffic, list[Problem]]:
    batches: list[pa.RecordBatch] = []
    parts: list[Traffic] = []
    problems: list[Problem] = []
    try:
        with path.open("rb") as stream, open_source(stream, path.name) as source:
            if not source.spec.traffic:
                raise SourceError(f"is {source.spec.title}: no capture and no flow log")
            for item in source.items(ReadOptions(name=path.name, sentinel=sentinel)):
                if isinstance(item, pa.RecordBatch):
                    batches.append(item)
                elif isinstance(item, Traffic):
                    parts.append(item)
                elif isinstance(item, Problem):
                    problems.append(replace(item, position=f"{path.name}: {item.position}"))
        rejected = [each for each in problems if each.rejected]
        first = rejected[0].position if rejected else ""
        return batches, with_rejected(_one(parts), len(rejected), first), problems
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _hosts_at(judgements: Sequence[Judgement], site: SiteId, at: datetime) -> frozenset[str]:
    return declared([each for each in judgements if each.recorded_at <= at], site).hosts()


def _with_late(source: Source, late: AbstractSet[str]) -> Source:
    """Say of a source that hosts were declared only after it was minimised."""
    if not late:
        return source
    lacks = (
        "read before the sentinel, a recorder or a jump host was declared, so that its traffic was "
        "left out as other people's: import the file again"
    )
    return replace(source, damage=(*source.damage, lacks))


def _source(name: str, digest: bytes, traffic: Traffic) -> Source:
    return Source(
        name=name,
        digest=digest.hex(),
        first=traffic.first,
        last=traffic.last,
        packets=traffic.packets,
        lost=traffic.lost,
        cut=traffic.cut,
        damage=tuple(
            f"{each.what} ({each.count:,}, first at {each.first})" for each in traffic.damage
        ),
    )


def worst(found: Verification) -> Separation | None:
    """Return the answer that decides the exit code: the worst of all devices."""
    answers = {answer for each in found.devices for answer in each.isolation.answers}
    if found.not_seen:
        answers.add(Separation.CANNOT_TELL)
    return next((each for each in WORST_FIRST if each in answers), None)
