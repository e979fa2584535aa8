"""Hold what flow logs and captures give against the schemas, and write it down as lines of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Traffic
from camaudit.model.traffic_schemas import ACTIVITY, CONVERSATIONS, EVENTS, NAMES

#: Columns of a conversation, in the order in which an example writes them.
COUNTS = ("packets_out", "packets_back", "bytes_out", "bytes_back")


def check_traffic(traffic: Traffic) -> None:
    """Hold the tables against their schemas, and against each other."""
    for table, schema in (
        (traffic.conversations, CONVERSATIONS),
        (traffic.names, NAMES),
        (traffic.events, EVENTS),
        (traffic.activity, ACTIVITY),
        (traffic.observations, OBSERVATIONS),
    ):
        assert table.schema.equals(schema), table.schema
        table.validate(full=True)
        for field in schema:
            assert field.nullable or table.column(field.name).null_count == 0, field.name
    for row in traffic.conversations.to_pylist():
        assert row["first"] <= row["last"]
        assert min(row[name] for name in COUNTS) >= 0


def told(traffics: Iterable[Traffic]) -> list[dict[str, Any]]:
    """Return what an example's ``expected.jsonl`` has of them, in any order."""
    found: list[dict[str, Any]] = []
    for traffic in traffics:
        found += [_conversation(row) for row in traffic.conversations.to_pylist()]
        found += [
            {
                "name": [row["client"], row["via"], row["name"], row["address"], row["count"]],
                "at": [_time(row["first"]), _time(row["last"])],
            }
            for row in traffic.names.to_pylist()
        ]
        found += [
            {"event": [row["mac"].hex(":"), row["kind"]], "at": _time(row["at"])}
            for row in traffic.events.to_pylist()
        ]
        found += [{"damage": [each.what, each.count, each.first]} for each in traffic.damage]
        found += [
            {"address": [mac, address]}
            for mac, known in traffic.addresses.items()
            for address in known
        ]
    return found


def _conversation(row: dict[str, Any]) -> dict[str, Any]:
    extra = {
        name: row[name].hex(":") if isinstance(row[name], bytes) else row[name]
        for name in ("client_mac", "server_mac", "vlan")
        if row[name] is not None
    }
    return {
        "conversation": [row["client"], row["server"], row["protocol"], row["port"]],
        "opened": row["opened"],
        "counts": [row[name] for name in COUNTS],
        "at": [_time(row["first"]), _time(row["last"])],
        **extra,
    }


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
