"""How verdicts stand over time: of the estate by counts, of one device by intervals.

Produced by: app. Read by: cli.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .changes import Cause, Change
from .ids import DeviceId, RequirementId
from .words import Basis, Strength, VerdictCode


class Column(StrEnum):
    """What devices are counted under: the verdict, and apart from it the outstanding decision."""

    BREACHES = "breaches"
    MEETS = "meets"
    OUTSTANDING = "outstanding"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How many devices went from one column to another under a requirement."""

    requirement: RequirementId
    before: Column
    after: Column
    devices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Something that changed on a day, and how many devices' verdicts changed with it."""

    cause: Cause
    says: str
    requirement: RequirementId | None
    makers: tuple[str, ...]
    citations: tuple[str, ...]
    #: The devices that it is about; empty where it is about none alone.
    devices: tuple[DeviceId, ...]
    #: Devices that it is about, or may be, and of which a verdict changed that day.
    moved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The counts from a day on, what moved that day, and why."""

    day: date
    #: By requirement, then by column; a column without devices is left out.
    counts: Mapping[str, Mapping[Column, int]]
    moves: tuple[Move, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The counts of the estate at the days on which anything changes."""

    estate: str
    marking: str | None
    pretend: bool
    policy: str
    version: str
    digest: str
    known_at: datetime
    since: date
    until: date
    devices: int
    requirements: tuple[RequirementId, ...]
    #: The first one is ``since``; it has no moves.
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The days over which a verdict of a device stands, both included, and why it began."""

    requirement: RequirementId
    since: date
    #: ``None``: it stands on the last day that is asked of, too.
    until: date | None
    verdict: VerdictCode
    outstanding: bool
    strength: Strength
    basis: Basis | None
    #: As it was on the first of the days.
    sentence: str
    #: Empty for the first.
    reasons: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Every verdict of a device over time."""

    estate: str
    marking: str | None
    pretend: bool
    device: DeviceId
    policy: str
    version: str
    digest: str
    known_at: datetime
    since: date
    until: date
    stretches: tuple[Stretch, ...]
