"""Listening to an interface: what passes is written, with its VLAN tag, as tshark reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.segment import segment

pytestmark = pytest.mark.system

_LISTEN = """
import sys, time
from camaudit.sources.captures.live import record
with open(sys.argv[1], "wb") as sink:
    print("ready", flush=True)
    found = record(
        "lan0", sink, seconds=3, snaplen=200, most_bytes=1 << 20, now_ns=time.time_ns
    )
print(found.packets, found.dropped)
"""
_SEND = """
import socket
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for size in (10, 1000):
    one.sendto(b"x" * size, ("192.0.2.1", 9))
tagged = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
tagged.bind(("eth0", 0))
frame = bytes.fromhex("ffffffffffff") + b"\\2\\0\\0\\0\\0\\7" + bytes.fromhex("8100002a0800")
tagged.send(frame + b"\\x45" + bytes(45))
"""

_KEEP_SENDING = f"""
import time
for _ in range(100):
    time.sleep(0.3)
    exec({_SEND!r})
"""


def fields(place: Path, *names: str) -> list[list[str]]:
    words = [word for name in names for word in ("-e", name)]
    shown = subprocess.run(
        ["tshark", "-n", "-r", place, "-T", "fields", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split("\t") for line in shown.stdout.splitlines()]


def test_what_passes_is_recorded_with_its_length_and_tag(tmp_path: Path) -> None:
    place = tmp_path / "seen.pcapng"
    with segment() as net:
        host = net.join(3)
        bridge = _bridge(net.scanner.inside)
        listener = subprocess.Popen(
            [*net.scanner.inside, sys.executable, "-c", _LISTEN.replace("lan0", bridge), place],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert listener.stdout is not None
        assert listener.stdout.readline() == "ready\n"
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.5)"], check=True)
        subprocess.run([*host.inside, sys.executable, "-c", _SEND], check=True)
        told, _ = listener.communicate(timeout=20)
    packets, dropped = map(int, told.split())
    assert dropped == 0
    names = ("udp.length", "frame.len", "frame.cap_len", "vlan.id", "icmp.type")
    rows = fields(place, *names)
    assert len(rows) == packets
    rows = [row for row in rows if not row[4]]  # an unreachable port quotes the datagram
    assert [row[1:3] for row in rows if row[0] == "18"] == [["52", "52"]]
    assert [row[1:3] for row in rows if row[0] == "1008"] == [["1042", "200"]]
    assert [row[1] for row in rows if row[3] == "42"] == ["64"]


def _bridge(inside: tuple[str, ...]) -> str:
    shown = subprocess.run(
        [*inside, "ip", "-o", "link", "show", "type", "bridge"],
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.split(": ")[1]


def camaudit(inside: tuple[str, ...], estate: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [*inside, sys.executable, "-m", "camaudit", *words, "--estate", estate],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_nothing_is_recorded_without_a_permission_and_no_file_stays(tmp_path: Path) -> None:
    estate = tmp_path / "estate.sqlite"
    with segment() as net:
        host, inside = net.join(3), net.scanner.inside
        bridge = _bridge(inside)
        camaudit(inside, estate, "init")
        camaudit(inside, estate, "site", "add", "HQ", "Head office", "--network", "192.0.2.0/24")
        capture = ("isolation", "capture", bridge, "--site", "HQ", "--minutes", "0.1")
        assert "nobody has permitted it" in camaudit(inside, estate, *capture, code=2)
        permit = (
            "site",
            "permit-capture",
            "HQ",
            "--by",
            "head of estates",
            "--approver",
            "officer",
        )
        camaudit(inside, estate, *permit, "--lawful-basis", "public task", "--until", "2027-06-30")
        sender = subprocess.Popen(
            [*host.inside, sys.executable, "-c", f"import time; time.sleep(3)\n{_SEND}"]
        )
        told = camaudit(inside, estate, *capture)
        assert sender.wait(timeout=20) == 0
    assert "by permission" in told
    assert "public task" in told
    assert "of 0 other hosts" not in told  # somebody was heard, and only counted
    assert {each.name for each in tmp_path.iterdir()} <= {
        "estate.sqlite",
        "estate.sqlite-wal",
        "estate.sqlite-shm",
    }
