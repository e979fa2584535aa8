"""Run the command line in this process, at a chosen moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from camaudit.app import clock
from camaudit.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command wrote and left with."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Camaudit:
    """The command on one estate."""

    estate: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str | Path, on: date | None = None, code: int = 0) -> Ran:
        """Run a command, on a given day, and insist on its exit code."""
        self.monkeypatch.setenv("CAMAUDIT_ESTATE", str(self.estate))
        with self.monkeypatch.context() as patch, _umask():
            if on is not None:
                at = datetime.combine(on, time(12), UTC)
                patch.setattr(clock, "now", lambda: at)
            with pytest.raises(SystemExit) as left:
                main([str(each) for each in arguments])
        captured = self.capsys.readouterr()
        ran = Ran(int(left.value.code or 0), captured.out, captured.err)
        assert ran.code == code, f"{arguments}: left with {ran.code}\n{ran.out}\n{ran.err}"
        return ran


@contextmanager
def _umask() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
