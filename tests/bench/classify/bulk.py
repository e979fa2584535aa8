"""Write BULK.md: how many observations a second ``camaudit classify`` takes from Parquet files.

    .venv/bin/python -m tests.bench.classify.bulk [--observations N] [--large N] [--check]

Run it alone on a quiet machine. ``--check`` writes nothing and fails where a floor is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.app.packset import PackSet, load_packs
from tests.bench.measured import Measured, machine, measure

from .bulk_mixes import FIELDS, FIELDS_EACH, MIXES, POPULAR, Mix, write_mix

RESULTS: Final = Path(__file__).parent / "BULK.md"
#: The ceiling of memory, and that of a start with a warm cache.
MOST_MIB: Final = 1024
MOST_START: Final = 1.0
#: The plain loop gets this many values; its rate does not depend on how many.
PLAIN: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mix: what ``classify`` took, and the plain loop's rate."""

    mix: Mix
    observations: int
    bytes_each: float
    distinct: float
    hit: float
    start: Measured
    whole: Measured
    plain_rate: float

    @property
    def rate(self) -> float:
        """Return observations a second of processor time, without starting up."""
        return self.observations / (self.whole.cpu_seconds - self.start.cpu_seconds)


def measure_mix(mix: Mix, packs: PackSet, observations: int, folder: Path) -> Row:
    """Measure one mix in processes of their own, on one core."""
    file, one, some = folder / "mix.parquet", folder / "one.parquet", folder / "some.parquet"
    write_mix(mix, packs, observations, file)
    table = pq.read_table(file)
    pq.write_table(table.slice(0, 1), one)
    pq.write_table(table.slice(0, PLAIN), some)
    values = table.column("value").to_pylist()
    start = classify(one, folder)
    whole = classify(file, folder)
    lines, hits, seconds = measure("tests.bench.classify.plain", [some]).out.split()
    return Row(
        mix=mix,
        observations=len(values),
        bytes_each=sum(map(len, values)) / len(values),
        distinct=len(set(values)) / len(values),
        hit=int(hits) / int(lines),
        start=start,
        whole=whole,
        plain_rate=int(lines) / float(seconds),
    )


def classify(file: Path, folder: Path, *, clustered: bool = True) -> Measured:
    """Run ``camaudit classify`` from one Parquet file to another."""
    options = ["--clustered"] if clustered else []
    return measure("camaudit", ["classify", file, *options, "-o", folder / "devices.parquet"])


def shuffle(source: Path, to: Path) -> None:
    """Write the rows of a file so that those of a device stand far apart."""
    table = pq.read_table(source)
    count = table.num_rows
    stride = pa.array([(at * 7_368_787) % count for at in range(count)])  # a prime: each once
    pq.write_table(table.take(stride), to, row_group_size=131_072)


_INTRODUCTION = """# Bulk classify benchmark

Written by `python -m tests.bench.classify.bulk`; do not edit. `camaudit classify FILE.parquet
-o DEVICES.parquet` as a process of its own on one core: reading Parquet, decoding raw replies,
matching {signatures:,} signatures, weighing, and writing one row a device with every reason. Rates
are by processor time; what a run over a single row takes ("start", with a warm cache) is not
counted.

{each} observations a device over {fields} fields: {names}.
The hits of a device are of one maker; a value of 60 bytes or more is an example of the packs among
other words. Values that come again are drawn from {popular:,}. What is "hit" was counted by the
plain loop: each value against each signature of its own field with `re.search`, one by one, over
{plain:,} values of the same file.

Measured on: {machine}.

"""


def table(found: Sequence[Row]) -> str:
    """Return the figures of the mixes."""
    columns = (
        *("mix", "observations", "bytes each", "distinct", "hit", "processor, s", "start, s"),
        *("observations/s", "floor", "peak, MiB", "plain loop, observations/s", "ratio"),
    )
    lines = [f"| {' | '.join(columns)} |", f"|---{'|---:' * (len(columns) - 1)}|"]
    lines += [
        f"| {row.mix.name} | {row.observations:,} | {row.bytes_each:.0f} | {row.distinct:.0%} | "
        f"{row.hit:.0%} | {row.whole.cpu_seconds:.1f} | {row.start.cpu_seconds:.2f} | "
        f"**{row.rate:,.0f}** | {row.mix.floor:,} | {row.whole.peak_mib:.0f} | "
        f"{row.plain_rate:,.0f} | {row.rate / row.plain_rate:,.0f} |"
        for row in found
    ]
    return "\n".join(lines) + "\n"


def large(packs: PackSet, observations: int, folder: Path) -> tuple[str, float]:
    """Measure many rows, clustered and not; return the text and the peak of memory."""
    block = 1_000_000
    copies = max(observations // block, 1)
    file, apart = folder / "large.parquet", folder / "apart.parquet"
    write_mix(MIXES[0], packs, block, file, copies=copies)
    together = classify(file, folder)
    rows = block * copies
    lines = [
        "",
        "## Large inputs",
        "",
        "The first mix again and again under other devices' names; elapsed time, on one core.",
        "",
        "| input | observations | time, s | observations/s | peak, MiB |",
        "|---|---:|---:|---:|---:|",
    ]
    lines.append(
        f"| clustered | {rows:,} | {together.seconds:.0f} | {rows / together.seconds:,.0f} | "
        f"{together.peak_mib:.0f} |"
    )
    some = min(copies, 10)
    write_mix(MIXES[0], packs, block, file, copies=some)
    shuffle(file, apart)
    scattered = classify(apart, folder, clustered=False)
    lines.append(
        f"| in any order, by way of the disk | {block * some:,} | {scattered.seconds:.0f} | "
        f"{block * some / scattered.seconds:,.0f} | {scattered.peak_mib:.0f} |"
    )
    return "\n".join(lines) + "\n", max(together.peak_mib, scattered.peak_mib)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=4_000_000)
    parser.add_argument("--large", type=int, default=100_000_000)
    parser.add_argument("--check", action="store_true", help="write nothing; fail below a floor")
    options = parser.parse_args(arguments)
    packs = load_packs()  # and fills the cache
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = [measure_mix(mix, packs, options.observations, folder) for mix in MIXES]
        text, peak = large(packs, options.large, folder)
    text = (
        _INTRODUCTION.format(
            signatures=len(packs.makers.signatures),
            each=FIELDS_EACH,
            fields=len(FIELDS),
            names=", ".join(f"`{each}`" for each in FIELDS),
            plain=PLAIN,
            popular=POPULAR,
            machine=machine(),
        )
        + table(found)
        + text
    )
    sys.stdout.write(text)
    if options.check:
        slow = any(row.rate < row.mix.floor or row.start.seconds > MOST_START for row in found)
        return 1 if slow or peak > MOST_MIB else 0
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
