"""Find rules that contradict themselves or each other before anybody is judged by them.

Only what is certain from the file is refused: conditions that no facts can fulfil together, two
clauses of which one is always broken, and a maker that a list names twice on one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Final

from camaudit.errors import PackError
from camaudit.model.policy import (
    AllOf,
    Condition,
    FactType,
    FactWord,
    Named,
    Not,
    Operator,
    Policy,
    Requirement,
    Test,
)
from camaudit.model.words import VerdictCode

from .strict import Path

_FLAGS: Final = frozenset({FactType.FLAG, FactType.CONNECTION, FactType.RECORD})
_DAYS: Final = frozenset({FactType.DATE, FactType.INTERVAL})


def check_contradictions(policy: Policy, error: Callable[[Path, str], PackError]) -> None:
    """Refuse a pack that contradicts itself; ``error`` makes an error from a path and a message."""
    for group in policy.groups:
        if (twice := _named_twice(group.named)) is not None:
            raise error(
                ("entities", group.id, "named", twice),
                "this maker is named on some of these days already",
            )
    facts = {fact.name: fact for fact in policy.facts}
    for at, rule in enumerate(policy.requirements):
        if fact := _never_applies(rule, facts):
            raise error(
                ("requirements", at),
                f"asks two things of {fact} that cannot both be, so it would never apply: "
                "look at its parts and at those of the whole pack",
            )
    if pair := _opposites(policy.requirements):
        first, second = (policy.requirements[at].id for at in pair)
        raise error(
            ("requirements", pair[1]),
            f"{second} forbids what {first} asks for, so one of them is always broken",
        )


def _never_applies(rule: Requirement, facts: Mapping[str, FactWord]) -> str | None:
    """Return the fact of which a rule's conditions ask two things that cannot both be, if any."""
    asked: dict[str, list[tuple[Test, bool]]] = {}
    for part in (*rule.scope, *rule.forbidden):
        for test, holds in _together(part.when):
            asked.setdefault(test.fact, []).append((test, holds))
    return next((name for name, tests in asked.items() if _cannot_all_be(facts[name], tests)), None)


def _opposites(rules: Sequence[Requirement]) -> tuple[int, int] | None:
    """Return two rules that apply alike, of which one forbids just what the other asks for."""
    binding = [(at, each) for at, each in enumerate(rules) if VerdictCode.BREACHES in each.can_give]
    for (first, one), (second, other) in combinations(binding, 2):
        alike = one.validity == other.validity and _scope(one) == _scope(other)
        if alike and _opposite(_forbidden(one), _forbidden(other)):
            return first, second
    return None


def _named_twice(named: Sequence[Named]) -> int | None:
    """Return the place of a maker that stands in a list twice on one day, if there is one."""
    for (_, one), (at, other) in combinations(enumerate(named), 2):
        starts = max(one.since or date.min, other.since or date.min)
        ends = min(one.until or date.max, other.until or date.max)
        if one.maker == other.maker and starts <= ends:
            return at
    return None


def _together(condition: Condition) -> Iterator[tuple[Test, bool]]:
    """Give the questions that must all be answered so, yes or no, for a condition to hold."""
    match condition:
        case Test():
            yield condition, True
        case Not(part=Test() as test):
            yield test, False
        case AllOf(parts=parts):
            for part in parts:
                yield from _together(part)
        case _:
            return


def _cannot_all_be(fact: FactWord, tests: Iterable[tuple[Test, bool]]) -> bool:
    asked = list(tests)
    present = {
        (test.value is True) is holds for test, holds in asked if test.operator is Operator.EXISTS
    }
    others = [(test, holds) for test, holds in asked if test.operator is not Operator.EXISTS]
    if len(present) > 1 or (False in present and others):
        return True
    if fact.type in _FLAGS:
        return len({(test.value is True) is holds for test, holds in others}) > 1
    if fact.type in _DAYS:
        return _no_day(others)
    if fact.type is FactType.TEXT and fact.words and not fact.several:
        left = {word for word in fact.words if word not in fact.unknown}
        for test, holds in others:
            wanted = set(test.value) if isinstance(test.value, tuple) else {str(test.value)}
            left = left & wanted if holds else left - wanted
        return not left
    return False


def _no_day(tests: Iterable[tuple[Test, bool]]) -> bool:
    first, end = date.min, date.max
    for test, holds in tests:
        if not isinstance(test.value, date):
            continue
        if (test.operator is Operator.ON_OR_AFTER) is holds:
            first = max(first, test.value)
        else:
            end = min(end, test.value)
    return first >= end


def _scope(rule: Requirement) -> frozenset[str]:
    return frozenset(repr(part.when) for part in rule.scope)


def _forbidden(rule: Requirement) -> Condition:
    whens = tuple(part.when for part in rule.forbidden)
    return whens[0] if len(whens) == 1 else AllOf(parts=whens)


def _opposite(one: Condition, other: Condition) -> bool:
    match one, other:
        case Not(part=part), _ if part == other:
            return True
        case _, Not(part=part) if part == one:
            return True
        case Test(value=bool() as left), Test(value=bool() as right):
            same = (one.fact, one.operator) == (other.fact, other.operator)
            return same and left is not right
        case _:
            return False
