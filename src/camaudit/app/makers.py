"""Browse the maker graph: who makes for whom, who owns whom, when, and who says so."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

from camaudit.attribution import MakerGraph, Relation, Relations, in_force
from camaudit.errors import UsageError
from camaudit.model.packs import Maker
from camaudit.model.snapshot import TieLine
from camaudit.model.words import Kind, TieKind

from .packset import PackSet
from .ties import tie_line

#: Names offered where one is not known.
SUGGESTED: Final = 5
#: A likely producer is named from this share on, as in attribution.
NAMED: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerRow:
    """One maker or label in the list; ties are those that hold on the day."""

    id: str
    name: str
    names: tuple[str, ...]
    kind: str
    jurisdiction: str | None
    signatures: int
    made_by: tuple[str, ...]
    owned_by: tuple[str, ...]
    makes_for: int
    owns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerCard:
    """All that is known of one maker; ``up`` is its own ties and onward, ``down`` those to it."""

    at: date
    row: MakerRow
    jurisdiction_source: str | None
    #: Who likely built a unit that was made that day under this label, and how probable that is.
    producer: str | None
    producer_name: str | None
    producer_share: float | None
    up: tuple[TieLine, ...]
    down: tuple[TieLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerPath:
    """How two makers are tied: the chain, and the ties of each of its steps."""

    at: date | None
    chain: tuple[str, ...]
    names: tuple[str, ...]
    steps: tuple[tuple[TieLine, ...], ...]


class Makers:
    """The makers of the packs in force, as they stand on a day."""

    def __init__(self, packs: PackSet, today: date) -> None:
        self._packs = packs
        self._today = today
        self._makers: dict[str, Maker] = {each.id: each for each in packs.makers.makers}
        self._relations = Relations(packs.makers.makers)

    def rows(self, text: str | None = None, at: date | None = None) -> list[MakerRow]:
        """Return all makers, or those with ``text`` in any of their names, by slug."""
        wanted = _plain(text or "")
        return [
            self._row(maker, at or self._today)
            for slug, maker in sorted(self._makers.items())
            if any(wanted in _plain(name) for name in (slug, *maker.names))
        ]

    def card(self, name: str, at: date | None = None) -> MakerCard:
        """Return all that is known of the maker that has this name; raise ``UsageError``."""
        maker, day = self.find(name), at or self._today
        graph = MakerGraph(self._packs.makers.makers, self._packs.makers.vocabulary)
        found = graph.producer(maker.id, day, Kind.UNKNOWN, None)
        known = found if found is not None and found.share >= NAMED else None
        sources = {source.id: source for source in maker.sources}
        where = sources.get(maker.jurisdiction_source or "")
        return MakerCard(
            at=day,
            row=self._row(maker, day),
            jurisdiction_source=where.title if where else None,
            producer=known.maker if known else None,
            producer_name=self._makers[known.maker].names[0] if known else None,
            producer_share=known.share if known else None,
            up=self._lines(self._relations.above([maker.id]), day),
            down=self._lines(self._relations.to(maker.id), day),
        )

    def path(self, one: str, other: str, at: date | None = None) -> MakerPath:
        """Return how two are tied on a day, or at all where none is given; raise ``UsageError``."""
        ends = self.find(one).id, self.find(other).id
        chain = self._relations.path(*ends, at)
        return MakerPath(
            at=at,
            chain=tuple(chain),
            names=tuple(self._makers[each].names[0] for each in chain or ends),
            steps=tuple(
                self._lines(self._relations.between(*pair, at), at or self._today)
                for pair in pairwise(chain)
            ),
        )

    def find(self, name: str) -> Maker:
        """Return the maker with this slug or name; raise ``UsageError`` with the nearest names."""
        if name in self._makers:
            return self._makers[name]
        slugs = self._slugs.get(_plain(name), ())
        if len(slugs) == 1:
            return self._makers[slugs[0]]
        if slugs:
            raise UsageError(
                f"{name!r} is a name of several: {', '.join(slugs)}; give one of these"
            )
        near = self._near(name)
        hint = f"did you mean {', '.join(near)}?" if near else "`camaudit makers` lists them"
        raise UsageError(f"no maker is called {name!r}; {hint}")

    @cached_property
    def _slugs(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for slug, maker in sorted(self._makers.items()):
            for name in (slug, *maker.names):
                found.setdefault(_plain(name), {})[slug] = None
        return {name: tuple(slugs) for name, slugs in found.items()}

    def _near(self, name: str) -> list[str]:
        """Return slugs by closeness of any of their names; a part of a name is close."""
        wanted = _plain(name)
        parts = [each for each in self._slugs if len(wanted) > 2 and wanted in each]
        close = difflib.get_close_matches(wanted, self._slugs, SUGGESTED, cutoff=0.7)
        found = dict.fromkeys(slug for each in (*close, *parts) for slug in self._slugs[each])
        return [*found][:SUGGESTED]

    @cached_property
    def _signatures(self) -> Counter[str]:
        return Counter(each.maker for each in self._packs.makers.signatures if each.maker)

    def _row(self, maker: Maker, at: date) -> MakerRow:
        own, others = self._relations.of(maker.id), self._relations.to(maker.id)
        return MakerRow(
            id=maker.id,
            name=maker.names[0],
            names=maker.names,
            kind=maker.kind.value,
            jurisdiction=maker.jurisdiction,
            signatures=self._signatures[maker.id],
            made_by=_ends(own, TieKind.MADE_BY, at),
            owned_by=_ends(own, TieKind.OWNED_BY, at),
            makes_for=len({each.of for each in others if _holds(each, TieKind.MADE_BY, at)}),
            owns=len({each.of for each in others if _holds(each, TieKind.OWNED_BY, at)}),
        )

    def _lines(self, relations: Iterable[Relation], at: date) -> tuple[TieLine, ...]:
        return tuple(tie_line(each, self._makers, at) for each in relations)


def _holds(relation: Relation, kind: TieKind, at: date) -> bool:
    return relation.tie.tie is kind and in_force(relation.tie, at)


def _ends(own: Iterable[Relation], kind: TieKind, at: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.tie.to for each in own if _holds(each, kind, at)))


def _plain(name: str) -> str:
    """Return a name as people look it up: without case, hyphens and double spaces."""
    return " ".join(name.casefold().replace("-", " ").replace(",", " ").split())
