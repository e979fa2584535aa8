"""Scans: what each asked and did not reach, beside the observations of its import."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select

from camaudit.model.ids import content_digest
from camaudit.model.scan import ScanRecord

from .instants import instant, micros
from .tables import ARTEFACTS, IMPORTS, SCANS

_SALT_BYTES: Final = 16


class KeptScan(NamedTuple):
    """A scan as the estate keeps it, and the prefix of the subjects that it saw."""

    prefix: str
    imported_at: datetime
    record: ScanRecord


def add_scan(connection: Connection, import_seq: int, record: ScanRecord) -> None:
    """Append what a scan asked and reached to its import."""
    body = json.dumps(record.body, ensure_ascii=False, sort_keys=True)
    salt = os.urandom(_SALT_BYTES)
    span = (micros(record.started), micros(record.ended))
    parts = (record.run, *map(str, span), body)
    values = {
        "import": import_seq,
        "run": record.run,
        "started_at": span[0],
        "ended_at": span[1],
        "body": body,
        "salt": salt,
        "content_digest": content_digest(salt, [part.encode() for part in parts]),
    }
    connection.execute(insert(SCANS).values(values))


def scans(connection: Connection, known_at: datetime | None = None) -> list[KeptScan]:
    """Return the scans known at an instant, oldest first; of one run, what was known last."""
    joined = SCANS.join(IMPORTS, SCANS.c["import"] == IMPORTS.c.seq).join(
        ARTEFACTS, IMPORTS.c.artefact == ARTEFACTS.c.seq
    )
    query = (
        select(
            SCANS.c.run,
            SCANS.c.started_at,
            SCANS.c.ended_at,
            SCANS.c.body,
            IMPORTS.c.imported_at,
            ARTEFACTS.c.digest,
        )
        .select_from(joined)
        .where(SCANS.c.body.is_not(None))
        .order_by(SCANS.c.seq)
    )
    if known_at is not None:
        query = query.where(IMPORTS.c.imported_at <= micros(known_at))
    found: dict[str, KeptScan] = {}
    for row in connection.execute(query):
        found[row.run] = KeptScan(
            prefix=row.digest[:8].hex(),
            imported_at=instant(row.imported_at),
            record=ScanRecord(
                run=row.run,
                started=instant(row.started_at),
                ended=instant(row.ended_at),
                body=msgspec.json.decode(row.body),
            ),
        )
    return sorted(found.values(), key=lambda kept: (kept.record.started, kept.record.run))
