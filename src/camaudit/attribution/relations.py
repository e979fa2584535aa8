"""Look along the ties of all makers, both ways, at a date or over all time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker, Tie


@dataclass(frozen=True, slots=True)
class Relation:
    """A tie with the maker that has it."""

    of: MakerId
    tie: Tie


def in_force(tie: Tie, at: date | None) -> bool:
    """Tell whether a tie held on a day, both ends included; ``None``: on any day."""
    if at is None:
        return True
    started = tie.from_date is None or tie.from_date <= at
    return started and (tie.to_date is None or at <= tie.to_date)


class Relations:
    """The ties between makers."""

    def __init__(self, makers: Iterable[Maker]) -> None:
        self._own: dict[MakerId, tuple[Relation, ...]] = {}
        self._others: dict[MakerId, list[Relation]] = {}
        for maker in sorted(makers, key=lambda each: each.id):
            own = tuple(Relation(maker.id, tie) for tie in maker.ties)
            self._own[maker.id] = own
            for relation in own:
                self._others.setdefault(relation.tie.to, []).append(relation)

    def of(self, maker: MakerId) -> tuple[Relation, ...]:
        """Return the ties of a maker to others, as its file has them."""
        return self._own.get(maker, ())

    def to(self, maker: MakerId) -> tuple[Relation, ...]:
        """Return the ties of others to a maker, by who has them."""
        return tuple(self._others.get(maker, ()))

    def path(self, one: MakerId, other: MakerId, at: date | None) -> list[MakerId]:
        """Return a shortest chain from one to the other, ends included; empty: there is none."""
        came_from: dict[MakerId, MakerId | None] = {one: None}
        waiting = deque([one])
        while waiting and other not in came_from:
            here = waiting.popleft()
            for there in self._neighbours(here, at):
                if there not in came_from:
                    came_from[there] = here
                    waiting.append(there)
        chain: list[MakerId] = []
        at_: MakerId | None = other if other in came_from else None
        while at_ is not None:
            chain.append(at_)
            at_ = came_from[at_]
        return chain[::-1]

    def between(self, one: MakerId, other: MakerId, at: date | None) -> tuple[Relation, ...]:
        """Return the ties that join two makers directly, in either direction."""
        both = [each for each in self.of(one) if each.tie.to == other]
        both += [each for each in self.of(other) if each.tie.to == one]
        return tuple(each for each in both if in_force(each.tie, at))

    def above(self, makers: Iterable[MakerId]) -> list[Relation]:
        """Return all ties of these makers, and of those that these lead to, each once."""
        waiting = deque(sorted(set(makers)))
        seen = set(waiting)
        result: list[Relation] = []
        while waiting:
            for relation in self.of(waiting.popleft()):
                result.append(relation)
                if relation.tie.to not in seen:
                    seen.add(relation.tie.to)
                    waiting.append(relation.tie.to)
        return result

    def _neighbours(self, maker: MakerId, at: date | None) -> list[MakerId]:
        forward = {each.tie.to for each in self.of(maker) if in_force(each.tie, at)}
        backward = {each.of for each in self.to(maker) if in_force(each.tie, at)}
        return sorted(forward | backward)
