"""What holds for every test: no real network, no stray thread, no skipped duty, no surprise.

1. Hypothesis: ``dev`` at the desk, ``ci`` derandomised where CI is set, ``nightly`` for fuzzing;
   ``HYPOTHESIS_PROFILE`` names another.
2. Python may open connections to loopback addresses only, and send to groups by the loopback
   interface only. The audit hook cannot be taken off.
3. A test that leaves a thread running fails.
4. Tests below ``tests/system``, ``browser``, ``bench`` and ``fuzz`` carry that mark by their place.
5. A test of a real service or browser never skips: a skip there is a failure.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
PLACES = ("bench", "browser", "fuzz", "spark", "system")
NEVER_SKIP = frozenset({"browser", "spark", "system"})

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))


class NetworkBlockedError(AssertionError):
    """A test reached for an address that is not loopback."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in ("", "localhost"):
        return True  # no host, or none outside: a listener, a Unix socket
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False  # a name would have to be looked up


def _refuse(host: object) -> None:
    if not _is_loopback(host):
        raise NetworkBlockedError(f"tests may talk to loopback only, not to {host!r}")


def _stays_here(sender: object, host: object) -> bool:
    """Tell whether a datagram to a group or to everybody leaves by loopback, so goes nowhere."""
    if not isinstance(sender, socket.socket) or not isinstance(host, str):
        return False
    if host == "255.255.255.255":
        return _is_loopback(sender.getsockname()[0])
    if not _is_group(host):
        return False
    by = sender.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4)
    return _is_loopback(socket.inet_ntoa(by))


def _is_group(host: str) -> bool:
    try:
        return ipaddress.IPv4Address(host).is_multicast
    except ValueError:
        return False


def _audit(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        if isinstance(address, tuple) and address and not _stays_here(args[0], address[0]):
            _refuse(address[0])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        _refuse(args[0])


sys.addaudithook(_audit)


@pytest.fixture(autouse=True)
def _no_stray_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    stray = [thread for thread in threading.enumerate() if thread not in before]
    for thread in stray:
        thread.join(timeout=2)  # one that is about to end may end
    alive = sorted(thread.name for thread in stray if thread.is_alive())
    if alive:
        pytest.fail(f"{request.node.nodeid} left threads running: {', '.join(alive)}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by place, before ``-m`` chooses."""
    for item in items:
        if TESTS in item.path.parents:
            place = item.path.relative_to(TESTS).parts[0]
            if place in PLACES:
                item.add_marker(place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where the test is a duty."""
    report = yield
    if report.skipped and any(item.get_closest_marker(name) for name in NEVER_SKIP):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped, and may not: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failure when its mark was asked for."""
    report = yield
    asked = NEVER_SKIP & {str(collector.config.option.markexpr)}
    if report.outcome == "skipped" and asked & set(collector.path.parts):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skipped, and may not: {report.longrepr}"
    return report
