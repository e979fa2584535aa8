"""Who may be scanned, when, and what never: what people lay down for a site.

Produced by: app. Read by: sources.scan.gate, cli. ``number`` is the judgement's sequence number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .ids import SiteId


class Right(StrEnum):
    """By what right a body allows a scan of a network."""

    OWNER = "owner"
    TENANT = "tenant"
    LANDLORD_CONSENT = "landlord_consent"


class ExclusionReason(StrEnum):
    """Why a device is never asked: what a fault of it would cost."""

    MEDICAL = "medical"
    LIFT = "lift"
    DOOR = "door"
    BUILDING_CONTROL = "building_control"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One record: who allowed what, by what right, until when."""

    number: int
    site: SiteId
    #: Who permits (a role is enough), and who else approved.
    by: str
    approvers: tuple[str, ...]
    right: Right
    #: A contract, ticket or letter that it rests on.
    reference: str
    #: Networks it covers; empty: those of the site.
    networks: tuple[str, ...]
    #: Public networks that it names: others are never asked.
    public: tuple[str, ...]
    #: A word of ``sources.spec.Intrusiveness``.
    ceiling: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A network, address or hardware address that is never asked."""

    number: int
    site: SiteId
    what: str
    reason: ExclusionReason
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """Weekly hours in which nothing is asked: ``Mon-Fri 08:00-18:00`` in a time zone."""

    number: int
    site: SiteId
    hours: str
    zone: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePermission:
    """Who allowed that traffic of a site is recorded, on what lawful basis, until when."""

    number: int
    site: SiteId
    by: str
    approvers: tuple[str, ...]
    #: In the operator's words, e.g. "public task, UK GDPR article 6(1)(e)".
    lawful_basis: str
    reference: str
    #: Interfaces that it names; empty: any.
    interfaces: tuple[str, ...]
    valid_from: date
    valid_until: date
