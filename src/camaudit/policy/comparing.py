"""Compare conditions without any facts: is there a setting where one says less than another?

Every fact that is asked gets a handful of values that stand for all others: each word named and
one that is not, the days around each day named, not known. All combinations are tried, in Kleene's
logic. Facts are taken to be independent, so what is found may be a setting that no device has; what
is not found does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias, assert_never

from camaudit.model.policy import (
    AllOf,
    AnyOf,
    ChoiceIs,
    Condition,
    FactType,
    FactWord,
    Not,
    Operator,
    Test,
)

#: More combinations of values are not tried.
MOST_SETTINGS: Final = 100_000

#: False, unknown, true: as in ``kleene``, for single answers.
NO: Final = 0
OPEN: Final = 1
YES: Final = 2

_OTHER: Final = "\0other"
_BEFORE_ALL: Final = -1


@dataclass(frozen=True, slots=True)
class _Made:
    """By whom: which groups cover the producer, and how far up the thresholds it is probable."""

    covered: tuple[tuple[str, int], ...]
    step: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Between which of the thresholds something lies, both ends included."""

    low: int
    high: int


Setting: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weaker:
    """A setting in which the second condition says less than the first."""

    before: int
    after: int
    #: In words, of the facts that the two ask otherwise.
    where: tuple[str, ...]


class TooManyError(Exception):
    """There are more combinations than are tried."""


def settled(condition: Condition, choices: Mapping[str, str]) -> Condition | bool:
    """Return a condition with its choices made, as simple as that makes it."""
    match condition:
        case Test():
            return condition
        case ChoiceIs(choice=choice, option=option):
            return choices.get(choice) == option
        case Not(part=part):
            inner = settled(part, choices)
            return (not inner) if isinstance(inner, bool) else Not(part=inner)
        case AllOf(parts=parts):
            return _joined(parts, choices, stops=False)
        case AnyOf(parts=parts):
            return _joined(parts, choices, stops=True)
        case _:
            assert_never(condition)


def _joined(
    parts: Sequence[Condition], choices: Mapping[str, str], *, stops: bool
) -> Condition | bool:
    made = [settled(each, choices) for each in parts]
    if stops in made:
        return stops
    rest = tuple(dict.fromkeys(each for each in made if not isinstance(each, bool)))
    if not rest:
        return not stops
    if len(rest) == 1:
        return rest[0]
    return AnyOf(parts=rest) if stops else AllOf(parts=rest)


def conjuncts(conditions: Iterable[Condition], choices: Mapping[str, str]) -> tuple[Condition, ...]:
    """Return what must hold all at once, each once; what can never hold is an empty ``AnyOf``."""
    found: dict[Condition, None] = {}
    for each in conditions:
        made = settled(each, choices)
        if made is False:
            return (AnyOf(parts=()),)
        if made is not True:
            found |= dict.fromkeys(made.parts if isinstance(made, AllOf) else (made,))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What a requirement asks: conditions that must hold all at once, choices made."""

    scope: tuple[Condition, ...]
    #: What is forbidden, and that no decision is on record.
    state: tuple[Condition, ...]
    #: Those of ``scope`` that leave everything open as long as they are not known.
    first: tuple[Condition, ...] = ()

    def all(self) -> tuple[Condition, ...]:
        """Return all of its conditions."""
        return (*self.scope, *self.state)


def find_weaker(before: Clause, after: Clause, words: Mapping[str, FactWord]) -> Weaker | None:
    """Return a setting where ``after`` says less than ``before``, if there is one.

    Raises:
        TooManyError: There are too many combinations to try, so that it cannot be told.
    """
    pairs = tuple(
        zip(
            (before.scope, before.state, before.first),
            (after.scope, after.state, after.first),
            strict=True,
        )
    )
    apart = [each for one, other in pairs for each in set(one) ^ set(other)]
    if not apart:
        return None
    asked = frozenset(test.fact for each in apart for test in tests_of(each))
    try:
        return _search(before, after, words, asked)
    except TooManyError:
        if not set(before.first) <= set(after.first):
            raise
    # what both ask cannot make it weaker, so that the rest may be tried without it
    for one, other in pairs[:2]:
        lost = Clause(scope=tuple(each for each in one if each not in other), state=())
        new = Clause(scope=tuple(each for each in other if each not in one), state=())
        found = _search(lost, new, words, asked)
        if found is not None:
            return found
    return None


def _search(
    before: Clause, after: Clause, words: Mapping[str, FactWord], asked: frozenset[str]
) -> Weaker | None:
    every = (*before.all(), *after.all())
    space = _Space([test for each in every for test in tests_of(each)], words)
    if prod(len(each) for each in space.domains.values()) > MOST_SETTINGS:
        raise TooManyError
    best: Weaker | None = None
    for values in product(*space.domains.values()):
        setting = dict(zip(space.domains, values, strict=True))
        one, other = space.said(before, setting), space.said(after, setting)
        if other < one and (best is None or one - other > best.before - best.after):
            best = Weaker(before=one, after=other, where=space.in_words(setting, asked))
            if one - other == YES:
                break
    return best


class _Space:
    """The facts that are asked, with the values to try for each."""

    def __init__(self, tests: Iterable[Test], words: Mapping[str, FactWord]) -> None:
        by_fact: dict[str, list[Test]] = {}
        for test in dict.fromkeys(tests):
            by_fact.setdefault(test.fact, []).append(test)
        self._thresholds = {name: _thresholds(each) for name, each in by_fact.items()}
        self._steps = {
            test: self._thresholds[name].index(_threshold(test))
            for name, each in by_fact.items()
            for test in each
            if test.operator in _COMPARING
        }
        self.domains = {
            name: _domain(each, self._thresholds[name], words.get(name))
            for name, each in by_fact.items()
        }

    def said(self, clause: Clause, setting: Setting) -> int:
        """Return whether a clause is broken, open, or neither: not applicable, or met."""
        scope = self._all(clause.scope, setting)
        if scope == NO:
            return NO
        state = self._all(clause.state, setting)
        unsettled = any(self._truth(each, setting) == OPEN for each in clause.first)
        return min(scope, max(state, OPEN) if unsettled else state)

    def _all(self, conditions: Sequence[Condition], setting: Setting) -> int:
        return min((self._truth(each, setting) for each in conditions), default=YES)

    def _truth(self, condition: Condition, setting: Setting) -> int:
        match condition:
            case Test():
                return self._answer(condition, setting[condition.fact])
            case Not(part=part):
                return YES - self._truth(part, setting)
            case AllOf(parts=parts):
                return min((self._truth(each, setting) for each in parts), default=YES)
            case AnyOf(parts=parts):
                return max((self._truth(each, setting) for each in parts), default=NO)
            case ChoiceIs():
                raise TypeError("a choice was not made")
            case _:
                assert_never(condition)

    def _answer(self, test: Test, value: Any) -> int:
        if test.operator is Operator.EXISTS:
            return YES if (value is not None) is (test.value is True) else NO
        if value is None:
            return OPEN
        if isinstance(value, _Made):
            high_enough = value.step >= self._steps[test]
            return dict(value.covered)[str(test.value)] if high_enough else OPEN
        if isinstance(value, _Span):
            at = self._steps[test]
            after = YES if value.low >= at else NO if value.high < at else OPEN
            return YES - after if test.operator is Operator.BEFORE else after
        wanted = test.value if isinstance(test.value, tuple) else (test.value,)
        return YES if value in wanted else NO

    def in_words(self, setting: Setting, asked: frozenset[str]) -> tuple[str, ...]:
        return tuple(
            f"{name} is {_value(value, self._thresholds[name])}"
            for name, value in setting.items()
            if name in asked
        )


def tests_of(condition: Condition) -> Iterator[Test]:
    """Yield the questions that a condition puts to facts, in its order."""
    match condition:
        case Test():
            yield condition
        case Not(part=part):
            yield from tests_of(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for each in parts:
                yield from tests_of(each)
        case ChoiceIs():
            return
        case _:
            assert_never(condition)


_COMPARING: Final = frozenset(
    {Operator.IN_GROUP, Operator.AT_LEAST, Operator.BEFORE, Operator.ON_OR_AFTER}
)


def _threshold(test: Test) -> Any:
    return test.at_least if test.operator is Operator.IN_GROUP else test.value


def _thresholds(tests: Sequence[Test]) -> list[Any]:
    """Return the days or numbers that a fact is held against, sorted."""
    return sorted({_threshold(test) for test in tests if test.operator in _COMPARING})


def _domain(tests: Sequence[Test], thresholds: Sequence[Any], fact: FactWord | None) -> list[Any]:
    """Return values that stand for all that the fact can have, the plain ones first."""
    groups = dict.fromkeys(str(t.value) for t in tests if t.operator is Operator.IN_GROUP)
    if groups:
        return [
            _Made(tuple(zip(groups, statuses, strict=True)), step)
            for statuses in product((YES, NO, OPEN), repeat=len(groups))
            for step in range(len(thresholds) - 1, _BEFORE_ALL - 1, -1)
        ] + [None]
    if thresholds:
        wide = fact is None or fact.type is FactType.INTERVAL
        ends = range(_BEFORE_ALL, len(thresholds))
        return [
            _Span(low, low + width)
            for width in range(len(ends) if wide else 1)
            for low in ends
            if low + width in ends
        ] + [None]
    named = dict.fromkeys(
        word
        for test in tests
        if test.operator is not Operator.EXISTS
        for word in (test.value if isinstance(test.value, tuple) else (test.value,))
        if isinstance(word, str)
    )
    if not named:
        return [True, False, None]
    silent = frozenset(fact.unknown) if fact else frozenset()
    words = [word for word in named if word not in silent]
    rest = not (fact and fact.words) or set(fact.words) - silent - set(words)
    return [*words, *((_OTHER,) if rest else ()), None]


def _value(value: Any, thresholds: Sequence[Any]) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, _Made):
        words = {YES: "in", NO: "not in", OPEN: "perhaps in"}
        return ", ".join(f"{words[truth]} {group}" for group, truth in value.covered) + (
            "" if value.step == len(thresholds) - 1 else ", less probably"
        )
    if isinstance(value, _Span):
        low = f"at or after {thresholds[value.low]}" if value.low >= 0 else ""
        last = value.high + 1
        high = f"before {thresholds[last]}" if last < len(thresholds) else ""
        return " and ".join(filter(None, (low, high))) or "not told apart"
    return "something else" if value == _OTHER else str(value)
