"""One body for every store: whole transactions, append-only rows, tombstones, dates of knowledge.

A backend is a way to make an empty estate and to look at its raw rows; nothing below knows more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection, text

from camaudit.errors import EstateError
from camaudit.model.ids import ArtefactDigest, content_digest, observation_id
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Artefact
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.words import JudgementKind
from camaudit.store import EstateStore, create_estate, open_estate

AT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
FILE = ArtefactDigest(bytes(range(32)))
PREFIX = FILE[:8].hex()
MAPPING = hashlib.sha256(b"mapping").digest()


@dataclass(frozen=True)
class Backend:
    """How a kind of store is made and opened."""

    create: Callable[[Path], EstateStore]
    open: Callable[[Path], EstateStore]


BACKENDS = {"sqlite": Backend(create_estate, open_estate)}


@pytest.fixture(params=sorted(BACKENDS))
def backend(request: pytest.FixtureRequest) -> Backend:
    return BACKENDS[request.param]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "estate.sqlite"


@pytest.fixture
def store(backend: Backend, place: Path) -> EstateStore:
    return backend.create(place)


def artefact(digest: bytes = FILE, name: str = "register.csv") -> Artefact:
    return Artefact(
        digest=ArtefactDigest(digest),
        kind="inventory",
        name=name,
        collector="camaudit test",
        collected_at=AT,
    )


def batch(*rows: tuple[str, str, bytes], seen: datetime | None = None) -> pa.RecordBatch:
    """Return observations of (subject, protocol.field, value), in the order given."""
    devices = [row[0] for row in rows]
    protocols, fields = zip(*(row[1].split(".") for row in rows), strict=True)
    count = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            pa.array(devices, pa.string()),
            pa.array(protocols, pa.string()).dictionary_encode(),
            pa.array(fields, pa.string()).dictionary_encode(),
            pa.array([row[2] for row in rows], pa.binary()),
            pa.array([seen] * count, pa.timestamp("us", tz="UTC")),
            pa.nulls(count, pa.binary(32)),
            pa.array([f"row {at}" for at in range(count)], pa.string()),
        ],
        schema=OBSERVATIONS,
    )


USUAL = batch(("row:1", "inventory.model", b"DS-1"), ("row:2", "inventory.model", b"DS-2"))


def fill(
    store: EstateStore,
    rows: pa.RecordBatch = USUAL,
    *,
    at: datetime = AT,
    digest: bytes = FILE,
    mapping: bytes = MAPPING,
    site: str | None = None,
) -> int:
    with store.writing() as connection:
        seq = store.add_import(connection, artefact(digest), mapping, site, at)
        store.add_observations(connection, seq, digest, rows)
    return seq


def judgement(subject: str = "D-1", at: datetime = AT, **body: Any) -> Judgement:
    return Judgement(
        kind=JudgementKind.STATE, subject=subject, body=body, who="tester", recorded_at=at
    )


def judge(store: EstateStore, *judgements: Judgement) -> None:
    with store.writing() as connection:
        store.add_judgements(connection, judgements)


def values(store: EstateStore, known_at: datetime | None = None) -> list[tuple[str, bytes]]:
    with store.reading() as connection:
        return [
            (device, value)
            for each in store.observations(connection, known_at)
            for device, value in zip(
                each.column("device").to_pylist(), each.column("value").to_pylist(), strict=True
            )
        ]


def rows(store: EstateStore, table: str) -> list[dict[str, Any]]:
    with store.reading() as connection:
        found = connection.execute(text(f"SELECT * FROM {table} ORDER BY seq"))  # noqa: S608
        return [dict(row._mapping) for row in found]


# ------------------------------------------------------------------------ observations


def test_observations_come_back_as_they_were_given(store: EstateStore) -> None:
    given = batch(
        ("row:1", "http.server", b"\x00\xff nul and not text"),
        ("row:1", "http.title", b""),
        seen=AT,
    )
    fill(store, given)
    with store.reading() as connection:
        [back] = store.observations(connection)
    assert back.schema == OBSERVATIONS
    assert back.column("device").to_pylist() == [f"{PREFIX}/row:1"] * 2
    assert back.column("value").to_pylist() == [b"\x00\xff nul and not text", b""]
    assert back.column("seen_at").to_pylist() == [AT, AT]
    assert back.column("artefact").to_pylist() == [FILE, FILE]
    assert back.column("position").to_pylist() == ["row 0", "row 1"]


def test_an_exact_repeat_is_kept_once_and_a_repeat_elsewhere_is_not(store: EstateStore) -> None:
    row = ("row:1", "http.server", b"a")
    one = batch(row).slice(0)
    fill(store, pa.Table.from_batches([one, one]).combine_chunks().to_batches()[0])
    fill(store, batch(row, row), digest=bytes(32))
    assert len(rows(store, "observations")) == 1 + 2


def test_an_empty_batch_is_no_row(store: EstateStore) -> None:
    fill(store, USUAL.slice(0, 0))
    assert values(store) == []


def test_each_row_has_its_id_and_a_salted_digest(store: EstateStore) -> None:
    fill(store)
    found = rows(store, "observations")
    assert [row["seq"] for row in found] == [1, 2]
    assert len({row["salt"] for row in found}) == 2
    for at, row in enumerate(found):
        name = observation_id(row["subject"], "inventory", "model", row["value"], FILE, f"row {at}")
        assert row["id"] == name
        assert row["content_digest"] == content_digest(row["salt"], (name, b"None"))


# ------------------------------------------------------------------- files and mappings


def test_an_import_is_known_by_file_and_mapping(store: EstateStore) -> None:
    fill(store)
    with store.reading() as connection:
        assert store.find_import(connection, FILE, MAPPING) == AT
        assert store.find_import(connection, FILE, bytes(32)) is None
        assert store.find_import(connection, bytes(32), MAPPING) is None


def test_another_mapping_supersedes_and_says_so(store: EstateStore) -> None:
    first = fill(store)
    second = fill(
        store, batch(("row:1", "inventory.model", b"right")), mapping=b"2" * 32, at=AT + DAY
    )
    assert values(store) == [(f"{PREFIX}/row:1", b"right")]
    assert [row["supersedes"] for row in rows(store, "imports")] == [None, first]
    assert first != second
    assert len(rows(store, "artefacts")) == 1
    assert len(rows(store, "observations")) == 3  # nothing is taken away


def test_the_same_file_and_mapping_twice_is_refused(store: EstateStore) -> None:
    fill(store)
    with pytest.raises(EstateError):
        fill(store)
    assert len(rows(store, "imports")) == 1


def test_what_the_estate_knew_then(store: EstateStore) -> None:
    fill(store)
    fill(store, batch(("row:1", "inventory.model", b"right")), mapping=b"2" * 32, at=AT + DAY)
    assert values(store, AT - DAY) == []
    assert len(values(store, AT)) == 2
    assert len(values(store, AT + DAY)) == 1
    with store.reading() as connection:
        assert len(store.artefacts(connection, AT)) == 1
        assert [row["imported_at"] for row in store.artefacts(connection)] == [AT, AT + DAY]


def test_the_site_of_a_file_is_that_of_its_last_import(store: EstateStore) -> None:
    fill(store, site="HQ")
    fill(store, site="DEPOT", digest=bytes(32))
    with store.reading() as connection:
        assert store.artefact_sites(connection) == {PREFIX: "HQ", "00" * 8: "DEPOT"}
    fill(store, mapping=b"2" * 32, at=AT + DAY)  # corrected: the file is of no one site
    with store.reading() as connection:
        assert store.artefact_sites(connection) == {"00" * 8: "DEPOT"}
        assert store.artefact_sites(connection, AT) == {PREFIX: "HQ", "00" * 8: "DEPOT"}


# -------------------------------------------------------------------------- judgements


def test_judgements_come_back_in_the_order_in_which_they_were_given(store: EstateStore) -> None:
    first, second = judgement(on="2026-01-01", who_said="Zoë “ü”"), judgement("D-0", AT - DAY)
    judge(store, first, second)
    with store.reading() as connection:
        found = store.judgements(connection)
    assert [(j.seq, j.subject, j.body, j.who, j.recorded_at, j.kind) for j in found] == [
        (1, "D-1", first.body, "tester", AT, JudgementKind.STATE),
        (2, "D-0", {}, "tester", AT - DAY, JudgementKind.STATE),
    ]


def test_judgements_have_a_date_of_knowledge(store: EstateStore) -> None:
    judge(store, judgement(), judgement(at=AT + DAY))
    with store.reading() as connection:
        assert len(store.judgements(connection, AT)) == 1
        assert store.judgements(connection, AT - DAY) == []


def test_no_judgement_is_no_row(store: EstateStore) -> None:
    judge(store)
    assert rows(store, "judgements") == []


# ------------------------------------------------------------------------- append-only

APPEND_ONLY = ("artefacts", "imports", "observations", "judgements")


@pytest.fixture
def filled(store: EstateStore) -> EstateStore:
    fill(store, site="HQ")
    judge(store, judgement(reason="test"))
    return store


def columns(store: EstateStore, table: str) -> list[str]:
    return [name for name in rows(store, table)[0] if name != "seq"]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_cannot_be_taken_away(filled: EstateStore, table: str) -> None:
    before = rows(filled, table)
    with pytest.raises(EstateError, match="append-only"), filled.writing() as connection:
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    assert rows(filled, table) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_column_can_be_given_another_value(filled: EstateStore, table: str) -> None:
    before = rows(filled, table)
    names = columns(filled, table)
    assert len(names) >= 6
    for name in names:
        other = b"other" if isinstance(before[0][name], bytes) else 7
        with pytest.raises(EstateError), filled.writing() as connection:
            connection.execute(text(f"UPDATE {table} SET {name} = :v"), {"v": other})  # noqa: S608
    with pytest.raises(EstateError), filled.writing() as connection:
        connection.execute(text(f"UPDATE {table} SET seq = seq + 100"))  # noqa: S608
    assert rows(filled, table) == before


def test_a_row_cannot_be_replaced_either(filled: EstateStore) -> None:
    before = rows(filled, "observations")
    with pytest.raises(EstateError), filled.writing() as connection:
        connection.execute(
            text(
                "INSERT OR REPLACE INTO observations"
                " (seq, import, id, subject, protocol, field, value, content_digest)"
                " VALUES (1, 1, x'00', 'x', 'x', 'x', x'00', x'00')"
            )
        )
    assert rows(filled, "observations") == before


# ----------------------------------------------------------------------------- erasure


def test_an_erased_observation_leaves_its_number_and_digest(store: EstateStore) -> None:
    fill(store)
    before = rows(store, "observations")
    with store.writing() as connection:
        counted = store.erase_observations(
            connection, f"{PREFIX}/row:1", "officer", "request 7", AT + DAY
        )
    assert counted == 1
    gone, stays = rows(store, "observations")
    assert stays == before[1]
    blank = dict.fromkeys(("id", "subject", "value", "position", "salt"))
    assert gone == before[0] | blank
    assert gone["content_digest"] == before[0]["content_digest"]
    assert values(store) == [(f"{PREFIX}/row:2", b"DS-2")]


def test_an_erasure_is_itself_on_record(store: EstateStore) -> None:
    fill(store)
    with store.writing() as connection:
        store.erase_observations(connection, f"{PREFIX}/row:1", "officer", "request 7", AT + DAY)
    with store.reading() as connection:
        [found] = store.judgements(connection)
    assert (found.kind, found.subject, found.who) == (
        JudgementKind.ERASURE, "observations:1", "officer",
    )  # fmt: skip
    assert found.body == {"table": "observations", "seq": 1, "reason": "request 7"}
    assert found.recorded_at == AT + DAY


def test_erasing_takes_the_subject_of_that_file_only(store: EstateStore) -> None:
    fill(store)
    fill(store, digest=bytes(32))
    with store.writing() as connection:
        store.erase_observations(connection, "0000000000000000/row:1", "officer", "r", AT)
    assert [device for device, _ in values(store)] == [
        f"{PREFIX}/row:1", f"{PREFIX}/row:2", "0000000000000000/row:2",
    ]  # fmt: skip


def test_an_erased_judgement_leaves_its_number_and_digest(filled: EstateStore) -> None:
    [before] = rows(filled, "judgements")
    with filled.writing() as connection:
        assert filled.erase_judgements(connection, [1], "officer", "request 8", AT) == 1
    gone, record = rows(filled, "judgements")
    assert gone == before | dict.fromkeys(("subject", "body", "who", "salt"))
    assert record["kind"] == "erasure"
    with filled.reading() as connection:
        assert [j.kind for j in filled.judgements(connection)] == [JudgementKind.ERASURE]


def test_what_is_erased_cannot_be_filled_again(filled: EstateStore) -> None:
    with filled.writing() as connection:
        filled.erase_judgements(connection, [1], "officer", "request 8", AT)
    with pytest.raises(EstateError), filled.writing() as connection:
        connection.execute(text("UPDATE judgements SET body = '{}' WHERE seq = 1"))


def test_erased_words_are_in_no_file_any_more(store: EstateStore, place: Path) -> None:
    """Not in free pages, nor in the journal."""
    word = b"A-NAME-THAT-MUST-GO"
    fill(store, batch(("row:1", "inventory.text", word * 200), ("row:2", "inventory.model", b"x")))
    assert any(word in path.read_bytes() for path in place.parent.iterdir())
    with store.writing() as connection:
        store.erase_observations(connection, f"{PREFIX}/row:1", "officer", "request", AT)
    store.scrub()
    assert not any(word in path.read_bytes() for path in place.parent.iterdir())


# ------------------------------------------------------------------------ transactions


class _StoppedError(Exception):
    """Something goes wrong half-way."""


@pytest.fixture(params=[_StoppedError, KeyboardInterrupt])
def stop(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_a_transaction_is_kept_whole_or_not_at_all(
    store: EstateStore, stop: type[BaseException]
) -> None:
    def half(connection: Connection) -> None:
        seq = store.add_import(connection, artefact(), MAPPING, None, AT)
        store.add_observations(connection, seq, FILE, USUAL)
        raise stop

    with pytest.raises(stop), store.writing() as connection:
        half(connection)
    for table in APPEND_ONLY:
        assert rows(store, table) == []


def test_a_reader_sees_one_moment(store: EstateStore) -> None:
    with store.reading() as connection:
        assert store.judgements(connection) == []
        judge(store, judgement())
        assert store.judgements(connection) == []
    with store.reading() as connection:
        assert len(store.judgements(connection)) == 1


def test_settings_are_kept_and_replaced(store: EstateStore) -> None:
    with store.writing() as connection:
        assert store.get(connection, "marking") is None
        store.set(connection, "marking", "ONE")
        store.set(connection, "marking", "TWO")
    with store.reading() as connection:
        assert store.get(connection, "marking") == "TWO"


def test_an_estate_has_a_secret_of_its_own(backend: Backend, tmp_path: Path) -> None:
    secrets = set()
    for name in ("one", "two"):
        made = backend.create(tmp_path / name)
        for opened in (made, backend.open(tmp_path / name)):
            with opened.reading() as connection:
                secrets.add(opened.secret(connection))
    assert len(secrets) == 2
    assert {len(secret) for secret in secrets} == {32}


def test_what_was_written_is_there_when_opened_again(
    backend: Backend, store: EstateStore, place: Path
) -> None:
    fill(store)
    assert values(backend.open(place)) == values(store) != []
