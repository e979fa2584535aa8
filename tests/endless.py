"""Feed a line without an end to ``camaudit classify -``, and measure what it holds of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

#: The issue's bound: 256 MiB resident, whatever comes.
MOST_RESIDENT_KIB: Final = 256 * 1024

_START: Final = b'{"device":"long","protocol":"http","field":"server","value":"'
_BLOCK: Final = b"x" * (1 << 20)
_AFTER: Final = b'"}\n{"device":"next","protocol":"http","field":"server","value":"App-webs/"}\n'

#: The peak of the process itself; what its parent held when it was forked does not count.
_MEASURED: Final = """
import atexit, pathlib, sys
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: pathlib.Path(sys.argv[1]).write_text(status.read_text()))
from camaudit.cli.main import main
main(["classify", "-", "--json"])
"""


def classify_long_line(mebibytes: int, folder: Path, within_s: float) -> tuple[str, str, int]:
    """Return what ``classify`` wrote, what it said, and its peak of resident memory in KiB."""
    status = folder / "status.txt"
    with (folder / "out.jsonl").open("wb") as out, (folder / "err.txt").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", _MEASURED, str(status)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
        )
        assert process.stdin is not None
        try:
            process.stdin.write(_START)
            for _ in range(mebibytes):
                process.stdin.write(_BLOCK)
            process.stdin.write(_AFTER)
            process.stdin.close()
            process.wait(timeout=within_s)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0
    (peak,) = (
        int(line.split()[1])
        for line in status.read_text().splitlines()
        if line.startswith("VmHWM:")
    )
    return (folder / "out.jsonl").read_text(), (folder / "err.txt").read_text(), peak
