"""What needs a disk of its own, or minutes: full and read-only file systems, a 5 GB line."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cases.states import rows_of
from tests.child import camaudit
from tests.endless import MOST_RESIDENT_KIB, classify_long_line

pytestmark = pytest.mark.timeout(300)

#: Mounting is root's.
AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")
ROWS = 20_000


def mount(*arguments: str | Path) -> None:
    subprocess.run([*AS_ROOT, "mount", *arguments], check=True, timeout=30)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes with an estate on it."""
    place = tmp_path / "disk"
    place.mkdir()
    owner = f"size=2m,mode=0700,uid={os.getuid()},gid={os.getgid()}"
    mount("-t", "tmpfs", "-o", owner, "camaudit-test", place)
    try:
        camaudit("init", "--estate", place / "estate.sqlite")
        yield place
    finally:
        subprocess.run([*AS_ROOT, "umount", place], check=True, timeout=30)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    rows = "".join(f"A{n},Axis,P3245,{'gate ' * 20}{n}\n" for n in range(ROWS))
    path.write_text(f"asset,make,model,location\n{rows}")
    return path


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    assert shutil.disk_usage(disk).free == 0
    return ballast


def test_an_import_that_fills_the_disk_is_undone(
    disk: Path, register: Path, tmp_path: Path
) -> None:
    estate = disk / "estate.sqlite"
    before = rows_of(estate)
    told = camaudit("import", register, "--estate", estate, code=1)
    assert "estate.sqlite: the disk is full" in told.err
    assert rows_of(estate) == before
    (tmp_path / "small.csv").write_text("asset,make\nB1,Mobotix\n")
    assert "(1 new)" in camaudit("import", tmp_path / "small.csv", "--estate", estate).out


def test_a_disk_that_is_full_already(disk: Path, tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text("asset,make\nB1,Mobotix\n")
    estate = disk / "estate.sqlite"
    before = rows_of(estate)
    ballast = fill(disk)
    for command in (
        ("import", tmp_path / "small.csv", "--estate", estate),
        ("init", "--estate", disk / "second.sqlite"),
        ("report", "--out", disk / "report.html", "--estate", estate),
    ):
        told = camaudit(*command, code=1)
        assert str(disk) in told.err
        assert "room" in told.err or "full" in told.err
    ballast.unlink()
    assert rows_of(estate) == before
    assert sorted(each.name for each in disk.iterdir() if "-" not in each.name) == ["estate.sqlite"]
    camaudit("init", "--estate", disk / "second.sqlite")
    assert "(1 new)" in camaudit("import", tmp_path / "small.csv", "--estate", estate).out


def test_a_disk_that_is_read_only(disk: Path, tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text("asset,make\nB1,Mobotix\n")
    estate = disk / "estate.sqlite"
    before = estate.read_bytes()
    mount("-o", "remount,ro", disk)
    told = camaudit("import", tmp_path / "small.csv", "--estate", estate, code=1)
    assert "estate.sqlite" in told.err
    assert "check the" in told.err
    told = camaudit("init", "--estate", disk / "second.sqlite", code=1)
    assert "second.sqlite: the disk is read-only" in told.err
    assert estate.read_bytes() == before


def test_a_line_of_five_gigabytes(tmp_path: Path) -> None:
    out, told, peak = classify_long_line(5 * 1024, tmp_path, within_s=200)
    assert "line 1: the line is 5,368,709,183 bytes long and was not read" in told
    assert [line.partition(",")[0] for line in out.splitlines()] == ['{"device":"next"']
    assert peak < MOST_RESIDENT_KIB, f"{peak} KiB resident"
