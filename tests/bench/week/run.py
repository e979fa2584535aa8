"""Verify a pretend week of ten million packets; write what it took.

Usage: python -m tests.bench.week.run [PACKETS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.weeks import assert_week, verify_week, write_week

PACKETS = 10_000_000
#: Octets of large frames: the disk is not what is measured.
FRAME_BYTES = 300


def main() -> None:
    packets = int(sys.argv[1]) if len(sys.argv) > 1 else PACKETS
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "week.pcapng"
        before = time.perf_counter()
        write_week(place, packets=packets, frame_bytes=FRAME_BYTES)
        written = time.perf_counter() - before
        size = place.stat().st_size
        week = verify_week(place, at_once=False)
        assert_week(week)
    truth = week.truth
    shape = f"{truth.packets:,}, {len(truth.devices)}, {size:,}"
    found = truth.secrets
    secrets = len(found.names) + len(found.credentials) + len(found.media)
    text = f"""# A pretend week, verified

Written by `python -m tests.bench.week.run`.

| what | measured |
|---|---|
| packets, devices, octets of the capture | {shape} |
| writing it | {written:.0f} s |
| `camaudit isolation verify` with import, page and lines | {week.seconds:.0f} s |
| peak of memory | {week.peak_mib:,.0f} MiB |

The one relay contact of three packets was found; the hour of outage is `cannot_tell` for each;
every device of a known maker has its maker, no other host is named, and none of {secrets:,} secrets
(names, credentials, runs of media) is in the estate, the page or the output.
"""
    (Path(__file__).parent / "RESULTS.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
