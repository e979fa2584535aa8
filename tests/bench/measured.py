"""Measure a piece of work in a process of its own: time, processor time, peak of memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The peak of the process itself; what its parent held when it was forked does not count.
_MEASURED: Final = """
import atexit, pathlib, runpy, sys
told = pathlib.Path(sys.argv.pop(1))
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: told.write_text(status.read_text()))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a process took."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    out: bytes


def measure(module: str, arguments: Sequence[str | Path]) -> Measured:
    """Run ``python -m module arguments`` to its end.

    Raises:
        RuntimeError: It failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        told, written = Path(folder) / "status", Path(folder) / "out"
        before = time.perf_counter()
        with written.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", _MEASURED, told, module, *arguments], stdout=out, env=_env()
            )
            _, code, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - before
        process.returncode = os.waitstatus_to_exitcode(code)
        if process.returncode:
            raise RuntimeError(f"{module} {arguments}: left with {process.returncode}")
        peak = next(
            int(line.split()[1])
            for line in told.read_text().splitlines()
            if line.startswith("VmHWM:")
        )
        return Measured(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mib=peak / 1024,
            out=written.read_bytes(),
        )


def _env() -> dict[str, str]:
    """Return the environment, byte code allowed: an installation in use has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def machine() -> str:
    """Describe what was measured on, in one line."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{len(names)} processors, {names[0] if names else 'processor'}, Python {version}"
