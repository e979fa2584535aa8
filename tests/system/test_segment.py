"""The segment itself: apart from this machine, and gone afterwards, whatever happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.running import running, wait
from tests.system.segment import Host, Segment, segment


def names() -> set[str]:
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in listed.stdout.splitlines()}


def inside(host: Host, pid: int) -> bool:
    listed = subprocess.run(
        ["ip", "netns", "pids", host.namespace], capture_output=True, text=True, check=True
    )
    return str(pid) in listed.stdout.split()


def test_hosts_reach_each_other_and_nothing_else(tmp_path: Path) -> None:
    with segment() as net:
        host = net.join(3)
        serve = (sys.executable, "-m", "http.server", "8000", "--directory", tmp_path)
        with running([*host.inside, *serve], tmp_path / "log.txt"):
            net.knock(host, 8000)
        away = "import socket; socket.create_connection(('198.51.100.1', 80), timeout=2)"
        for each in (net.scanner, host):
            asked = subprocess.run(
                [*each.inside, sys.executable, "-c", away], capture_output=True, check=False
            )
            assert b"unreachable" in asked.stderr


def test_it_is_taken_down_after_a_failure_with_what_runs_in_it() -> None:
    made: list[Segment] = []
    left: list[subprocess.Popen[bytes]] = []

    def fail() -> None:
        with segment() as net:
            made.append(net)
            host = net.join(3)
            left.append(subprocess.Popen([*host.inside, "sleep", "600"]))
            wait(lambda: inside(host, left[0].pid), left[0])
            raise RuntimeError("a test fails")

    with pytest.raises(RuntimeError, match="a test fails"):
        fail()
    assert left[0].wait(timeout=10) == -9
    (net,) = made
    assert names() & {net.scanner.namespace, *(host.namespace for host in net.hosts)} == set()


def test_without_root_it_fails_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.fail.Exception, match="as root"), segment():
        pass
