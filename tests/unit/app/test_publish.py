"""camaudit.app.publish: whole or not at all, for its owner only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from camaudit.app.publish import write_private


def test_a_report_is_for_its_owner_only_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert write_private(tmp_path / "r.html", [b"ab", b"c"]) == 3
    finally:
        os.umask(before)
    assert (tmp_path / "r.html").read_bytes() == b"abc"
    assert stat.S_IMODE((tmp_path / "r.html").stat().st_mode) == 0o600


def test_what_was_there_is_replaced_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, [b"new"])
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_what_fails_half_way_leaves_all_as_it_was(
    tmp_path: Path, stop: type[BaseException]
) -> None:
    def half() -> Iterator[bytes]:
        yield b"half"
        raise stop

    path = tmp_path / "r.html"
    path.write_text("old")
    with pytest.raises(stop):
        write_private(path, half())
    assert [each.name for each in tmp_path.iterdir()] == ["r.html"]
    assert path.read_text() == "old"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_private(tmp_path / "no" / "r.html", [b"x"])
