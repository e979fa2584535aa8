"""``camaudit scan`` on a small pretend estate, from the permission to a second scan."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from camaudit.lab.plan import Plan
from tests.pretend import events, plan_of, pretending

pytestmark = pytest.mark.timeout(300)

PLAN = plan_of("hikvision-camera", "hikvision-recorder", "axis-camera", "printer", "locks-out")
QUICK = ("--rate=2000", "--devices=16", "--timeout=0.5", "--repeats=2")
ADDRESSES = [f"--target={device.ip}" for device in PLAN.devices()]


def run(folder: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "camaudit", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


def lines(folder: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(folder, *words, "--json").stdout.splitlines()]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lab that runs for the module; its log."""
    log = tmp_path_factory.mktemp("lab") / "lab.jsonl"
    with pretending(PLAN, log=log):
        yield log


@pytest.fixture(scope="module")
def scanned(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate with one scan in it."""
    folder = tmp_path_factory.mktemp("estate")
    run(folder, "init")
    run(folder, "site", "add", "LAB", "Pretend site", "--network", str(PLAN.network))
    run(folder, "scan", "--site", "LAB", "--profile", "thorough", *QUICK, *ADDRESSES)
    return folder


def by_persona(folder: Path) -> dict[str, dict[str, Any]]:
    found = {a: each for each in lines(folder, "devices") for a in each["addresses"]}
    return {d.persona.id: found[d.ip] for d in PLAN.devices() if d.ip in found}


def test_each_device_is_found_and_named_rightly(scanned: Path) -> None:
    found = by_persona(scanned)
    assert found["hikvision-camera"]["maker"] == "hikvision"
    assert found["hikvision-recorder"]["kind"] == "recorder"
    assert found["axis-camera"]["maker"] == "axis"
    assert found["printer"]["kind"] not in ("camera", "recorder")


def test_every_address_is_accounted_for(scanned: Path) -> None:
    (coverage,) = lines(scanned, "scan", "coverage")
    (subnet,) = coverage["subnets"]
    counts = {name: n for name, n in subnet.items() if name != "subnet"}
    assert sum(counts.values()) == len(ADDRESSES)
    assert coverage["how"] == "complete"
    assert coverage["faults"] == []
    (recorder,) = coverage["recorders"]
    truth = next(d for d in PLAN.devices() if d.persona.id == "hikvision-recorder")
    assert recorder["channels_declared"] == truth.persona.truth.channels
    assert recorder["channels_seen"] == 0


def test_a_device_that_locks_out_is_left_alone(scanned: Path, lab: Path) -> None:
    (coverage,) = lines(scanned, "scan", "coverage")
    locks = next(d.ip for d in PLAN.devices() if d.persona.id == "locks-out")
    stopped = [ranges for reach, _, ranges in coverage["reached"] if reach == "stopped"]
    assert locks in ",".join(stopped) or not any(
        e["event"] == "locked" and e["address"] == locks for e in events(lab)
    )


def test_one_connection_at_a_time_to_each_device(scanned: Path, lab: Path) -> None:
    opened = [event for event in events(lab) if event["event"] == "open"]
    assert opened
    assert max(event["concurrent"] for event in opened) == 1


def test_a_dry_run_sends_nothing(scanned: Path, lab: Path) -> None:
    before = len(events(lab))
    done = run(scanned, "scan", "--site", "LAB", "--profile", "thorough", "--dry-run", *ADDRESSES)
    assert "nothing was sent" in done.stdout
    kinds = lines(scanned, "scan", "run", "--site", "LAB", "--dry-run", *ADDRESSES)
    assert {"http.root", "ws-discovery.probe", "rtsp.describe"} <= {k["probe"] for k in kinds}
    assert all(kind["most"] > 0 for kind in kinds)
    time.sleep(0.3)
    assert len(events(lab)) == before


def test_what_is_excluded_is_never_asked_whatever_the_target(lab: Path, tmp_path: Path) -> None:
    printer = next(d.ip for d in PLAN.devices() if d.persona.id == "printer")
    run(tmp_path, "init")
    run(tmp_path, "site", "add", "LAB", "Pretend site", "--network", str(PLAN.network))
    run(tmp_path, "site", "exclude", "LAB", printer, "--reason", "medical")
    time.sleep(0.3)
    before = len(events(lab))
    done = run(tmp_path, "scan", "--site", "LAB", "--profile", "thorough", *QUICK, *ADDRESSES)
    time.sleep(0.3)
    later = events(lab)[before:]
    assert later
    assert not [e for e in later if e["address"] == printer]
    assert "excluded at this site" in done.stdout
    assert "an excluded device is on the segment" in done.stderr
    refused = run(tmp_path, "scan", "--site", "LAB", "--target", printer, code=2)
    assert "excluded" in refused.stderr


def test_a_second_scan_shows_what_changed(scanned: Path) -> None:
    only = [w for w, d in zip(ADDRESSES, PLAN.devices(), strict=True) if d.persona.id != "printer"]
    first = lines(scanned, "scan", "list")[0]["run"]
    run(scanned, "scan", "--site", "LAB", "--profile", "thorough", "--no-groups", *QUICK, *only)
    printer = by_persona(scanned)["printer"]["id"]
    found = lines(scanned, "scan", "diff", first)
    assert {(d["device"], d["change"]) for d in found} >= {(printer, "not_looked_for")}
    assert not any(d["change"] in ("new", "moved", "gone") for d in found)


def test_a_scan_that_was_stopped_goes_on_from_its_journal(lab: Path, tmp_path: Path) -> None:
    run(tmp_path, "init")
    run(tmp_path, "site", "add", "LAB", "Pretend site", "--network", str(PLAN.network))
    words = ["scan", "run", "--site", "LAB", "--only", "http", "--devices=1", "--rate=2000"]
    going = subprocess.Popen(
        [sys.executable, "-m", "camaudit", *words, *ADDRESSES], cwd=tmp_path, stderr=subprocess.PIPE
    )
    journal = _first_visit(tmp_path)
    going.send_signal(signal.SIGINT)
    _, told = going.communicate(timeout=60)
    assert going.returncode == 1, told
    assert b"--resume" in told
    done = _visited(journal)
    assert 0 < len(done) < len(ADDRESSES)
    run(tmp_path, *words, "--resume", str(journal), *ADDRESSES)
    assert sorted(_visited(journal)) == sorted(d.ip for d in PLAN.devices())
    (kept,) = lines(tmp_path, "scan", "list")
    assert kept["run"] == journal.stem
    again = run(tmp_path, *words, "--resume", str(journal), *ADDRESSES, code=2)
    assert "complete" in again.stderr


def test_the_journal_and_the_estate_are_their_owners_alone(scanned: Path) -> None:
    for file in (scanned / "camaudit.sqlite", *(scanned / "scans").iterdir()):
        assert file.stat().st_mode & 0o077 == 0


def _first_visit(folder: Path) -> Path:
    for _ in range(600):
        for journal in folder.glob("scans/*.jsonl"):
            if _visited(journal):
                return journal
        time.sleep(0.05)
    raise AssertionError("nothing was visited")


def _visited(journal: Path) -> list[str]:
    """Return the addresses that are done with; the last line may be half written."""
    raw = journal.read_bytes().splitlines(keepends=True)
    whole = (line for line in raw if line.endswith(b"\n") and b'"t":"visited"' in line)
    return [json.loads(line)["a"] for line in whole]


def test_the_plan_is_the_one_of_the_lab() -> None:
    assert isinstance(PLAN, Plan)
    assert len(ADDRESSES) == 5
