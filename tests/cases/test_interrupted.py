"""Work that is cut short, by a signal, a full disk, another writer or a reader that went away.

An import is kept whole or not at all, and can be run again.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from camaudit.store import estate_file
from tests import child
from tests.cases.command import Camaudit
from tests.cases.states import rows_of

ROWS = 20_000
#: Bytes that an import has written to the log when it is surely in its middle.
UNDER_WAY = 2 << 20
#: Far more than anything here needs.
PATIENCE_S = 60


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register whose import takes seconds."""
    path = tmp_path_factory.mktemp("register") / "register.csv"
    with path.open("w") as file:
        file.write("asset,make,model,location\n")
        file.writelines(f"A{n},Axis,P3245,{'gate ' * 20}{n}\n" for n in range(ROWS))
    return path


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern")
    (folder / "one.csv").write_text("asset,make,model\nB1,Mobotix,M16\n")
    child.camaudit("init", "--estate", folder / "estate.sqlite")
    child.camaudit("import", folder / "one.csv", "--estate", folder / "estate.sqlite")
    return folder / "estate.sqlite"


@pytest.fixture
def estate(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(pattern, tmp_path / "estate.sqlite"))


def count(estate: Path) -> int:
    with closing(sqlite3.connect(estate)) as connection:
        return int(connection.execute("SELECT count(*) FROM observations").fetchone()[0])


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    tick = threading.Event()
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        tick.wait(0.005)


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command, and leave nothing of it behind."""
    with subprocess.Popen(
        [*child.COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (signal.SIGINT, 1, b"stopped"),
        (signal.SIGTERM, 1, b"stopped"),
        (signal.SIGKILL, -signal.SIGKILL, b""),
    ],
)
def test_a_signal_in_the_middle_of_an_import_leaves_the_estate_as_it_was(
    number: signal.Signals, code: int, words: bytes, estate: Path, register: Path
) -> None:
    before = rows_of(estate)
    log = estate.with_name(f"{estate.name}-wal")
    with started("import", register, "--estate", estate) as process:
        until(lambda: log.exists() and log.stat().st_size > UNDER_WAY)
        process.send_signal(number)
        out, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    assert out == b""
    assert words in told
    assert b"Traceback" not in told
    assert rows_of(estate) == before


def test_what_was_killed_can_be_imported_again(estate: Path, register: Path) -> None:
    had = count(estate)
    log = estate.with_name(f"{estate.name}-wal")
    with started("import", register, "--estate", estate) as process:
        until(lambda: log.exists() and log.stat().st_size > UNDER_WAY)
        process.kill()
        process.wait(timeout=PATIENCE_S)
    assert f"({ROWS} new)" in child.camaudit("import", register, "--estate", estate).out
    assert count(estate) > had + 3 * ROWS
    whole = rows_of(estate)
    assert "nothing changed" in child.camaudit("import", register, "--estate", estate).out
    assert rows_of(estate) == whole


def test_a_disk_without_room_leaves_the_estate_as_it_was(estate: Path, register: Path) -> None:
    # Rootless stand-in for a full disk: no file may grow beyond this.
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (UNDER_WAY, UNDER_WAY))
    before = rows_of(estate)
    told = child.camaudit("import", register, "--estate", estate, code=1, before=limit)
    assert "estate.sqlite" in told.err
    assert "room" in told.err or "full" in told.err
    assert rows_of(estate) == before
    child.camaudit("import", register, "--estate", estate)


def test_a_report_that_does_not_fit_leaves_the_old_one(estate: Path, tmp_path: Path) -> None:
    room = 40_000  # more than the store's own small files, less than any report
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
    report = tmp_path / "report.html"
    report.write_text("the old report")
    told = child.camaudit("report", "--out", report, "--estate", estate, code=1, before=limit)
    assert "report.html: " in told.err
    assert report.read_text() == "the old report"
    assert [each.name for each in tmp_path.iterdir() if "html" in each.name] == ["report.html"]


OUTPUTS = [
    ("devices", "list"),
    ("devices", "list", "--json"),
    ("assess",),
    ("report", "--format", "html"),
    ("report", "--format", "csv"),
]


@pytest.mark.parametrize("command", OUTPUTS)
def test_standard_output_on_a_full_disk(command: tuple[str, ...], estate: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        told = child.camaudit(*command, "--estate", estate, code=1, stdout=full)
    assert "the disk is full" in told.err
    assert "Exception ignored" not in told.err


@pytest.mark.parametrize("command", OUTPUTS)
def test_a_reader_that_has_seen_enough(command: tuple[str, ...], estate: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        told = child.camaudit(*command, "--estate", estate, code=1, stdout=pipe)
    assert "Errno" not in told.err
    assert "Exception ignored" not in told.err


def test_standard_input_that_is_closed() -> None:
    told = child.camaudit("classify", "-", "--json", code=1, before=partial(os.close, 0))
    assert "standard input" in told.err


def test_standard_output_that_is_closed(tmp_path: Path) -> None:
    line = b'{"device":"d","protocol":"http","field":"server","value":"App-webs/"}\n'
    (tmp_path / "one.jsonl").write_bytes(line)
    child.camaudit(
        *("classify", tmp_path / "one.jsonl", "--json"), code=1, before=partial(os.close, 1)
    )


def test_without_standard_error_it_still_works(tmp_path: Path) -> None:
    line = b'{"device":"d","protocol":"http","field":"server","value":"App-webs/"}\n'
    (tmp_path / "one.jsonl").write_bytes(line)
    told = child.camaudit(
        *("classify", tmp_path / "one.jsonl", "--json"), before=partial(os.close, 2)
    )
    assert "hikvision" in told.out


def test_a_second_writer_says_that_there_is_a_first(
    camaudit: Camaudit, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estate_file, "BUSY_MS", 20)
    (tmp_path / "more.csv").write_text("asset,make\nE1,Axis\n")
    before = rows_of(estate)
    with closing(sqlite3.connect(estate, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        told = camaudit("import", tmp_path / "more.csv", "--estate", estate, code=1)
        assert "Mobotix" in camaudit("devices", "list", "--estate", estate).out  # readers go on
    assert "another camaudit is writing" in told.err
    assert rows_of(estate) == before


def test_a_second_writer_waits_for_a_short_while(estate: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("asset,make\nE1,Axis\n")
    with closing(sqlite3.connect(estate, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        with started("import", tmp_path / "more.csv", "--estate", estate) as second:
            until(lambda: _has_open(second.pid, estate))
            assert second.poll() is None
            first.execute("ROLLBACK")
            out, _ = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0
    assert b"(1 new)" in out


def _has_open(process: int, file: Path) -> bool:
    try:
        return any(each.readlink() == file for each in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it opens and closes files while we look
        return False
