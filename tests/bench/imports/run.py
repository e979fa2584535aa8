"""Write RESULTS.md: what it takes to import a large register and to say who made its devices.

    .venv/bin/python -m tests.bench.imports.run [--rows N] [--check]

Run it alone on a quiet machine. ``--check`` writes nothing and fails where a floor is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.measured import Measured, machine, measure

from .register import HEADER, write_csv, write_workbook

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
#: The floors, for the import and the attribution together.
MOST_SECONDS: Final = 30.0
MOST_MIB: Final = 1024.0

_WRITERS: Final[dict[str, Callable[[Path, int], None]]] = {
    "csv": write_csv,
    "xlsx": write_workbook,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One format: the plain loop, the import, and the attribution of all devices."""

    suffix: str
    plain: Measured
    imported: Measured
    attributed: Measured

    @property
    def seconds(self) -> float:
        """Return the time of import and attribution together."""
        return self.imported.seconds + self.attributed.seconds

    @property
    def peak_mib(self) -> float:
        """Return the higher peak of the two."""
        return max(self.imported.peak_mib, self.attributed.peak_mib)

    @property
    def holds(self) -> bool:
        """Tell whether both floors hold."""
        return self.seconds < MOST_SECONDS and self.peak_mib < MOST_MIB


def measure_format(suffix: str, rows: int, folder: Path) -> Row:
    """Measure one format from an empty estate."""
    register, estate = folder / f"register.{suffix}", folder / f"{suffix}.sqlite"
    _WRITERS[suffix](register, rows)
    plain = measure("tests.bench.imports.baseline", [register])
    if int(plain.out) != (rows + 1) * len(HEADER):
        raise RuntimeError(f"the plain loop read {int(plain.out)} cells")
    measure("camaudit", ["init", "--estate", estate])
    imported = measure("camaudit", ["import", register, "--estate", estate])
    attributed = measure("tests.bench.imports.attribute", [estate])
    devices = sum(int(line.split()[1]) for line in attributed.out.splitlines())
    if devices != rows:
        raise RuntimeError(f"{devices} devices came of {rows} rows")
    return Row(suffix=suffix, plain=plain, imported=imported, attributed=attributed)


_INTRODUCTION = """# Import benchmark

Written by `python -m tests.bench.imports.run`; do not edit. A register of {rows:,} rows and
{columns} columns, in which every address, asset number and place is another one, goes into an empty
estate: `camaudit import` reads it, keeps every cell as an observation and resolves the devices;
`attribute.py` resolves again, matches and attributes every device, as every command that shows the
estate begins. Each is a process of its own, with everything that starting takes. The plain loop
reads every cell (`csv.reader`; openpyxl in read-only mode) and keeps nothing.

Floors: import and attribution together under {seconds:.0f} s, peak of memory under {mib:.0f} MiB.

Measured on: {machine}.

"""


def table(found: Sequence[Row]) -> str:
    """Return the figures."""
    lines = [
        "| format | step | time, s | processor, s | peak, MiB | times the plain loop |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for row in found:
        steps = (
            ("plain loop", row.plain),
            ("import", row.imported),
            ("attribution", row.attributed),
        )
        for name, each in steps:
            lines.append(
                f"| {row.suffix} | {name} | {each.seconds:.1f} | {each.cpu_seconds:.1f} | "
                f"{each.peak_mib:.0f} | {each.seconds / row.plain.seconds:.1f} |"
            )
        lines.append(
            f"| {row.suffix} | **import and attribution** | **{row.seconds:.1f}** | "
            f"{row.imported.cpu_seconds + row.attributed.cpu_seconds:.1f} | "
            f"**{row.peak_mib:.0f}** | {row.seconds / row.plain.seconds:.1f} |"
        )
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="write nothing; fail below a floor")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = [measure_format(suffix, options.rows, Path(folder)) for suffix in _WRITERS]
    text = _INTRODUCTION.format(
        rows=options.rows,
        columns=len(HEADER),
        seconds=MOST_SECONDS,
        mib=MOST_MIB,
        machine=machine(),
    ) + table(found)
    sys.stdout.write(text)
    if options.check:
        return 0 if all(row.holds for row in found) else 1
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
