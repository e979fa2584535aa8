"""camaudit.store.estate_file: one SQLite file, for its owner only."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from camaudit.errors import EstateError
from camaudit.store import create_estate, estate_file, open_estate
from camaudit.store.migrations import MIGRATIONS, migrate, version


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask() -> object:
    before = os.umask(0o000)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_the_file_and_its_journal_are_for_the_owner_only(tmp_path: Path) -> None:
    place = tmp_path / "estate.sqlite"
    store = create_estate(place)
    assert mode(place) == 0o600
    with store.writing() as connection:
        store.set(connection, "marking", "TEST")
        beside = [path for path in tmp_path.iterdir() if path != place]
        assert {path.name for path in beside} == {"estate.sqlite-wal", "estate.sqlite-shm"}
        assert [mode(path) for path in beside] == [0o600, 0o600]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "estate.sqlite"
    place.write_text("something dear")
    with pytest.raises(EstateError, match="there already; choose another name"):
        create_estate(place)
    assert place.read_text() == "something dear"


@pytest.mark.parametrize("name", ["a?mode=ro.sqlite", "a#b.sqlite", "50%.sqlite", "ä b.sqlite"])
def test_a_name_is_a_name_and_not_a_query(tmp_path: Path, name: str) -> None:
    create_estate(tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} == {name}
    open_estate(tmp_path / name)


def other_database(place: Path) -> None:
    connection = sqlite3.connect(place)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda _place: None, "there is no estate here; make one with `camaudit init`"),
        (lambda place: place.write_bytes(b""), "is not an estate; make one with `camaudit init`"),
        (lambda place: place.write_bytes(b"a,b\n" * 999), "is not an estate; make one with"),
        (other_database, "is a database of another program"),
    ],
)
def test_what_is_no_estate_is_refused_with_what_to_do(
    tmp_path: Path, make: object, says: str
) -> None:
    place = tmp_path / "estate.sqlite"
    make(place)  # type: ignore[operator]
    with pytest.raises(EstateError, match=str(place).replace("\\", "/")) as error:
        open_estate(place)
    assert says in str(error.value)


def test_migrations_run_from_an_empty_database_and_only_once(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.sqlite")
    with store.writing() as connection:
        assert version(connection) == len(MIGRATIONS) > 0
        assert migrate(connection) == 0


def test_an_estate_that_a_newer_camaudit_wrote_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "estate.sqlite"
    with create_estate(place).writing() as connection:
        connection.execute(text(f"PRAGMA user_version = {len(MIGRATIONS) + 1}"))
    with pytest.raises(EstateError, match="newer camaudit; install that version or a later one"):
        open_estate(place)


def test_the_tables_are_those_that_the_first_migration_makes(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.sqlite")
    from camaudit.store.tables import ERASABLE, METADATA

    with store.reading() as connection:
        for table in METADATA.sorted_tables:
            made = connection.execute(text(f"PRAGMA table_info({table.name})")).all()
            assert [row.name for row in made] == list(table.columns.keys())
            nullable = {row.name for row in made if not row.notnull and not row.pk}
            assert nullable == {c.name for c in table.columns if c.nullable}
            assert nullable >= set(ERASABLE.get(table.name, ()))


def test_many_rows_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.contract.test_store import batch, fill

    monkeypatch.setattr(estate_file, "CHUNK", 3)
    store = create_estate(tmp_path / "estate.sqlite")
    fill(store, batch(*(("row:1", "http.server", b"%d" % at) for at in range(7))))
    with store.reading() as connection:
        assert [each.num_rows for each in store.observations(connection)] == [3, 3, 1]


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estate_file, "BUSY_MS", 1)
    store = create_estate(tmp_path / "estate.sqlite")
    told: list[str] = []

    def write() -> None:
        try:
            with store.writing():
                told.append("wrote")
        except EstateError as error:
            told.append(str(error))

    with store.writing():
        second = threading.Thread(target=write)
        second.start()
        second.join()
    assert len(told) == 1
    assert "another camaudit is writing; try again when it is done" in told[0]


def test_a_damaged_estate_is_said_to_be_damaged(tmp_path: Path) -> None:
    place = tmp_path / "estate.sqlite"
    create_estate(place)
    content = bytearray(place.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    place.write_bytes(content)
    with pytest.raises(EstateError, match="is damaged; restore it from a copy"):
        list_all(place)


def list_all(place: Path) -> None:
    with open_estate(place).reading() as connection:
        connection.execute(text("SELECT count(*) FROM observations")).all()


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("database or disk is full", "the disk is full; free some space"),
        ("attempt to write a readonly database", "check the file's owner and mode"),
        ("unable to open database file", "check the folder's owner and mode"),
        ("something else", "something else"),
    ],
)
def test_what_sqlite_says_is_put_into_words(message: str, says: str) -> None:
    assert says in estate_file._advice(message)


def test_a_copy_of_an_estate_is_an_estate(tmp_path: Path) -> None:
    from tests.contract.test_store import fill, values

    store = create_estate(tmp_path / "one.sqlite")
    fill(store)
    shutil.copy(tmp_path / "one.sqlite", tmp_path / "two.sqlite")
    assert values(open_estate(tmp_path / "two.sqlite")) == values(store)
