"""Say where a pack that replaces a shipped one asks less than the one that it replaces.

What cannot be told by comparing the two is said too: a rule must not be weakened unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from camaudit.model.policy import (
    Check,
    Condition,
    DeadlineKind,
    Group,
    Named,
    Not,
    Operator,
    Policy,
    Reach,
    Requirement,
    RuleState,
    Test,
)
from camaudit.model.words import Strength, VerdictCode

from .changes import bounds, day_after, state_of
from .comparing import NO, OPEN, YES, Clause, TooManyError, conjuncts, find_weaker, tests_of

#: How hard a strength presses; of two with the same number neither is the weaker.
PRESSES: Final = {
    Strength.MUST_NOT: 4,
    Strength.MUST: 4,
    Strength.SHOULD: 3,
    Strength.CONSIDER: 2,
    Strength.MAY: 1,
    Strength.INFORMATION: 0,
}
_HOLDS: Final = {RuleState.IN_FORCE: YES, RuleState.UNKNOWN: OPEN}
_REACHES: Final = tuple(Reach)
_FORCES: Final = ("reputational", "advisory", "internal", "binding")
_OPTIONS: Final = {"not_covered": NO, "unknown": OPEN, "covered": YES}
_DEADLINES: Final = {DeadlineKind.NONE: 0, DeadlineKind.TARGET: 1, DeadlineKind.LEGAL: 2}
_LOST: Final = {
    (YES, NO): "no longer asks anything",
    (YES, OPEN): "can no longer be decided",
    (OPEN, NO): "no longer stays open",
}


def weakened(shipped: Policy, overlay: Policy) -> tuple[str, ...]:
    """Return in sentences what ``overlay`` asks less of than ``shipped``; empty: nothing.

    By requirement: removed, lower strength, later or shorter validity, fewer makers, fewer kinds of
    equipment, wider exceptions, narrower conditions; each pack with its choices at their defaults.
    """
    rules = {rule.id: rule for rule in overlay.requirements}
    found: dict[str, list[str]] = {}
    for rule in shipped.requirements:
        other = rules.get(rule.id)
        texts = (
            ["it is removed"]
            if other is None
            else [
                *_instrument(shipped, overlay, rule),
                *_strength(shipped, rule, overlay, other),
                *_days(shipped, rule, overlay, other),
                *_deadline(rule, other),
                *_makers(shipped, overlay, rule),
                *_exceptions(shipped, overlay, rule),
                *_check(rule, other),
                *_conditions(shipped, rule, overlay, other),
            ]
        )
        for text in texts:
            found.setdefault(text, []).append(rule.id)
    return tuple(
        f"{'requirement' if len(ids) == 1 else 'requirements'} {', '.join(ids)}: {text}"
        for text, ids in found.items()
    )


def _instrument(shipped: Policy, overlay: Policy, rule: Requirement) -> Iterator[str]:
    if overlay.tests != shipped.tests:
        yield f"it tests {overlay.tests} instead of {shipped.tests}"
    if _FORCES.index(overlay.legal_force) < _FORCES.index(shipped.legal_force):
        yield f"its legal force is {overlay.legal_force} instead of {shipped.legal_force}"
    kinds = [each for each in shipped.equipment_kinds if each not in overlay.equipment_kinds]
    if kinds and rule.check is Check.AUTOMATED:
        yield f"it no longer counts as equipment: {', '.join(kinds)}"
    if overlay.usual_body != shipped.usual_body:
        yield (
            f"orders that name no body are judged for {overlay.usual_body} instead of "
            f"{shipped.usual_body}"
        )


# ------------------------------------------------------------------------------- strength


def _strength(
    shipped: Policy, rule: Requirement, overlay: Policy, other: Requirement
) -> Iterator[str]:
    days = {date.min, *(each.since for r in (rule, other) for each in r.described_as)}
    for day in sorted(days):
        was, now = _pressing(shipped, rule, day), _pressing(overlay, other, day)
        if PRESSES[now] < PRESSES[was]:
            since = "" if day == date.min else f" from {day}"
            yield f"its strength is {now.value} instead of {was.value}{since}"
            return


def _pressing(policy: Policy, rule: Requirement, day: date) -> Strength:
    choices = _defaults(policy)
    described = [each.strength for each in rule.described_as if each.since <= day]
    if described and choices.get(rule.strength_choice or "") == "as_described":
        return described[-1]
    return rule.strength


def _defaults(policy: Policy) -> Mapping[str, str]:
    return {choice.id: choice.default for choice in policy.choices}


# ----------------------------------------------------------------------------------- days


def _days(shipped: Policy, rule: Requirement, overlay: Policy, other: Requirement) -> Iterator[str]:
    validities = (shipped.validity, rule.validity, overlay.validity, other.validity)
    days = sorted({date.min, *(day for each in validities if each for day in bounds(each))})
    lost: list[tuple[date, date | None, str]] = []
    for start, after in (*pairwise(days), (days[-1], None)):
        was, now = state_of(shipped, rule, start)[0], state_of(overlay, other, start)[0]
        if _HOLDS.get(now, NO) < _HOLDS.get(was, NO):
            end = after - timedelta(days=1) if after else None
            words = f"{now.value.replace('_', ' ')} instead of {was.value.replace('_', ' ')}"
            if lost and day_after(lost[-1][1]) == start and lost[-1][2] == words:
                lost[-1] = (lost[-1][0], end, words)
            else:
                lost.append((start, end, words))
    for start, end, words in lost:
        yield f"it is {words} {f'from {start} to {end}' if end else f'from {start} on'}"


def _deadline(rule: Requirement, other: Requirement) -> Iterator[str]:
    was, now = rule.deadline, other.deadline
    if was.day is None:
        return
    if now.day is None or now.day > was.day:
        yield f"its date is {now.day or 'left out'} instead of {was.day}"
    if _DEADLINES[now.kind] < _DEADLINES[was.kind]:
        yield f"its date is of the kind {now.kind.value} instead of {was.kind.value}"


# --------------------------------------------------------------------------------- makers


def _makers(shipped: Policy, overlay: Policy, rule: Requirement) -> Iterator[str]:
    groups = {group.id: group for group in overlay.groups}
    asked = _groups_asked(rule)
    for group in shipped.groups:
        if group.id not in asked:
            continue
        other = groups.get(group.id)
        if other is None:
            yield f"the makers of “{group.id}” are gone"
            continue
        yield from (
            f"“{group.id}” {text}"
            for text in _narrower(group, _defaults(shipped), other, _defaults(overlay))
        )


def _groups_asked(rule: Requirement) -> frozenset[str]:
    parts = (*rule.scope, *rule.forbidden, *((rule.met_by,) if rule.met_by else ()))
    return frozenset(
        str(test.value)
        for part in parts
        for test in tests_of(part.when)
        if test.operator is Operator.IN_GROUP
    )


def _narrower(
    group: Group, choices: Mapping[str, str], other: Group, others: Mapping[str, str]
) -> Iterator[str]:
    was, now = _codes(group, choices), _codes(other, others)
    if bool(was) != bool(now):
        yield "covers makers by another test: which ones it loses cannot be told by comparing"
        return
    for code, status in was.items():
        if now.get(code, NO) < status:
            words = {NO: "no longer covers", OPEN: "leaves open whether it covers"}
            yield f"{words[now.get(code, NO)]} companies incorporated in {code}"
    yield from _names(group.named, other.named)
    if _REACHES.index(other.reach) < _REACHES.index(group.reach):
        yield f"reaches {other.reach.value} makers only, instead of {group.reach.value} ones"
    day, other_day = _owned_on(group, choices), _owned_on(other, others)
    if day != other_day:
        yield f"asks who owned a maker {other_day} instead of {day}: what that loses depends"


def _codes(group: Group, choices: Mapping[str, str]) -> dict[str, int]:
    opened = {code: _OPTIONS[choices[choice]] for code, choice in group.open_codes}
    return opened | dict.fromkeys(group.incorporated_in, YES)


def _owned_on(group: Group, choices: Mapping[str, str]) -> str:
    return choices[group.owned_on].replace("_", " ") if group.owned_on else "today"


def _names(was: Sequence[Named], now: Sequence[Named]) -> Iterator[str]:
    for each in was:
        spans = sorted(
            (other.since or date.min, other.until or date.max)
            for other in now
            if other.maker == each.maker
        )
        if not spans:
            yield f"no longer names {each.maker}"
        elif not _within((each.since or date.min, each.until or date.max), spans):
            yield f"names {each.maker} later or for a shorter time"


def _within(span: tuple[date, date], spans: Sequence[tuple[date, date]]) -> bool:
    """Say whether every day of a span lies in one of the others, which are sorted."""
    wanted: date | None = span[0]
    for start, end in spans:
        if wanted is not None and start <= wanted <= end:
            wanted = day_after(end)
    return wanted is None or wanted > span[1]


# ----------------------------------------------------------------------------- exceptions


def _exceptions(shipped: Policy, overlay: Policy, rule: Requirement) -> Iterator[str]:
    known = {each.id: each for each in shipped.exceptions if rule.id in each.applies_to}
    for each in overlay.exceptions:
        if rule.id not in each.applies_to:
            continue
        if each.id not in known:
            yield f"it has one exception more: {each.title}"
        elif (known[each.id].expires or date.max) < (each.expires or date.max):
            yield (
                f"the exception “{each.title}” can be used until "
                f"{each.expires or 'any day'} instead of {known[each.id].expires}"
            )


# ----------------------------------------------------------------------------- conditions


def _check(rule: Requirement, other: Requirement) -> Iterator[str]:
    if other.action != rule.action:
        yield f"it asks to {other.action} instead of to {rule.action}".replace("_", " ")
    if rule.check is Check.AUTOMATED and other.check is Check.MANUAL:
        yield "it is no longer decided by facts but left to a person"
    silenced = other.manual_verdict is VerdictCode.NOT_APPLICABLE
    if rule.manual_verdict is VerdictCode.CANNOT_TELL and silenced:
        yield "it says not applicable instead of cannot tell"


def _conditions(
    shipped: Policy, rule: Requirement, overlay: Policy, other: Requirement
) -> Iterator[str]:
    if Check.MANUAL in {rule.check, other.check}:
        return
    words = {fact.name: fact for fact in (*overlay.facts, *shipped.facts)}
    was, now = _clause(rule, shipped), _clause(other, overlay)
    try:
        found = find_weaker(was, now, words)
    except TooManyError:
        yield "its conditions are others: whether it asks less cannot be told by comparing"
        return
    if found is not None:
        where = " and ".join(found.where)
        yield f"it {_LOST[found.before, found.after]}" + (f" where {where}" if where else "")


def _clause(rule: Requirement, policy: Policy) -> Clause:
    """Return what a rule asks; stated exceptions are left out, they are compared by name."""
    choices = _defaults(policy)
    stated = {f"exception.{each.id}" for each in policy.exceptions if rule.id in each.applies_to}
    scope = [
        part
        for part in rule.scope
        if not (isinstance(part.when, Not) and _asks_only(part.when.part, stated))
    ]
    state = [part.when for part in rule.forbidden]
    if rule.met_by:
        state.append(Not(part=rule.met_by.when))
    return Clause(
        scope=conjuncts((part.when for part in scope), choices),
        state=conjuncts(state, choices),
        first=conjuncts((part.when for part in scope if part.settle_first), choices),
    )


def _asks_only(condition: Condition, facts: set[str]) -> bool:
    return isinstance(condition, Test) and condition.fact in facts
