"""Measure a scan beside nmap: hosts a second, recall, connections, memory."""

from __future__ import annotations

import json
import subprocess
import sys
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

from .places import RANGE, Counted, Counter, Place, lab_in, places
from .pretend import PORTS, Host, hosts_of, plan_of

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
#: What a device may cost, and what the pace lets through at once after a pause.
LIMITS: Final = PROFILES["polite"].limits
BURST: Final = LIMITS.burst
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
    #: Those whose maker is one that camaudit is to know, and those of them that it named.
    made: int
    named: int
    wrong: int

    @property
    def devices(self) -> float:
        """Return the share of devices that were found."""
        return self.found / self.hosts

    @property
    def makers(self) -> float:
        """Return the share of makers that were named rightly."""
        return self.named / self.made


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
    sys.stderr.write(f"{hosts} addresses in {seconds:.1f} s\n")
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
        made=sum(host.maker is not None for host in answering),
        named=sum(
            host.maker is not None and makers.get(host.address) == host.maker for host in answering
        ),
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
    sys.stderr.write(f"nmap, {len(hosts)} hosts in {seconds:.1f} s\n")
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
        if self.budget.most_a_device > LIMITS.connections:
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
