"""The first schema: artefacts, imports, observations, judgements, all append-only."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

_STATEMENTS: Final = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE artefacts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        name TEXT,
        collector TEXT NOT NULL,
        collected_at BIGINT NOT NULL,
        salt BLOB,
        content_digest BLOB NOT NULL
    )""",
    """CREATE TABLE imports (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        artefact INTEGER NOT NULL REFERENCES artefacts (seq),
        mapping BLOB NOT NULL,
        site TEXT,
        imported_at BIGINT NOT NULL,
        supersedes INTEGER REFERENCES imports (seq),
        salt BLOB,
        content_digest BLOB NOT NULL,
        CONSTRAINT imports_once UNIQUE (artefact, mapping)
    )""",
    """CREATE TABLE observations (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        import INTEGER NOT NULL REFERENCES imports (seq),
        id BLOB,
        subject TEXT,
        protocol TEXT NOT NULL,
        field TEXT NOT NULL,
        value BLOB,
        position TEXT,
        seen_at BIGINT,
        salt BLOB,
        content_digest BLOB NOT NULL
    )""",
    "CREATE INDEX observations_import ON observations (import)",
    """CREATE TABLE judgements (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        subject TEXT,
        body TEXT,
        who TEXT,
        recorded_at BIGINT NOT NULL,
        salt BLOB,
        content_digest BLOB NOT NULL
    )""",
    "CREATE INDEX judgements_subject ON judgements (kind, subject)",
)

#: Columns that no change may touch, and columns that an erasure may only blank.
_KEPT: Final = {
    "artefacts": ("seq", "digest", "kind", "collector", "collected_at", "content_digest"),
    "imports": (
        "seq",
        "artefact",
        "mapping",
        "site",
        "imported_at",
        "supersedes",
        "salt",
        "content_digest",
    ),
    "observations": ("seq", "import", "protocol", "field", "seen_at", "content_digest"),
    "judgements": ("seq", "kind", "recorded_at", "content_digest"),
}
_BLANKED: Final = {
    "artefacts": ("name", "salt"),
    "imports": (),
    "observations": ("id", "subject", "value", "position", "salt"),
    "judgements": ("subject", "body", "who", "salt"),
}


def upgrade(connection: Connection) -> None:
    """Create the tables and the triggers that keep them append-only."""
    for statement in _STATEMENTS:
        connection.execute(text(statement))
    for table, kept in _KEPT.items():
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        )
        touched = " OR ".join(
            [f"NEW.{column} IS NOT OLD.{column}" for column in kept]
            + [f"NEW.{column} IS NOT NULL" for column in _BLANKED[table]]
        )
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {touched} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        )
