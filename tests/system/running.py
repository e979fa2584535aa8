"""Services that run for the length of a test, each in a process group of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

#: Ports below 1024, network namespaces, and the scan of UDP, are root's.
AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")
#: A service that has not answered by then will not.
READY_S = 20


@contextmanager
def running(
    command: Sequence[str | Path], log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a service in a process group of its own, and end the whole group."""
    with (log or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            _end(process)


def wait(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes] | None = None,
    log: Path | None = None,
) -> None:
    """Wait until a service is ready; tell what it wrote if it never is."""
    until = time.monotonic() + READY_S
    tick = threading.Event()
    while not ready():
        wrote = log.read_text(encoding="utf-8", errors="replace") if log else ""
        assert process is None or process.poll() is None, f"the service ended\n{wrote}"
        assert time.monotonic() < until, f"the service did not start\n{wrote}"
        tick.wait(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        # as root: what sudo started is not ours to signal
        kill = [*AS_ROOT, "kill", f"-{number.value}", "--", f"-{process.pid}"]
        subprocess.run(kill, check=False, capture_output=True, timeout=READY_S)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            return
