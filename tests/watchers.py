"""Watchers for tests: they keep every payload that they are given."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from camaudit.model.traffic import Damage, Traffic
from camaudit.model.traffic_schemas import EVENTS, NAMES
from camaudit.sources.captures.payload import Payload
from camaudit.sources.captures.read import read_capture

UDP_PORTS: Final = frozenset({53, 67, 1900, 3702, 5353, 37020, 37810})
TCP_PORTS: Final = frozenset({80, 554})


@dataclass(frozen=True)
class Kept:
    """What a watcher that reads nothing comes to."""

    names: pa.Table
    events: pa.Table
    observations: Sequence[pa.RecordBatch]
    damage: tuple[Damage, ...] = ()


class Watcher:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.udp_ports, self.tcp_ports = UDP_PORTS, TCP_PORTS
        self.taken: list[Payload] = []

    def take(self, payload: Payload) -> None:
        self.taken.append(payload)

    def result(self) -> Kept:
        return Kept(NAMES.empty_table(), EVENTS.empty_table(), ())


def read(data: bytes) -> Traffic:
    """Read a capture's headers."""
    return read_capture(io.BytesIO(data))


def payloads(data: bytes) -> list[Payload]:
    """Return the payloads of a capture that a watcher is given."""
    watcher = Watcher()
    read_capture(io.BytesIO(data), watcher)
    return watcher.taken


def rows(data: bytes) -> list[dict[str, Any]]:
    """Return the conversations of a capture."""
    found: list[dict[str, Any]] = read(data).conversations.to_pylist()
    return found


def hiding(data: bytes) -> set[str]:
    """Return the damage of a capture that hides whole packets."""
    return {each.what for each in read(data).damage if each.hides}


def damage(data: bytes) -> dict[str, tuple[int, str]]:
    """Return the damage of a capture: how often, and where first."""
    return {each.what: (each.count, each.first) for each in read(data).damage}
