"""camaudit.engines.sorting: order by key, byte by byte, with little held."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.engines import sorting
from camaudit.engines.sorting import sort_lines


@given(
    st.dictionaries(st.binary(max_size=6), st.binary(max_size=30), max_size=60),
    st.sampled_from([1, 40, 10_000]),
    st.integers(2, 4),
)
def test_lines_come_by_key_however_little_is_held(
    lines: dict[bytes, bytes], held: int, runs: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "HELD_BYTES", held)
        patch.setattr(sorting, "RUNS", runs)
        assert list(sort_lines(lines.items())) == [lines[key] for key in sorted(lines)]


def test_the_order_is_that_of_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "HELD_BYTES", 3)
    names = ["é", "a", "Z", "\U0001f4f7", "\uffee"]
    assert [each.decode() for each in sort_lines((n.encode(), n.encode()) for n in names)] == [
        "Z", "a", "é", "\uffee", "\U0001f4f7",
    ]  # fmt: skip


def test_the_runs_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sorting, "HELD_BYTES", 10)
    assert len(list(sort_lines((b"%05d" % at, b"x" * 9) for at in range(50)))) == 50
    assert list(tmp_path.iterdir()) == []
