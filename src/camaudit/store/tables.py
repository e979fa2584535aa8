"""The tables of an estate, as SQLAlchemy Core sees them.

1. Every table but ``settings`` is append-only; triggers refuse any other change than an erasure,
   which blanks content and leaves ``content_digest``.
2. Each row has a sequence number and a salted digest of its content, so that a hash-linked journal
   can link them and erasure leaves the link intact. The salt goes with the content, so that what
   was erased cannot be guessed back from the digest.
3. Instants are integers: microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA: Final = MetaData()

#: Rows that the estate itself keeps: schema version, protective marking, when it was made.
SETTINGS: Final = Table(
    "settings",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

ARTEFACTS: Final = Table(
    "artefacts",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("collector", Text, nullable=False),
    Column("collected_at", BigInteger, nullable=False),
    Column("salt", LargeBinary(16)),
    Column("content_digest", LargeBinary(32), nullable=False),
    sqlite_autoincrement=True,
)

IMPORTS: Final = Table(
    "imports",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("artefact", Integer, ForeignKey("artefacts.seq"), nullable=False),
    Column("mapping", LargeBinary(32), nullable=False),
    Column("site", Text),
    Column("imported_at", BigInteger, nullable=False),
    Column("supersedes", Integer, ForeignKey("imports.seq")),
    Column("salt", LargeBinary(16)),
    Column("content_digest", LargeBinary(32), nullable=False),
    UniqueConstraint("artefact", "mapping", name="imports_once"),
    sqlite_autoincrement=True,
)

OBSERVATIONS: Final = Table(
    "observations",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("import", Integer, ForeignKey("imports.seq"), nullable=False),
    Column("id", LargeBinary(32)),
    Column("subject", Text),
    Column("protocol", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", LargeBinary),
    Column("position", Text),
    Column("seen_at", BigInteger),
    Column("salt", LargeBinary(16)),
    Column("content_digest", LargeBinary(32), nullable=False),
    Index("observations_import", "import"),
    sqlite_autoincrement=True,
)

JUDGEMENTS: Final = Table(
    "judgements",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text),
    Column("body", Text),
    Column("who", Text),
    Column("recorded_at", BigInteger, nullable=False),
    Column("salt", LargeBinary(16)),
    Column("content_digest", LargeBinary(32), nullable=False),
    Index("judgements_subject", "kind", "subject"),
    sqlite_autoincrement=True,
)

SCANS: Final = Table(
    "scans",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("import", Integer, ForeignKey("imports.seq"), nullable=False),
    Column("run", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("body", Text),
    Column("salt", LargeBinary(16)),
    Column("content_digest", LargeBinary(32), nullable=False),
    Index("scans_run", "run"),
    sqlite_autoincrement=True,
)

#: ``content`` holds the tables of ``model.traffic.Traffic``, minimised; see ``store.watches``.
WATCHES: Final = Table(
    "watches",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("import", Integer, ForeignKey("imports.seq"), nullable=False),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    #: The last day (ISO) on which the content is kept.
    Column("keep_until", Text, nullable=False),
    Column("content", LargeBinary),
    Column("salt", LargeBinary(16)),
    Column("content_digest", LargeBinary(32), nullable=False),
    Index("watches_import", "import"),
    sqlite_autoincrement=True,
)

#: What an erasure blanks, by table. Everything else of a row never changes.
ERASABLE: Final = {
    "artefacts": ("name", "salt"),
    "observations": ("id", "subject", "value", "position", "salt"),
    "judgements": ("subject", "body", "who", "salt"),
    "scans": ("body", "salt"),
    "watches": ("content", "salt"),
}
