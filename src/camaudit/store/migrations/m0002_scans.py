"""Scans: what was asked and what was not reached, beside the observations that came of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

_TABLE: Final = """CREATE TABLE scans (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    import INTEGER NOT NULL REFERENCES imports (seq),
    run TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    body TEXT,
    salt BLOB,
    content_digest BLOB NOT NULL
)"""
_KEPT: Final = ("seq", "import", "run", "started_at", "ended_at", "content_digest")


def upgrade(connection: Connection) -> None:
    """Create the table and the triggers that keep it append-only."""
    connection.execute(text(_TABLE))
    connection.execute(text("CREATE INDEX scans_run ON scans (run)"))
    connection.execute(
        text(
            "CREATE TRIGGER scans_no_delete BEFORE DELETE ON scans "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    )
    touched = " OR ".join(
        [f"NEW.{column} IS NOT OLD.{column}" for column in _KEPT]
        + [f"NEW.{column} IS NOT NULL" for column in ("body", "salt")]
    )
    connection.execute(
        text(
            f"CREATE TRIGGER scans_no_update BEFORE UPDATE ON scans WHEN {touched} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    )
