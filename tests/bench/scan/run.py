"""Write RESULTS.md: hosts a second that are found and identified, beside nmap, and what it costs.

    sudo .venv/bin/python -m tests.bench.scan.run [--check] [--without-nmap]

It makes two network namespaces of its own, so it is root's; nothing leaves this machine. Run it
alone on a quiet machine. ``--check`` writes nothing and fails where a floor is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from camaudit.app import clock
from tests.bench.measured import machine

from .measure import (
    BUDGET_RATE,
    BURST,
    FAST,
    HOSTS,
    LEAST_RATIO,
    LIMITS,
    MOST_GROWTH_MIB,
    NMAP_HOSTS,
    PARALLEL,
    QUESTIONS,
    RATE,
    RUNS,
    SPREAD,
    SPREAD_OUT,
    Found,
    Recall,
    measure,
    nmap_words,
)
from .pretend import DELAY_MS, SILENT

RESULTS: Final = Path(__file__).parent / "RESULTS.md"

_INTRODUCTION = """# Scan benchmark

Written by `python -m tests.bench.scan.run`; do not edit. {hosts:,} simulated hosts stand in a
network namespace, joined by a cable (veth) to that of the scanner. Each answers {delay} ms after it
was asked; {silent} of 100 drop every packet; web pages are at ports 80 and 8080, video servers at
554. They are eight makers' cameras, a recorder, a printer, a router and a phone, in equal parts.

    camaudit scan {questions} \\
      {fast}
    nmap {nmap}

- camaudit: {runs} runs. Compared with nmap is the time of the **whole command**: start, scan,
  journal, import into the estate and what it prints. The time until the journal is complete stands
  beside it.
- nmap: on {few} of the hosts, one run, its XML written; without its import.
- Recall: the journal and nmap's XML each go into an estate of their own by `camaudit import`, and
  `camaudit devices list --json` says who made which; so both are attributed by the same code. A
  device counts as found where its address is listed, a maker as named where it is the right one.

Floors: {ratio:.0f} times the hosts a second of nmap, recall no lower on the same hosts, rate and
per-device budgets kept, memory within {growth:.0f} MiB of itself as the range grows to a /16.

Measured on {day:%Y-%m-%d}: {machine}; Linux {kernel}; {nmap_version};
scanner, lab and nmap share the processors.

"""


def introduction() -> str:
    """Say what was done, on what."""
    version = subprocess.run(["nmap", "--version"], check=True, capture_output=True, text=True)
    return _INTRODUCTION.format(
        hosts=HOSTS,
        delay=DELAY_MS,
        silent=SILENT,
        questions=" ".join(QUESTIONS),
        fast=" ".join(FAST),
        runs=RUNS,
        nmap=" ".join(nmap_words(PARALLEL[0])),
        few=NMAP_HOSTS,
        ratio=LEAST_RATIO,
        growth=MOST_GROWTH_MIB,
        day=clock.now(),
        machine=machine(),
        kernel=os.uname().release.partition("-")[0],
        nmap_version=version.stdout.split(" (")[0],
    )


def table(found: Found) -> str:
    """Return the figures."""
    lines = [
        "| who | hosts | time, s | hosts a second | devices found | makers named | wrong makers |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for each in found.ours:
        lines.append(f"| camaudit | {each.hosts:,} | {each.seconds:.1f} | {each.rate:.0f} | | | |")
        lines.append(
            f"| until the journal is complete | {each.hosts:,} | {each.scan_seconds:.1f} | "
            f"{each.scan_rate:.0f} | | | |"
        )
    rate = median(each.rate for each in found.ours)
    for name, judged in (("all hosts", found.all_hosts), ("those of nmap", found.same_hosts)):
        lines.append(f"| **camaudit**, {name} | | | **{rate:.0f}** (median) | {_shares(judged)} |")
    lines += [
        f"| nmap, parallelism {run.parallel} | {run.hosts} | {run.seconds:.1f} | "
        f"{run.rate:.2f} | {_shares(run.recall)} |"
        for run in found.nmap
    ]
    lines += [""] + [
        f"- Ratio to nmap at parallelism {run.parallel}: **{found.ratio(run.parallel):.0f}**"
        for run in found.nmap
    ]
    return "\n".join([*lines, *_costs(found)]) + "\n"


def _costs(found: Found) -> Iterator[str]:
    fast = max(each.counted.most_a_second for each in found.ours)
    slow = found.budget
    yield ""
    yield "## Budgets"
    yield ""
    yield "| asked for | connections | most in a second | most to a device | at once to a device |"
    yield "|---|---:|---:|---:|---:|"
    yield (
        f"| {RATE:,} connections a second | {found.ours[-1].counted.connections:,} | {fast:,} | | |"
    )
    yield (
        f"| {BUDGET_RATE:,} a second, {NMAP_HOSTS} hosts | {slow.counted.connections:,} | "
        f"{slow.counted.most_a_second:,} | {slow.most_a_device} | {slow.most_at_once} |"
    )
    yield ""
    yield "Connections are counted by the system in the scanner's namespace (TCP ActiveOpens, read"
    yield f"twenty times a second), in any window of a second; the pace may let {BURST} through at"
    yield "once after a pause. Those to a device are counted by the lab's own log, once they stand;"
    yield f"its budget is {LIMITS.connections}, one at a time and {LIMITS.gap:g} s apart."
    yield ""
    yield "## Memory"
    yield ""
    yield f"{SPREAD:,} hosts, {SILENT} of 100 silent, stand in each range; nobody is at its other"
    yield f"addresses. `{' '.join(SPREAD_OUT)}`."
    yield ""
    yield "| range | time, s | addresses a second | peak of the scan, MiB | with the import, MiB |"
    yield "|---|---:|---:|---:|---:|"
    for text, each in found.ranges:
        yield (
            f"| {text} | {each.seconds:.1f} | {each.scan_rate:.0f} | {each.scan_mib:.0f} | "
            f"{each.peak_mib:.0f} |"
        )


def _shares(judged: Recall) -> str:
    return f"{judged.devices:.1%} | {judged.makers:.1%} | {judged.wrong / judged.hosts:.1%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail below a floor")
    parser.add_argument("--without-nmap", action="store_true", help="write nothing; in a minute")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), with_nmap=not options.without_nmap)
    text = introduction() + table(found)
    sys.stdout.write(text)
    faults = list(found.faults())
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if options.check or options.without_nmap:
        return 1 if faults else 0
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
