"""Watches: the traffic of devices, as tables in one value that can be blanked when it is due."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

_TABLE: Final = """CREATE TABLE watches (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    import INTEGER NOT NULL REFERENCES imports (seq),
    started_at BIGINT,
    ended_at BIGINT,
    keep_until TEXT NOT NULL,
    content BLOB,
    salt BLOB,
    content_digest BLOB NOT NULL
)"""
_KEPT: Final = ("seq", "import", "started_at", "ended_at", "keep_until", "content_digest")


def upgrade(connection: Connection) -> None:
    """Create the table and the triggers that keep it append-only."""
    connection.execute(text(_TABLE))
    connection.execute(text("CREATE INDEX watches_import ON watches (import)"))
    connection.execute(
        text(
            "CREATE TRIGGER watches_no_delete BEFORE DELETE ON watches "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    )
    touched = " OR ".join(
        [f"NEW.{column} IS NOT OLD.{column}" for column in _KEPT]
        + [f"NEW.{column} IS NOT NULL" for column in ("content", "salt")]
    )
    connection.execute(
        text(
            f"CREATE TRIGGER watches_no_update BEFORE UPDATE ON watches WHEN {touched} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    )
