"""What was seen, and the file or reply that it was seen in.

Produced by: importers and protocol ``observe`` modules. In bulk an observation is a row of
``schemas.OBSERVATIONS``; the classes here are for single results.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .ids import ArtefactDigest, BodyId, ObservationId, SiteId
from .words import BodyKind, Sensitivity, Tenure, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A file (or other bytes) that observations came from."""

    digest: ArtefactDigest
    kind: str
    name: str
    collector: str
    collected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing seen, its raw value kept."""

    id: ObservationId
    subject: str
    protocol: str
    field: str
    value: bytes
    artefact: ArtefactDigest
    position: str
    seen_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return ``protocol.field``, the key that signatures and vocabulary use."""
        return f"{self.protocol}.{self.field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row, packet or value that was not taken, and why. Never silently dropped."""

    position: str
    field: str
    message: str
    #: True: something was left out. False: something was taken, with a remark.
    rejected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An organisation that owns, runs or rents sites."""

    id: BodyId
    name: str
    kind: BodyKind = BodyKind.UNKNOWN
    #: What else it is: a university may be a recipient of grants and a contractor.
    also: tuple[BodyKind, ...] = ()
    parent: BodyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place, with what is declared of it. A declared zone may prove a breach, never isolation."""

    id: SiteId
    name: str
    owner: BodyId | None = None
    sensitivity: Sensitivity = Sensitivity.UNKNOWN
    tenure: Tenure = Tenure.UNKNOWN
    #: The last day of the lease, or the next day on which its terms can be changed.
    lease_ends: date | None = None
    networks: tuple[str, ...] = ()
    zone: Zone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The days between which something happened; ``None`` is no bound on that side."""

    not_before: date | None = None
    not_after: date | None = None


class Seen(NamedTuple):
    """One field read out of a message, before it has a subject and a place."""

    protocol: str
    field: str
    value: bytes
