"""Who makes for whom, and when: the dated ties of maker files, asked at a date.

Only ``made_by`` leads to a producer: whoever owns a maker, took over a line or supplied the chip
did not build the unit (ADR 0021).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker, Tie, Vocabulary
from camaudit.model.words import Firmness, Kind, MakerKind, TieKind

#: Models to remember; beyond it they are looked at again.
MAX_MODELS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """Who a label leads to, how probable that is, and by which tie (``None``: itself)."""

    maker: MakerId
    share: float
    tie: Tie | None


class MakerGraph:
    """Makers, brands and the ties between them."""

    def __init__(self, makers: tuple[Maker, ...], vocabulary: Vocabulary) -> None:
        self._makers = {maker.id: maker for maker in makers}
        self._shares = dict(vocabulary.firmness)
        self._patterns = tuple(
            re.compile(pattern)
            for pattern in sorted({each for m in makers for tie in m.ties for each in _scopes(tie)})
        )
        self._models: dict[str, tuple[bool, ...]] = {}
        self._ask_model = self._leading_to(lambda tie: any(_scopes(tie)))
        self._ask_date = self._leading_to(lambda tie: bool(tie.from_date or tie.to_date))
        self._plain: dict[tuple[MakerId, Kind], Producer | None] = {}
        self._labels = Counter(to for maker in makers for to in {t.to for t in _making(maker)})
        self._tied = {
            pair
            for maker in makers
            for tie in maker.ties
            if tie.tie in _RELATIVES
            for pair in ((maker.id, tie.to), (tie.to, maker.id))
        }

    def _leading_to(self, asks: Callable[[Tie], bool]) -> frozenset[MakerId]:
        """Return the makers of which a tie, or one of those that they lead to, asks something."""

        def leads(maker: Maker) -> bool:
            return any(asks(tie) or leads(self._makers[tie.to]) for tie in _making(maker))

        return frozenset(maker.id for maker in self._makers.values() if leads(maker))

    def __getitem__(self, maker: MakerId) -> Maker:
        return self._makers[maker]

    def producer(
        self, badge: MakerId, at: date | None, kind: Kind, model: str | None
    ) -> Producer | None:
        """Return the likely producer of a unit that bears this badge and was made at a date.

        A manufacturer's badge leads to itself, unless a tie names just this kind or model. A brand
        with no tie leads nowhere. A dated tie counts as a mixed one at best where the date is not
        known, and so does a scoped one where the unit may be outside its scope.
        """
        if self.asks_for_date(badge) or self.asks_for_model(badge):
            return self._producer(badge, at, kind, model)
        if (badge, kind) not in self._plain:
            self._plain[badge, kind] = self._producer(badge, at, kind, model)
        return self._plain[badge, kind]

    def _producer(
        self, badge: MakerId, at: date | None, kind: Kind, model: str | None
    ) -> Producer | None:
        maker = self._makers[badge]
        own = maker.kind is MakerKind.MANUFACTURER
        best: Producer | None = None
        for tie in _making(maker):
            fits = _fits(tie, kind, model)
            share = self._share(tie, at) if fits or (fits is None and not own) else 0.0
            if fits is None and (tie.kinds or tie.models):  # the unit may be outside the scope
                share = min(share, self._shares[Firmness.MIXED])
            if share and (best is None or share > best.share):
                best = Producer(maker=tie.to, share=share, tie=tie)
        if best is None:
            return Producer(maker=badge, share=1.0, tie=None) if own else None
        if self._makers[best.maker].kind is not MakerKind.BRAND:
            return best
        onward = self.producer(best.maker, at, kind, model)
        if onward is None:
            return best
        return Producer(maker=onward.maker, share=best.share * onward.share, tie=best.tie)

    def _share(self, tie: Tie, at: date | None) -> float:
        share = self._shares[tie.firmness]
        if at is None:
            dated = tie.to_date is not None or tie.from_date is not None
            return min(share, self._shares[Firmness.MIXED]) if dated else share
        if tie.from_date and at < tie.from_date:
            return 0.0
        if tie.to_date and at > tie.to_date:
            return min(share, self._shares[Firmness.PAST])  # who made them once may still do
        return share

    def tied(self, one: MakerId, other: MakerId) -> bool:
        """Tell whether the two are relatives, at any date and however firmly."""
        return (one, other) in self._tied

    def others(
        self, maker: MakerId, kind: Kind, model: str | None, *, listed: bool = True
    ) -> frozenset[MakerId]:
        """Return who else is known to make, or to have made, such units of this name.

        Without ``listed``, ties that a single list tells of do not count.
        """
        found: set[MakerId] = set()
        waiting = [maker]
        while waiting:
            for tie in _making(self._makers[waiting.pop()]):
                if tie.firmness is Firmness.LISTED and not listed:
                    continue
                if _fits(tie, kind, model) is not False and tie.to not in found:
                    found.add(tie.to)
                    waiting.append(tie.to)
        return frozenset(found - {maker})

    def makes_for(self, labels: int) -> frozenset[MakerId]:
        """Return who makes, or is said to make, units under at least so many other names."""
        return frozenset(maker for maker, count in self._labels.items() if count >= labels)

    def asks_for_model(self, maker: MakerId) -> bool:
        """Tell whether a tie of this maker, or of one that it leads to, depends on the model."""
        return maker in self._ask_model

    def asks_for_date(self, maker: MakerId) -> bool:
        """Tell whether a tie of this maker, or of one that it leads to, depends on the date."""
        return maker in self._ask_date

    def fits_models(self, model: str) -> tuple[bool, ...]:
        """Return which of the patterns of all ties a model fits: all that answers depend on."""
        found = self._models.get(model)
        if found is None:
            if len(self._models) >= MAX_MODELS:
                self._models.clear()
            found = tuple(pattern.search(model) is not None for pattern in self._patterns)
            self._models[model] = found
        return found


#: Ties between names that do not contradict each other; a chip is another aspect.
_RELATIVES: Final = frozenset(TieKind) - {TieKind.SILICON_BY}


def _making(maker: Maker) -> Iterator[Tie]:
    return (tie for tie in maker.ties if tie.tie is TieKind.MADE_BY)


def _scopes(tie: Tie) -> Iterator[str]:
    """Yield the patterns of models that a tie asks for."""
    return (pattern for pattern in (tie.models, tie.except_models) if pattern)


def _fits(tie: Tie, kind: Kind, model: str | None) -> bool | None:
    """Tell whether a tie's scope covers a unit; ``None``: not said, or not known."""
    if tie.except_models and model is not None and re.search(tie.except_models, model):
        return False
    answers = []
    if tie.kinds:
        answers.append(None if kind is Kind.UNKNOWN else kind in tie.kinds)
    if tie.models:
        answers.append(None if model is None else bool(re.search(tie.models, model)))
    if not answers or (None in answers and False not in answers):
        return None
    return all(answers)
