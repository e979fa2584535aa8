"""Weights of evidence: log odds that add across independent groups.

1. Within a group the strongest signal counts, for and against; across groups weights add.
2. Posterior of a maker: ``exp(s) / (1 + sum of exp(s) over the rivals)``, with ``s`` the prior log
   odds plus the weights; the 1 stands for "somebody else". Tied names are no rivals.
3. What is only reported or unverified never lifts an answer above the cap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

#: Seen from outside, nothing is surer than this: what a device says of itself can be made up.
CEILING: Final = 0.999

#: A maker or a kind: words.
NameT = TypeVar("NameT", bound=str)
ResultT = TypeVar("ResultT")


class Weighed(NamedTuple, Generic[NameT]):
    """One signal's say on one name."""

    name: NameT
    group: str
    log_odds: float
    verified: bool


def support(signals: Iterable[Weighed[NameT]]) -> dict[NameT, float]:
    """Return the summed weight of each name, strongest of each group only."""
    best: dict[tuple[NameT, str, bool], float] = {}
    for name, group, log_odds, _ in signals:
        key = (name, group, log_odds < 0)
        known = best.get(key)
        if known is None or abs(log_odds) > abs(known):
            best[key] = log_odds
    weights: dict[NameT, list[float]] = {}
    for (name, _, _), log_odds in best.items():
        if log_odds:
            weights.setdefault(name, []).append(log_odds)
    # fsum is exact, so that the order of the signals cannot show in the last digit
    return {name: math.fsum(weights[name]) for name in sorted(weights)}


def posterior(
    signals: Sequence[Weighed[NameT]],
    prior: float,
    cap: float,
    rivals: Callable[[NameT, NameT], bool],
    weights: dict[NameT, float] | None = None,
) -> dict[NameT, float]:
    """Return the probability of each name; ``rivals`` tells which pairs exclude each other.

    ``weights`` is the ``support`` of the signals, where it was asked for before.
    """
    everything = _softmax(support(signals) if weights is None else weights, prior, rivals)
    if max(everything.values(), default=0.0) <= cap or all(each.verified for each in signals):
        return everything
    firm = _softmax(support(s for s in signals if s.verified), prior, rivals)
    return {
        name: share if share <= cap else max(cap, min(share, firm.get(name, 0.0)))
        for name, share in everything.items()
    }


class Kept(Generic[NameT, ResultT]):
    """Run a function of weighed signals once for each distinct set of them.

    Signals are numbered, because sets of small integers are quick to compare.
    """

    #: Distinct sets to keep; real estates have far fewer.
    MAX_KEPT: Final = 200_000

    def __init__(self, function: Callable[[Sequence[Weighed[NameT]]], ResultT]) -> None:
        self._function = function
        self._numbers: dict[Weighed[NameT], int] = {}
        self._signals: list[Weighed[NameT]] = []
        self._kept: dict[frozenset[int], ResultT] = {}

    def number(self, signal: Weighed[NameT]) -> int:
        """Return the number of a signal, the same for equal ones."""
        known = self._numbers.setdefault(signal, len(self._signals))
        if known == len(self._signals):
            self._signals.append(signal)
        return known

    def __call__(self, numbers: Iterable[int]) -> ResultT:
        """Return the function's result for the signals with these numbers."""
        key = frozenset(numbers)
        known = self._kept.get(key)
        if known is None:
            known = self._function([self._signals[number] for number in sorted(key)])
            if len(self._kept) < self.MAX_KEPT:
                self._kept[key] = known
        return known


def _softmax(
    weights: dict[NameT, float], prior: float, rivals: Callable[[NameT, NameT], bool]
) -> dict[NameT, float]:
    odds = {name: math.exp(min(prior + weight, 50.0)) for name, weight in weights.items()}
    if len(odds) == 1:
        return {name: min(CEILING, mine / (1.0 + mine)) for name, mine in odds.items()}
    return {
        name: min(
            CEILING,
            mine
            / (1.0 + math.fsum([mine, *(odds[o] for o in odds if o != name and rivals(name, o))])),
        )
        for name, mine in odds.items()
    }
