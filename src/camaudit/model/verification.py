"""What a verification of isolation found at one site, ready to be told.

Produced by: app. Read by: reports, cli.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .isolation import Isolation, WatchProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One capture or flow log that an answer rests on."""

    name: str
    digest: str
    first: datetime | None
    last: datetime | None
    packets: int
    lost: int | None
    cut: int
    #: Damage in sentences.
    damage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One device with its answers and how people know it."""

    id: str
    name: str
    kind: str
    maker: str | None
    maker_confidence: float | None
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    isolation: Isolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """All devices of a site that were looked for, those not seen too."""

    site: str | None
    marking: str | None
    pretend: bool
    at: datetime
    sources: tuple[Source, ...]
    devices: tuple[Verified, ...]
    #: Devices that the register has at the site and that no traffic showed: id and name.
    not_seen: tuple[tuple[str, str], ...]
    #: Counts of what was left out as other people's.
    left_out: Mapping[str, int]
    core: tuple[str, ...]
    profile: WatchProfile
    vantage: str | None
    redacted: tuple[str, ...] = ()
