"""Decide which makers an instrument covers, at a date or over an interval of dates.

A group names makers, or describes them by a predicate; jurisdictions and dated ties of ownership
are facts of the makers. What a tie leaves uncertain stays unknown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from camaudit.model.packs import Maker, Tie
from camaudit.model.policy import Group, Named, Reach
from camaudit.model.words import Confidence, Firmness, TieKind

from .kleene import FALSE, TRUE, UNKNOWN

_OPTIONS: Final = {"covered": TRUE, "not_covered": FALSE, "unknown": UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which makers a group covers; ``owned_on`` is the day that counts, in the choice's word."""

    #: Truth value by maker slug, on the rule date.
    today: Mapping[str, np.int8]
    owned_on: str = "today"
    #: For each maker whose status changes: the days on which it does, and the status before the
    #: first, between them and after the last.
    changes: Mapping[str, tuple[tuple[date, ...], tuple[np.int8, ...]]] = field(
        default_factory=dict
    )

    def during(self, maker: str, low: date | None, high: date | None) -> np.int8:
        """Return whether a maker is covered on a day that lies between two days, both included.

        It is unknown where its status is not the same on all of them.
        """
        if maker not in self.today:
            return UNKNOWN
        if maker not in self.changes:
            return self.today[maker]
        days, statuses = self.changes[maker]
        first = bisect_right(days, low) if low else 0
        last = bisect_right(days, high) if high else len(days)
        return _same(statuses[first : last + 1])

    def during_stretches(self, maker: str) -> npt.NDArray[np.int8]:
        """Return the status from one stretch between the days of ``changes`` to another one."""
        statuses = self.changes[maker][1]
        every = range(len(statuses))
        table = [[_same(statuses[first : last + 1]) for last in every] for first in every]
        return np.array(table, dtype=np.int8)


def _same(statuses: Sequence[np.int8]) -> np.int8:
    found = set(statuses)
    return found.pop() if len(found) == 1 else UNKNOWN


def cover(makers: Iterable[Maker], group: Group, choices: Mapping[str, str], at: date) -> Coverage:
    """Return which makers a group covers at ``at``, and where it asks for other days, when.

    By name, by incorporation, or (as far as the group reaches) by control.
    """
    by_id = {str(maker.id): maker for maker in makers}
    owned_on = choices[group.owned_on] if group.owned_on else "today"
    today = _Covering(by_id, group, choices, at, at).all()
    if owned_on == "today":
        return Coverage(today=today)
    days = sorted(
        {
            day
            for maker in by_id.values()
            for tie in maker.ties
            if tie.tie is TieKind.OWNED_BY
            for day in (tie.from_date, tie.to_date + timedelta(days=1) if tie.to_date else None)
            if day is not None
        }
    )
    # ownership at each day, the names on the list as they stand on the rule date
    tables = [_Covering(by_id, group, choices, at, day).all() for day in (date.min, *days)]
    changes = {
        slug: (tuple(days), tuple(table[slug] for table in tables))
        for slug in by_id
        if len({int(table[slug]) for table in tables}) > 1
    }
    return Coverage(today=today, owned_on=owned_on, changes=changes)


class _Covering:
    """Coverage with the list of a day, and ownership of a day."""

    def __init__(
        self,
        makers: Mapping[str, Maker],
        group: Group,
        choices: Mapping[str, str],
        listed_on: date,
        owned_on: date,
    ) -> None:
        self._makers, self._owned_on, self._reach = makers, owned_on, group.reach
        codes = {code: _OPTIONS[choices[choice]] for code, choice in group.open_codes}
        self._codes = codes | dict.fromkeys(group.incorporated_in, TRUE)
        self._named = {each.maker for each in group.named if _listed(each, listed_on)}

    def all(self) -> dict[str, np.int8]:
        """Return the status of every maker."""
        found = {slug: self._status(maker, frozenset()) for slug, maker in self._makers.items()}
        return self._with_siblings(found) if self._reach is Reach.AFFILIATED else found

    def _status(self, maker: Maker, seen: frozenset[str]) -> np.int8:
        answers: list[np.int8] = []
        owners = [
            (tie, self._owner(tie, seen | {maker.id}))
            for tie in self._owned_by(maker)
            if self._reach is not Reach.EXACT
        ]
        # An uncertain tie to a covered owner leaves the answer open; it never settles it.
        answers += [owner if _settles(tie) else min(owner, UNKNOWN) for tie, owner in owners]
        if not self._codes:
            answers.append(TRUE if str(maker.id) in self._named else FALSE)
        elif maker.jurisdiction is not None:
            answers.append(self._codes.get(maker.jurisdiction, FALSE))
        elif not any(_settles(tie) for tie, _ in owners):
            answers.append(UNKNOWN)
        return max(answers)

    def _owner(self, tie: Tie, seen: frozenset[str]) -> np.int8:
        if tie.to in seen or tie.to not in self._makers:
            # an owner that nobody describes is named by no list, and may be incorporated anywhere
            return UNKNOWN if self._codes else FALSE
        return self._status(self._makers[tie.to], seen)

    def _owned_by(self, maker: Maker) -> Sequence[Tie]:
        return [
            tie
            for tie in maker.ties
            if tie.tie is TieKind.OWNED_BY and _in_force(tie, self._owned_on)
        ]

    def _with_siblings(self, found: dict[str, np.int8]) -> dict[str, np.int8]:
        """Add the owners of covered makers, and what these own."""
        owners: dict[str, np.int8] = {}
        for slug, status in found.items():
            for tie in self._owned_by(self._makers[slug]) if status != FALSE else ():
                share = status if _settles(tie) else min(status, UNKNOWN)
                owners[tie.to] = max(owners.get(tie.to, FALSE), share)
        result = dict(found)
        for slug, maker in self._makers.items():
            answers = [found[slug], owners.get(slug, FALSE)]
            answers += [
                owners.get(tie.to, FALSE)
                if _settles(tie)
                else min(owners.get(tie.to, FALSE), UNKNOWN)
                for tie in self._owned_by(maker)
            ]
            result[slug] = max(answers)
        return result


def _listed(named: Named, on: date) -> bool:
    started = named.since is None or named.since <= on
    return started and (named.until is None or on <= named.until)


def _settles(tie: Tie) -> bool:
    """Whether the tie is control of the whole maker, not of a line of its goods, and was read."""
    read = tie.confidence is not Confidence.UNVERIFIED
    scoped = tie.kinds or tie.models or tie.except_models
    return read and tie.firmness is Firmness.FIRM and not scoped


def _in_force(tie: Tie, at: date) -> bool:
    """Whether the tie held on that day; both its ends are days on which it held."""
    started = tie.from_date is None or tie.from_date <= at
    return started and (tie.to_date is None or at <= tie.to_date)
