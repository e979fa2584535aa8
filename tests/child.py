"""Run the command as a process of its own, as an operator does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

COMMAND = (sys.executable, "-m", "camaudit")

#: Root is refused nothing; without its capabilities it is an ordinary owner of files.
ORDINARY = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command wrote and left with."""

    code: int
    out: str
    err: str


def camaudit(
    *arguments: str | Path,
    code: int = 0,
    prefix: tuple[str, ...] = (),
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    stdout: IO[bytes] | int = subprocess.PIPE,
    within_s: float = 60,
    before: Callable[[], None] | None = None,
) -> Ended:
    """Run a command, insist on its exit code, and on words instead of a traceback."""
    done = subprocess.run(
        [*prefix, *COMMAND, *map(str, arguments)],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=within_s,
        check=False,
        preexec_fn=before,
    )
    ended = Ended(done.returncode, _text(done.stdout), _text(done.stderr))
    assert "Traceback" not in ended.err, ended.err
    assert ended.code == code, f"{arguments}: left with {ended.code}\n{ended.out}\n{ended.err}"
    return ended


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")
