"""Watches: what a capture or flow log showed of devices, kept until a day, then a digest only.

The content is one value: the tables as Arrow IPC streams (zstd), the rest as MessagePack. It is
read whole and is blanked whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, insert, select

from camaudit.model.ids import content_digest
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage, Traffic
from camaudit.model.traffic_schemas import (
    ACTIVITY,
    ASKED_FOR_PORT,
    CONVERSATIONS,
    EVENTS,
    LOOKED_FOR_GATEWAY,
    NAMES,
)

from .instants import instant, micros
from .tables import ARTEFACTS, IMPORTS, WATCHES

_SALT_BYTES: Final = 16
#: The tables of a watch. Observations stand in their own table of the estate; beside it a watch has
#: those that its judgement needs, and goes with them.
_TABLES: Final = {
    "conversations": CONVERSATIONS,
    "names": NAMES,
    "events": EVENTS,
    "activity": ACTIVITY,
}


class KeptWatch(NamedTuple):
    """A watch as the estate keeps it; ``traffic`` is None once its content is purged."""

    seq: int
    site: str | None
    name: str | None
    digest: bytes
    imported_at: datetime
    started: datetime | None
    ended: datetime | None
    keep_until: date
    content_digest: bytes
    traffic: Traffic | None
    #: Counts of what was left out as other people's, by word.
    left_out: Mapping[str, int]


def add_watch(
    connection: Connection,
    import_seq: int,
    traffic: Traffic,
    left_out: Mapping[str, int],
    keep_until: date,
) -> None:
    """Append what a capture showed to its import."""
    content = _encode(traffic, left_out)
    salt = os.urandom(_SALT_BYTES)
    values = {
        "import": import_seq,
        "started_at": _number(traffic.first),
        "ended_at": _number(traffic.last),
        "keep_until": keep_until.isoformat(),
        "content": content,
        "salt": salt,
        "content_digest": content_digest(salt, (content, keep_until.isoformat().encode())),
    }
    connection.execute(insert(WATCHES).values(values))


def watches(
    connection: Connection, site: str | None = None, known_at: datetime | None = None
) -> list[KeptWatch]:
    """Return the watches known at an instant (of a site), oldest import first.

    Those of superseded imports are left out; purged ones are there, without traffic.
    """
    joined = WATCHES.join(IMPORTS, WATCHES.c["import"] == IMPORTS.c.seq).join(
        ARTEFACTS, IMPORTS.c.artefact == ARTEFACTS.c.seq
    )
    query = (
        select(
            WATCHES.c.seq,
            WATCHES.c.started_at,
            WATCHES.c.ended_at,
            WATCHES.c.keep_until,
            WATCHES.c.content,
            WATCHES.c.content_digest,
            IMPORTS.c.site,
            IMPORTS.c.imported_at,
            ARTEFACTS.c.name,
            ARTEFACTS.c.digest,
        )
        .select_from(joined)
        .where(IMPORTS.c.seq.not_in(_superseded(known_at)))
        .order_by(WATCHES.c.seq)
    )
    if known_at is not None:
        query = query.where(IMPORTS.c.imported_at <= micros(known_at))
    if site is not None:
        query = query.where(IMPORTS.c.site == site)
    return [_kept(row) for row in connection.execute(query)]


def _superseded(known_at: datetime | None) -> Any:
    query = select(IMPORTS.c.supersedes).where(IMPORTS.c.supersedes.is_not(None))
    return query if known_at is None else query.where(IMPORTS.c.imported_at <= micros(known_at))


def _kept(row: Any) -> KeptWatch:
    traffic, left_out = _decode(row.content) if row.content is not None else (None, {})
    return KeptWatch(
        seq=row.seq,
        site=row.site,
        name=row.name,
        digest=row.digest,
        imported_at=instant(row.imported_at),
        started=_moment(row.started_at),
        ended=_moment(row.ended_at),
        keep_until=date.fromisoformat(row.keep_until),
        content_digest=row.content_digest,
        traffic=traffic,
        left_out=left_out,
    )


def _encode(traffic: Traffic, left_out: Mapping[str, int]) -> bytes:
    body = {
        "tables": {name: _packed(getattr(traffic, name)) for name in _TABLES},
        "wanted": _packed(_wanted(traffic.observations)),
        "packets": traffic.packets,
        "first": _number(traffic.first),
        "last": _number(traffic.last),
        "lost": traffic.lost,
        "cut": traffic.cut,
        "damage": [[each.what, each.count, each.first] for each in traffic.damage],
        "addresses": {mac: dict(found) for mac, found in traffic.addresses.items()},
        "carried": dict(traffic.carried),
        "left_out": dict(left_out),
    }
    return msgspec.msgpack.encode(body)


def _decode(content: bytes) -> tuple[Traffic, Mapping[str, int]]:
    body = msgspec.msgpack.decode(content)
    tables = {name: _unpacked(body["tables"][name], schema) for name, schema in _TABLES.items()}
    traffic = Traffic(
        **tables,
        # watches that were kept by an older release have none
        observations=(
            _unpacked(body["wanted"], OBSERVATIONS)
            if "wanted" in body
            else OBSERVATIONS.empty_table()
        ),
        packets=body["packets"],
        first=_moment(body["first"]),
        last=_moment(body["last"]),
        lost=body["lost"],
        cut=body["cut"],
        damage=tuple(
            Damage(what=what, count=count, first=first) for what, count, first in body["damage"]
        ),
        addresses=body["addresses"],
        carried=body.get("carried", {}),
    )
    return traffic, body["left_out"]


def _wanted(observations: pa.Table) -> pa.Table:
    """Return the observations that say what devices want of their network."""
    protocols, fields = (
        observations.column(name).cast(pa.string()) for name in ("protocol", "field")
    )
    chosen = [
        pc.and_(pc.equal(protocols, protocol), pc.equal(fields, field))
        for protocol, field in (LOOKED_FOR_GATEWAY, ASKED_FOR_PORT)
    ]
    return observations.filter(pc.or_(*chosen))


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    # one dictionary for all batches: the stream format allows no other
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table.unify_dictionaries().combine_chunks())
    return bytes(sink.getvalue())


def _unpacked(content: bytes, schema: pa.Schema) -> pa.Table:
    return pa.ipc.open_stream(content).read_all().cast(schema)


def _number(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else instant(number)
