"""Write RESULTS.md: reading a capture of 300 MB, beside tshark on the same file in the same run.

    .venv/bin/python -m tests.bench.capture.run [--rounds N] [--check]

It needs tshark; run it alone on a quiet machine. ``--check`` writes nothing and fails where a floor
is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.measured import Measured, machine, measure

from .capture import BYTES, SHARES, write_capture

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
FIELDS: Final = (Path(__file__).parent / "fields.txt").read_text(encoding="utf-8").split()
#: The floors: times faster than tshark, and memory.
FLOORS: Final = {"headers": 12.0, "codecs": 5.0}
MOST_MIB: Final = 512.0


@dataclass(frozen=True, slots=True)
class Round:
    """One of each, one after the other."""

    tshark: Measured
    ours: dict[str, Measured]

    def ratio(self, what: str) -> float:
        """Return how many times faster ours was."""
        return self.tshark.seconds / self.ours[what].seconds


def run_tshark(capture: Path, told: Path) -> Measured:
    """Run ``tshark -n -T fields`` to its end.

    Raises:
        RuntimeError: It failed.
    """
    fields = [word for field in FIELDS for word in ("-e", field)]
    command = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "occurrence=f", *fields]
    before = time.perf_counter()
    with told.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, code, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise RuntimeError(f"tshark left with {process.returncode}")
    return Measured(
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mib=usage.ru_maxrss / 1024,
        out=b"",
    )


def told_by_tshark(told: Path) -> dict[str, Any]:
    """Sum up the fields as ours are summed up."""
    packets, sizes, count = Counter[str](), Counter[str](), 0
    with told.open(encoding="utf-8") as file:
        for count, line in enumerate(file, 1):  # noqa: B007
            row = dict(zip(FIELDS, line.rstrip("\n").split("\t"), strict=True))
            ends = (row["ip.src"] or row["ipv6.src"], row["ip.dst"] or row["ipv6.dst"])
            if ends[0]:
                pair = " ".join(sorted(ends))
                packets[pair] += 1
                sizes[pair] += int(row["ip.len"] or 0) or int(row["ipv6.plen"]) + 40
    return {"packets": count, "pairs": packets, "sizes": sizes}


def measure_round(capture: Path, folder: Path) -> Round:
    """Measure each once, and hold what they say against one another.

    Raises:
        RuntimeError: They do not say the same.
    """
    theirs = run_tshark(capture, folder / "told")
    ours = {
        "headers": measure("tests.bench.capture.ours", [capture]),
        "codecs": measure("tests.bench.capture.ours", [capture, "codecs"]),
    }
    expected = told_by_tshark(folder / "told")
    for name, each in ours.items():
        told = json.loads(each.out)
        if any(told[key] != expected[key] for key in expected) or told["damage"]:
            raise RuntimeError(f"{name}: tshark says something else")
    return Round(theirs, ours)


_INTRODUCTION = """# Capture benchmark

Written by `python -m tests.bench.capture.run`; do not edit. A capture of {size} MB and
{packets:,} packets ({shares}; a third of the cameras by IPv6, half of them behind a VLAN tag) is
read by `tshark -n -T fields` with the fields of `fields.txt`, by ours with headers and
conversations only, and by ours with every passive codec on: one after the other, {rounds} rounds.
Each is a process of its own, with everything that starting takes, on one core. Packets and bytes of
every pair of addresses were the same.

Floors: {headers:.0f} times tshark for headers and conversations, {codecs:.0f} times with every
codec, and a peak of memory under {mib:.0f} MiB.

Measured on: {machine}.

"""


def table(rounds: Sequence[Round]) -> str:
    """Return the figures."""
    lines = [
        "| round | reader | time, s | processor, s | peak, MiB | times tshark |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for number, each in enumerate(rounds, 1):
        for name, found in (("tshark", each.tshark), *each.ours.items()):
            lines.append(
                f"| {number} | {name} | {found.seconds:.2f} | {found.cpu_seconds:.2f} | "
                f"{found.peak_mib:.0f} | {each.tshark.seconds / found.seconds:.1f} |"
            )
    for name in FLOORS:
        ratio = median(each.ratio(name) for each in rounds)
        lines.append(f"| median | **{name}** | | | | **{ratio:.1f}** |")
    return "\n".join(lines) + "\n"


def holds(rounds: Sequence[Round]) -> bool:
    """Tell whether every floor holds."""
    fast = all(
        median(each.ratio(name) for each in rounds) >= floor for name, floor in FLOORS.items()
    )
    return fast and all(
        found.peak_mib <= MOST_MIB for each in rounds for found in each.ours.values()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="write nothing; fail below a floor")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packets = write_capture(folder / "capture.pcap")
        rounds = [measure_round(folder / "capture.pcap", folder) for _ in range(options.rounds)]
    text = _INTRODUCTION.format(
        size=BYTES // 1_000_000,
        packets=packets,
        shares=", ".join(f"{share:.0%} {kind}" for kind, share in SHARES.items()) + " by bytes",
        rounds=options.rounds,
        mib=MOST_MIB,
        machine=machine(),
        **FLOORS,
    ) + table(rounds)
    sys.stdout.write(text)
    if options.check:
        return 0 if holds(rounds) else 1
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
