"""Write RESULTS.md: hosts a second that are found and identified, beside nmap, and what it costs.

    sudo .venv/bin/python -m tests.bench.scan.run [--check] [--without-nmap]

It makes two network namespaces of its own, so it is root's; nothing leaves this machine. Run it
alone on a quiet machine. ``--check`` writes nothing and fails where a floor is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network
from pathlib import Path
from statistics import median
from typing import Any, Final

from camaudit.app import clock
from camaudit.sources.scan.limits import PROFILES
from tests.bench.measured import machine

from .places import RANGE, Counted, Counter, Place, lab_in, places
from .pretend import DELAY_MS, PORTS, SILENT, Host, hosts_of, plan_of

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
#: The floors of the issue: hosts a second, and memory as the range grows.
LEAST_RATIO: Final = 50.0
MOST_GROWTH_MIB: Final = 16.0
RUNS: Final = 3
HOSTS: Final = 4096
NMAP_HOSTS: Final = 512
#: Twice the hosts' range, so that they stand apart from each other.
NETWORK: Final = IPv4Network("198.18.0.0/19")
RANGES: Final = ("198.18.0.0/22", "198.18.0.0/20", "198.18.0.0/16")
#: Hosts that stand in each range of the memory part, a quarter of them silent.
SPREAD: Final = 1000
RATE: Final = 4000
#: What the pace lets through at once after a pause (``Limits.burst``).
BURST: Final = 10
BUDGET_RATE: Final = 400
PARALLEL: Final = (256, 1500)

QUESTIONS: Final = (
    *(f"--port={port}" for port in PORTS),
    "--only=http", "--only=rtsp", "--only=onvif", "--no-groups",
)  # fmt: skip
FAST: Final = (f"--rate={RATE}", "--devices=2048", "--timeout=1")
#: As many devices at a time as the narrowest range has addresses, so that each range reaches it.
SPREAD_OUT: Final = ("--rate=20000", "--devices=1000", "--timeout=0.3")
SLOWLY: Final = (f"--rate={BUDGET_RATE}", "--devices=1024", "--timeout=1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Of the hosts that answer, how many were found and how many makers were named."""

    hosts: int
    found: int
    named: int
    wrong: int

    @property
    def devices(self) -> float:
        """Return the share of devices that were found."""
        return self.found / self.hosts

    @property
    def makers(self) -> float:
        """Return the share of devices whose maker was named rightly."""
        return self.named / self.hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One scan by camaudit."""

    estate: Path
    hosts: int
    #: The whole command, and the part of it before the import, from the command's start.
    seconds: float
    scan_seconds: float
    #: Peaks of memory, likewise.
    scan_mib: float
    peak_mib: float
    counted: Counted

    @property
    def rate(self) -> float:
        """Return hosts a second, the import into the estate included."""
        return self.hosts / self.seconds

    @property
    def scan_rate(self) -> float:
        """Return hosts a second until the journal is complete."""
        return self.hosts / self.scan_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the lab's own log and the system's counter say of a scan."""

    counted: Counted
    most_a_device: int
    most_at_once: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNmap:
    """One run of nmap."""

    parallel: int
    hosts: int
    seconds: float
    recall: Recall

    @property
    def rate(self) -> float:
        """Return hosts a second."""
        return self.hosts / self.seconds


def camaudit(*words: str | Path) -> bytes:
    """Run a command that is not measured."""
    command = [sys.executable, "-m", "camaudit", *words]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{words}: left with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def scan(place: Place, folder: Path, targets: Sequence[str], hosts: int, *words: str) -> Scanned:
    """Scan into an estate of its own."""
    folder.mkdir()
    estate, told = folder / "estate.sqlite", folder / "told.json"
    camaudit("init", "--estate", estate)
    site = ("--estate", estate, "LAB")
    camaudit("site", "add", *site, "Benchmark", "--network", str(RANGE))
    until = f"--until={clock.now() + timedelta(days=30):%Y-%m-%d}"
    who = ("--by=lab", "--right=owner", "--approver=bench")
    camaudit("site", "permit", *site, until, *who)
    asked = folder / "targets.txt"
    asked.write_text("\n".join(targets))
    command: list[str | Path] = [
        *(sys.executable, "-m", "tests.bench.scan.command", told),
        *("scan", "--site=LAB", f"--target=@{asked}", f"--estate={estate}"),
        *(*QUESTIONS, *words),
    ]
    counter = Counter(place)
    before = time.monotonic()
    done = subprocess.run(place.inside(command), check=False, capture_output=True, text=True)
    seconds = time.monotonic() - before
    counted = counter.end()
    if done.returncode:
        raise RuntimeError(f"the scan left with {done.returncode}: {done.stderr}")
    figures = json.loads(told.read_text())
    return Scanned(
        estate=estate,
        hosts=hosts,
        seconds=seconds,
        scan_seconds=figures["scanned_at"] - before,
        scan_mib=figures["scan_mib"],
        peak_mib=figures["peak_mib"],
        counted=counted,
    )


def recall(estate: Path, hosts: Sequence[Host]) -> Recall:
    """Judge an estate: both programs' results went into one by an importer, and come out alike."""
    makers: dict[str, str | None] = {}
    for line in camaudit("devices", "list", "--json", "--estate", estate).splitlines():
        device: dict[str, Any] = json.loads(line)
        makers.update(dict.fromkeys(device["addresses"], device["maker"]))
    answering = [host for host in hosts if host.answers]
    return Recall(
        hosts=len(answering),
        found=sum(host.address in makers for host in answering),
        named=sum(makers.get(host.address) == host.maker for host in answering),
        wrong=sum(makers.get(host.address) not in (None, host.maker) for host in answering),
    )


def by_nmap(place: Place, folder: Path, hosts: Sequence[Host], parallel: int) -> ByNmap:
    """Run nmap, and bring what it wrote into an estate."""
    folder.mkdir()
    targets, xml, estate = folder / "hosts.txt", folder / "nmap.xml", folder / "estate.sqlite"
    targets.write_text("\n".join(host.address for host in hosts))
    before = time.monotonic()
    command = place.inside(["nmap", *nmap_words(parallel), "-iL", targets, "-oX", xml])
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - before
    camaudit("init", "--estate", estate)
    camaudit("import", xml, "--estate", estate)
    return ByNmap(
        parallel=parallel, hosts=len(hosts), seconds=seconds, recall=recall(estate, hosts)
    )


def nmap_words(parallel: int) -> list[str]:
    """Return the options of nmap, as the issue gives them."""
    return [
        *("-n", "-Pn", "-sT", "-sV", "-T5", "--min-hostgroup", "256"),
        *("--min-parallelism", str(parallel), "--max-parallelism", str(parallel)),
        *("-p", ",".join(map(str, PORTS))),
    ]


def budget(scanner: Place, lab: Place, folder: Path) -> Budget:
    """Scan fewer hosts slowly, with a log of the lab as the witness."""
    folder.mkdir()
    log = folder / "lab.jsonl"
    hosts = list(hosts_of(plan_of(NETWORK, NMAP_HOSTS)))
    targets = [host.address for host in hosts]
    with lab_in(lab, NETWORK, NMAP_HOSTS, log):
        scanned = scan(scanner, folder / "scan", targets, len(hosts), *SLOWLY)
    opened: Tally[str] = Tally()
    at_once = 0
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "open":
            opened[event["address"]] += 1
            at_once = max(at_once, event["concurrent"])
    return Budget(
        counted=scanned.counted,
        most_a_device=max(opened.values()),
        most_at_once=at_once,
    )


def memory(scanner: Place, lab: Place, folder: Path) -> Iterator[tuple[str, Scanned]]:
    """Scan ranges of which each has the same number of hosts."""
    for number, text in enumerate(RANGES):
        network = IPv4Network(text)
        with lab_in(lab, network, SPREAD):
            place = folder / f"range{number}"
            yield text, scan(scanner, place, [text], network.num_addresses - 2, *SPREAD_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that one benchmark run measured."""

    ours: list[Scanned]
    all_hosts: Recall
    same_hosts: Recall
    nmap: list[ByNmap]
    budget: Budget
    ranges: list[tuple[str, Scanned]]

    def ratio(self, parallel: int) -> float:
        """Return our hosts a second, the import included, by those of nmap."""
        (run,) = (each for each in self.nmap if each.parallel == parallel)
        return median(each.rate for each in self.ours) / run.rate

    @property
    def growth_mib(self) -> float:
        """Return what a wider range added to the peak of memory."""
        peaks = [each.scan_mib for _, each in self.ranges]
        return max(peaks) - peaks[0]

    def faults(self) -> Iterator[str]:
        """Say which floors are missed."""
        for run in self.nmap:
            ratio = self.ratio(run.parallel)
            if run.parallel == PARALLEL[0] and ratio < LEAST_RATIO:
                yield f"{ratio:.0f} times nmap, of {LEAST_RATIO:.0f}"
            if self.same_hosts.devices < run.recall.devices:
                yield "nmap found more devices"
            if self.same_hosts.makers < run.recall.makers:
                yield "nmap's result names more makers"
        if self.growth_mib > MOST_GROWTH_MIB:
            yield f"memory grew by {self.growth_mib:.0f} MiB with the range"
        yield from self._overdrawn()

    def _overdrawn(self) -> Iterator[str]:
        for asked, counted in (
            *((RATE, each.counted) for each in self.ours),
            (BUDGET_RATE, self.budget.counted),
        ):
            if counted.most_a_second > asked + BURST:
                yield f"{counted.most_a_second} connections in a second, of {asked}"
        if self.budget.most_at_once > 1:
            yield "more than one connection at a time to a device"
        if self.budget.most_a_device > PROFILES["polite"].limits.connections:
            yield "more connections to one device than its budget"


def measure(folder: Path, *, with_nmap: bool) -> Found:
    """Measure everything, one after the other."""
    hosts = list(hosts_of(plan_of(NETWORK, HOSTS)))
    targets = [host.address for host in hosts]
    few = hosts[:NMAP_HOSTS]
    with places() as (scanner, lab):
        with lab_in(lab, NETWORK, HOSTS):
            ours = [scan(scanner, folder / f"ours{n}", targets, HOSTS, *FAST) for n in range(RUNS)]
            nmap = [
                by_nmap(scanner, folder / f"nmap{parallel}", few, parallel)
                for parallel in PARALLEL
                if with_nmap
            ]
        return Found(
            ours=ours,
            all_hosts=recall(ours[-1].estate, hosts),
            same_hosts=recall(ours[-1].estate, few),
            nmap=nmap,
            budget=budget(scanner, lab, folder / "budget"),
            ranges=list(memory(scanner, lab, folder)),
        )


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
        ports=", ".join(map(str, PORTS)),
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
    yield "once after a pause. Those to a device are counted by the lab's own log, once they stand."
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
