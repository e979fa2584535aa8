"""On which days a rule, or what it covers, is otherwise than on the day before, and why.

A day here is the first on which something is so: a rule that ends on 31 May has ended on 1 June.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from camaudit.model.changes import Cause, Change
from camaudit.model.ids import RequirementId
from camaudit.model.packs import Maker
from camaudit.model.policy import Contested, Group, Policy, Requirement, RuleState, Validity
from camaudit.model.words import TieKind

from .compiling import state_at
from .coverage import Coverage, cover
from .kleene import FALSE, TRUE, UNKNOWN

_CAUSES: Final = {
    RuleState.NOT_YET: Cause.RULE_ENDED,
    RuleState.ENDED: Cause.RULE_ENDED,
    RuleState.SUSPENDED: Cause.RULE_SUSPENDED,
    RuleState.UNKNOWN: Cause.RULE_CONTESTED,
}


def day_after(day: date | None) -> date | None:
    """Return the next day; ``None`` after the last one that there is, or of none."""
    return None if day is None or day == date.max else day + timedelta(days=1)


def bounds(validity: Validity) -> Iterator[date]:
    """Yield the days from which a validity may be in another state."""
    yield validity.in_force_from
    spans: list[tuple[date | None, date | None]] = [(None, validity.in_force_to)]
    spans += [(each.start, each.end) for each in validity.suspended]
    spans += [(each.start, each.end) for each in validity.contested]
    for start, end in spans:
        yield from filter(None, (start, day_after(end)))


def state_of(
    policy: Policy, requirement: Requirement, at: date
) -> tuple[RuleState, Contested | None]:
    """Return how a requirement stands on a day: on its own days, of those of the instrument."""
    states = [
        state_at(each, at) for each in (policy.validity, requirement.validity) if each is not None
    ]
    for state, why in states:
        if state in {RuleState.NOT_YET, RuleState.ENDED, RuleState.SUSPENDED}:
            return state, why
    return next((each for each in states if each[0] is RuleState.UNKNOWN), states[0])


def rule_changes(policy: Policy, since: date, until: date) -> tuple[Change, ...]:
    """Return what changes in the rules after ``since``, and until ``until`` at the latest."""
    found = [
        *_validity_changes(policy.validity, "the instrument", None),
        *(
            change
            for rule in policy.requirements
            for change in (
                *(
                    _validity_changes(rule.validity, f"requirement {rule.id}", rule.id)
                    if rule.validity
                    else ()
                ),
                *_described(rule),
                *_deadlines(rule),
            )
        ),
        *(
            Change(
                day=day,
                cause=Cause.EXCEPTION_ENDED,
                says=f"{each.title} can be used no longer",
                requirement=name,
                citations=each.citations,
            )
            for each in policy.exceptions
            for name in each.applies_to
            if (day := day_after(each.expires)) is not None
        ),
    ]
    return tuple(sorted((c for c in found if since < c.day <= until), key=lambda c: c.day))


def _validity_changes(
    validity: Validity, what: str, requirement: RequirementId | None
) -> Iterator[Change]:
    for day in sorted(set(bounds(validity))):
        if day == date.min:
            continue
        before, now = state_at(validity, day - timedelta(days=1)), state_at(validity, day)
        if before == now:
            continue
        state, contested = now
        began = Cause.RULE_BEGAN if before[0] is RuleState.NOT_YET else Cause.RULE_RESUMED
        yield Change(
            day=day,
            cause=_CAUSES.get(state, began),
            says=contested.says if contested else f"{what} {_in_words(state, before[0])}",
            requirement=requirement,
            citations=contested.citations if contested else (),
        )


def _in_words(state: RuleState, before: RuleState) -> str:
    if state is RuleState.IN_FORCE:
        return "is in force" if before is RuleState.NOT_YET else "is in force again"
    return _STATES[state]


_STATES: Final = {
    RuleState.NOT_YET: "is not in force yet",
    RuleState.SUSPENDED: "is suspended",
    RuleState.ENDED: "is no longer in force",
    RuleState.UNKNOWN: "may or may not be in force",
}


def _described(rule: Requirement) -> Iterator[Change]:
    for each in rule.described_as:
        yield Change(
            day=each.since,
            cause=Cause.RULE_DESCRIBED,
            says=each.says,
            requirement=rule.id,
            citations=each.citations,
        )


def _deadlines(rule: Requirement) -> Iterator[Change]:
    deadline = rule.deadline
    if deadline.day is None:
        return
    days = ((deadline.announced, "is announced"), (day_after(deadline.day), "has passed"))
    for day, what in days:
        if day is not None:
            yield Change(
                day=day,
                cause=Cause.DEADLINE,
                says=f"the {deadline.kind.value} date {deadline.day} of requirement {rule.id} "
                f"{what}",
                requirement=rule.id,
                citations=deadline.citations,
            )


def coverage_changes(
    policy: Policy,
    makers: Iterable[Maker],
    choices: Mapping[str, str],
    only: Collection[str],
    since: date,
    until: date,
) -> tuple[Change, ...]:
    """Return on which days a policy covers some of the makers ``only`` otherwise than before.

    ``choices``: each of the policy's, as it was made.
    """
    known = tuple(makers)
    by_id = {str(maker.id): maker for maker in known}
    asked = [slug for slug in by_id if slug in only]
    found: list[Change] = []
    for group in policy.groups:
        days = sorted(day for day in group_days(group, known) if since < day <= until)
        before = cover(known, group, choices, since)
        for day in days:
            now = cover(known, group, choices, day)
            changed = [slug for slug in asked if _status(before, slug) != _status(now, slug)]
            found += _told(group, by_id, changed, now, day)
            before = now
    return tuple(sorted(found, key=lambda each: each.day))


def group_days(group: Group, makers: Sequence[Maker]) -> set[date]:
    """Return the days from which a group may cover others: lists and ownership."""
    ends = [(each.since, each.until) for each in group.named]
    ends += [
        (tie.from_date, tie.to_date)
        for maker in makers
        for tie in maker.ties
        if tie.tie is TieKind.OWNED_BY
    ]
    return {day for start, end in ends for day in (start, day_after(end)) if day is not None}


def _status(coverage: Coverage, slug: str) -> object:
    """Return what decides of a maker: its status on the day, or over all days of ownership."""
    if coverage.owned_on == "today":
        return int(coverage.today[slug])
    if slug in coverage.changes:
        days, statuses = coverage.changes[slug]
        return days, tuple(map(int, statuses))
    return int(coverage.today[slug])


def _told(
    group: Group, makers: Mapping[str, Maker], changed: Sequence[str], now: Coverage, day: date
) -> Iterator[Change]:
    """Yield one change for all makers of which the same is to be said."""
    listed = {each.maker for each in group.named if day in (each.since, day_after(each.until))}
    alike: dict[tuple[Cause, int, tuple[str, ...]], list[str]] = {}
    for slug in changed:
        above = _above(slug, makers)
        ties = tuple(text for name in above for text in _turned(makers[name], makers, day))
        cause = Cause.OWNERSHIP if listed.isdisjoint(above) else Cause.LISTING
        alike.setdefault((cause, int(now.today[slug]), ties), []).append(slug)
    for (cause, status, ties), slugs in alike.items():
        names = ", ".join(makers[slug].names[0] for slug in slugs)
        because = f", for {'; '.join(ties)}" if ties else ""
        yield Change(
            day=day,
            cause=cause,
            says=f"{names}: {_STATUSES[status]} by “{group.id}”{because}",
            makers=tuple(slugs),
        )


def _above(slug: str, makers: Mapping[str, Maker]) -> tuple[str, ...]:
    """Return a maker and whoever is said to own it on any day, the nearest first."""
    found = [slug]
    for name in found:
        found += [
            tie.to
            for tie in makers[name].ties
            if tie.tie is TieKind.OWNED_BY and tie.to in makers and tie.to not in found
        ]
    return tuple(dict.fromkeys(found))


def _turned(maker: Maker, makers: Mapping[str, Maker], day: date) -> Iterator[str]:
    """Yield which ownerships of a maker begin on a day, and which ended the day before."""
    for tie in maker.ties:
        if tie.tie is not TieKind.OWNED_BY:
            continue
        owner = makers[tie.to].names[0] if tie.to in makers else tie.to
        if tie.from_date == day:
            yield f"{maker.names[0]} belongs to {owner} from then on"
        elif day_after(tie.to_date) == day:
            yield f"{maker.names[0]} belonged to {owner} until the day before"


_STATUSES: Final = {
    int(TRUE): "covered",
    int(FALSE): "not covered",
    int(UNKNOWN): "whether covered is open",
}
