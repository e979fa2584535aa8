"""From a device's signals to who made its badge, firmware and hardware, and what it is.

A conclusion depends only on which signatures matched which fields, so it is drawn once for each
distinct set of them (a *profile*) and kept; models and versions are picked per device.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from camaudit.model.attribution import AspectAnswer, Attribution, Conflict, Evidence
from camaudit.model.ids import MakerId
from camaudit.model.packs import MakerPacks
from camaudit.model.words import OUTSIDE_KINDS, Aspect, Confidence, Kind, MakerKind

from .graph import MakerGraph
from .weigh import Kept, Weighed, posterior, support

#: The group of register entries and labels; they stay in it whatever grammar they follow.
DOCUMENT: Final = "document"
#: Below this no maker is named.
NAMED: Final = 0.5
#: Log odds from which evidence for a second maker is a conflict ("weak" on the scale).
CONFLICT: Final = 1.8

#: What is taken out of values, each from its best source.
CAPTURES: Final = ("model", "version", "serial", "made_on", "built_on")

#: What a maker can rest on, best first.
_RESTS_ON: Final = ("hardware", "firmware", "badge_tie", "badge")
_BADGE_TIE: Final = 2

_Order = tuple[bool, float, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    maker: MakerId
    aspect: str
    confidence: float


class _Rule(NamedTuple):
    """What a signature says when it matches a given field."""

    aspects: tuple[Aspect, ...]
    #: Numbers in ``Attributor._makers`` and ``Attributor._kinds``.
    says: int
    kinds: tuple[int, ...]
    capabilities: tuple[str, ...]
    documented: bool
    asks_model: bool
    order: _Order


class _Makers(NamedTuple):
    """What the signals of one aspect come to."""

    shares: dict[MakerId, float]
    best: MakerId | None
    rivals: tuple[MakerId, ...]


_Kinds = tuple[Kind, float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conclusion:
    """What follows from a profile alone."""

    kind: Kind
    kind_confidence: float | None
    surveillance: float | None
    maker: _Maker | None
    aspects: tuple[AspectAnswer, ...]
    brand: MakerId | None
    capabilities: tuple[str, ...]
    conflicts: tuple[tuple[Aspect, tuple[MakerId, ...]], ...]
    clean: bool
    register_only: bool


class Attributor:
    """Weigh signals by the packs; keeps one conclusion for each profile that it has met."""

    #: Distinct profiles to keep; real estates have far fewer.
    MAX_PROFILES: Final = 200_000

    def __init__(self, packs: MakerPacks) -> None:
        self.packs = packs
        self.graph = MakerGraph(packs.makers, packs.vocabulary)
        self._weights = {weight.id: weight.log_odds for weight in packs.vocabulary.weights}
        self._groups = {word.key: word.group for word in packs.vocabulary.fields}
        self._bands = sorted(band.at_least for band in packs.vocabulary.bands)
        self._rule_of: dict[tuple[int, str, bool], int] = {}
        self._rules: list[_Rule] = []
        words = packs.vocabulary
        self._prior, self._cap = words.prior_log_odds, words.reported_cap
        self._makers = Kept[MakerId, _Makers](self._weigh_makers)
        self._kinds = Kept[Kind, _Kinds](self._weigh_kinds)
        self._known: dict[tuple[frozenset[int], date | None, str | None], _Conclusion] = {}

    def attribute(self, evidence: Sequence[Evidence], at: date | None = None) -> Attribution:
        """Conclude from all signals of one device.

        ``at`` is when the unit was made or bought, where known: ties are asked at that date (a
        production date in its serial number outranks it).
        """
        profile = [self._number(each) for each in evidence]
        rules = self._rules
        picked = self._pick(evidence, profile)
        made_on: date | None = picked["made_on"]
        asked = picked["model"] if any(rules[at_].asks_model for at_ in profile) else None
        key = (frozenset(profile), made_on or at, asked)
        conclusion = self._known.get(key)
        if conclusion is None:
            conclusion = self._conclude([rules[n] for n in sorted(key[0])], made_on or at, asked)
            if len(self._known) < self.MAX_PROFILES:
                self._known[key] = conclusion
        found = conclusion.maker
        return Attribution(
            kind=conclusion.kind,
            kind_confidence=conclusion.kind_confidence,
            surveillance=conclusion.surveillance,
            maker=found.maker if found else None,
            maker_aspect=found.aspect if found else None,
            maker_confidence=found.confidence if found else None,
            aspects=conclusion.aspects,
            brand=conclusion.brand,
            model=picked["model"],
            firmware_version=picked["version"],
            serial=picked["serial"],
            made_on=made_on,
            built_on=picked["built_on"],
            capabilities=conclusion.capabilities,
            conflicts=self._conflicts(conclusion, evidence) if conclusion.conflicts else (),
            clean=conclusion.clean,
            register_only=conclusion.register_only,
        )

    def _pick(self, evidence: Sequence[Evidence], profile: list[int]) -> dict[str, Any]:
        """Return each captured value by its best source: the device's own word, then weight."""
        picked: dict[str, Any] = dict.fromkeys(CAPTURES)
        orders: dict[str, _Order] = {}
        for each, number in zip(evidence, profile, strict=True):
            if not each.captured:
                continue
            order = self._rules[number].order
            for name in CAPTURES:
                value = getattr(each, name)
                if value is not None and (name not in orders or order < orders[name]):
                    orders[name], picked[name] = order, value
        return picked

    def _number(self, evidence: Evidence) -> int:
        """Return the number of the rule that an evidence follows."""
        key = (evidence.signature, evidence.field, evidence.doubted)
        number = self._rule_of.get(key)
        if number is None:
            number = self._rule_of[key] = len(self._rules)
            self._rules.append(self._make_rule(*key))
        return number

    def _make_rule(self, number: int, field: str, doubted: bool) -> _Rule:  # noqa: FBT001
        signature = self.packs.signatures[number]
        own = self._groups[field]
        group = own if own == DOCUMENT or signature.group is None else signature.group
        weight = self._weights[signature.weight]
        if doubted:
            weight = min(weight, self._weights[self.packs.vocabulary.doubts.weight])
        verified = signature.confidence is Confidence.VERIFIED
        kind_weight = self._weights[signature.kind_weight] if signature.kind_weight else 0.0
        maker = signature.maker
        for_or_against = -weight if signature.against else weight
        return _Rule(
            aspects=signature.proves if maker is not None else (),
            says=self._makers.number(
                Weighed(maker or MakerId(""), group, for_or_against, verified)
            ),
            kinds=tuple(
                self._kinds.number(Weighed(kind, group, kind_weight, verified))
                for kind in signature.kinds
            ),
            capabilities=signature.capabilities,
            documented=own == DOCUMENT,
            asks_model=maker is not None and self.graph.asks_for_model(maker),
            order=(own == DOCUMENT, -weight, field, signature.id),
        )

    def _conclude(self, rules: list[_Rule], at: date | None, model: str | None) -> _Conclusion:
        said: dict[Aspect, list[int]] = {}
        for rule in rules:
            for aspect in rule.aspects:
                said.setdefault(aspect, []).append(rule.says)
        aspects = {aspect: self._makers(said[aspect]) for aspect in Aspect if aspect in said}
        kind, kind_confidence, surveillance = self._kind(rules)
        answers = tuple(
            AspectAnswer(aspect=aspect, maker=found.best, confidence=found.shares[found.best])
            for aspect, found in aspects.items()
            if found.best is not None
        )
        conflicts = tuple(
            (aspect, found.rivals) for aspect, found in aspects.items() if found.rivals
        )
        return _Conclusion(
            kind=kind,
            kind_confidence=kind_confidence,
            surveillance=surveillance,
            maker=self._maker(aspects, at, kind, model),
            aspects=answers,
            brand=next((each.maker for each in answers if each.aspect is Aspect.BADGE), None),
            capabilities=tuple(sorted({word for rule in rules for word in rule.capabilities})),
            conflicts=conflicts,
            clean=not conflicts and self._consistent(answers, kind, model),
            register_only=all(rule.documented for rule in rules),
        )

    def _weigh_makers(self, signals: Sequence[Weighed[MakerId]]) -> _Makers:
        shares = posterior(signals, self._prior, self._cap, self._are_rivals)
        strong = [name for name, sum_ in support(signals).items() if sum_ >= CONFLICT]
        return _Makers(
            shares=shares,
            best=self._best(shares),
            rivals=tuple(
                sorted(n for n in strong if any(n != o and self._are_rivals(n, o) for o in strong))
            ),
        )

    def _are_rivals(self, one: MakerId, other: MakerId) -> bool:
        return not self.graph.tied(one, other)

    def _best(self, shares: dict[MakerId, float]) -> MakerId | None:
        """Return the best supported name; a brand outranks the maker that it is tied to."""
        return min(
            (name for name, share in shares.items() if share >= NAMED),
            key=lambda name: (self.graph[name].kind is not MakerKind.BRAND, -shares[name], name),
            default=None,
        )

    def _maker(
        self, aspects: dict[Aspect, _Makers], at: date | None, kind: Kind, model: str | None
    ) -> _Maker | None:
        """Return the best supported producer: by band, then hardware, firmware, tie, badge."""
        found: list[tuple[int, int, float, MakerId]] = []
        for rank, aspect in enumerate((Aspect.HARDWARE, Aspect.FIRMWARE, Aspect.BADGE)):
            for name, share in aspects[aspect].shares.items() if aspect in aspects else ():
                producer = self.graph.producer(name, at, kind, model)
                confidence = share * producer.share if producer else 0.0
                if producer is not None and confidence >= NAMED:
                    own = rank == _BADGE_TIE and producer.tie is None
                    found.append((-self._band(confidence), rank + own, -confidence, producer.maker))
        if not found:
            return None
        _, rank, confidence, maker = min(found)
        return _Maker(maker=maker, aspect=_RESTS_ON[rank], confidence=-confidence)

    def _band(self, confidence: float) -> int:
        return sum(confidence >= bound for bound in self._bands)

    def _kind(self, rules: list[_Rule]) -> _Kinds:
        said = [number for rule in rules for number in rule.kinds]
        return self._kinds(said) if said else (Kind.UNKNOWN, None, None)

    def _weigh_kinds(self, signals: Sequence[Weighed[Kind]]) -> _Kinds:
        """Return the kind, its probability, and that of surveillance equipment of any kind."""
        shares = posterior(signals, self._prior, self._cap, _exclude)
        inside = sum(share for kind, share in shares.items() if kind not in OUTSIDE_KINDS)
        refined = sum(share for kind, share in shares.items() if kind in _REFINING)
        outside = max(refined, shares.get(Kind.NOT_SURVEILLANCE, 0.0))
        surveillance = min(inside, 1.0 - outside)
        named = [each for each in shares if shares[each] >= NAMED]
        if not named and inside >= NAMED:
            shares = _by_base_rate(shares, inside)
            named = [each for each in shares if shares[each] >= NAMED]
        if named:
            # only "not surveillance" and one that refines it can both be likely: the latter
            kind = min(named, key=lambda each: each is Kind.NOT_SURVEILLANCE)
            return kind, shares[kind], surveillance
        if outside >= NAMED:
            return Kind.NOT_SURVEILLANCE, outside, surveillance
        return Kind.UNKNOWN, None, surveillance

    def _consistent(self, answers: tuple[AspectAnswer, ...], kind: Kind, model: str | None) -> bool:
        """Tell whether there is a badge, all aspects agree on it, and nobody else makes it."""
        makers = {each.aspect: each.maker for each in answers}
        badge = makers.get(Aspect.BADGE)
        agreed = {makers.get(aspect, badge) for aspect in (Aspect.FIRMWARE, Aspect.HARDWARE)}
        return (
            badge is not None
            and agreed == {badge}
            and not self.graph.may_be_made_elsewhere(badge, kind, model)
        )

    def _conflicts(
        self, conclusion: _Conclusion, evidence: Sequence[Evidence]
    ) -> tuple[Conflict, ...]:
        result = []
        for aspect, makers in conclusion.conflicts:
            at = tuple(
                place
                for place, each in enumerate(evidence)
                if (signature := self.packs.signatures[each.signature]).maker in makers
                and aspect in signature.proves
            )
            result.append(Conflict(aspect=aspect, makers=makers, evidence=at))
        return tuple(result)


#: How many cameras there are to one recorder, or to one of any other kind. Ours.
CAMERAS_TO_ONE: Final = 4.0


def _by_base_rate(shares: dict[Kind, float], inside: float) -> dict[Kind, float]:
    """Divide what kinds of surveillance equipment share among them, where nothing tells more."""
    rated = {
        kind: share * (CAMERAS_TO_ONE if kind is Kind.CAMERA else 1.0)
        for kind, share in shares.items()
        if kind not in OUTSIDE_KINDS
    }
    whole = math.fsum(rated.values())
    return shares | {kind: inside * share / whole for kind, share in rated.items()}


#: Kinds that say more closely what is not surveillance.
_REFINING: Final = OUTSIDE_KINDS - {Kind.NOT_SURVEILLANCE}


def _exclude(one: Kind, other: Kind) -> bool:
    """Tell whether a device cannot be both; a kind does not exclude what it refines."""
    return Kind.NOT_SURVEILLANCE not in (one, other) or not (
        one in OUTSIDE_KINDS and other in OUTSIDE_KINDS
    )
