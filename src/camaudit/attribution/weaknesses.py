"""Hold a device's version facts against published weaknesses; never test the device.

1. A record is looked up by the maker of the firmware, the label's own name, and makers of parts.
2. What the version does not decide stays open: ``cannot_tell``, with what would settle it.
3. Hearsay settles nothing: an unverified record, or an unsure maker, leaves the answer open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from camaudit.model.advisories import (
    Advisory,
    Answer,
    Finding,
    Known,
    Reach,
    Scope,
    Subject,
    Unit,
)
from camaudit.model.attribution import Attribution
from camaudit.model.ids import MakerId
from camaudit.model.words import OUTSIDE_KINDS, Aspect, Confidence, Kind

from .affected import Outcome, by_version, still_open
from .graph import MakerGraph

#: Models are matched on their first characters. Ours; no model number comes near.
MAX_MODEL: Final = 200

_MODEL: Final = "the model"

_BY_URGENCY: Final = {Answer.AFFECTED: 0, Answer.CANNOT_TELL: 1, Answer.NOT_AFFECTED: 2}
_BY_EXPLOITED: Final = {Known.YES: 0, Known.UNKNOWN: 1, Known.NO: 2}


class Advisor:
    """Looks up records; keeps what it found for each distinct set of facts."""

    #: Distinct units to keep; real estates have far fewer.
    MAX_UNITS: Final = 200_000

    def __init__(self, advisories: Iterable[Advisory], sure: float) -> None:
        """``sure`` is the confidence from which a maker counts as known."""
        self._sure = sure
        self._of: dict[MakerId, list[Advisory]] = {}
        for each in advisories:
            for maker in dict.fromkeys((each.maker, *each.rebrands)):
                self._of.setdefault(maker, []).append(each)
        self._known: dict[Unit, tuple[Finding, ...]] = {}

    def find(self, unit: Unit) -> tuple[Finding, ...]:
        """Return what the records say of a device, most urgent first."""
        found = self._known.get(unit)
        if found is None:
            found = tuple(sorted(self._find(unit), key=urgency))
            if len(self._known) < self.MAX_UNITS:
                self._known[unit] = found
        return found

    def _find(self, unit: Unit) -> Iterator[Finding]:
        told: set[int] = set()
        for subject in unit.subjects:
            for advisory in self._of.get(subject.maker, ()):
                if id(advisory) not in told:
                    told.add(id(advisory))
                    found = assess_unit(advisory, subject, unit, self._sure)
                    if found is not None:
                        yield found


def urgency(finding: Finding) -> tuple[bool, int, int, str]:
    """Return the order of findings: exploited ones first, then what is affected."""
    return (
        finding.answer is Answer.NOT_AFFECTED,
        _BY_EXPLOITED[finding.advisory.exploited.known],
        _BY_URGENCY[finding.answer],
        finding.advisory.ids[0],
    )


def unit_of(found: Attribution, graph: MakerGraph) -> Unit:
    """Return what of an attribution the records are held against."""
    return Unit(
        subjects=tuple(_subjects(found, graph)),
        brand=found.brand,
        kind=found.kind,
        model=found.model,
        version=found.firmware_version,
        built_on=found.built_on,
    )


def _subjects(found: Attribution, graph: MakerGraph) -> Iterator[Subject]:
    """Yield whose records to look up: the firmware's maker where it is known, then the others."""
    by_aspect = {each.aspect: each for each in found.aspects}
    firmware = by_aspect.get(Aspect.FIRMWARE)
    if firmware is not None:
        own = found.brand in (None, firmware.maker)
        yield _subject(firmware.maker, firmware.confidence, own=own)
    if found.brand is not None and Aspect.BADGE in by_aspect:
        yield _subject(found.brand, by_aspect[Aspect.BADGE].confidence, own=True)
    maker = found.maker
    if maker is not None and (firmware is None or graph.tied(firmware.maker, maker)):
        own = found.brand in (None, maker)
        yield _subject(maker, found.maker_confidence or 0.0, own=own)
    for aspect in (Aspect.CLOUD, Aspect.SILICON):
        part = by_aspect.get(aspect)
        if part is not None:
            yield Subject(maker=part.maker, reach=Reach.PART, confidence=part.confidence)


def _subject(maker: MakerId, confidence: float, *, own: bool) -> Subject:
    reach = Reach.OWN if own else Reach.BASE
    return Subject(maker=maker, reach=reach, confidence=confidence)


def assess_unit(advisory: Advisory, subject: Subject, unit: Unit, sure: float) -> Finding | None:
    """Return what one record says of a device; ``None``: it is about other products."""
    outcomes = [
        outcome
        for scope in advisory.scopes
        if (outcome := _in_scope(advisory, scope, unit)) is not None
    ]
    if not outcomes:
        return None
    found = min(outcomes, key=lambda each: _BY_URGENCY[each.answer])
    reach = subject.reach
    if reach is Reach.OWN and subject.maker != advisory.maker:
        reach = Reach.BASE  # a rebrand's own name, and a record on its base
    doubt = _doubt(advisory, subject, reach, found.answer, sure)
    if doubt is not None:
        found = doubt if found.answer is not Answer.CANNOT_TELL else found
    return Finding(
        advisory=advisory,
        answer=found.answer,
        reason=found.reason,
        settle=found.settle,
        reach=reach,
    )


def _doubt(
    advisory: Advisory, subject: Subject, reach: Reach, answer: Answer, sure: float
) -> Outcome | None:
    """Return why a settled answer may not be given, if so."""
    said = answer.value.replace("_", " ")
    if reach is Reach.PART:
        return still_open(
            "The record is on a part, and the device does not tell the part's version.",
            "the maker's own notice on this part",
        )
    if subject.confidence < sure:
        return still_open(
            f"By its version it is {said} if its maker is the one that the record is about, "
            f"which is not sure enough ({subject.confidence:.2f}).",
            "a sign of whose firmware it is",
        )
    if advisory.confidence is Confidence.UNVERIFIED:
        return still_open(
            f"By an unverified rule it is {said}.", "the record or the maker's notice itself"
        )
    if reach is Reach.BASE and answer is Answer.NOT_AFFECTED:
        return still_open(
            "The rule is the base vendor's; another brand's build may bear a later version and "
            "lack the repair.",
            "the brand's own notice",
        )
    return None


def _in_scope(advisory: Advisory, scope: Scope, unit: Unit) -> Outcome | None:
    fits = _fits(advisory, scope, unit)
    if fits is False:
        return None
    found = by_version(advisory.maker, scope, unit)
    if fits or found.answer is not Answer.AFFECTED:
        return found
    if unit.model is None:
        why = "the model is not known"
    elif scope.models is None:
        why = f"the record says no more of the products than “{scope.product}”"
    else:
        why = f"the model {unit.model} is not a name that the record's maker is known to use"
    return still_open(f"Possibly affected: {why}. {found.reason}", _MODEL)


def _fits(advisory: Advisory, scope: Scope, unit: Unit) -> bool | None:
    """Tell whether a device is one of a scope's products; ``None``: not known."""
    by_kind = _fits_kind(scope, unit.kind)
    if by_kind is False:
        return False
    by_model = _fits_model(advisory, scope, unit)
    if by_model and scope.models is not None:
        return True  # a model says more than a kind that nobody knows
    return False if by_model is False else by_kind and by_model


def _fits_kind(scope: Scope, kind: Kind) -> bool | None:
    if not scope.kinds:
        return kind not in OUTSIDE_KINDS
    return None if kind is Kind.UNKNOWN else kind in scope.kinds


def _fits_model(advisory: Advisory, scope: Scope, unit: Unit) -> bool | None:
    if scope.models is None:
        return None if scope.product else True
    if unit.model is None:
        return None
    if _pattern(scope.models).search(unit.model[:MAX_MODEL]):
        return True
    # another brand's name for the same device fits no pattern of the base vendor's
    return False if unit.brand == advisory.maker else None


@cache
def _pattern(models: str) -> re.Pattern[str]:
    return re.compile(models)
