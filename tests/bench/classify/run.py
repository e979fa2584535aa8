"""Write RESULTS.md: how many observations a second ``camaudit classify`` takes on one core.

    .venv/bin/python -m tests.bench.classify.run [--observations N] [--check]

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

from camaudit.app.packset import load_packs
from tests.bench.measured import machine, measure

from .mixes import adversarial, examples, first, realistic, write

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
#: The floor: observations a second on one core, on the realistic mix.
LEAST_RATE: Final = 100_000
#: The plain loop gets the first lines only; its rate does not depend on how many.
PLAIN_SHARE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mix: what ``classify`` took, and the plain loop's rate."""

    name: str
    observations: int
    mebibytes: float
    seconds: float
    #: Processor time of the whole, and of starting up.
    cpu_seconds: float
    start_seconds: float
    peak_mib: float
    plain_rate: float

    @property
    def rate(self) -> float:
        """Return observations a second of processor time, without starting up."""
        return self.observations / (self.cpu_seconds - self.start_seconds)


def measure_mix(name: str, file: Path, observations: int, folder: Path) -> Row:
    """Measure one file in processes of their own, on one core."""
    one, some = folder / "one.jsonl", folder / "some.jsonl"
    first(file, 1, one)
    first(file, observations // PLAIN_SHARE, some)
    start = measure("camaudit", ["classify", one, "--json"])
    whole = measure("camaudit", ["classify", file, "--json"])
    lines, _, seconds = measure("tests.bench.classify.baseline", [some]).out.split()
    return Row(
        name=name,
        observations=observations,
        mebibytes=file.stat().st_size / 2**20,
        seconds=whole.seconds,
        cpu_seconds=whole.cpu_seconds,
        start_seconds=start.cpu_seconds,
        peak_mib=whole.peak_mib,
        plain_rate=int(lines) / float(seconds),
    )


_INTRODUCTION = """# Classify benchmark

Written by `python -m tests.bench.classify.run`; do not edit. `camaudit classify FILE --json` as a
process of its own on one core, from JSON Lines to JSON Lines: reading, decoding raw replies,
looking addresses up, matching {signatures:,} signatures, weighing, and writing every reason. Rates
are by processor time, so that another program on the machine does not change them; what a run over
a single line takes ("start") is not counted.

- **realistic**: each device has one of the packs' own {examples:,} examples, four banners that are
  common on any network, and a hardware address that no other device has.
- **adversarial**: every value is another one, joined from pieces of two examples.

The plain loop tries each value against each signature that reads its field with `re.search`, one by
one, over the first {share} of the same file; it only counts the hits.

Floor: {rate:,} observations a second on the realistic mix.

Measured on: {machine}.

"""


def table(found: Sequence[Row]) -> str:
    """Return the figures."""
    columns = (
        *("mix", "observations", "MiB", "time, s", "processor, s", "start, s"),
        *("observations/s", "peak, MiB", "plain loop, observations/s", "times the plain loop"),
    )
    lines = [f"| {' | '.join(columns)} |", f"|---{'|---:' * (len(columns) - 1)}|"]
    lines += [
        f"| {row.name} | {row.observations:,} | {row.mebibytes:.0f} | {row.seconds:.1f} | "
        f"{row.cpu_seconds:.1f} | {row.start_seconds:.1f} | **{row.rate:,.0f}** | "
        f"{row.peak_mib:.0f} | "
        f"{row.plain_rate:,.0f} | {row.rate / row.plain_rate:.1f} |"
        for row in found
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=600_000)
    parser.add_argument("--check", action="store_true", help="write nothing; fail below the floor")
    options = parser.parse_args(arguments)
    packs = load_packs()  # and fills the cache
    known = examples(packs)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder, found = Path(name), []
        for mix in (realistic, adversarial):
            file = folder / f"{mix.__name__}.jsonl"
            count = write(file, mix(known, options.observations))
            found.append(measure_mix(mix.__name__, file, count, folder))
    text = _INTRODUCTION.format(
        signatures=len(packs.makers.signatures),
        examples=len(known),
        share=f"1/{PLAIN_SHARE}",
        rate=LEAST_RATE,
        machine=machine(),
    ) + table(found)
    sys.stdout.write(text)
    if options.check:
        return 0 if found[0].rate >= LEAST_RATE else 1
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
