"""What data packs hold once they have been checked: makers, signatures, ties, rules.

Produced by: packs. Read by: signals, attribution, policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .ids import MakerId, SignatureId
from .words import Aspect, Confidence, Firmness, Kind, MakerKind, Precision, TieKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement in a pack comes from."""

    id: str
    title: str
    url: str | None = None
    read_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A dated relation of this brand or maker to another one."""

    to: MakerId
    tie: TieKind
    firmness: Firmness
    from_date: date | None
    to_date: date | None
    scope: str | None
    #: Only units of these kinds (empty: all), and only models that fit this pattern.
    kinds: tuple[Kind, ...]
    models: str | None
    source: str
    #: Models that fit this pattern it never reaches, whatever else is not known of a unit.
    except_models: str | None = None
    #: How well the statement was read; ``firmness`` is how far a label tells.
    confidence: Confidence = Confidence.REPORTED
    from_precision: Precision = Precision.DAY
    to_precision: Precision = Precision.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A pattern over a field, and what a match proves. Patterns are in byte mode."""

    id: SignatureId
    maker: MakerId | None
    fields: tuple[str, ...]
    pattern: str
    proves: tuple[Aspect, ...]
    weight: str
    group: str | None
    kinds: tuple[Kind, ...]
    kind_weight: str | None
    capabilities: tuple[str, ...]
    confidence: Confidence
    against: bool
    says: str
    source: str
    #: What may stand for the pattern where values are only sifted: it fits all that the pattern
    #: fits, and is quicker to compile. Empty: the pattern itself.
    sieve: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """One organisation or brand: names, jurisdiction, dated ties."""

    id: MakerId
    kind: MakerKind
    names: tuple[str, ...]
    jurisdiction: str | None
    jurisdiction_source: str | None
    ties: tuple[Tie, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A named step of the evidence scale: log odds, natural logarithm."""

    id: str
    log_odds: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named interval of confidence, closed below."""

    id: str
    at_least: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWord:
    """A word of the field vocabulary: ``protocol.field`` and the evidence group it belongs to."""

    key: str
    group: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """When free text names makers for another reason, and what its signals then weigh."""

    weight: str
    fields: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The closed lists that packs are written in."""

    fields: tuple[FieldWord, ...]
    field_sets: tuple[tuple[str, tuple[str, ...]], ...]
    aliases: tuple[tuple[str, str], ...]
    weights: tuple[Weight, ...]
    bands: tuple[Band, ...]
    firmness: tuple[tuple[Firmness, float], ...]
    capabilities: tuple[tuple[str, str], ...]
    doubts: Doubts
    prior_log_odds: float
    reported_cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerPacks:
    """Everything attribution needs, with the digest of the files that it was read from."""

    digest: str
    vocabulary: Vocabulary
    makers: tuple[Maker, ...]
    signatures: tuple[Signature, ...]
