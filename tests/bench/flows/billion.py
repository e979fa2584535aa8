"""Write BILLION.md: 1 billion generated flows, summarised within 8 GiB of memory and 10 of disk.

    .venv/bin/python -m tests.bench.flows.billion [--rows N] [--parts N] [--check]

The flows are made in parts. Each part is written, summarised into a file of its own and removed;
at the end the summaries are summarised. A summary may be put in again, so that what comes out is
that of all rows together: the sums of packets are held against those that were generated.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from camaudit.engines.flows import Limits, write_summary
from tests.bench.measured import Measured, machine, measure

from .generate import batches, write_parquet

RESULTS: Final = Path(__file__).parent / "BILLION.md"
CONVERSATIONS: Final = 1_000_000
MOST_MIB: Final = 8 * 1024
MOST_DISK_MIB: Final = 10 * 1024
#: The engine's own; the process takes some hundred MiB besides.
LIMITS: Final = Limits(memory_mib=6 * 1024, threads=2, spill_mib=4 * 1024)


def work(kind: str, target: Path, sources: list[Path]) -> None:
    """Summarise, as a process of its own; the last time without hours."""
    folder = target.parent / "spill"
    folder.mkdir(exist_ok=True)
    limits = Limits(
        memory_mib=LIMITS.memory_mib,
        threads=LIMITS.threads,
        spill_mib=LIMITS.spill_mib,
        folder=folder,
    )
    told = write_summary(sources, target, limits, by_hour=kind == "part")
    sys.stdout.write(f"{told.rows}\n")


def counted(flows: Iterator[pa.RecordBatch], sums: list[int]) -> Iterator[pa.RecordBatch]:
    """Pass flows through, and add up their packets."""
    for each in flows:
        sums[0] += pc.sum(each.column("packets")).as_py()
        yield each


def size_of(folder: Path) -> float:
    """Return what lies in a folder, in MiB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


def summed(path: Path) -> tuple[int, int]:
    """Return rows and packets of a summary."""
    file, packets = pq.ParquetFile(path), 0
    for batch in file.iter_batches(columns=["packets_out", "packets_back"]):
        packets += sum(pc.sum(column).as_py() or 0 for column in batch.columns)
    return file.metadata.num_rows, packets


def main() -> int:
    """Make, summarise, measure, and write or check."""
    if len(sys.argv) > 1 and sys.argv[1] in ("part", "all"):
        work(sys.argv[1], Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]])
        return 0
    parser = argparse.ArgumentParser(description="Summarise a billion flows.")
    parser.add_argument("--rows", type=int, default=1_000_000_000)
    parser.add_argument("--parts", type=int, default=20)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    took: list[Measured] = []
    made, disk, sums, load = 0.0, 0.0, [0], os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="camaudit-") as name:
        folder = Path(name)
        for part in range(asked.parts):
            before = time.perf_counter()
            flows = counted(batches(part, asked.parts, asked.rows, CONVERSATIONS), sums)
            write_parquet(folder / "flows.parquet", flows)
            made += time.perf_counter() - before
            target = folder / f"part{part:03}.parquet"
            took.append(
                measure("tests.bench.flows.billion", ["part", target, folder / "flows.parquet"])
            )
            disk = max(disk, size_of(folder))
            (folder / "flows.parquet").unlink()
            sys.stderr.write(f"part {part + 1} of {asked.parts}: {took[-1].seconds:.0f} s\n")
        found = folder / "all.parquet"
        parts = sorted(folder.glob("part*.parquet"))
        took.append(measure("tests.bench.flows.billion", ["all", found, *parts]))
        disk = max(disk, size_of(folder))
        rows, packets = summed(found)
        read = sum(int(each.out) for each in took[:-1])
    if (read, packets) != (asked.rows, sums[0]):
        raise RuntimeError(f"{read:,} rows and {packets:,} packets are not those generated")
    seconds, peak = sum(each.seconds for each in took), max(each.peak_mib for each in took)
    text = f"""# A billion flows

Written by `python -m tests.bench.flows.billion` (`make bench-flows-billion`); do not edit. Flows of
a day between {CONVERSATIONS:,} distinct conversations are made in {asked.parts} parts, each
summarised by the hour in a process of its own and removed; then the summaries are summarised without
hours. All
packets generated are in the result.

Measured on: {machine()}; load of the machine before: {load:.1f}.

| what | measured | ceiling |
|---|---:|---:|
| rows | {asked.rows:,} | |
| conversations found | {rows:,} | |
| summarising, s (making the flows, {made:,.0f} s, not counted) | {seconds:,.0f} | |
| processor, s | {sum(each.cpu_seconds for each in took):,.0f} | |
| rows a second | {asked.rows / seconds:,.0f} | |
| peak of memory, MiB | {peak:,.0f} | {MOST_MIB:,} |
| most on disk after a step, MiB (spilling: at most {LIMITS.spill_mib:,} more) | {disk:,.0f} | {MOST_DISK_MIB:,} |
"""  # noqa: E501  a row of a table is one line
    sys.stdout.write(text)
    if asked.check:
        return int(peak > MOST_MIB or disk + LIMITS.spill_mib > MOST_DISK_MIB)
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
