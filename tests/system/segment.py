"""A network segment of the test's own: hosts in network namespaces, on one bridge.

Each host has its own namespace, hardware address and IP address, so that what several services
share on one machine (port 3702, the source address of replies) is nobody's. The scanner's namespace
holds the bridge. Nothing reaches the machine's own network, nor the other way round.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from tests.system.running import READY_S

NETWORK: Final = "192.0.2"
_KNOCK: Final = Path(__file__).parent / "services" / "knock.py"
_NUMBERS: Final = count()


@dataclass(frozen=True, slots=True)
class Host:
    """A namespace with one interface, ``eth0``, on the segment."""

    namespace: str
    address: str

    @property
    def inside(self) -> tuple[str, ...]:
        """What to write before a command that is to run there."""
        return ("ip", "netns", "exec", self.namespace)


@dataclass(slots=True)
class Segment:
    """The scanner, and the hosts that have joined."""

    scanner: Host
    hosts: list[Host] = field(default_factory=list)

    def join(self, last: int) -> Host:
        """Add a host whose address ends in ``last``."""
        host = Host(_name(), f"{NETWORK}.{last}")
        self.hosts.append(host)
        _add(host)
        port = f"to{last}"
        far, near = host.namespace, self.scanner.namespace
        _ip("link", "add", port, "netns", near, "type", "veth", "peer", "eth0", "netns", far)
        _ip("-n", near, "link", "set", port, "master", "eth0", "up")
        _up(host)
        return host

    def hardware_address(self, host: Host) -> str:
        """Return the MAC address of a host."""
        shown = subprocess.run(
            [*host.inside, "cat", "/sys/class/net/eth0/address"],
            capture_output=True,
            text=True,
            check=True,
            timeout=READY_S,
        )
        return shown.stdout.strip()

    def knock(self, host: Host, port: int, datagram: bytes = b"", to: str = "") -> None:
        """Wait until a host answers the scanner: a connection, or a datagram (to a group)."""
        words = [host.address, str(port), to or host.address]
        done = subprocess.run(
            [*self.scanner.inside, sys.executable, str(_KNOCK), str(READY_S), *words],
            input=datagram,
            capture_output=True,
            check=False,
            timeout=READY_S * 2,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")


@contextmanager
def segment() -> Iterator[Segment]:
    """Make a segment with nobody but the scanner; take it down whatever happens."""
    if os.geteuid() != 0:
        pytest.fail("network namespaces are root's: run `make test-system` as root")
    if shutil.which("ip") is None:
        pytest.fail("there is no ip command: apt-get install iproute2")
    made = Segment(Host(_name(), f"{NETWORK}.1"))
    try:
        _add(made.scanner)
        _ip("-n", made.scanner.namespace, "link", "add", "eth0", "type", "bridge")
        _up(made.scanner)
        yield made
    finally:
        for host in (*made.hosts, made.scanner):
            _remove(host)


def _name() -> str:
    return f"camaudit-{os.getpid()}-{next(_NUMBERS)}"


def _add(host: Host) -> None:
    _ip("netns", "add", host.namespace)


def _up(host: Host) -> None:
    there = ("-n", host.namespace)
    _ip(*there, "link", "set", "lo", "up")
    _ip(*there, "addr", "add", f"{host.address}/24", "brd", "+", "dev", "eth0")
    _ip(*there, "link", "set", "eth0", "up")
    # what a default route does for multicast elsewhere
    _ip(*there, "route", "add", "224.0.0.0/4", "dev", "eth0")


def _remove(host: Host) -> None:
    left = _try("ip", "netns", "pids", host.namespace)
    if left:
        _try("kill", "-9", *left.split())
    _try("ip", "netns", "del", host.namespace)


def _ip(*words: str) -> None:
    done = subprocess.run(
        ["ip", *words], capture_output=True, text=True, check=False, timeout=READY_S
    )
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _try(*words: str) -> str:
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=READY_S)
        return done.stdout
    return ""
