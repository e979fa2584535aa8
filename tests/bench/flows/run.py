"""Write RESULTS.md: what it takes to summarise flow logs, beside plain ways to do it.

    .venv/bin/python -m tests.bench.flows.run [--parquet-rows N] [--csv-rows N] [--check]

Run it alone on a quiet machine. ``--check`` writes nothing and fails where a floor is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.measured import Measured, machine, measure

from .generate import batches, write_nfdump, write_parquet

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
CONVERSATIONS: Final = 1_000_000
#: Rows a second that the engine must reach.
FLOORS: Final = {"parquet": 5_000_000, "csv": 1_000_000}
#: Rows of the file that the importer reads: it is for such files.
SMALL: Final = 300_000
#: The ways, ours first, by form.
WAYS: Final = {
    "parquet": ("engine", "plain-pyarrow"),
    "csv": ("engine", "plain-csv"),
    "small csv": ("importer", "plain-csv"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way and what it took."""

    form: str
    way: str
    rows: int
    found: int
    took: Measured

    @property
    def rate(self) -> float:
        """Return rows a second."""
        return self.rows / self.took.seconds


def measure_form(form: str, rows: int, folder: Path, runs: int) -> list[Row]:
    """Measure each way over one file, the ways in turn; the quickest of each counts."""
    path = folder / f"flows.{form.rsplit(maxsplit=1)[-1]}"
    write = write_parquet if form == "parquet" else write_nfdump
    write(path, batches(0, 1, rows, CONVERSATIONS))
    best: dict[str, Row] = {}
    for _ in range(runs):
        for way in WAYS[form]:
            took = measure("tests.bench.flows.work", [way, path])
            read, found = map(int, took.out.split())
            if read != rows:
                raise RuntimeError(f"{way} read {read:,} rows of {rows:,}")
            row = Row(form=form, way=way, rows=rows, found=found, took=took)
            if way not in best or took.seconds < best[way].took.seconds:
                best[way] = row
    path.unlink()
    return list(best.values())


def report(rows: list[Row], load: float, runs: int) -> str:
    """Return the page."""
    lines = []
    for row in rows:
        plain = next(each for each in rows if each.form == row.form and "plain" in each.way)
        floor = f"{FLOORS[row.form]:,}" if row.way == "engine" else ""
        lines.append(
            f"| {row.form} | {row.way} | {row.rows:,} | {row.found:,} | {row.took.seconds:.1f} | "
            f"{row.took.cpu_seconds:.1f} | {row.rate:,.0f} | {floor} | {row.took.peak_mib:,.0f} | "
            f"{row.rate / plain.rate:.1f} |"
        )
    return f"""# Flow benchmark

Written by `python -m tests.bench.flows.run`; do not edit. Flows of {CONVERSATIONS:,} distinct
conversations in no order (`generate.py`), as Parquet and as CSV of nfdump 1.7.1, become one row a
conversation. Each way is a process of its own, with everything that starting takes; the quickest
of {runs} runs counts, the ways in turn. `engine` is `engines/flows.py` on two threads with
{2048:,} MiB; `importer` is the reader without DuckDB, which joins directions and hours as well;
`plain-pyarrow` holds the file and groups it; `plain-csv` is `csv.reader` and a dictionary.

Measured on: {machine()}; load of the machine before: {load:.1f}.

| form | way | rows | conversations | time, s | processor, s | rows/s | floor | peak, MiB | times the plain way |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
{chr(10).join(lines)}
"""  # noqa: E501  a table's head is one line


def main() -> int:
    """Measure, and write or check."""
    parser = argparse.ArgumentParser(description="Measure the summarising of flow logs.")
    parser.add_argument("--parquet-rows", type=int, default=20_000_000)
    parser.add_argument("--csv-rows", type=int, default=6_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = measure_form("parquet", options.parquet_rows, Path(folder), options.runs)
        rows += measure_form("csv", options.csv_rows, Path(folder), options.runs)
        rows += measure_form("small csv", SMALL, Path(folder), options.runs)
    text = report(rows, load, options.runs)
    sys.stdout.write(text)
    if options.check:
        return int(any(row.rate < FLOORS[row.form] for row in rows if row.way == "engine"))
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
