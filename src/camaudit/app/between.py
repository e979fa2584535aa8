"""Judge the estate, or a device, on all days between two: once for each day that differs.

Work is bounded by what changes. A device's facts are built once for each day on which they may be
others; rules are compiled once for each day on which they may be; each distinct row of facts is
judged once under each. Days on which nothing changes cost nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import UsageError
from camaudit.model.changes import Cause, Change
from camaudit.model.ids import DeviceId, RequirementId
from camaudit.model.policy import FACTS, Policy, Verdict
from camaudit.model.timeline import Column, Day, History, Move, Reason, Stretch, Timeline
from camaudit.policy import (
    CompiledPolicy,
    compile_policy,
    coverage_changes,
    evaluate,
    explain_rows,
    rule_changes,
)
from camaudit.policy.distinct import distinct_rows
from camaudit.policy.evaluating import fit
from camaudit.policy.kleene import Mask
from camaudit.store import EstateStore

from .assess import Question, need_policy, policies
from .device_changes import DeviceChanges
from .facts import Setting, build_facts
from .packset import PackSet
from .survey import Survey, survey

#: Told what is being done, how much of it is done, and of how much.
Progress: TypeAlias = Callable[[str, int, int], None]

COLUMNS: Final = tuple(Column)
#: Facts that name makers: one, or several between blanks.
_MAKERS: Final = ("device.producer", "device.producer.others")
_Columns: TypeAlias = npt.NDArray[np.int8]


def no_progress(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def assess_between(
    store: EstateStore,
    packs: PackSet,
    question: Question,
    span: tuple[date, date],
    progress: Progress = no_progress,
) -> Timeline:
    """Count verdicts by requirement on the first day, and on each day on which anything changes.

    The rule date and the fact date go along together; ``question`` gives the rest.
    """
    policy = need_policy(policies(packs), question.policy)
    _check(span)
    progress("reading the estate", 0, 1)
    found = survey(store, packs, question.known_at)
    run = _Run(found, packs, policy, question, span, progress)
    return Timeline(
        estate=found.name or store.path.name,
        marking=found.marking,
        pretend=found.pretend,
        policy=policy.id,
        version=policy.version,
        digest=policy.digest,
        known_at=question.known_at,
        since=span[0],
        until=span[1],
        devices=len(found.devices),
        requirements=tuple(rule.id for rule in policy.requirements),
        days=tuple(_Days(run).all()),
    )


def device_history(
    store: EstateStore,
    packs: PackSet,
    question: Question,
    device: DeviceId,
    span: tuple[date | None, date],
) -> History:
    """Return every verdict of a device as intervals of days, with why each began.

    Without a first day it is the one before anything changes.
    """
    policy = need_policy(policies(packs), question.policy)
    found = survey(store, packs, question.known_at)
    if device not in {each.id for each in found.devices}:
        raise UsageError(f"the estate did not know {device} then; try a later --known-at")
    since, until = span
    if since is None:
        since = _day_before_all(found, policy, question, device, until)
    _check((since, until))
    run = _Run(found, packs, policy, question, (since, until), no_progress, device)
    return History(
        estate=found.name or store.path.name,
        marking=found.marking,
        pretend=found.pretend,
        device=device,
        policy=policy.id,
        version=policy.version,
        digest=policy.digest,
        known_at=question.known_at,
        since=since,
        until=until,
        stretches=tuple(_stretches(run)),
    )


def _check(span: tuple[date, date]) -> None:
    if span[1] < span[0]:
        raise UsageError(f"{span[1]} is before {span[0]}: give the earlier day first")


def _day_before_all(
    found: Survey, policy: Policy, question: Question, device: DeviceId, until: date
) -> date:
    setting = Setting(on=until, sensitivity=question.sensitivity)
    changes = DeviceChanges(found, policy, setting)
    days = [each.day for each in rule_changes(policy, date.min, until)]
    days += [each.day for d in found.devices if d.id == device for each in changes.of(d)]
    first = min((day for day in days if date.min < day <= until), default=until)
    return first if first == date.min else first - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A device from a day on, as long as nothing of it changes; ``row`` is its row of facts."""

    device: int
    since: date
    row: int


class _Run:
    """Everything that is judged: devices by pieces of time, and rules by turns."""

    def __init__(
        self,
        found: Survey,
        packs: PackSet,
        policy: Policy,
        question: Question,
        span: tuple[date, date],
        progress: Progress,
        only: DeviceId | None = None,
    ) -> None:
        self.policy, self.span, self.progress = policy, span, progress
        self._makers, self._question = packs.makers.makers, question
        bands = packs.makers.vocabulary.bands
        self._probable = next(band.at_least for band in bands if band.id == "probable")
        self._by_id = {device.id: device for device in found.devices}
        self.devices = [each for each in found.devices if only is None or each.id == only]
        setting = Setting(on=span[0], sensitivity=question.sensitivity)
        changes = DeviceChanges(found, policy, setting)
        #: For each device, what changes of it within the span.
        self.changes: list[tuple[Change, ...]] = [
            tuple(each for each in changes.of(device) if span[0] < each.day <= span[1])
            for device in self.devices
        ]
        # what facts are built from, with no more judgements than they ask
        self._lean = replace(found, judgements=changes.judgements)
        self.facts, self.pieces = self._build(setting)
        #: For each row of facts, the makers that it names.
        self.named = _named(self.facts)
        first = self._compile(span[0])
        only_makers = frozenset[str]().union(*self.named)
        #: What changes in the rules, and in what they cover of the makers at hand.
        self.rules: tuple[Change, ...] = (
            *rule_changes(policy, *span),
            *coverage_changes(policy, self._makers, first.choices, only_makers, *span),
        )
        self.turns = sorted({span[0], *(each.day for each in self.rules)})

    def compiled(self) -> Iterable[CompiledPolicy]:
        """Yield the policy as of each turn."""
        for done, day in enumerate(self.turns):
            self.progress("judging", done, len(self.turns))
            yield self._compile(day)
        self.progress("judging", len(self.turns), len(self.turns))

    def turn_at(self, day: date) -> int:
        """Return which turn a day falls into."""
        return bisect_right(self.turns, day) - 1

    def _compile(self, day: date) -> CompiledPolicy:
        choices = dict(self._question.choices)
        return compile_policy(self.policy, self._makers, at=day, choices=choices)

    def _build(self, setting: Setting) -> tuple[pa.Table, list[_Piece]]:
        """Return the distinct rows of facts, and which device has which from which day on."""
        due: dict[date, list[int]] = {setting.on: list(range(len(self.devices)))}
        for at, changes in enumerate(self.changes):
            for day in dict.fromkeys(each.day for each in changes):
                due.setdefault(day, []).append(at)
        tables = [FACTS.empty_table()]
        owners: list[tuple[int, date]] = []
        for done, (day, group) in enumerate(sorted(due.items())):
            self.progress("collecting facts", done, len(due))
            tables.append(self._rows(group, replace(setting, on=day)))
            owners += [(at, day) for at in group]
        rows, row_of = distinct_rows(fit(pa.concat_tables(tables)))
        pieces = [
            _Piece(device=at, since=day, row=int(row))
            for (at, day), row in zip(owners, row_of, strict=True)
        ]
        return rows, pieces

    def _rows(self, group: Sequence[int], setting: Setting) -> pa.Table:
        """Return a row of facts for each of some devices on a day."""
        asked = [self.devices[at] for at in group]
        here = {device.id for device in asked}
        # what hangs under a recorder is read through it, so recorders come along
        recorders = dict.fromkeys(each.recorder for each in asked if each.recorder is not None)
        along = [self._by_id[r] for r in recorders if r in self._by_id and r not in here]
        resolution = replace(self._lean.resolution, devices=(*asked, *along))
        part = replace(self._lean, resolution=resolution)
        return build_facts(part, self.policy, self._probable, setting).slice(0, len(asked))


def _named(facts: pa.Table) -> list[frozenset[str]]:
    columns = [facts.column(name).to_pylist() for name in _MAKERS if name in facts.column_names]
    return [
        frozenset(word for text in texts if text is not None for word in text.split())
        for texts in zip(*columns, strict=True)
    ]


# ------------------------------------------------------------------------------ the estate


@dataclass(frozen=True, slots=True)
class _Turned:
    """The devices that a day may touch: their rows of facts and columns, before and after."""

    devices: npt.NDArray[np.int64]
    old_rows: npt.NDArray[np.int64]
    new_rows: npt.NDArray[np.int64]
    old: _Columns
    new: _Columns

    @property
    def moved(self) -> Mask:
        return np.not_equal(self.old, self.new)


class _Days:
    """Walks over the days and keeps the counts, touching only what a day may change."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        #: By turn: for each row of facts, its column under each requirement.
        self._columns = [_judge(each, run.facts) for each in run.compiled()]
        self._rules = [rule.id for rule in run.policy.requirements]
        self._row_of = np.zeros(len(run.devices), dtype=np.int64)
        self._counts = np.zeros((len(self._rules), len(COLUMNS)), dtype=np.int64)

    def all(self) -> Iterable[Day]:
        run = self._run
        starts: dict[date, list[_Piece]] = {}
        for piece in run.pieces:
            starts.setdefault(piece.since, []).append(piece)
        rules: dict[date, list[Change]] = {}
        for change in run.rules:
            rules.setdefault(change.day, []).append(change)
        devices: dict[date, list[tuple[int, Change]]] = {}
        for at, changes in enumerate(run.changes):
            for change in changes:
                devices.setdefault(change.day, []).append((at, change))
        for day in sorted({*starts, *rules}):
            turned = self._turn(day, starts.get(day, ()), everybody=day in rules)
            if day == run.span[0]:
                self._count(turned.new, +1)
                yield Day(day=day, counts=self._told(), moves=(), reasons=())
                continue
            self._count(turned.old, -1)
            self._count(turned.new, +1)
            yield Day(
                day=day,
                counts=self._told(),
                moves=tuple(self._moves(turned)),
                reasons=(
                    *(self._of_rule(each, turned) for each in rules.get(day, ())),
                    *self._of_devices(devices.get(day, ()), turned),
                ),
            )

    def _turn(self, day: date, starting: Sequence[_Piece], *, everybody: bool) -> _Turned:
        started = np.array([piece.device for piece in starting], dtype=np.int64)
        touched = np.arange(len(self._row_of)) if everybody else started
        old_rows = self._row_of[touched]
        self._row_of[started] = [piece.row for piece in starting]
        new_rows = self._row_of[touched]
        now = self._run.turn_at(day)
        before = now - 1 if everybody else now
        return _Turned(
            devices=touched,
            old_rows=old_rows,
            new_rows=new_rows,
            old=self._columns[before][old_rows],
            new=self._columns[now][new_rows],
        )

    def _count(self, columns: _Columns, sign: int) -> None:
        for at in range(len(self._rules)):
            self._counts[at] += sign * np.bincount(columns[:, at], minlength=len(COLUMNS))

    def _told(self) -> Mapping[str, Mapping[Column, int]]:
        return {
            rule: {c: int(n) for c, n in zip(COLUMNS, row, strict=True) if n}
            for rule, row in zip(self._rules, self._counts, strict=True)
        }

    def _moves(self, turned: _Turned) -> Iterable[Move]:
        size = len(COLUMNS)
        for at, rule in enumerate(self._rules):
            pairs = turned.old[:, at].astype(np.int64) * size + turned.new[:, at]
            for pair, devices in enumerate(np.bincount(pairs, minlength=size * size)):
                before, after = divmod(pair, size)
                if devices and before != after:
                    yield Move(
                        requirement=rule,
                        before=COLUMNS[before],
                        after=COLUMNS[after],
                        devices=int(devices),
                    )

    def _of_rule(self, change: Change, turned: _Turned) -> Reason:
        moved = self._under(turned.moved, change.requirement)
        if change.makers:
            makers = frozenset(change.makers)
            named = np.array([not makers.isdisjoint(each) for each in self._run.named])
            moved = moved & (named[turned.old_rows] | named[turned.new_rows])
        return _reason(change, (), int(moved.sum()))

    def _of_devices(
        self, changes: Sequence[tuple[int, Change]], turned: _Turned
    ) -> Iterable[Reason]:
        place = {int(device): at for at, device in enumerate(turned.devices)} if changes else {}
        alike: dict[tuple[Cause, str, RequirementId | None], list[tuple[int, Change]]] = {}
        for each in changes:
            key = (each[1].cause, each[1].says, each[1].requirement)
            alike.setdefault(key, []).append(each)
        for (_, _, requirement), group in alike.items():
            moved = self._under(turned.moved, requirement)
            owners = list(dict.fromkeys(at for at, _ in group))
            names = tuple(self._run.devices[at].id for at in owners)
            yield _reason(group[0][1], names, sum(bool(moved[place[at]]) for at in owners))

    def _under(self, moved: Mask, requirement: RequirementId | None) -> Mask:
        """Say which devices moved under a requirement; ``None``: under any."""
        if requirement is None:
            anywhere: Mask = np.logical_or.reduce(moved, axis=1)
            return anywhere
        return moved[:, self._rules.index(requirement)]


def _reason(change: Change, devices: tuple[DeviceId, ...], moved: int) -> Reason:
    return Reason(
        cause=change.cause,
        says=change.says,
        requirement=change.requirement,
        makers=change.makers,
        citations=change.citations,
        devices=devices,
        moved=moved,
    )


def _judge(compiled: CompiledPolicy, facts: pa.Table) -> _Columns:
    """Return the column of each row of facts under each requirement; the rows are distinct."""
    verdicts = evaluate(compiled, facts).verdicts
    words = verdicts.column("verdict").combine_chunks().cast(pa.string())
    outstanding = pa.scalar(Column.OUTSTANDING.value)
    told = pc.if_else(verdicts.column("outstanding").combine_chunks(), outstanding, words)
    order = pa.array([column.value for column in COLUMNS])
    numbers = pc.index_in(told, value_set=order).to_numpy(zero_copy_only=False)
    columns: _Columns = numbers.astype(np.int8)
    return columns.reshape(len(compiled.requirements), facts.num_rows).T


# ------------------------------------------------------------------------------ one device


def _stretches(run: _Run) -> Iterable[Stretch]:
    """Yield the intervals of each requirement, those of one requirement after another."""
    starts = {piece.since: piece.row for piece in run.pieces}
    days = sorted({*starts, *run.turns})
    compiled = list(run.compiled())
    judged: list[tuple[date, int, tuple[Verdict, ...]]] = []
    row = 0
    for day in days:
        row = starts.get(day, row)
        as_of = replace(compiled[run.turn_at(day)], at=day)
        (verdicts,) = explain_rows(as_of, run.facts.slice(row, 1))
        judged.append((day, row, verdicts))
    for at in range(len(run.policy.requirements)):
        yield from _of_requirement(run, at, judged)


def _of_requirement(
    run: _Run, at: int, judged: Sequence[tuple[date, int, tuple[Verdict, ...]]]
) -> Iterable[Stretch]:
    kept = [
        number
        for number, (_, _, verdicts) in enumerate(judged)
        if number == 0 or _answer(verdicts[at]) != _answer(judged[number - 1][2][at])
    ]
    for number, after in zip(kept, [*kept[1:], None], strict=True):
        day, row, verdicts = judged[number]
        verdict = verdicts[at]
        yield Stretch(
            requirement=verdict.requirement,
            since=day,
            until=judged[after][0] - timedelta(days=1) if after is not None else None,
            verdict=verdict.verdict,
            outstanding=verdict.outstanding,
            strength=verdict.strength,
            basis=verdict.basis,
            sentence=verdict.sentence,
            reasons=_reasons(run, verdict, day, (judged[number - 1][1], row)) if number else (),
        )


def _answer(verdict: Verdict) -> object:
    """Return what makes a verdict another one."""
    return verdict.verdict, verdict.outstanding, verdict.strength, verdict.basis


def _reasons(run: _Run, verdict: Verdict, day: date, rows: tuple[int, int]) -> tuple[Change, ...]:
    named = run.named[rows[0]] | run.named[rows[1]]
    found = tuple(
        change
        for change in (*run.rules, *run.changes[0])
        if change.day == day
        and change.requirement in (None, verdict.requirement)
        and (not change.makers or not named.isdisjoint(change.makers))
    )
    if found:
        return found
    before, after = (run.facts.slice(row, 1).to_pylist()[0] for row in rows)
    others = ", ".join(name for name in before if before[name] != after[name])
    says = f"other facts: {others}" if others else "the rule is read otherwise from this day"
    return (Change(day=day, cause=Cause.FACTS, says=says),)
