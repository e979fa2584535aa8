"""The command line on an estate of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.command import Camaudit


@pytest.fixture
def camaudit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Camaudit:
    """Return the command, with an estate in a directory of its own."""
    return Camaudit(tmp_path / "estate.sqlite", capsys, monkeypatch)
