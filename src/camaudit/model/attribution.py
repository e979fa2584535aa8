"""What attribution concludes of one device, each answer with its confidence.

Produced by: attribution. Confidences are probabilities from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .ids import MakerId
from .words import Aspect, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One signal as attribution reads it: which signature matched a value of which field."""

    signature: int
    field: str
    value: bytes
    #: The text names makers for another reason than to say who made this device.
    doubted: bool = False
    model: str | None = None
    version: str | None = None
    serial: str | None = None
    made_on: date | None = None
    built_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectAnswer:
    """The best supported maker of one aspect."""

    aspect: Aspect
    maker: MakerId
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Makers that have evidence for one aspect; ``evidence`` are places in the list given."""

    aspect: Aspect
    makers: tuple[MakerId, ...]
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What a set of signals comes to, apart from what each device's own values say.

    The members mean what those of ``Attribution`` mean; conflicts lack their evidence.
    """

    kind: Kind
    kind_confidence: float | None
    surveillance: float | None
    maker: MakerId | None
    maker_aspect: str | None
    maker_confidence: float | None
    aspects: tuple[AspectAnswer, ...]
    brand: MakerId | None
    capabilities: tuple[str, ...]
    conflicts: tuple[tuple[Aspect, tuple[MakerId, ...]], ...]
    clean: bool
    #: Who else is known to make such units of this name; ``None`` where the aspects disagree.
    others: tuple[MakerId, ...] | None
    register_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who made what of a device, and what kind of device it is."""

    kind: Kind
    kind_confidence: float | None
    #: The probability that it is surveillance equipment of any kind; ``None``: nothing says.
    surveillance: float | None
    maker: MakerId | None
    #: ``hardware``, ``firmware``, ``badge_tie`` or ``badge``: what ``maker`` rests on.
    maker_aspect: str | None
    maker_confidence: float | None
    aspects: tuple[AspectAnswer, ...]
    brand: MakerId | None
    model: str | None
    firmware_version: str | None
    serial: str | None
    made_on: date | None
    built_on: date | None
    capabilities: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    #: Badge, firmware and hardware agree and no brand tie or conflict points elsewhere.
    clean: bool
    #: Who else is known to make such units of this name; ``None`` where the aspects disagree.
    others: tuple[MakerId, ...] | None
    #: Nothing but register entries or labels speaks.
    register_only: bool
