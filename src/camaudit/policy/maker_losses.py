"""Say what a policy loses where an organisation's own makers take the place of shipped ones.

A rule reaches a device through its maker: by who owns it, where it is incorporated, and by who
makes the goods of a brand. Each of these can be taken away without touching a policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from camaudit.model.packs import Maker, Tie
from camaudit.model.policy import Group, Policy
from camaudit.model.words import TieKind

from .changes import group_days
from .coverage import cover
from .kleene import FALSE, UNKNOWN

_LOST: Final = {
    int(FALSE): "no longer covers",
    int(UNKNOWN): "leaves open whether it covers",
}
#: What a tie says; one that says something else is another tie.
_SAID: Final = ("to", "tie", "firmness", "kinds", "models", "confidence")

_Makers = Mapping[str, Maker]


def makers_lost(policy: Policy, shipped: Iterable[Maker], own: Iterable[Maker]) -> tuple[str, ...]:
    """Return in sentences what the policy asks less of by its ``own`` makers than by ``shipped``.

    On every day on which an owner or a list changes, with the policy's choices at their defaults;
    ownership counts as of that day.
    """
    was, now = _by_id(shipped), _by_id(own)
    changed = [name for name in was | now if _facts(was.get(name)) != _facts(now.get(name))]
    if not changed:
        return ()
    near = _near(changed, (*was.values(), *now.values()))
    was, now = ({name: each[name] for name in near if name in each} for each in (was, now))
    choices = {choice.id: choice.default for choice in policy.choices}
    found: dict[str, None] = {}
    for group in policy.groups:
        covered: dict[str, np.int8] = {}
        lost: dict[str, np.int8] = {}
        for before, after in _statuses(group, choices, was, now):
            for name, status in before.items():
                covered[name] = max(status, covered.get(name, FALSE))
                left = after.get(name, FALSE)
                if left < status:
                    lost[name] = min(left, lost.get(name, left))
        found |= dict.fromkeys(f"“{group.id}” {_LOST[int(lost[name])]} {name}" for name in lost)
        found |= dict.fromkeys(
            f"{name} is no longer {tie.tie.value.replace('_', ' ')} {tie.to}, a covered maker, or "
            "less firmly, later or for a shorter time"
            for name in changed
            for tie in _ties_lost(was.get(name), now.get(name))
            if covered.get(tie.to, FALSE) != FALSE
        )
    return tuple(found)


def _by_id(makers: Iterable[Maker]) -> dict[str, Maker]:
    return {str(maker.id): maker for maker in makers}


def _facts(maker: Maker | None) -> object:
    return maker and (maker.jurisdiction, maker.ties)


def _near(names: Iterable[str], makers: Iterable[Maker]) -> tuple[str, ...]:
    """Return the names, what they are tied to, and whoever belongs to the same house as these."""
    ties = [(str(maker.id), tie) for maker in makers for tie in maker.ties]
    beside: dict[str, set[str]] = {}
    for name, tie in ties:
        if tie.tie is TieKind.OWNED_BY:
            beside.setdefault(name, set()).add(tie.to)
            beside.setdefault(tie.to, set()).add(name)
    found = dict.fromkeys(names)
    found |= dict.fromkeys(str(tie.to) for name, tie in ties if name in found)
    reached = list(found)
    for name in reached:
        reached += [each for each in sorted(beside.get(name, ())) if each not in found]
        found |= dict.fromkeys(reached)
    return tuple(found)


def _statuses(
    group: Group, choices: Mapping[str, str], was: _Makers, now: _Makers
) -> Iterator[tuple[Mapping[str, np.int8], Mapping[str, np.int8]]]:
    """Yield who is covered by both sets of makers, from each day on that may change it."""
    bare = replace(group, owned_on=None)
    days = group_days(group, (*was.values(), *now.values()))
    for day in sorted({date.min, *days}):
        before, after = (cover(each.values(), bare, choices, day).today for each in (was, now))
        yield before, after


def _ties_lost(was: Maker | None, now: Maker | None) -> Iterator[Tie]:
    """Yield ties by which goods are another maker's, and which are gone or say less."""
    left = now.ties if now else ()
    for tie in was.ties if was else ():
        owned = tie.tie is TieKind.OWNED_BY  # seen by who is covered
        if not owned and not any(_as_wide(each, tie) for each in left):
            yield tie


def _as_wide(tie: Tie, as_shipped: Tie) -> bool:
    same = all(getattr(tie, name) == getattr(as_shipped, name) for name in _SAID)
    started = (tie.from_date or date.min) <= (as_shipped.from_date or date.min)
    return same and started and (tie.to_date or date.max) >= (as_shipped.to_date or date.max)
