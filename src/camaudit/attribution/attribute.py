"""From devices' signals to who made their badge, firmware and hardware, and what they are.

A conclusion depends only on what the signatures that matched say (their *effects*), so it is drawn
once for each distinct set of effects (a *profile*) and kept; models and versions are picked per
device. There is one way through, for batches; a single device is a batch of one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from camaudit.model.attribution import (
    AspectAnswer,
    Attribution,
    Conclusion,
    Conflict,
    Evidence,
)
from camaudit.model.batches import Rows, distinct
from camaudit.model.ids import MakerId
from camaudit.model.packs import MakerPacks
from camaudit.model.schemas import SIGNALS
from camaudit.model.words import OUTSIDE_KINDS, Aspect, Confidence, Kind, MakerKind

from .graph import MakerGraph
from .weigh import Kept, Weighed, posterior, support

#: The group of register entries and labels; they stay in it whatever grammar they follow.
DOCUMENT: Final = "document"
#: Below this no maker is named.
NAMED: Final = 0.5
#: Log odds from which evidence for a second maker is a conflict ("weak" on the scale).
CONFLICT: Final = 1.8

#: Walking over an enumeration is slow.
_ASPECTS: Final = tuple(Aspect)
#: What is taken out of values, each from its best source.
CAPTURES: Final = ("model", "version", "serial", "made_on", "built_on")

#: What a maker can rest on, best first.
_RESTS_ON: Final = ("hardware", "firmware", "badge_tie", "badge")
_BADGE_TIE: Final = 2

_Order = tuple[bool, float, str, str]


class _Effect(NamedTuple):
    """What a match says, whichever signature and field it comes from."""

    aspects: tuple[Aspect, ...]
    #: Numbers in ``Attributor._makers`` and ``Attributor._kinds``.
    says: int
    kinds: tuple[int, ...]
    capabilities: tuple[str, ...]
    documented: bool
    asks_model: bool
    asks_date: bool


class _Makers(NamedTuple):
    """What the signals of one aspect come to."""

    shares: dict[MakerId, float]
    best: MakerId | None
    rivals: tuple[MakerId, ...]


class _Producer(NamedTuple):
    """Whom a device leads to, by which aspect, and how surely."""

    maker: MakerId
    aspect: str
    confidence: float


_Kinds = tuple[Kind, float | None, float | None]
#: When ties are asked, and which of their patterns the model fits; ``None`` where no matter.
_Asked = tuple[date | None, tuple[bool, ...] | None]


class _Profile:
    """A distinct set of effects, and what was concluded from it."""

    __slots__ = ("always", "asks_date", "asks_model", "effects", "known")

    def __init__(self, effects: list[_Effect]) -> None:
        self.effects = effects
        self.asks_date = any(each.asks_date for each in effects)
        self.asks_model = any(each.asks_model for each in effects)
        self.known: dict[_Asked, Conclusion] = {}
        #: What was concluded, where neither date nor model matters.
        self.always: Conclusion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """What a batch of devices comes to.

    ``conclusions[codes[i]]`` is that of device ``i``; ``picks[name][i]`` is the number of the
    signal whose capture ``name`` (a word of ``CAPTURES``) stands for it, or -1.
    """

    conclusions: list[Conclusion]
    codes: Rows
    picks: dict[str, Rows]


class Attributor:
    """Weigh signals by the packs; keeps one conclusion for each profile that it has met."""

    #: Distinct profiles to keep; real estates have far fewer.
    MAX_PROFILES: Final = 100_000
    #: Dates and models at which one profile is kept.
    MAX_ASKED: Final = 1_000

    def __init__(self, packs: MakerPacks) -> None:
        self.packs = packs
        self.graph = MakerGraph(packs.makers, packs.vocabulary)
        self._weights = {weight.id: weight.log_odds for weight in packs.vocabulary.weights}
        self._groups = {word.key: word.group for word in packs.vocabulary.fields}
        self._bands = sorted(band.at_least for band in packs.vocabulary.bands)
        words = packs.vocabulary
        self._prior, self._cap = words.prior_log_odds, words.reported_cap
        self._makers = Kept[MakerId, _Makers](self._weigh_makers)
        self._kinds = Kept[Kind, _Kinds](self._weigh_kinds)
        #: Each (signature, field, doubted) met, by number: its effect, and its place as a source.
        self._rules: dict[tuple[int, str, bool], int] = {}
        self._effect_of: list[int] = []
        self._orders: list[_Order] = []
        self._effects: dict[_Effect, int] = {}
        self._profiles: dict[bytes, _Profile] = {}

    def attribute(self, evidence: Sequence[Evidence], at: date | None = None) -> Attribution:
        """Conclude from all signals of one device: a batch of one (``attribute_many``)."""
        return self.attribute_many([evidence], [at])[0]

    def attribute_many(
        self, devices: Sequence[Sequence[Evidence]], at: Sequence[date | None]
    ) -> list[Attribution]:
        """Conclude from all signals of each device.

        ``at`` is when each unit was made or bought, where known: ties are asked at that date (a
        production date in its serial number outranks it).
        """
        distinct = {id(each): each for evidence in devices for each in evidence}
        numbers = {name: number for number, name in enumerate(distinct)}
        members = [numbers[id(each)] for evidence in devices for each in evidence]
        signals = pa.RecordBatch.from_arrays(
            [
                pa.array([getattr(each, column.name) for each in distinct.values()], column.type)
                for column in SIGNALS
            ],
            schema=SIGNALS,
        )
        offsets = np.cumsum([0, *map(len, devices)])
        found = self.attribute_batch(signals, np.array(members, np.int64), offsets, at)
        captured = {name: signals.column(name).to_pylist() for name in CAPTURES}
        return [
            self._attribution(
                found.conclusions[code],
                evidence,
                {
                    name: captured[name][pick] if (pick := int(picks[place])) >= 0 else None
                    for name, picks in found.picks.items()
                },
            )
            for place, (code, evidence) in enumerate(zip(found.codes, devices, strict=True))
        ]

    def _attribution(
        self, found: Conclusion, evidence: Sequence[Evidence], picked: dict[str, Any]
    ) -> Attribution:
        return Attribution(
            kind=found.kind,
            kind_confidence=found.kind_confidence,
            surveillance=found.surveillance,
            maker=found.maker,
            maker_aspect=found.maker_aspect,
            maker_confidence=found.maker_confidence,
            aspects=found.aspects,
            brand=found.brand,
            model=picked["model"],
            firmware_version=picked["version"],
            serial=picked["serial"],
            made_on=picked["made_on"],
            built_on=picked["built_on"],
            capabilities=found.capabilities,
            conflicts=self._conflicts(found, evidence) if found.conflicts else (),
            clean=found.clean,
            others=found.others,
            register_only=found.register_only,
        )

    def attribute_batch(
        self,
        signals: pa.RecordBatch,
        members: Rows,
        offsets: Rows,
        at: Sequence[date | None] | None = None,
    ) -> Attributed:
        """Conclude for a batch of devices from ``schemas.SIGNALS``.

        ``members[offsets[i]:offsets[i + 1]]`` are the numbers of the signals of device ``i``, and
        ``at[i]`` is when it was made or bought, where known.
        """
        rules = self._number(signals)
        device = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        picks = {
            name: self._pick(signals.column(name), members, rules, device, len(offsets) - 1)
            for name in CAPTURES
        }
        effects = np.array(self._effect_of, np.int64)[rules][members] if len(members) else members
        asks = _Asking(signals, picks, at)
        codes, conclusions = self._conclude_all(device, effects, asks, len(offsets) - 1)
        return Attributed(conclusions=conclusions, codes=codes, picks=picks)

    def _number(self, signals: pa.RecordBatch) -> Rows:
        """Return the number of the rule that each signal follows."""
        keys = zip(*(signals.column(at).to_pylist() for at in (0, 1, 3)), strict=True)
        known = self._rules
        return np.array(
            [known[key] if key in known else self._make_rule(*key) for key in keys], np.int64
        )

    def _make_rule(self, number: int, field: str, doubted: bool) -> int:  # noqa: FBT001
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
        effect = _Effect(
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
            asks_date=maker is not None and self.graph.asks_for_date(maker),
        )
        rule = self._rules[number, field, doubted] = len(self._rules)
        self._effect_of.append(self._effects.setdefault(effect, len(self._effects)))
        self._orders.append((own == DOCUMENT, -weight, field, signature.id))
        return rule

    def _pick(
        self, column: pa.Array, members: Rows, rules: Rows, device: Rows, devices: int
    ) -> Rows:
        """Return for each device the signal whose capture counts, or -1.

        The best source: the device's own word before a document's, then weight, then order.
        """
        picked = np.full(devices, -1)
        if column.null_count == len(column):
            return picked
        at = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False)[members])
        ranks = np.empty(len(self._orders), np.int64)
        ranks[sorted(range(len(ranks)), key=self._orders.__getitem__)] = np.arange(len(ranks))
        order = np.lexsort((ranks[rules[members[at]]], device[at]))
        owners, chosen = device[at][order], members[at][order]
        first = np.flatnonzero(np.diff(owners, prepend=-1))
        picked[owners[first]] = chosen[first]
        return picked

    def _conclude_all(
        self, device: Rows, effects: Rows, asks: _Asking, devices: int
    ) -> tuple[Rows, list[Conclusion]]:
        every = max(len(self._effects), 1)
        owners, said = np.divmod(distinct(device * every + effects), every)
        bounds = (np.searchsorted(owners, np.arange(devices + 1)) * 4).tolist()
        buffer = said.astype(np.uint32).tobytes()
        by_number = list(self._effects)
        codes = np.zeros(devices, np.int64)
        numbers: dict[int, int] = {}
        conclusions: list[Conclusion] = []
        # most devices of a wide scan have no signal at all: they share what follows from nothing
        silent = np.flatnonzero(np.diff(bounds) == 0)[:1].tolist()
        for place in [*silent, *distinct(owners).tolist()]:
            key = buffer[bounds[place] : bounds[place + 1]]
            profile = self._profiles.get(key)
            if profile is None:
                if len(self._profiles) >= self.MAX_PROFILES:
                    self._profiles.clear()
                mine = [by_number[number] for number in memoryview(key).cast("I")]
                profile = self._profiles[key] = _Profile(mine)
            found = profile.always or self._ask(profile, place, asks)
            code = numbers.setdefault(id(found), len(conclusions))
            if code == len(conclusions):
                conclusions.append(found)
            codes[place] = code
        return codes, conclusions

    def _ask(self, profile: _Profile, place: int, asks: _Asking) -> Conclusion:
        on = asks.date(place) if profile.asks_date else None
        model = asks.model(place) if profile.asks_model else None
        key = (on, self.graph.fits_models(model) if model is not None else None)
        found = profile.known.get(key)
        if found is None:
            if len(profile.known) >= self.MAX_ASKED:
                profile.known.clear()
            found = profile.known[key] = self._conclude(profile.effects, on, model)
            if not (profile.asks_date or profile.asks_model):
                profile.always = found
        return found

    def _conclude(self, effects: list[_Effect], at: date | None, model: str | None) -> Conclusion:
        said: dict[Aspect, list[int]] = {}
        for effect in effects:
            for aspect in effect.aspects:
                said.setdefault(aspect, []).append(effect.says)
        aspects = {aspect: self._makers(said[aspect]) for aspect in _ASPECTS if aspect in said}
        kind, kind_confidence, surveillance = self._kind(effects)
        answers = tuple(
            AspectAnswer(aspect=aspect, maker=found.best, confidence=found.shares[found.best])
            for aspect, found in aspects.items()
            if found.best is not None
        )
        conflicts = tuple(
            (aspect, found.rivals) for aspect, found in aspects.items() if found.rivals
        )
        producer = self._maker(aspects, at, kind, model)
        others = None if conflicts else self._others(answers, kind, model)
        return Conclusion(
            kind=kind,
            kind_confidence=kind_confidence,
            surveillance=surveillance,
            maker=producer.maker if producer else None,
            maker_aspect=producer.aspect if producer else None,
            maker_confidence=producer.confidence if producer else None,
            aspects=answers,
            brand=next((each.maker for each in answers if each.aspect is Aspect.BADGE), None),
            capabilities=tuple(sorted({word for each in effects for word in each.capabilities})),
            conflicts=conflicts,
            clean=others == (),
            others=others,
            register_only=all(effect.documented for effect in effects),
        )

    def _weigh_makers(self, signals: Sequence[Weighed[MakerId]]) -> _Makers:
        weights = support(signals)
        shares = posterior(signals, self._prior, self._cap, self._are_rivals, weights)
        strong = [name for name, sum_ in weights.items() if sum_ >= CONFLICT]
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
    ) -> _Producer | None:
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
        return _Producer(maker, _RESTS_ON[rank], -confidence)

    def _band(self, confidence: float) -> int:
        return sum(confidence >= bound for bound in self._bands)

    def _kind(self, effects: list[_Effect]) -> _Kinds:
        said = [number for effect in effects for number in effect.kinds]
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

    def _others(
        self, answers: tuple[AspectAnswer, ...], kind: Kind, model: str | None
    ) -> tuple[MakerId, ...] | None:
        """Return who else may make it; ``None`` where no badge is, or another aspect disagrees."""
        makers = {each.aspect: each.maker for each in answers}
        badge = makers.get(Aspect.BADGE)
        agreed = {makers.get(aspect, badge) for aspect in (Aspect.FIRMWARE, Aspect.HARDWARE)}
        if badge is None or agreed != {badge}:
            return None
        return tuple(sorted(self.graph.others(badge, kind, model)))

    def _conflicts(
        self, conclusion: Conclusion, evidence: Sequence[Evidence]
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


class _Asking:
    """When each device was made, and its model, looked up only where a tie asks for it."""

    def __init__(
        self,
        signals: pa.RecordBatch,
        picks: dict[str, Rows],
        at: Sequence[date | None] | None,
    ) -> None:
        self._signals, self._picks, self._at = signals, picks, at

    def date(self, place: int) -> date | None:
        """Return the production date in a serial number, else the date that is known."""
        made: date | None = self._capture("made_on", place)
        return made or (self._at[place] if self._at else None)

    def model(self, place: int) -> str | None:
        """Return the model of a device."""
        model: str | None = self._capture("model", place)
        return model

    def _capture(self, name: str, place: int) -> Any:
        number = int(self._picks[name][place])
        return self._signals.column(name)[number].as_py() if number >= 0 else None


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
