"""Record what people lay down: decisions, states, roles, confirmations, what hangs under what.

Each is one append-only row with who and when; a later row outranks an earlier one, and nothing is
ever edited.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection

from camaudit import __version__
from camaudit.errors import UsageError
from camaudit.model.estate import Device, Resolution
from camaudit.model.ids import ArtefactDigest, DeviceId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Artefact
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.words import DeviceState, JudgementKind, Sensitivity
from camaudit.store import EstateStore

from .estate import need_site, resolve_estate, sites_of
from .identity import naming, without
from .ingest import mint

#: What a decision can come to; "withdrawn" takes an earlier one back.
OUTCOMES: Final = ("remove", "replace", "keep", "extend", "do_not_extend", "withdrawn")
ROLES: Final = ("owner", "operator", "maintainer")


def _add(
    store: EstateStore,
    kind: JudgementKind,
    subject: str,
    body: Mapping[str, Any],
    who: str,
    at: datetime,
) -> None:
    judgement = Judgement(kind=kind, subject=subject, body=body, who=who, recorded_at=at)
    with store.writing() as connection:
        store.add_judgements(connection, [judgement])


def need_device(store: EstateStore, name: str) -> DeviceId:
    """Return a device by its id (any case, any unique beginning), asset id, MAC or address."""
    with store.reading() as connection:
        resolution = _resolution(store, connection)
    folded = name.casefold()
    ids = {d.id.casefold(): d.id for d in resolution.devices}
    former = {old.casefold(): now for old, now in resolution.absorbed.items()}
    exact = ids.get(folded) or former.get(folded)
    if exact is not None:
        return exact
    found = sorted(device.id for device in resolution.devices if _goes_by(device, folded))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no device is called {name!r}; `camaudit devices` lists them")
    raise UsageError(f"{name!r} fits {len(found)} devices: {', '.join(found[:5])}")


def _goes_by(device: Device, folded: str) -> bool:
    names = (*device.asset_ids, *device.macs, *device.addresses)
    return device.id.casefold().startswith(folded) or folded in [n.casefold() for n in names]


def _resolution(store: EstateStore, connection: Connection) -> Resolution:
    return resolve_estate(
        store, connection, store.judgements(connection), store.observations(connection)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a body decided under a clause, for a device, a site, or all sites of a class."""

    policy: str
    requirement: str
    subject: str
    outcome: str
    reason: str
    on: date
    review_on: date | None


def decide(store: EstateStore, decision: Decision, who: str, at: datetime) -> None:
    """Record a decision; ``withdrawn`` takes an earlier one for the same subject back."""
    if decision.outcome not in OUTCOMES:
        raise UsageError(f"{decision.outcome!r} is none of {', '.join(OUTCOMES)}")
    if decision.review_on and decision.review_on < decision.on:
        raise UsageError("the review date is before the decision")
    body = {
        "policy": decision.policy,
        "requirement": decision.requirement,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "on": decision.on.isoformat(),
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
    }
    _add(store, JudgementKind.DECISION, decision.subject, body, who, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An exception that was granted, for a device, a site, or all sites of a class."""

    policy: str
    exception: str
    subject: str
    approver: str
    evidence: str
    reason: str
    on: date
    #: The last day on which it stands; ``None`` where it has no end.
    until: date | None
    withdrawn: bool = False


def waive(store: EstateStore, waiver: Waiver, who: str, at: datetime) -> None:
    """Record an exception; one that is ``withdrawn`` takes an earlier one back."""
    if waiver.until and waiver.until < waiver.on:
        raise UsageError("the last day is before the first")
    body = {
        "policy": waiver.policy,
        "requirement": waiver.exception,
        "outcome": "withdrawn" if waiver.withdrawn else "granted",
        "approver": waiver.approver,
        "evidence": waiver.evidence,
        "reason": waiver.reason,
        "on": waiver.on.isoformat(),
        "review_on": waiver.until.isoformat() if waiver.until else None,
    }
    _add(store, JudgementKind.WAIVER, waiver.subject, body, who, at)


def subject_of(
    store: EstateStore, device: str | None, site: str | None, site_class: str | None
) -> str:
    """Return the subject of a decision, named by exactly one of the three options."""
    if sum(each is not None for each in (device, site, site_class)) != 1:
        raise UsageError("say what it is about: --device, --site or --class")
    if device is not None:
        return f"device:{need_device(store, device)}"
    if site is not None:
        with store.reading() as connection:
            found = need_site(sites_of(store.judgements(connection)), site)
        return f"site:{found.id}"
    return class_subject(site_class or "")


def class_subject(word: str) -> str:
    """Return the subject for all sites of a class."""
    if word not in tuple(Sensitivity):
        raise UsageError(f"{word!r} is none of {', '.join(Sensitivity)}")
    return f"class:{word}"


def set_state(
    store: EstateStore,
    device: DeviceId,
    state: DeviceState,
    on: date,
    evidence: str,
    who: str,
    at: datetime,
) -> None:
    """Record where in its life a device is, from a date on."""
    body = {"state": state.value, "on": on.isoformat(), "evidence": evidence}
    _add(store, JudgementKind.STATE, device, body, who, at)


def set_role(
    store: EstateStore,
    device: DeviceId,
    role: str,
    of: str,
    on: date | None,
    who: str,
    at: datetime,
) -> None:
    """Record who owns, runs or maintains a device."""
    if role not in ROLES:
        raise UsageError(f"{role!r} is none of {', '.join(ROLES)}")
    body = {"role": role, "of": of, "on": on.isoformat() if on else None}
    _add(store, JudgementKind.ROLE, device, body, who, at)


def attach(
    store: EstateStore,
    device: DeviceId,
    recorder: DeviceId,
    channel: str | None,
    who: str,
    at: datetime,
) -> None:
    """Hang an analogue camera under its recorder."""
    if device == recorder:
        raise UsageError("a device cannot hang under itself")
    _add(store, JudgementKind.PARENT, device, {"recorder": recorder, "channel": channel}, who, at)


def confirm_maker(
    store: EstateStore,
    device: DeviceId,
    maker: str,
    evidence: str,
    on: date,
    who: str,
    at: datetime,
) -> None:
    """Record that a person or a document confirms who built a device."""
    body = {"maker": maker, "evidence": evidence, "on": on.isoformat()}
    _add(store, JudgementKind.CONFIRMATION, device, body, who, at)


def erase_device(store: EstateStore, device: DeviceId, reason: str, who: str, at: datetime) -> int:
    """Blank every observation and judgement of a device; return how many rows.

    What stays of each row is its sequence number and salted digest, and a judgement that says who
    erased it and why.
    """
    with store.writing() as connection:
        now = _resolution(store, connection)
        names = {device} | {old for old, new in now.absorbed.items() if new == device}
        about = names | {f"device:{name}" for name in names}
        judgements = store.judgements(connection)
        mine = [j for j in judgements if j.subject in about]
        known = {
            anchor.removeprefix("subject:")
            for judgement in mine
            if judgement.kind is JudgementKind.DEVICE_MINTED
            for anchor in judgement.body["anchors"]
            if anchor.startswith("subject:")
        }
        others = {anchor for each in now.devices if each.id != device for anchor in each.anchors}
        own = {anchor for j in mine for anchor in j.body.get("anchors", ())} - others
        traces = [j for j in naming(judgements, names, own) if j not in mine]
        # those of superseded imports too, but none that another device has by now
        subjects = {name for name in known if now.device_of.get(name, device) == device}
        count = sum(
            store.erase_observations(connection, subject, who, reason, at)
            for subject in sorted(subjects)
        )
        count += store.erase_judgements(connection, [j.seq for j in mine + traces], who, reason, at)
        store.add_judgements(connection, without(traces, own))
    store.scrub()
    return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a person saw."""

    who: str
    on: date
    site: str | None
    place: str
    label: str
    photo: str | None
    asset_id: str | None


def add_sighting(store: EstateStore, sighting: Sighting, at: datetime) -> tuple[DeviceId, int]:
    """Keep a sighting as observations like any other; return its device and how many were added."""
    fields = [
        ("sighting", "who", sighting.who),
        ("sighting", "on", sighting.on.isoformat()),
        ("sighting", "place", sighting.place),
        ("sighting", "label", sighting.label),
        ("sighting", "photo", sighting.photo),
        ("register", "asset_id", sighting.asset_id),
        ("register", "site", sighting.site),
    ]
    kept = [(protocol, name, value) for protocol, name, value in fields if value]
    content = _as_file(kept)
    digest = ArtefactDigest(hashlib.sha256(content).digest())
    artefact = Artefact(
        digest=digest,
        kind="sighting",
        name="sighting",
        collector=f"camaudit {__version__}",
        collected_at=at,
    )
    mapping = hashlib.sha256(b"sighting").digest()
    with store.writing() as connection:
        added = 0
        if store.find_import(connection, digest, mapping) is None:
            seq = store.add_import(connection, artefact, mapping, None, at)
            added = store.add_observations(connection, seq, digest, _batch(kept, sighting.on))
            mint(store, connection, at)
        device = _resolution(store, connection).device_of.get(f"{digest[:8].hex()}/sighting")
    if device is None:
        raise UsageError("the same sighting was erased before; it is not recorded again")
    return device, added


def _as_file(fields: list[tuple[str, str, str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(fields)
    return out.getvalue().encode()


def _batch(fields: list[tuple[str, str, str]], on: date) -> pa.RecordBatch:
    protocols, names, values = zip(*fields, strict=True)
    count = len(fields)
    seen = datetime(on.year, on.month, on.day)  # noqa: DTZ001 -- a day; the column adds UTC
    return pa.RecordBatch.from_arrays(
        [
            pa.array(["sighting"] * count),
            pa.array(protocols).dictionary_encode(),
            pa.array(names).dictionary_encode(),
            pa.array([value.encode() for value in values], pa.binary()),
            pa.array([seen] * count, pa.timestamp("us", tz="UTC")),
            pa.nulls(count, pa.binary(32)),
            pa.array([f"{p}.{n}" for p, n in zip(protocols, names, strict=True)]),
        ],
        schema=OBSERVATIONS,
    )
