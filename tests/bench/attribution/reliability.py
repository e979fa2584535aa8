"""Whether confidence means what it says: answers by band, with intervals, and at base rates.

Strings are not independent trials. Those of one capture tell of one device, and ten strings that
the same signatures find say ten times the same thing of those signatures. So answers are *grouped*,
and each group counts once, shared out among its answers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .measure import Answer, wilson

#: Bounds of the bands; each holds from its own bound up to the next one. The last is that of the
#: band "strong", which has no end: nothing more is claimed above it.
BOUNDS: Final = (0.50, 0.60, 0.70, 0.80, 0.90, 0.95)
#: From here an answer is called sure.
SURE: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An answer that named a maker: how sure it was, whether rightly, and what it repeats."""

    confidence: float
    right: bool
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The answers of one band of confidence; ``count`` and ``right`` are of groups."""

    low: float
    high: float
    answers: int
    count: float
    right: float
    mean: float

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.count)

    @property
    def holds(self) -> bool:
        """Tell whether the interval of the share overlaps what the band says."""
        low, high = self.interval
        return low <= self.high and high >= self.low


def trials(found: Iterable[Answer]) -> list[Trial]:
    """Return the answers that named a maker, each with its group.

    Real strings are grouped by the device or capture that they come from; others by the maker that
    is right and the signatures that they met.
    """
    return [
        Trial(
            confidence=one.line.maker_confidence or 0.0,
            right=one.right,
            group=one.row.device or _meaning(one),
        )
        for one in found
        if one.line.maker is not None
    ]


def shared(found: Iterable[Answer]) -> list[Trial]:
    """Return the answers to strings that many makers show: as often wrong as right.

    Whoever is named shows such a string, and others do too. How often is not known, so each string
    is one group of two devices: one of the maker that is named, and one of somebody else.
    """
    return [
        Trial(
            confidence=one.line.maker_confidence or 0.0,
            right=right,
            group=f"shared {one.row.protocol} {one.row.field} {one.row.value}",
        )
        for one in found
        if one.line.maker is not None
        for right in (True, False)
    ]


def _meaning(one: Answer) -> str:
    if one.row.real:  # a collection of captures: each row is another device
        return f"{one.row.protocol} {one.row.field} {one.row.value}"
    met = sorted({each.signature for each in one.line.evidence})
    return " ".join((one.row.maker or "nobody", *met))


def bands(found: Sequence[Trial]) -> list[Band]:
    """Return every band, each group weighing one within a band."""
    result = []
    for low, high in zip(BOUNDS, (*BOUNDS[1:], 1.0), strict=True):
        top = math.inf if high == 1.0 else high
        inside = [one for one in found if low <= one.confidence < top]
        sizes = Counter(one.group for one in inside)
        count = len(sizes)
        right = math.fsum(one.right / sizes[one.group] for one in inside)
        mean = math.fsum(one.confidence / sizes[one.group] for one in inside)
        result.append(
            Band(
                low=low,
                high=high,
                answers=len(inside),
                count=count,
                right=right,
                mean=mean / count if count else math.nan,
            )
        )
    return result


def brier(found: Sequence[Trial]) -> float:
    """Return the mean squared distance of confidence from the truth, each group weighing one."""
    sizes = Counter(one.group for one in found)
    squares = [(one.confidence - one.right) ** 2 / sizes[one.group] for one in found]
    return math.fsum(squares) / len(sizes) if sizes else math.nan


def sure_share(found: Sequence[Trial]) -> float:
    """Return the share of the right answers that stand at ``SURE`` or above."""
    right = [one for one in found if one.right]
    return sum(one.confidence >= SURE for one in right) / len(right) if right else math.nan


def precision_at(prevalence: float, recall: float, false_names: float) -> float:
    """Return the share of named makers that is right, were covered makers so frequent.

    ``recall`` is the share of covered makers' strings that are named rightly, and ``false_names``
    that of all other strings that are given a maker (Bayes).
    """
    right = prevalence * recall
    return right / (right + (1 - prevalence) * false_names)
