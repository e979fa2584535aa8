"""Rows of flows and conversations for tests, made of few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from camaudit.model.conversations import FLOWS
from camaudit.model.traffic_schemas import CONVERSATIONS

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
#: The same in microseconds since 1970.
MICROS = 1_793_520_000_000_000


def at(seconds: float) -> datetime:
    """Return a time after eight o'clock."""
    return START + timedelta(seconds=seconds)


def flow(source: str, target: str, seconds: float = 0, **others: Any) -> dict[str, Any]:
    """Return a flow of TCP between ``address:port`` and ``address:port``."""
    (src, _, sport), (dst, _, dport) = (end.rpartition(":") for end in (source, target))
    row = {"src": src, "dst": dst, "sport": int(sport), "dport": int(dport), "proto": 6}
    row |= {"packets": 1, "bytes": 100, "start": at(seconds), "end": at(seconds)}
    return row | others


def flows(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Return flows as a batch."""
    return pa.RecordBatch.from_pylist(list(rows), schema=FLOWS)


def conversations(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Return conversations as a batch; what is not given is nought, or the first second."""
    least = {"protocol": 6, "port": 443, "opened": False, "first": START, "last": START}
    least |= dict.fromkeys(("packets_out", "packets_back", "bytes_out", "bytes_back"), 0)
    return pa.RecordBatch.from_pylist([least | row for row in rows], schema=CONVERSATIONS)


def short(table: pa.Table | pa.RecordBatch) -> set[tuple[Any, ...]]:
    """Return client, server, protocol, port and the four counts of each row."""
    names = ["client", "server", "protocol", "port"]
    names += ["packets_out", "packets_back", "bytes_out", "bytes_back"]
    return {tuple(row[name] for name in names) for row in table.to_pylist()}


def whole(table: pa.Table | pa.RecordBatch) -> list[tuple[Any, ...]]:
    """Return all of each row, in order."""
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)
