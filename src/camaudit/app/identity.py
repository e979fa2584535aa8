"""Say by hand which devices are one, and which are two; and tell how a device came to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from camaudit.errors import UsageError
from camaudit.estate import Files, gather, identify, resolve
from camaudit.estate.rulings import (
    RULINGS,
    Merge,
    Split,
    merge_body,
    ruling_of,
    split_body,
    undone,
)
from camaudit.estate.subjects import Subject
from camaudit.model.estate import Resolution
from camaudit.model.ids import DeviceId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site
from camaudit.model.words import JudgementKind
from camaudit.store import EstateStore

from .estate import files_of, sites_of
from .ingest import mint

#: Names shown where a part fits nothing.
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A subject that is now another device."""

    subject: str
    before: DeviceId
    after: DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What a merge, split or undoing comes to; ``seq`` is ``None`` for a dry run."""

    device: DeviceId
    seq: int | None
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One merge or split in the history of a device."""

    seq: int
    kind: str
    says: str
    who: str
    on: datetime
    reason: str
    #: Who took it back, when and why.
    undone: tuple[str, datetime, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a device goes and went by, and what people ruled on it."""

    device: DeviceId
    former: tuple[DeviceId, ...]
    #: (anchor, since when, whether something still bears it)
    anchors: tuple[tuple[str, datetime, bool], ...]
    steps: tuple[Step, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Estate:
    """Everything that identity is computed from, read once."""

    subjects: Mapping[str, Subject]
    judgements: list[Judgement]
    sites: list[Site]
    files: Files
    secret: bytes

    def resolved(self, *more: Judgement) -> Resolution:
        """Return the devices, with further judgements."""
        known = [*self.judgements, *more]
        return resolve(self.subjects, known, self.sites, self.files, self.secret)

    def keys(self) -> dict[str, list[str]]:
        """Return the keys of each subject."""
        found = identify(self.subjects, self.judgements, self.sites, self.files, self.secret)
        return found.keys.of

    def next_seq(self) -> int:
        return max((j.seq for j in self.judgements), default=0) + 1


def _read(store: EstateStore, connection: Connection) -> _Estate:
    judgements = store.judgements(connection)
    return _Estate(
        gather(store.observations(connection)),
        judgements,
        list(sites_of(judgements).values()),
        files_of(store, connection),
        store.secret(connection),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who rules, why and when; a dry run only shows what would change."""

    who: str
    at: datetime
    reason: str
    dry_run: bool = False


def merge(store: EstateStore, one: DeviceId, other: DeviceId, by: By) -> Ruled:
    """Make two devices one, which goes by the id of the first."""
    if one == other:
        raise UsageError(f"{one} is one device already")

    def rule(_estate: _Estate, before: Resolution) -> Judgement:
        body = merge_body(before.devices, (one, other), by.reason)
        return _judgement(JudgementKind.MERGED, one, body, by)

    with _ruling(store, by, rule) as (ruled, after):
        if after.current(one) != after.current(other):
            raise UsageError(f"{one} and {other} have nothing left that they could be merged by")
    return ruled


def split(store: EstateStore, device: DeviceId, part: Sequence[str], by: By) -> Ruled:
    """Make the part of a device that bears keys, or is named by subjects, a device of its own."""
    members: set[str] = set()

    def rule(estate: _Estate, before: Resolution) -> Judgement:
        keys = estate.keys()
        mine = [name for name, of in before.device_of.items() if of == device]
        members.update(_members(part, mine, keys))
        rest = set(mine) - members
        if not rest:
            raise UsageError(f"that is the whole of {device}; name what does not belong to it")
        return _judgement(
            JudgementKind.SPLIT, device, split_body(keys, members, rest, by.reason), by
        )

    with _ruling(store, by, rule) as (ruled, after):
        if any(after.device_of[name] == device for name in members):
            raise UsageError(
                f"{device} and the part cannot be told apart by what they are known by"
            )
    return ruled


def undo(store: EstateStore, seq: int, by: By) -> Ruled:
    """Take a merge or a split back; it stays on record."""

    def rule(estate: _Estate, _before: Resolution) -> Judgement:
        found = next((j for j in estate.judgements if j.seq == seq and j.kind in RULINGS), None)
        if found is None:
            raise UsageError(
                f"{seq} is no merge or split; `camaudit devices history DEVICE` has their numbers"
            )
        if seq in undone(estate.judgements):
            raise UsageError(f"{seq} was undone before")
        device = DeviceId(found.subject)
        return _judgement(JudgementKind.UNDONE, device, {"seq": seq, "reason": by.reason}, by)

    with _ruling(store, by, rule) as (ruled, _after):
        return ruled


def history(store: EstateStore, device: DeviceId) -> History:
    """Return the ids, anchors, merges and splits of a device."""
    with store.reading() as connection:
        estate = _read(store, connection)
    now = estate.resolved()
    found = next(each for each in now.devices if each.id == device)
    names = {device, *(old for old, new in now.absorbed.items() if new == device)}
    since: dict[str, datetime] = {}
    for judgement in estate.judgements:
        if judgement.kind is JudgementKind.DEVICE_MINTED and judgement.subject in names:
            for anchor in judgement.body["anchors"]:
                since.setdefault(anchor, judgement.recorded_at)
    return History(
        device=device,
        former=tuple(sorted(names - {device})),
        anchors=tuple((a, at, a in found.anchors) for a, at in since.items()),
        steps=tuple(_steps(estate.judgements, names, set(since) | set(found.anchors))),
        remarks=found.remarks,
    )


def rulings_on(
    judgements: Sequence[Judgement], names: set[DeviceId], anchors: set[str]
) -> Iterator[Judgement]:
    """Yield the merges and splits that name devices or anchors, the oldest first."""
    for judgement in judgements:
        if judgement.kind in RULINGS:
            ruling = ruling_of(judgement)
            if isinstance(ruling, Merge):
                named = {name for name, _ in ruling.devices}
                told = {anchor for _, mine in ruling.devices for anchor in mine}
            else:
                named, told = {ruling.device}, {*ruling.part, *ruling.rest}
            if named & names or told & anchors:
                yield judgement


def naming(
    judgements: Sequence[Judgement], names: set[DeviceId], anchors: set[str]
) -> Iterator[Judgement]:
    """Yield what other judgements tell of a device: rulings, and anchors that were others'."""
    yield from rulings_on(judgements, names, anchors)
    for judgement in judgements:
        minted = judgement.kind is JudgementKind.DEVICE_MINTED
        if minted and not anchors.isdisjoint(judgement.body["anchors"]):
            yield judgement


def without(judgements: Iterable[Judgement], anchors: set[str]) -> Iterator[Judgement]:
    """Yield what to mint again of devices when anchors that they no longer have are erased."""
    for judgement in judgements:
        if judgement.kind is JudgementKind.DEVICE_MINTED:
            left = [anchor for anchor in judgement.body["anchors"] if anchor not in anchors]
            if left:
                yield replace(judgement, body={"anchors": left}, seq=0)


def _steps(
    judgements: Sequence[Judgement], names: set[DeviceId], anchors: set[str]
) -> Iterator[Step]:
    taken_back = undone(judgements)
    for judgement in rulings_on(judgements, names, anchors):
        ruling = ruling_of(judgement)
        back = taken_back.get(judgement.seq)
        yield Step(
            seq=judgement.seq,
            kind=judgement.kind.value,
            says=_says(ruling),
            who=judgement.who,
            on=judgement.recorded_at,
            reason=judgement.body["reason"],
            undone=(back.who, back.recorded_at, back.body["reason"]) if back else None,
        )


def _says(ruling: Merge | Split) -> str:
    if isinstance(ruling, Merge):
        return " and ".join(name for name, _ in ruling.devices) + " are one device"
    return f"{', '.join(ruling.part)} is not {ruling.device}"


def _judgement(kind: JudgementKind, subject: str, body: Mapping[str, Any], by: By) -> Judgement:
    return Judgement(kind=kind, subject=subject, body=body, who=by.who, recorded_at=by.at)


@contextmanager
def _ruling(
    store: EstateStore, by: By, rule: Callable[[_Estate, Resolution], Judgement]
) -> Iterator[tuple[Ruled, Resolution]]:
    """Lay a ruling down and yield what it changes; what the caller raises takes it back."""
    with store.reading() if by.dry_run else store.writing() as connection:
        estate = _read(store, connection)
        before = estate.resolved()
        judgement = rule(estate, before)
        seq: int | None = None
        if by.dry_run:
            after = estate.resolved(replace(judgement, seq=estate.next_seq()))
        else:
            store.add_judgements(connection, [judgement])
            mint(store, connection, by.at)
            estate = _read(store, connection)
            after = estate.resolved()
            seq = max(j.seq for j in estate.judgements if j.kind is judgement.kind)
        device = after.current(DeviceId(judgement.subject))
        yield Ruled(device=device, seq=seq, moves=tuple(_moves(before, after))), after


def _moves(before: Resolution, after: Resolution) -> Iterator[Move]:
    for subject, old in before.device_of.items():
        new = after.device_of[subject]
        if new != old:
            yield Move(subject=subject, before=old, after=new)


def _members(
    part: Sequence[str], mine: Sequence[str], keys: Mapping[str, Sequence[str]]
) -> set[str]:
    """Return the subjects of a device that words name: subjects, keys, or what keys are of."""
    members: set[str] = set()
    for word in part:
        found = {name for name in mine if word.casefold() in _words(name, keys[name])}
        if not found:
            known = sorted({key for name in mine for key in (f"subject:{name}", *keys[name])})
            raise UsageError(
                f"no part of the device is called {word!r}; it is known by "
                f"{', '.join(known[:_SHOWN])}"
            )
        members |= found
    return members


def _words(name: str, keys: Sequence[str]) -> set[str]:
    words = {name, f"subject:{name}", name.partition("/")[2]}
    for key in keys:
        kind, _, value = key.partition(":")
        words |= {key, value}
        if kind in ("site", "asset"):
            words.add(value.partition("/")[2])
    return {word.casefold() for word in words if word}
