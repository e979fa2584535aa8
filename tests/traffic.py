"""Tables of traffic for tests, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Traffic
from camaudit.model.traffic_schemas import ACTIVITY, CONVERSATIONS, EVENTS, HEARD, NAMES

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
CAMERA = "44:19:b6:00:00:01"
PHONE = "02:00:00:00:00:05"
TCP, UDP = 6, 17


def raw(mac: str | None) -> bytes | None:
    return None if mac is None else bytes.fromhex(mac.replace(":", ""))


def talk(
    client: str,
    server: str,
    *,
    client_mac: str | None = None,
    server_mac: str | None = None,
    protocol: int = TCP,
    port: int = 443,
    at: datetime = START,
    out: int = 100,
    back: int = 200,
    **more: Any,
) -> dict[str, Any]:
    """One conversation of ten packets each way."""
    return {
        "client": client,
        "server": server,
        "client_mac": raw(client_mac),
        "server_mac": raw(server_mac),
        "vlan": None,
        "protocol": protocol,
        "port": port,
        "opened": True,
        "packets_out": 10,
        "packets_back": 10 if back else 0,
        "bytes_out": out,
        "bytes_back": back,
        "first": at,
        "last": at + timedelta(seconds=30),
    } | more


def asked(
    name: str,
    client: str,
    *,
    mac: str | None = None,
    via: str = "dns",
    address: str | None = None,
    at: datetime = START,
) -> dict[str, Any]:
    """One name that a host asked for once."""
    return {
        "client": client,
        "client_mac": raw(mac),
        "via": via,
        "name": name,
        "address": address,
        "first": at,
        "last": at,
        "count": 1,
    }


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    columns = [pa.array([row[field.name] for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def minutes(count: int, *, start: datetime = START, packets: int = 60) -> list[dict[str, Any]]:
    """A sensor that sees something in each minute."""
    return [{"minute": start + timedelta(minutes=at), "packets": packets} for at in range(count)]


def traffic(
    conversations: Sequence[Mapping[str, Any]] = (),
    names: Sequence[Mapping[str, Any]] = (),
    *,
    events: Sequence[Mapping[str, Any]] = (),
    activity: Sequence[Mapping[str, Any]] = (),
    observations: pa.Table | None = None,
    addresses: Mapping[str, Mapping[str, int]] | None = None,
    hours: float = 1.0,
    lost: int | None = 0,
) -> Traffic:
    return Traffic(
        conversations=table(conversations, CONVERSATIONS),
        names=table(names, NAMES),
        events=table(events, EVENTS),
        activity=table(activity, ACTIVITY),
        observations=OBSERVATIONS.empty_table() if observations is None else observations,
        packets=sum(row["packets"] for row in activity),
        first=START,
        last=START + timedelta(hours=hours),
        lost=lost,
        addresses=addresses or {},
        heard=heard(conversations),
    )


def heard(conversations: Sequence[Mapping[str, Any]]) -> pa.Table:
    """When each host sent something; readers tell it of the sentinel only."""
    rows = [
        {"address": row[who], "first": row["first"], "last": row["last"]}
        for row in conversations
        for who, packets in (("client", "packets_out"), ("server", "packets_back"))
        if row[packets]
    ]
    return table(rows, HEARD)


def said(*rows: tuple[str, str, str, bytes]) -> pa.Table:
    """Observations: device, protocol, field, value."""
    devices, protocols, fields, values = zip(*rows, strict=True)
    return pa.Table.from_arrays(
        [
            pa.array(devices),
            pa.array(protocols).dictionary_encode(),
            pa.array(fields).dictionary_encode(),
            pa.array(values, pa.binary()),
            pa.array([START] * len(rows), pa.timestamp("us", tz="UTC")),
            pa.nulls(len(rows), pa.binary(32)),
            pa.array([f"packet {at}" for at in range(len(rows))]),
        ],
        schema=OBSERVATIONS,
    )
