"""Verdicts over time: the days on which anything changes, and what changes on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from camaudit.errors import UsageError
from camaudit.model.ids import DeviceId
from camaudit.model.policy import Policy, Validity, Verdict
from camaudit.model.words import JudgementKind, TieKind
from camaudit.store import EstateStore

from .assess import Assessment, Question, judge_survey, need_policy, policies
from .judge import need_device
from .packset import PackSet
from .survey import Survey, survey

#: Ours. Days that are judged; more are a question for a table and not for a screen.
MAX_DAYS: Final = 366
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day on which counts differ from those before; ``counts`` is by requirement and verdict."""

    day: date
    counts: Counter[tuple[str, str]]
    #: What happens on that day, in words.
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days, both included, on which a device's verdict under a requirement was the same."""

    requirement: str
    start: date
    end: date
    verdict: Verdict


def moments_between(
    store: EstateStore, packs: PackSet, question: Question, span: tuple[date, date]
) -> list[Moment]:
    """Survey an estate and return the moments between two days, both included."""
    policy = need_policy(policies(packs), question.policy)
    found = survey(store, packs, question.known_at)
    return list(counts_between(found, policy, packs, question, *span))


def history_of(
    store: EstateStore, packs: PackSet, question: Question, device: str, span: tuple[date, date]
) -> list[Span]:
    """Survey an estate and return a device's verdicts between two days."""
    policy = need_policy(policies(packs), question.policy)
    found = survey(store, packs, question.known_at)
    return history(found, policy, packs, question, need_device(store, device), span)


def counts_between(
    survey: Survey, policy: Policy, packs: PackSet, question: Question, start: date, end: date
) -> Iterator[Moment]:
    """Yield the first day and each later one on which any count changes.

    Raises:
        UsageError: ``end`` is before ``start``, or there are more than ``MAX_DAYS`` such days.
    """
    before: Counter[tuple[str, str]] | None = None
    for day, because in _days(survey, policy, packs, start, end):
        counts = _counts(_at(survey, policy, packs, question, day))
        if counts != before:
            yield Moment(day=day, counts=counts, because=because)
        before = counts


def history(
    survey: Survey,
    policy: Policy,
    packs: PackSet,
    question: Question,
    device: DeviceId,
    span: tuple[date, date],
) -> list[Span]:
    """Return a device's verdicts as intervals of days, by requirement."""
    at = [each.id for each in survey.devices].index(device)
    found: dict[str, list[Span]] = {}
    for day, _ in _days(survey, policy, packs, *span):
        for verdict in _at(survey, policy, packs, question, day).verdicts_of(at):
            spans = found.setdefault(str(verdict.requirement), [])
            if spans:
                spans[-1] = replace(spans[-1], end=day - _DAY)
            if spans and _same(spans[-1].verdict, verdict):
                continue
            spans.append(
                Span(requirement=str(verdict.requirement), start=day, end=span[1], verdict=verdict)
            )
    return [
        replace(each, end=after.start - _DAY if after else span[1])
        for spans in found.values()
        for each, after in zip(spans, [*spans[1:], None], strict=True)
    ]


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.verdict, one.outstanding, one.strength) == (
        other.verdict,
        other.outstanding,
        other.strength,
    )


def _at(
    survey: Survey, policy: Policy, packs: PackSet, question: Question, day: date
) -> Assessment:
    return judge_survey(survey, policy, packs, replace(question, rules_on=day, facts_on=day))


def _counts(assessment: Assessment) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row, devices in Counter(assessment.rows).items():
        for verdict in assessment.verdicts[row]:
            counts[str(verdict.requirement), verdict.verdict.value] += devices
    return counts


def _days(
    survey: Survey, policy: Policy, packs: PackSet, start: date, end: date
) -> list[tuple[date, tuple[str, ...]]]:
    """Return the days on which something may change, and what; the first day is among them."""
    if end < start:
        raise UsageError(f"--between {start} {end}: the second day is before the first")
    because: dict[date, dict[str, None]] = {start: {}}
    for day, says in (*_of_policy(policy), *_of_makers(packs), *_of_estate(survey)):
        if day is not None and start < day <= end:
            because.setdefault(day, {})[says] = None
    if len(because) > MAX_DAYS:
        raise UsageError(
            f"something changes on {len(because)} days between {start} and {end}; ask about fewer"
        )
    return [(day, tuple(because[day])) for day in sorted(because)]


def _of_policy(policy: Policy) -> Iterator[tuple[date | None, str]]:
    yield from _of_validity(policy.validity, policy.title)
    for rule in policy.requirements:
        if rule.validity is not None:
            yield from _of_validity(rule.validity, rule.title)
        for described in rule.described_as:
            yield described.since, f"{rule.title}: described as {described.strength}"
        if rule.deadline.announced:
            yield rule.deadline.announced, f"{rule.title}: a date is announced"


def _of_validity(validity: Validity, name: str) -> Iterator[tuple[date | None, str]]:
    yield validity.in_force_from, f"{name}: in force"
    yield _after(validity.in_force_to), f"{name}: ended"
    for paused in validity.suspended:
        yield paused.start, f"{name}: suspended"
        yield _after(paused.end), f"{name}: no longer suspended"
    for each in validity.contested:
        yield each.start, f"{name}: contested"
        yield _after(each.end), f"{name}: no longer contested"


def _of_makers(packs: PackSet) -> Iterator[tuple[date | None, str]]:
    for maker in packs.makers.makers:
        for tie in maker.ties:
            if tie.tie is TieKind.OWNED_BY:
                yield tie.from_date, f"{maker.names[0]} passes to {tie.to}"
                yield _after(tie.to_date), f"{maker.names[0]} leaves {tie.to}"


def _of_estate(survey: Survey) -> Iterator[tuple[date | None, str]]:
    for device in survey.devices:
        interval = survey.datings[device.id].interval
        yield interval.not_before, "devices may have arrived"
        yield interval.not_after, "devices were there"
        for change in device.states:
            yield change.on, f"devices become {change.state.value.replace('_', ' ')}"
        for role in device.roles:
            yield role.on, "devices change hands"
    for judgement in survey.judgements:
        if judgement.kind in {JudgementKind.DECISION, JudgementKind.WAIVER}:
            what = "decision" if judgement.kind is JudgementKind.DECISION else "exception"
            yield date.fromisoformat(judgement.body["on"]), f"a {what} is recorded"
            if judgement.body.get("review_on"):
                yield _after(date.fromisoformat(judgement.body["review_on"])), f"a {what} lapses"


def _after(day: date | None) -> date | None:
    return day + _DAY if day is not None and day < date.max else None


def changes(moments: Sequence[Moment]) -> list[Counter[tuple[str, str]]]:
    """Return by how much each count differs from the moment before."""
    result: list[Counter[tuple[str, str]]] = []
    before: Counter[tuple[str, str]] = Counter()
    for moment in moments:
        change = Counter(moment.counts)
        change.subtract(before)
        result.append(Counter({key: count for key, count in change.items() if count}))
        before = moment.counts
    return result
