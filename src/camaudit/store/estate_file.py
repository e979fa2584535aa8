"""An estate in one SQLite file: opened by one writer at a time, readable by many.

The file is created for its owner only (mode 0600); SQLite gives its journal the same mode.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from camaudit.errors import EstateError
from camaudit.model.ids import content_digest, observation_digests, observation_ids
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Artefact
from camaudit.model.schemas import OBSERVATIONS as SCHEMA
from camaudit.model.words import JudgementKind

from .instants import instant, micros
from .migrations import MIGRATIONS, migrate, version
from .tables import ARTEFACTS, ERASABLE, IMPORTS, JUDGEMENTS, OBSERVATIONS, SETTINGS, WATCHES

#: Rows fetched or written at a time: bounds memory, not speed.
CHUNK: Final = 50_000
#: How long a reader waits for a writer, in milliseconds.
BUSY_MS: Final = 10_000
SALT_BYTES: Final = 16
SECRET_BYTES: Final = 32
#: Tables that every estate has had since the first schema.
_OURS: Final = frozenset({"artefacts", "imports", "judgements", "observations", "settings"})

#: Read with the driver's own cursor: a million rows are a second, not five.
_SELECT_OBSERVATIONS: Final = (
    "SELECT subject, protocol, field, value, seen_at, position FROM observations "
    "WHERE import = ? AND value IS NOT NULL ORDER BY seq"
)
_SELECT_JUDGEMENTS: Final = (
    "SELECT seq, kind, subject, body, who, recorded_at FROM judgements "
    "WHERE body IS NOT NULL AND recorded_at <= ? ORDER BY seq"
)
_INSERT_OBSERVATION: Final = (
    "INSERT INTO observations (import, id, subject, protocol, field, value, position, seen_at,"
    " salt, content_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_JUDGEMENT: Final = (
    "INSERT INTO judgements (kind, subject, body, who, recorded_at, salt, content_digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def create_estate(path: Path) -> EstateStore:
    """Create an empty estate; refuse to overwrite anything."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise EstateError(f"{path} is there already; choose another name") from error
    store = EstateStore(_engine(path), path)
    try:
        store.keep_log()
        with store.writing() as connection:
            migrate(connection)
            store.set(connection, "secret", os.urandom(SECRET_BYTES).hex())
    except BaseException:
        path.unlink()  # half an estate would stand in the way of the next attempt
        raise
    return store


def open_estate(path: Path) -> EstateStore:
    """Open an existing estate, bringing its schema up to date."""
    if not path.is_file():
        raise EstateError(f"{path}: there is no estate here; make one with `camaudit init`")
    store = EstateStore(_engine(path), path)
    with store.reading() as connection:
        seen = version(connection)
        tables = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
    if not seen:
        raise EstateError(f"{path} is not an estate; make one with `camaudit init`")
    if not tables >= _OURS:
        raise EstateError(
            f"{path} is a database of another program; make an estate with `camaudit init`"
        )
    if seen > len(MIGRATIONS):
        raise EstateError(
            f"{path} was written by a newer camaudit; install that version or a later one"
        )
    if seen != len(MIGRATIONS):
        with store.writing() as connection:
            migrate(connection)
    return store


class EstateStore:
    """Read and append; every method is one named query."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path

    def keep_log(self) -> None:
        """Let readers go on while one writes; the file remembers it.

        Never done on opening: the file may turn out to be another program's.
        """
        with self._guarded(), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one write transaction; all of it is kept, or nothing."""
        with self._guarded(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction: one moment of the estate."""
        with self._guarded(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                _roll_back(connection)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise EstateError(f"{self.path}: {_advice(str(error.orig))}") from error

    def set(self, connection: Connection, name: str, value: str) -> None:
        """Keep a setting of the estate."""
        connection.execute(
            text("INSERT OR REPLACE INTO settings (name, value) VALUES (:n, :v)"),
            {"n": name, "v": value},
        )

    def get(self, connection: Connection, name: str) -> str | None:
        """Return a setting of the estate."""
        row = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == name)).first()
        return row.value if row else None

    def secret(self, connection: Connection) -> bytes:
        """Return the estate's secret, which keeps its device ids from being guessed back."""
        return bytes.fromhex(self.get(connection, "secret") or "")

    def find_import(
        self, connection: Connection, artefact: bytes, mapping: bytes
    ) -> datetime | None:
        """Return when this file was imported with this mapping, if it was."""
        joined = IMPORTS.join(ARTEFACTS, IMPORTS.c.artefact == ARTEFACTS.c.seq)
        row = connection.execute(
            select(IMPORTS.c.imported_at)
            .select_from(joined)
            .where(ARTEFACTS.c.digest == artefact, IMPORTS.c.mapping == mapping)
        ).first()
        return instant(row.imported_at) if row else None

    def add_import(
        self,
        connection: Connection,
        artefact: Artefact,
        mapping: bytes,
        site: str | None,
        at: datetime,
    ) -> int:
        """Record an import; the latest earlier one of the same file is superseded by it."""
        seq = self._artefact(connection, artefact)
        earlier = connection.execute(
            select(func.max(IMPORTS.c.seq)).where(IMPORTS.c.artefact == seq)
        ).scalar_one()
        salt = os.urandom(SALT_BYTES)
        parts = (artefact.digest, mapping, (site or "").encode(), str(micros(at)).encode())
        return self._insert(
            connection,
            IMPORTS,
            artefact=seq,
            mapping=mapping,
            site=site,
            imported_at=micros(at),
            supersedes=earlier,
            salt=salt,
            content_digest=content_digest(salt, parts),
        )

    def _artefact(self, connection: Connection, artefact: Artefact) -> int:
        row = connection.execute(
            select(ARTEFACTS.c.seq).where(ARTEFACTS.c.digest == artefact.digest)
        ).first()
        if row:
            return int(row.seq)
        salt = os.urandom(SALT_BYTES)
        at = micros(artefact.collected_at)
        parts = (artefact.digest, artefact.kind.encode(), artefact.name.encode())
        return self._insert(
            connection,
            ARTEFACTS,
            digest=artefact.digest,
            kind=artefact.kind,
            name=artefact.name,
            collector=artefact.collector,
            collected_at=at,
            salt=salt,
            content_digest=content_digest(salt, parts),
        )

    @staticmethod
    def _insert(connection: Connection, table: Any, **values: Any) -> int:
        key = connection.execute(insert(table).values(**values)).inserted_primary_key
        assert key is not None  # noqa: S101 -- for the type checker: an insert has a key
        return int(key[0])

    def artefacts(
        self, connection: Connection, known_at: datetime | None = None
    ) -> list[dict[str, Any]]:
        """Return every import known at an instant with its file, oldest first."""
        joined = IMPORTS.join(ARTEFACTS, IMPORTS.c.artefact == ARTEFACTS.c.seq)
        rows = connection.execute(
            select(
                IMPORTS.c.seq,
                IMPORTS.c.imported_at,
                IMPORTS.c.supersedes,
                IMPORTS.c.site,
                ARTEFACTS.c.digest,
                ARTEFACTS.c.kind,
                ARTEFACTS.c.name,
                ARTEFACTS.c.collector,
            )
            .select_from(joined)
            .where(IMPORTS.c.imported_at <= _bound(known_at))
            .order_by(IMPORTS.c.seq)
        )
        return [{**row._mapping, "imported_at": instant(row.imported_at)} for row in rows]

    def add_observations(
        self, connection: Connection, import_seq: int, artefact: bytes, batch: pa.RecordBatch
    ) -> int:
        """Append a batch; exact repeats within it are kept once. Return how many were added."""
        # cast first: an Arrow dictionary is unpacked ten times as slowly value by value
        columns = [
            batch.column(name).cast(pa.string()).to_pylist()
            for name in ("device", "protocol", "field")
        ]
        values = batch.column("value").to_pylist()
        positions = batch.column("position").to_pylist()
        places = [position or "" for position in positions]
        names = list(observation_ids(zip(*columns, values, places, strict=True), artefact))
        seen = batch.column("seen_at").cast(pa.int64()).to_pylist()
        random = os.urandom(SALT_BYTES * batch.num_rows)
        salts = [random[at : at + SALT_BYTES] for at in range(0, len(random), SALT_BYTES)]
        digests = observation_digests(salts, names, seen)
        imports = [import_seq] * len(names)
        columns = [imports, names, *columns, values, positions, seen, salts]
        rows = dict(zip(names, zip(*columns, digests, strict=True), strict=True))
        if rows:
            connection.exec_driver_sql(_INSERT_OBSERVATION, list(rows.values()))
        return len(rows)

    def observations(
        self,
        connection: Connection,
        known_at: datetime | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Yield what stands: observations of imports that no later one supersedes.

        ``device`` is made unique over files: eight bytes of the file's digest, a slash, the
        subject. With ``known_at``, only what the estate knew then.
        """
        imports = self.artefacts(connection, known_at)
        superseded = {row["supersedes"] for row in imports}
        for row in imports:
            if row["seq"] in superseded:
                continue
            cursor = connection.exec_driver_sql(_SELECT_OBSERVATIONS, (row["seq"],)).cursor
            while rows := cursor.fetchmany(CHUNK):
                yield _batch(rows, row["digest"])

    def artefact_sites(
        self, connection: Connection, known_at: datetime | None = None
    ) -> dict[str, str]:
        """Return the site that the operator gave for a file, by the prefix of its subjects.

        Of several imports of a file the last one holds, also where it gives no site.
        """
        latest = {row["digest"]: row["site"] for row in self.artefacts(connection, known_at)}
        return {digest[:8].hex(): site for digest, site in latest.items() if site}

    def add_judgements(self, connection: Connection, judgements: Iterable[Judgement]) -> int:
        """Append judgements; return how many."""
        rows = []
        for judgement in judgements:
            body = json.dumps(judgement.body, ensure_ascii=False, sort_keys=True)
            salt = os.urandom(SALT_BYTES)
            parts = (judgement.kind, judgement.subject, body, judgement.who)
            at = micros(judgement.recorded_at)
            rows.append(
                (
                    *(judgement.kind.value, judgement.subject, body, judgement.who, at, salt),
                    content_digest(salt, [part.encode() for part in (*parts, str(at))]),
                )
            )
        if rows:
            connection.exec_driver_sql(_INSERT_JUDGEMENT, rows)
        return len(rows)

    def judgements(
        self, connection: Connection, known_at: datetime | None = None
    ) -> list[Judgement]:
        """Return every judgement known at an instant, oldest first, without the erased ones."""
        cursor = connection.exec_driver_sql(_SELECT_JUDGEMENTS, (_bound(known_at),)).cursor
        kinds = {kind.value: kind for kind in JudgementKind}
        instants: dict[int, datetime] = {}
        decode = msgspec.json.decode
        result = []
        for seq, kind, subject, body, who, at in cursor.fetchall():
            recorded_at = instants.get(at) or instants.setdefault(at, instant(at))
            result.append(
                Judgement(
                    kind=kinds[kind],
                    subject=subject,
                    body=decode(body),
                    who=who,
                    recorded_at=recorded_at,
                    seq=seq,
                )
            )
        return result

    def erase_observations(
        self, connection: Connection, subject: str, who: str, reason: str, at: datetime
    ) -> int:
        """Blank every observation of a subject (``<file>/<subject>``), leaving tombstones."""
        prefix, _, name = subject.partition("/")
        rows = connection.execute(
            text(
                "SELECT o.seq FROM observations o JOIN imports i ON o.import = i.seq "
                "JOIN artefacts a ON i.artefact = a.seq "
                "WHERE o.subject = :name AND substr(a.digest, 1, 8) = :prefix"
            ),
            {"name": name, "prefix": bytes.fromhex(prefix)},
        ).scalars()
        return self._erase(connection, OBSERVATIONS, list(rows), who, reason, at)

    def erase_judgements(
        self, connection: Connection, seqs: Sequence[int], who: str, reason: str, at: datetime
    ) -> int:
        """Blank judgements by sequence number, leaving tombstones."""
        return self._erase(connection, JUDGEMENTS, list(seqs), who, reason, at)

    def erase_watches(
        self, connection: Connection, seqs: Sequence[int], who: str, reason: str, at: datetime
    ) -> int:
        """Blank the content of watches by sequence number, leaving tombstones."""
        return self._erase(connection, WATCHES, list(seqs), who, reason, at)

    def scrub(self) -> None:
        """Take erased content out of the journal file as well."""
        with self._guarded(), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _erase(
        self,
        connection: Connection,
        table: Any,
        seqs: list[int],
        who: str,
        reason: str,
        at: datetime,
    ) -> int:
        blank = dict.fromkeys(ERASABLE[table.name])
        for seq in seqs:
            connection.execute(update(table).where(table.c.seq == seq).values(**blank))
        self.add_judgements(
            connection,
            (
                Judgement(
                    kind=JudgementKind.ERASURE,
                    subject=f"{table.name}:{seq}",
                    body={"table": table.name, "seq": seq, "reason": reason},
                    who=who,
                    recorded_at=at,
                )
                for seq in seqs
            ),
        )
        return len(seqs)


def _batch(rows: Sequence[Any], digest: bytes) -> pa.RecordBatch:
    subjects, protocols, fields, values, seen, positions = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [
            pc.binary_join_element_wise(digest[:8].hex(), pa.array(subjects, pa.string()), "/"),
            pa.array(protocols, pa.string()).dictionary_encode(),
            pa.array(fields, pa.string()).dictionary_encode(),
            pa.array(values, pa.binary()),
            pa.array(seen, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
            pa.repeat(pa.scalar(digest, pa.binary(32)), len(rows)),
            pa.array(positions, pa.string()),
        ],
        schema=SCHEMA,
    )


def _engine(path: Path) -> Engine:
    # a path may hold characters that mean something in a URL
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16384")  # 16 MiB
        connection.execute("PRAGMA foreign_keys = ON")
        # else REPLACE takes a row away without asking the triggers that refuse it
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased leaves the file too
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA trusted_schema = OFF")

    return engine


def _roll_back(connection: Connection) -> None:
    """End the transaction, if a full disk or a signal has not ended it already."""
    with suppress(SQLAlchemyError):
        connection.exec_driver_sql("ROLLBACK")


def _advice(message: str) -> str:
    for part, advice in (
        ("full", "the disk is full; free some space and run the command again"),
        ("readonly", "cannot be written; check the file's owner and mode, and the disk"),
        ("read-only", "cannot be written; check the file's owner and mode, and the disk"),
        ("locked", "another camaudit is writing; try again when it is done"),
        ("unable to open", "cannot be opened; check the folder's owner and mode"),
        ("not a database", "is not an estate; make one with `camaudit init`"),
        ("I/O error", "cannot be read or written; check that the disk has room and is sound"),
        ("malformed", "is damaged; restore it from a copy"),
    ):
        if part in message:
            return advice
    return message


def _bound(known_at: datetime | None) -> int:
    return micros(known_at) if known_at else 2**62
