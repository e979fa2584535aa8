"""Published weaknesses, which firmware has them, and what that says of one device.

Produced by: packs (the records), attribution (the findings). Read by: app, reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .ids import MakerId
from .packs import Source
from .words import Confidence, Kind


class Answer(StrEnum):
    """Whether a device has a weakness, by its version facts alone."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    CANNOT_TELL = "cannot_tell"


class Known(StrEnum):
    """Whether a catalogue lists a weakness as exploited."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Reach(StrEnum):
    """What the maker that a record is about has to do with a device."""

    #: It wrote the firmware or sells the device under its own name.
    OWN = "own"
    #: It wrote what another brand ships as its own build.
    BASE = "base"
    #: It supplies a part, whose version the device does not tell.
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRange:
    """Versions and build dates, and what firmware within them is; ends not given are open."""

    answer: Answer
    #: Inclusive, inclusive, exclusive; as the maker writes versions.
    from_version: str | None = None
    to_version: str | None = None
    before_version: str | None = None
    #: Inclusive, exclusive.
    built_from: date | None = None
    built_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Some products, and which of their firmware has the weakness; the first range that fits."""

    #: A pattern that the model must fit; ``None``: any, or (with ``product``) not said in models.
    models: str | None
    #: What the record calls the products, where that is all it says.
    product: str
    #: Empty: any.
    kinds: tuple[Kind, ...]
    ranges: tuple[VersionRange, ...]
    #: What firmware outside all ranges is.
    otherwise: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploited:
    """What the newest catalogue of exploited weaknesses says, and of which day it is."""

    known: Known
    added: date | None = None
    catalogue_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One record: a weakness, or several with the same affected firmware."""

    ids: tuple[str, ...]
    title: str
    maker: MakerId
    #: Labels that the same devices are known to be sold under.
    rebrands: tuple[MakerId, ...]
    scopes: tuple[Scope, ...]
    confidence: Confidence
    source: Source
    note: str
    exploited: Exploited
    #: Taken from a published record by program, and read by nobody.
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryPacks:
    """Every record in force, with the digest of the files that they were read from."""

    digest: str
    advisories: tuple[Advisory, ...]
    #: The day of the newest catalogue of exploited weaknesses.
    catalogue_on: date | None
    #: Every id that any of the catalogues lists.
    listed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A maker whose records are looked up for a device, and how sure it is that they apply."""

    maker: MakerId
    reach: Reach
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What of a device the records are held against."""

    subjects: tuple[Subject, ...]
    brand: MakerId | None = None
    kind: Kind = Kind.UNKNOWN
    model: str | None = None
    version: str | None = None
    built_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one record says of one device, why, and what would settle it."""

    advisory: Advisory
    answer: Answer
    reason: str
    #: What would turn ``cannot_tell`` into an answer.
    settle: str
    reach: Reach
