"""Watches: what a capture or flow log showed of devices, kept until a day, then a digest only.

The content is one value: the tables as Arrow IPC streams (zstd), the rest as MessagePack. It is
read whole and is blanked whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa
from sqlalchemy import Connection, insert, select

from camaudit.errors import EstateError
from camaudit.model.batches import of_fields
from camaudit.model.ids import content_digest
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage, Traffic
from camaudit.model.traffic_schemas import (
    ACTIVITY,
    ASKED_FOR_PORT,
    CONVERSATIONS,
    EVENTS,
    HEARD,
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
    "heard": HEARD,
    "observations": OBSERVATIONS,
}

#: Tables that watches of early versions do not have.
_LATER: Final = ("heard", "observations")
#: Text that is none, a table that is missing, an instant beyond the calendar, a stream that is cut.
_DAMAGE: Final = (ValueError, KeyError, OverflowError, OSError)


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
    #: Whether its file was imported again since: it counts no more, and is purged all the same.
    superseded: bool = False


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
    connection: Connection,
    site: str | None = None,
    known_at: datetime | None = None,
    *,
    superseded: bool = False,
) -> list[KeptWatch]:
    """Return the watches known at an instant (of a site), oldest import first.

    Purged ones are there, without traffic; those of superseded imports only if asked for.
    """
    replaced = IMPORTS.c.seq.in_(_superseded(known_at))
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
            replaced.label("superseded"),
        )
        .select_from(joined)
        .order_by(WATCHES.c.seq)
    )
    if not superseded:
        query = query.where(~replaced)
    if known_at is not None:
        query = query.where(IMPORTS.c.imported_at <= micros(known_at))
    if site is not None:
        query = query.where(IMPORTS.c.site == site)
    return [_kept(row) for row in connection.execute(query)]


def purged_import(connection: Connection, digest: bytes, site: str | None) -> datetime | None:
    """Return when a file was first imported for a site, if its content was purged since."""
    joined = WATCHES.join(IMPORTS, WATCHES.c["import"] == IMPORTS.c.seq).join(
        ARTEFACTS, IMPORTS.c.artefact == ARTEFACTS.c.seq
    )
    query = (
        select(IMPORTS.c.imported_at)
        .select_from(joined)
        .where(ARTEFACTS.c.digest == digest, IMPORTS.c.site.is_not_distinct_from(site))
        .where(WATCHES.c.content.is_(None))
        .order_by(WATCHES.c.seq)
    )
    row = connection.execute(query).first()
    return instant(row.imported_at) if row else None


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
        superseded=bool(row.superseded),
    )


class _Damage(msgspec.Struct, array_like=True):
    what: str
    count: int
    first: str
    #: Of early versions it is not known, and any damage may have hidden packets.
    hides: bool = True


class _Content(msgspec.Struct):
    """All of a watch but its days: in this form it is kept."""

    tables: dict[str, bytes]
    packets: int
    first: int | None
    last: int | None
    lost: int | None
    cut: int
    damage: list[_Damage]
    addresses: dict[str, dict[str, int]]
    left_out: dict[str, int]
    #: Watches that were kept by early versions have none.
    carried: dict[str, int] = {}
    beyond: dict[str, list[str]] = {}


def _encode(traffic: Traffic, left_out: Mapping[str, int]) -> bytes:
    traffic = replace(
        traffic, observations=of_fields(traffic.observations, LOOKED_FOR_GATEWAY, ASKED_FOR_PORT)
    )
    return msgspec.msgpack.encode(
        _Content(
            tables={name: _packed(getattr(traffic, name)) for name in _TABLES},
            packets=traffic.packets,
            first=_number(traffic.first),
            last=_number(traffic.last),
            lost=traffic.lost,
            cut=traffic.cut,
            damage=[
                _Damage(each.what, each.count, each.first, each.hides) for each in traffic.damage
            ],
            addresses={mac: dict(found) for mac, found in traffic.addresses.items()},
            left_out=dict(left_out),
            carried=dict(traffic.carried),
            beyond={host: list(found) for host, found in traffic.beyond.items()},
        )
    )


def _decode(content: bytes) -> tuple[Traffic, Mapping[str, int]]:
    try:
        body = msgspec.msgpack.decode(content, type=_Content)
        tables = {name: _unpacked(body, name) for name in _TABLES}
        first, last = _moment(body.first), _moment(body.last)
    except (msgspec.MsgspecError, pa.ArrowException, *_DAMAGE) as error:
        raise EstateError(
            f"a watch that this estate holds cannot be read ({error}): the file is damaged; "
            "take the last copy of it"
        ) from error
    traffic = Traffic(
        **tables,
        packets=body.packets,
        first=first,
        last=last,
        lost=body.lost,
        cut=body.cut,
        damage=tuple(
            Damage(what=each.what, count=each.count, first=each.first, hides=each.hides)
            for each in body.damage
        ),
        addresses=body.addresses,
        carried=body.carried,
        beyond={host: tuple(found) for host, found in body.beyond.items()},
    )
    return traffic, body.left_out


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    # one dictionary for all batches: the stream format allows no other
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table.unify_dictionaries().combine_chunks())
    return bytes(sink.getvalue())


def _unpacked(body: _Content, name: str) -> pa.Table:
    """Return a table; of early versions one or the other is not there."""
    schema = _TABLES[name]
    if name in _LATER and name not in body.tables:
        return schema.empty_table()
    table = pa.ipc.open_stream(body.tables[name]).read_all().cast(schema)
    table.validate(full=True)
    return table


def _number(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else instant(number)
