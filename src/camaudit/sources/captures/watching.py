"""What the reader of frames asks of whoever reads their payloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from camaudit.model.traffic import Damage

from .payload import Payload


class Watched(Protocol):
    """What was read of all payloads, with the schemas of ``model``."""

    @property
    def names(self) -> pa.Table:
        """Return rows of ``traffic_schemas.NAMES``."""

    @property
    def events(self) -> pa.Table:
        """Return rows of ``traffic_schemas.EVENTS``."""

    @property
    def observations(self) -> Sequence[pa.RecordBatch]:
        """Return batches of ``schemas.OBSERVATIONS``."""

    @property
    def damage(self) -> tuple[Damage, ...]:
        """Return what could not be read, and what was left out."""


class Passive(Protocol):
    """Reads payloads: datagrams that go to or from ``udp_ports``, and the starts of connections.

    Of TCP the ports are those where anything is taken; on all others what begins as HTTP, RTSP,
    TLS or SSH does is taken as well.
    """

    @property
    def udp_ports(self) -> frozenset[int]:
        """Return the UDP ports whose datagrams are wanted."""

    @property
    def tcp_ports(self) -> frozenset[int]:
        """Return the TCP ports where any beginning is wanted."""

    def take(self, payload: Payload) -> None:
        """Read one payload; nothing of it is raised."""

    def result(self) -> Watched:
        """Return what all of them came to."""
