"""Devices that attack whoever asks them: each costs its named ceiling, and the scan completes."""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from camaudit.lab.plan import Device
from camaudit.packs.lab import load_personas
from camaudit.sources.scan.journal import MAX_LINE_BYTES, MAX_VALUE_BYTES
from camaudit.sources.scan.limits import PROFILES
from tests import child
from tests.pretend import events, plan_of, pretending

pytestmark = pytest.mark.timeout(150)

HOSTILE: Final = tuple(p.id for p in load_personas().personas if p.hostile)
GOOD: Final = "hikvision-camera"
PLAN: Final = plan_of(GOOD, *HOSTILE)
LIMITS: Final = PROFILES["thorough"].limits
#: Every port at which one of them attacks.
PORTS: Final = (21, 23, 80, 443, 554, 8080)
#: Where a redirect leads that must not be followed.
ELSEWHERE: Final = "192.0.2.66"
#: The bound of all that reads what others wrote; a bomb unpacks to four times as much.
MOST_RESIDENT_KIB: Final = 256 * 1024
#: What a device's log takes for sent and nobody reads any more: its socket holds 4 MiB at the most
#: (Linux, tcp(7)), the lab some more, and a window of the scanner's is on the way.
IN_FLIGHT: Final = 6 << 20
#: The pause of a scheduler that is busy, in seconds.
SLACK_S: Final = 5.0

#: The command, with a witness of every address that Python asks the system to reach.
_WITNESSED: Final = """
import atexit, pathlib, sys
folder = pathlib.Path(sys.argv.pop(1))
reached = set()
def witness(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        reached.add(str(arguments[1][0]))
sys.addaudithook(witness)
def tell():
    (folder / "reached.txt").write_text("\\n".join(sorted(reached)))
    (folder / "status.txt").write_text(pathlib.Path("/proc/self/status").read_text())
atexit.register(tell)
from camaudit.cli.main import main
main(sys.argv[1:])
"""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan of hostile devices left behind."""

    journal: list[dict[str, Any]]
    raw: bytes
    log: list[dict[str, Any]]
    reached: frozenset[str]
    peak_kib: int
    devices: list[dict[str, Any]]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    folder = tmp_path_factory.mktemp("hostile")
    log, estate = folder / "lab.jsonl", folder / "estate.sqlite"
    child.camaudit("init", "--estate", estate)
    network = f"--network={PLAN.network}"
    child.camaudit("site", "add", "LAB", "Pretend site", network, "--estate", estate)
    with pretending(PLAN, log=log):
        _scan(folder, estate)
    (path,) = (folder / "scans").glob("*.jsonl")
    status = (folder / "status.txt").read_text().splitlines()
    told = child.camaudit("devices", "list", "--json", "--estate", estate)
    return Scanned(
        journal=[json.loads(line) for line in path.read_text().splitlines()],
        raw=path.read_bytes(),
        log=events(log),
        reached=frozenset((folder / "reached.txt").read_text().splitlines()),
        peak_kib=next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")),
        devices=[json.loads(line) for line in told.out.splitlines()],
    )


def _scan(folder: Path, estate: Path) -> None:
    targets = [f"--target={device.ip}" for device in PLAN.devices()]
    ports = [f"--port={port}" for port in PORTS]
    words = ["--site=LAB", "--profile=thorough", "--rate=1000", "--timeout=1", f"--estate={estate}"]
    done = subprocess.run(
        [sys.executable, "-c", _WITNESSED, folder, "scan", *words, *targets, *ports],
        check=False,
        timeout=120,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def address_of(persona: str) -> str:
    return next(device.ip for device in PLAN.devices() if device.persona.id == persona)


def outcomes(scanned: Scanned, persona: str) -> set[tuple[str, int]]:
    """Return how each port that was asked came out."""
    address = address_of(persona)
    return {
        (outcome, port)
        for line in scanned.journal
        if line["t"] == "visited" and line["a"] == address
        for outcome, _, probes in line["r"]
        for _, port in probes
    }


def values(scanned: Scanned) -> Iterator[tuple[str, bytes]]:
    for line in scanned.journal:
        if line["t"] == "heard":
            yield from ((line["a"], text.encode()) for *_, text in line["f"])
            yield from ((line["a"], base64.b64decode(raw)) for *_, raw in line.get("b", ()))


def test_the_scan_completes_and_no_reader_fails(scanned: Scanned) -> None:
    assert scanned.journal[-1]["how"] == "complete"
    assert [line for line in scanned.journal if line["t"] == "fault"] == []
    visited = {line["a"] for line in scanned.journal if line["t"] == "visited"}
    assert visited == {device.ip for device in PLAN.devices()}


def test_the_lab_did_attack(scanned: Scanned) -> None:
    asked = {event["address"] for event in scanned.log if event["event"] in ("open", "in")}
    assert asked == {device.ip for device in PLAN.devices()}


def test_a_good_camera_beside_them_is_found_and_attributed(scanned: Scanned) -> None:
    (camera,) = (d for d in scanned.devices if address_of(GOOD) in d["addresses"])
    assert camera["maker"] == "hikvision"
    assert camera["kind"] == "camera"


def test_nobody_but_the_targets_is_reached(scanned: Scanned) -> None:
    offered = address_of("hostile-redirect"), f"http://{ELSEWHERE}/".encode()
    assert offered in set(values(scanned)), "the redirect was never offered"
    targets = {device.ip for device in PLAN.devices()}
    beyond = {each for each in scanned.reached - targets if not _is_group(each)}
    assert beyond == set()
    assert targets <= scanned.reached, "the witness is asleep"
    assert ELSEWHERE not in {line["a"] for line in scanned.journal if "a" in line}


def _is_group(address: str) -> bool:
    return address == "255.255.255.255" or ipaddress.ip_address(address).is_multicast


def test_memory_stays_below_its_bound(scanned: Scanned) -> None:
    assert scanned.peak_kib < MOST_RESIDENT_KIB


def test_nothing_of_the_bombs_is_kept_beyond_a_value(scanned: Scanned) -> None:
    assert max(len(value) for _, value in values(scanned)) <= MAX_VALUE_BYTES
    assert max(map(len, scanned.raw.splitlines())) <= MAX_LINE_BYTES
    # each may leave one value of each field of a page behind, not a page of a gigabyte
    kept = Counter[str]()
    for address, value in values(scanned):
        kept[address] += len(value)
    assert max(kept.values()) <= LIMITS.device_bytes


@pytest.mark.parametrize("device", tuple(PLAN.devices()), ids=lambda each: each.persona.id)
def test_each_costs_no_more_than_its_ceilings(scanned: Scanned, device: Device) -> None:
    mine = [event for event in scanned.log if event["address"] == device.ip]
    opened = [event for event in mine if event["event"] == "open"]
    closed = [event for event in mine if event["event"] == "close"]
    assert len(opened) <= LIMITS.connections
    assert max((event["concurrent"] for event in opened), default=1) == 1
    assert sum(event["sent"] for event in closed) <= LIMITS.device_bytes + IN_FLIGHT * len(opened)
    if opened:
        first, last = (datetime.fromisoformat(each["at"]) for each in (opened[0], mine[-1]))
        assert (last - first).total_seconds() <= LIMITS.device + SLACK_S


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        # a page without an end is cut, and what it began with is read
        ("hostile-endless", {("answered", 80), ("answered", 8080)}),
        ("hostile-big-body", {("answered", 80)}),
        # the wrapper is read, the content is not unpacked beyond a value
        ("hostile-gzip-bomb", {("answered", 80)}),
        ("hostile-entity-bomb", {("answered", 80)}),
        ("hostile-redirect", {("answered", 80)}),
        ("hostile-redirect-loop", {("answered", 80)}),
        # certificates are looked at, not trusted
        ("hostile-expired", {("answered", 443)}),
        ("hostile-bad-signature", {("answered", 443)}),
        ("hostile-no-handshake", {("tls_failed", 443)}),
    ],
)
def test_what_each_misdeed_comes_to(
    scanned: Scanned, persona: str, expected: set[tuple[str, int]]
) -> None:
    assert expected <= outcomes(scanned, persona)


def test_a_device_that_breaks_off_is_asked_no_more(scanned: Scanned) -> None:
    assert ("stopped", 554) in outcomes(scanned, "hostile-reset")
