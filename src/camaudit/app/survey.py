"""What an estate looks like at a date of knowledge: devices, and who made each one.

Everything here is recomputed from observations, judgements and packs; nothing is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from sqlalchemy import Connection

from camaudit.estate import Dating, date_installation
from camaudit.model.attribution import Attribution, Evidence
from camaudit.model.estate import Device, Resolution
from camaudit.model.ids import BodyId, DeviceId, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Body, Site
from camaudit.model.words import BodyKind, JudgementKind
from camaudit.store import EstateStore

from .classifier import Tally
from .collect import Collector
from .estate import bodies_of, listed_on, resolve_estate, sites_of
from .packset import PackSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The estate, resolved and attributed."""

    resolution: Resolution
    attributions: dict[DeviceId, Attribution]
    evidence: dict[DeviceId, list[Evidence]]
    datings: dict[DeviceId, Dating]
    bodies: dict[BodyId, Body]
    sites: dict[SiteId, Site]
    #: Folded id or name of a body -> its kind.
    body_kinds: dict[str, BodyKind]
    #: What else those bodies are that are of several kinds, by the same names.
    body_also: dict[str, tuple[BodyKind, ...]]
    #: Who built a device, where a person or a document has confirmed it.
    confirmed: dict[DeviceId, Judgement]
    #: What watches showed of a device's separation, oldest first.
    isolations: dict[DeviceId, list[Judgement]]
    judgements: list[Judgement]
    #: When each file was first imported, by the prefix of its subjects.
    listed_on: dict[str, date]
    tally: Tally
    #: What the operator calls the estate.
    name: str | None
    marking: str | None
    pretend: bool

    @property
    def devices(self) -> tuple[Device, ...]:
        """Return the devices, ordered by id."""
        return self.resolution.devices


def survey(
    store: EstateStore,
    packs: PackSet,
    known_at: datetime | None = None,
) -> Survey:
    """Resolve and attribute the whole estate."""
    with store.reading() as connection:
        return survey_in(store, connection, packs, known_at)


def survey_in(
    store: EstateStore,
    connection: Connection,
    packs: PackSet,
    known_at: datetime | None = None,
) -> Survey:
    """Do the same within a transaction that is open already."""
    judgements = store.judgements(connection, known_at)
    batches = list(store.observations(connection, known_at))
    resolution = resolve_estate(store, connection, judgements, batches, known_at)
    collector = Collector(packs)
    for batch in batches:
        collector.add(_by_device(batch, resolution.device_of))
    evidence = {DeviceId(name): found for name, found in collector.devices()}
    listed = listed_on(store, connection, known_at)
    found = packs.attributor.attribute_many(
        [evidence.get(device.id, []) for device in resolution.devices],
        [_made_about(device) for device in resolution.devices],
    )
    attributions = dict(zip((device.id for device in resolution.devices), found, strict=True))
    bodies = bodies_of(judgements)
    doubts = _serial_doubts(resolution.devices, attributions)
    return Survey(
        resolution=resolution,
        attributions=attributions,
        evidence=evidence,
        datings={
            device.id: _dating(device, attributions[device.id], doubts.get(device.id), listed)
            for device in resolution.devices
        },
        bodies=bodies,
        sites=sites_of(judgements),
        body_kinds={body.name.casefold(): body.kind for body in bodies.values()}
        | {body.id.casefold(): body.kind for body in bodies.values()},
        body_also={
            name.casefold(): body.also
            for body in bodies.values()
            if body.also
            for name in (body.name, body.id)
        },
        confirmed={
            resolution.current(DeviceId(j.subject)): j
            for j in judgements
            if j.kind is JudgementKind.CONFIRMATION
        },
        isolations=_isolations(resolution, judgements),
        judgements=judgements,
        listed_on=listed,
        tally=collector.tally,
        name=store.get(connection, "name"),
        marking=store.get(connection, "marking"),
        pretend=store.get(connection, "pretend") == "yes",
    )


def _isolations(
    resolution: Resolution, judgements: list[Judgement]
) -> dict[DeviceId, list[Judgement]]:
    found: dict[DeviceId, list[Judgement]] = {}
    for judgement in by_day(judgements):
        if judgement.kind is JudgementKind.ISOLATION:
            found.setdefault(resolution.current(DeviceId(judgement.subject)), []).append(judgement)
    return found


def by_day(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return judgements in the order in which they became known: a restated one keeps its day."""
    return sorted(judgements, key=lambda each: each.recorded_at)


def _by_device(batch: pa.RecordBatch, device_of: dict[str, DeviceId]) -> pa.RecordBatch:
    coded = batch.column("device").dictionary_encode()
    names = pa.array([device_of[name] for name in coded.dictionary.to_pylist()], pa.string())
    at = batch.schema.get_field_index("device")
    return batch.set_column(at, batch.schema.field(at), names.take(coded.indices))


def _made_about(device: Device) -> date | None:
    """Return a day near which the unit was made or bought, if any is known."""
    for interval in (device.invoiced, device.installed):
        if interval and interval.not_after:
            return interval.not_after
    return None


def _serial_doubts(
    devices: tuple[Device, ...], attributions: dict[DeviceId, Attribution]
) -> dict[DeviceId, str]:
    """Say of which devices the serial number is not to be trusted, and why."""
    serials = Counter(each.serial for each in attributions.values() if each.serial)
    doubts: dict[DeviceId, str] = {}
    for device in devices:
        found = attributions[device.id]
        if found.serial is None or found.made_on is None:
            continue
        if serials[found.serial] > 1:
            doubts[device.id] = f"{serials[found.serial]} devices have that number"
        elif device.first_seen and device.first_seen.date() < found.made_on:
            doubts[device.id] = f"the device was seen before that, on {device.first_seen.date()}"
    return doubts


def _dating(
    device: Device, found: Attribution, doubt: str | None, listed: dict[str, date]
) -> Dating:
    days = [listed[prefix] for s in device.subjects if (prefix := s.partition("/")[0]) in listed]
    return date_installation(
        installed=device.installed,
        invoiced=device.invoiced,
        first_seen=device.first_seen,
        listed_on=min(days, default=None),
        made_on=found.made_on,
        built_on=found.built_on,
        serial_doubt=doubt,
    )
