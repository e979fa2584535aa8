"""Run ``camaudit`` and tell what the scan alone took, before its journal was imported.

python -m tests.bench.scan.command TOLD scan --site ...
"""

from __future__ import annotations

import atexit
import json
import sys
import time
from datetime import datetime
from pathlib import Path

from camaudit.app import scan
from camaudit.app.ingest import Imported
from camaudit.cli.main import main
from camaudit.store import EstateStore

told: dict[str, float] = {}


def peak_mib() -> float:
    """Return the most memory that this process has held so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run() -> None:
    """Put a stopwatch before the import."""
    path = Path(sys.argv.pop(1))
    bring_in = scan.bring_in

    def timed(store: EstateStore, journal: Path, who: str, at: datetime) -> Imported:
        told.update(scanned_at=time.monotonic(), scan_mib=peak_mib())
        return bring_in(store, journal, who, at)

    scan.bring_in = timed
    atexit.register(lambda: path.write_text(json.dumps(told | {"peak_mib": peak_mib()})))
    main(sys.argv[1:])


if __name__ == "__main__":
    run()
