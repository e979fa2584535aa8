"""Rank observations: which, at the least cost, settle the most verdicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

#: Up to this many facts at once, every part of a set is looked up; beyond, sets are searched.
_FEW: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Observation:
    """Something that can be found out once: a fact of a place.

    ``policy`` is set where the fact is a policy's own.
    """

    fact: str
    place: str
    policy: str = ""


Bundle = frozenset[Observation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An observation, how many verdicts it settles by itself, and after those ranked above it."""

    observation: Observation
    alone: int
    after: int


def rank(
    waiting: Mapping[Bundle, int], costs: Mapping[Observation, float], most: int
) -> list[Ranked]:
    """Return up to ``most`` observations, greedily by verdicts settled per cost.

    ``waiting`` says how many verdicts wait for exactly these observations together. Where verdicts
    wait for several, these are taken as one step with their joint cost, so that nothing is missed
    because no single observation settles it. A step is never cut short by ``most``.
    """
    left = _Waiting(waiting, costs)
    alone = {each: waiting.get(frozenset([each]), 0) for bundle in waiting for each in bundle}
    result: list[Ranked] = []
    while len(result) < most and (step := left.best()) is not None:
        result += [
            Ranked(observation=each, alone=alone[each], after=left.take(each))
            for each in sorted(step, key=lambda one: (-alone[one], costs[one], one))
        ]
    return result


class _Waiting:
    """The verdicts that still wait, by what they wait for."""

    def __init__(self, waiting: Mapping[Bundle, int], costs: Mapping[Observation, float]) -> None:
        self._costs = costs
        self._counts = Counter({bundle: count for bundle, count in waiting.items() if bundle})
        self._with: dict[Observation, set[Bundle]] = defaultdict(set)
        for bundle in self._counts:
            self._enter(bundle)
        self._order = {bundle: self._rate(bundle) for bundle in self._counts}

    def best(self) -> Bundle | None:
        """Return the set of observations that settles most per cost."""
        return min(self._order, key=self._order.__getitem__, default=None)

    def take(self, observation: Observation) -> int:
        """Make one observation; return how many verdicts that settles."""
        settled, touched = 0, set[Observation]()
        for bundle in list(self._with[observation]):
            count = self._counts.pop(bundle)
            del self._order[bundle]
            for each in bundle:
                self._with[each].discard(bundle)
            rest = bundle - {observation}
            if not rest:
                settled += count
                continue
            self._counts[rest] += count
            self._enter(rest)
            touched |= rest
        for bundle in {bundle for each in touched for bundle in self._with[each]}:
            self._order[bundle] = self._rate(bundle)
        return settled

    def _enter(self, bundle: Bundle) -> None:
        for each in bundle:
            self._with[each].add(bundle)

    def _rate(self, bundle: Bundle) -> tuple[float, float, list[Observation]]:
        cost = sum(self._costs[each] for each in bundle)
        settled = sum(self._counts[part] for part in self._parts(bundle))
        return (-settled / cost, cost, sorted(bundle))

    def _parts(self, bundle: Bundle) -> Iterable[Bundle]:
        if len(bundle) > _FEW:
            near = {other for each in bundle for other in self._with[each]}
            return [other for other in near if other <= bundle]
        return [
            part
            for size in range(1, len(bundle) + 1)
            for chosen in combinations(bundle, size)
            if (part := frozenset(chosen)) in self._counts
        ]
