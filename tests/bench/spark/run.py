"""Write RESULTS.md: classify on one and on two Spark workers, beside the local engine.

    .venv/bin/python -m tests.bench.spark.run [--observations N] [--check]

Run it alone on a quiet machine of two cores. ``--check`` writes nothing and fails below the floor.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.app.packset import load_packs
from tests.bench.classify.bulk_mixes import MIXES, write_mix
from tests.bench.measured import machine
from tests.spark.cluster import cluster, environment

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
#: The floor: how many times quicker two workers are than one.
LEAST_RATIO: Final = 1.6
PARTITIONS: Final = 8
BLOCK: Final = 1_000_000
_SETTINGS: Final = {"spark.driver.memory": "512m", "spark.executor.memory": "768m"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one run took; ``start``: a run of its kind over a single row."""

    name: str
    observations: int
    seconds: float
    start: float
    #: How many processes wanted a core in the minute before: beside other work figures mislead.
    load: float
    peak_mib: float
    disk_mib: float

    @property
    def rate(self) -> float:
        """Return observations a second, without starting up."""
        return self.observations / (self.seconds - self.start)


class _Watch:
    """Peaks of a session of processes and of a folder, looked at each second."""

    def __init__(self, sessions: Sequence[int], folder: Path) -> None:
        self._sessions, self._folder = frozenset(sessions), folder
        self.memory = self.disk = 0.0

    def look(self) -> None:
        """Look once."""
        self.memory = max(self.memory, sum(map(_proportional, self._processes())))
        places = (Path(where) / name for where, _, names in os.walk(self._folder) for name in names)
        sizes = map(_size, places)
        self.disk = max(self.disk, sum(sizes) / 2**20)

    def _processes(self) -> Iterator[int]:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getsid(int(entry.name)) in self._sessions:
                        yield int(entry.name)
                except OSError:
                    continue


def _proportional(process: int) -> float:
    """Return the memory of a process in MiB; what several share is divided among them."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(int(x.split()[1]) for x in text.splitlines() if x.startswith("Pss:")) / 1024


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    done = threading.Event()

    def look() -> None:
        while not done.wait(1):
            watch.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _sessions(home: Path) -> Iterator[int]:
    """Yield the sessions of the workers that have their folders below ``home``."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
                if b"deploy.worker.Worker" in words and str(home).encode() in words:
                    yield os.getsid(int(entry.name))
            except OSError:
                continue


def timed(arguments: Sequence[str | Path], variables: dict[str, str], *before: str) -> float:
    """Return the seconds that ``camaudit classify`` takes."""
    start = time.perf_counter()
    command = [*before, sys.executable, "-m", "camaudit", "classify", *arguments]
    subprocess.run(command, env=variables, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def on_spark(workers: int, file: Path, one: Path, folder: Path) -> Row:
    """Measure a cluster of so many workers, each bound to a core of its own."""
    load = os.getloadavg()[0]
    home = folder / f"spark-{workers}"
    home.mkdir()
    cores = sorted(os.sched_getaffinity(0))[:workers]
    with cluster(home, cores, _SETTINGS) as url:
        options = ["--engine", "spark", "--master", url, "--partitions", str(PARTITIONS)]
        variables = environment(home, _SETTINGS)
        start = timed([*options, one, "-o", folder / "one.jsonl"], variables)
        watch = _Watch(list(_sessions(home)), home)
        with _watched(watch):
            seconds = timed([*options, file, "-o", folder / f"{workers}.jsonl"], variables)
    return Row(
        name=f"Spark, {workers} worker{'s' * (workers > 1)}",
        observations=pq.read_metadata(file).num_rows,
        seconds=seconds,
        start=start,
        load=load,
        peak_mib=watch.memory / workers,
        disk_mib=watch.disk,
    )


def here(file: Path, one: Path, folder: Path) -> Row:
    """Measure the local engine on one core, its output sorted as well."""
    load = os.getloadavg()[0]
    pinned = ("taskset", "--cpu-list", str(min(os.sched_getaffinity(0))))
    temporary = folder / "local"
    temporary.mkdir()
    variables = os.environ | {"TMPDIR": str(temporary)}
    start = timed([one, "--sort", "-o", folder / "one.jsonl"], variables, *pinned)
    watch = _Watch([os.getsid(0)], temporary)
    with _watched(watch):
        seconds = timed([file, "--sort", "-o", folder / "0.jsonl"], variables, *pinned)
    return Row(
        name="local, one core",
        observations=pq.read_metadata(file).num_rows,
        seconds=seconds,
        start=start,
        load=load,
        peak_mib=watch.memory,
        disk_mib=watch.disk,
    )


_INTRODUCTION = """# Spark benchmark

Written by `python -m tests.bench.spark.run`; do not edit. `camaudit classify FILE.parquet -o
OUT.jsonl` over the bulk mix "{mix}", {megabytes:.0f} MB of Parquet, with the local
engine (`--sort`) and on a standalone Spark cluster on loopback. Each worker is bound to a core of
its own: its JVM, the Python beside it and the local engine have one core each. The driver is not
bound; it waits while workers work. Rows go into {partitions} parts. What a run over one row takes
("start") is not counted in rates. All runs wrote the same {output:.0f} MB, byte by byte.

Memory is the peak of a worker, its executor and its Python, looked at once a second; disk is the
peak below the workers' folders: what was shuffled, and what waited to be fetched. The load is that
of the minute before; well above 0 in the first row, other programs ran, and rates mislead.

Floor: two workers are {least} times as quick as one. Measured: **{ratio:.2f}**.

Measured on: {machine}.

"""


def table(found: Sequence[Row]) -> str:
    """Return the figures."""
    columns = (
        *("engine", "observations", "time, s", "start, s", "observations/s"),
        *("peak a worker, MiB", "disk, MiB", "load before"),
    )
    lines = [f"| {' | '.join(columns)} |", f"|---{'|---:' * (len(columns) - 1)}|"]
    lines += [
        f"| {row.name} | {row.observations:,} | {row.seconds:.1f} | {row.start:.1f} | "
        f"**{row.rate:,.0f}** | {row.peak_mib:.0f} | {row.disk_mib:.0f} | "
        f"{row.load:.1f} |"
        for row in found
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=12_000_000)
    parser.add_argument("--check", action="store_true", help="write nothing; fail below the floor")
    options = parser.parse_args(arguments)
    packs = load_packs()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, one = folder / "mix.parquet", folder / "one.parquet"
        write_mix(MIXES[0], packs, BLOCK, file, copies=max(options.observations // BLOCK, 1))
        first = next(pq.ParquetFile(file).iter_batches(1))
        pq.write_table(pa.Table.from_batches([first]), one)
        found = [here(file, one, folder), *(on_spark(each, file, one, folder) for each in (1, 2))]
        outputs = [folder / f"{each}.jsonl" for each in (0, 1, 2)]
        if not all(filecmp.cmp(outputs[0], each, shallow=False) for each in outputs[1:]):
            raise RuntimeError("the engines wrote different bytes")
        ratio = found[2].rate / found[1].rate
        text = _INTRODUCTION.format(
            mix=MIXES[0].name,
            megabytes=file.stat().st_size / 1e6,
            partitions=PARTITIONS,
            output=outputs[0].stat().st_size / 1e6,
            least=LEAST_RATIO,
            ratio=ratio,
            machine=machine(),
        ) + table(found)
    sys.stdout.write(text)
    if options.check:
        return 0 if ratio >= LEAST_RATIO else 1
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
