"""Two network namespaces joined by a cable: one for the scanner, one for the lab."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

#: RFC 2544: for benchmarks of networks; it leads nowhere.
RANGE: Final = IPv4Network("198.18.0.0/16")
_LAB_END: Final = "198.19.0.1"
_SCANNER_END: Final = "198.19.0.2"
_READY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """A network namespace."""

    name: str

    def inside(self, words: Sequence[str | Path]) -> list[str]:
        """Return the words of a command that runs there."""
        return ["ip", "netns", "exec", self.name, *map(str, words)]

    def ip(self, *words: str) -> None:
        """Set something up there."""
        subprocess.run(["ip", "-n", self.name, *words], check=True)


@contextmanager
def places() -> Iterator[tuple[Place, Place]]:
    """Make the scanner's place and the lab's; take both away with the block."""
    scanner, lab = (Place(f"camaudit-bench-{name}-{os.getpid()}") for name in ("scan", "lab"))
    with ExitStack() as stack:
        for place in (scanner, lab):
            subprocess.run(["ip", "netns", "add", place.name], check=True)
            stack.callback(subprocess.run, ["ip", "netns", "del", place.name], check=True)
            place.ip("link", "set", "lo", "up")
        cable = ("link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns")
        scanner.ip(*cable, lab.name)
        for place, end in ((scanner, _SCANNER_END), (lab, _LAB_END)):
            place.ip("addr", "add", f"{end}/30", "dev", "cable")
            place.ip("link", "set", "cable", "up")
        lab.ip("route", "add", "local", str(RANGE), "dev", "lo")
        scanner.ip("route", "add", str(RANGE), "via", _LAB_END)
        yield scanner, lab


@contextmanager
def lab_in(
    place: Place, network: IPv4Network, count: int, log: Path | None = None
) -> Iterator[None]:
    """Run the benchmark's lab in a place, until the block ends."""
    words = [sys.executable, "-m", "tests.bench.scan.pretend", str(network), str(count)]
    words += [] if log is None else ["--log", str(log)]
    process = subprocess.Popen(place.inside(words), stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the lab ended before it was ready; it said why")
        yield
    finally:
        process.terminate()
        process.wait(_READY_S)


class Counter:
    """The system's own count of connections asked for in a place (RFC 4022, ActiveOpens)."""

    def __init__(self, place: Place) -> None:
        self._process = subprocess.Popen(
            place.inside([sys.executable, "-m", "tests.bench.scan.places"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def end(self) -> Counted:
        """Stop counting."""
        out, _ = self._process.communicate(b"", timeout=30)
        seen = [(float(at), int(n)) for at, n in (line.split() for line in out.splitlines())]
        return Counted(
            connections=seen[-1][1] - seen[0][1],
            most_a_second=max(_within_a_second(seen), default=0),
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many connections were asked for, and the most of them in any one second."""

    connections: int
    most_a_second: int


def _within_a_second(seen: Sequence[tuple[float, int]]) -> Iterator[int]:
    first = 0
    for at, count in seen:
        while seen[first][0] < at - 1.0:
            first += 1
        yield count - seen[first][1]


def _count() -> None:
    """Write time and count twenty times a second, until the input ends."""
    os.set_blocking(0, False)
    while True:
        lines = Path("/proc/net/snmp").read_text(encoding="ascii").splitlines()
        names, values = (line.split() for line in lines if line.startswith("Tcp:"))
        count = dict(zip(names, values, strict=True))["ActiveOpens"]
        print(time.monotonic(), count, flush=True)  # noqa: T201 -- told to the parent
        try:
            if os.read(0, 1) == b"":
                return
        except BlockingIOError:
            time.sleep(0.05)


if __name__ == "__main__":
    _count()
