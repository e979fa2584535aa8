"""Write RESULTS.md: what it takes to judge a million devices under all packs, and to explain one.

    .venv/bin/python -m tests.bench.policy.run [--devices N] [--check]

Run it alone on a quiet machine. ``--check`` writes nothing and fails where a floor is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from camaudit.app.packset import load_packs
from tests.bench.measured import Measured, machine, measure

from .tables import make_facts

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
#: The ceilings: judging and writing as a whole process, and one explanation.
MOST_SECONDS: Final = 20.0
MOST_MIB: Final = 4096.0
MOST_EXPLAINING: Final = 0.1
CORES: Final = 2
#: One row in so many is another one.
DISTINCT: Final = 4
PACKS: Final = 25
#: The plain loop gets this many devices; its rate does not depend on how many.
SAMPLE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was measured."""

    devices: int
    judged: Measured
    figures: dict[str, Any]
    explained: dict[str, Any]

    @property
    def holds(self) -> bool:
        """Tell whether every ceiling holds."""
        return (
            self.judged.seconds < MOST_SECONDS
            and self.judged.peak_mib < MOST_MIB
            and self.explained["longest"] < MOST_EXPLAINING
        )


def run(devices: int) -> Found:
    """Measure on facts made for it."""
    packs = load_packs()  # and fills the cache
    with tempfile.TemporaryDirectory() as name:
        facts, folder = Path(name) / "facts.parquet", Path(name) / "verdicts"
        folder.mkdir()
        pq.write_table(make_facts(packs, devices, devices // DISTINCT), facts, compression="zstd")
        module = "tests.bench.policy.judge"
        judged = measure(module, ["all", facts, folder, str(PACKS)])
        explained = measure(module, ["explain", facts, str(SAMPLE), str(PACKS)])
    return Found(
        devices=devices,
        judged=judged,
        figures=json.loads(judged.out),
        explained=json.loads(explained.out),
    )


_TEXT: Final = """# Policy benchmark

Written by `python -m tests.bench.policy.run`; do not edit. A Parquet file of facts of {devices:,}
devices, {distinct:,} of them different, is judged under {packs} packs with {requirements}
requirements: `share`, then `evaluate_shared` for each pack on two threads. For each pack the row
code of every device and the verdicts of the distinct rows are written as Parquet. The time is that
of the whole process, with loading and compiling the packs and reading the facts. The shipped packs
stand again under other ids until there are {packs}; nothing is kept from one pack to the next but
the codes of the columns. Every column is drawn by itself, dates by the day and confidences to four
places, so a pack still has up to {rows:,} different rows in the columns that it reads: a real
estate has fewer.

The baseline is the plain loop, `explain` for one row and one pack after the other, over
{sample} rows of the same file; its verdicts come with their reasons, which is what a single verdict
costs when somebody asks for it.

Ceilings: {seconds:.0f} s and {mib:.0f} MiB on {cores} cores; {explaining:.0f} ms for a verdict
explained.

Measured on: {machine}.

| step | time, s |
|---|---:|
| load and compile {packs} packs | {load:.1f} |
| read the facts and encode them once | {encode:.1f} |
| judge under {packs} packs and write {written:.0f} MiB | {judge:.1f} |
| **the whole process** | **{whole:.1f}** |

| | verdicts/s | times the baseline |
|---|---:|---:|
| plain loop (`explain`) | {plain:,.0f} | 1 |
| judge and write | {rate:,.0f} | {ratio:,.0f} |

A verdict is one requirement's answer for one device: {verdicts:,} of them. Processor time
{cpu:.1f} s, peak of memory {peak:.0f} MiB. Explaining a row under a pack: {median:.1f} ms in the
middle, {longest:.1f} ms at most of {explained}.
"""


def text(found: Found) -> str:
    """Return the page."""
    figures, explained = found.figures, found.explained
    verdicts = found.devices * figures["requirements"]
    plain = SAMPLE * figures["requirements"] / explained["seconds"]
    rate = verdicts / (figures["encode"] + figures["judge"])
    return _TEXT.format(
        devices=found.devices,
        distinct=figures["distinct"],
        packs=len(figures["rows"]),
        requirements=figures["requirements"],
        rows=max(figures["rows"]),
        sample=SAMPLE,
        seconds=MOST_SECONDS,
        mib=MOST_MIB,
        cores=CORES,
        explaining=MOST_EXPLAINING * 1000,
        machine=machine(),
        load=figures["load"],
        encode=figures["encode"],
        judge=figures["judge"],
        written=figures["bytes"] / 2**20,
        whole=found.judged.seconds,
        plain=plain,
        rate=rate,
        ratio=rate / plain,
        verdicts=verdicts,
        cpu=found.judged.cpu_seconds,
        peak=found.judged.peak_mib,
        median=explained["median"] * 1000,
        longest=explained["longest"] * 1000,
        explained=explained["explained"],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--check", action="store_true", help="write nothing; fail above a ceiling")
    options = parser.parse_args(arguments)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    found = run(options.devices)
    page = text(found)
    sys.stdout.write(page)
    if options.check:
        return 0 if found.holds else 1
    RESULTS.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
