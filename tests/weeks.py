"""Verify a pretend week through the command, and hold the answers against what happened."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from camaudit.lab.traffic.truth import DeviceTruth, Truth
from tests.byte_search import Place, needles_of, needles_of_secrets, search

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The truth, what the command said, and every octet that it left."""

    truth: Truth
    devices: dict[str, dict[str, Any]]
    watch: dict[str, Any]
    leaks: list[Place]
    #: What the estate holds of people's hosts once the traffic is purged.
    after: list[Place]
    seconds: float
    #: The most memory that a command of this process's children had (getrusage(2)).
    peak_mib: float


def write_week(place: Path, *, packets: int, frame_bytes: int = 1000) -> Path:
    """A week with an hour of outage on its fourth day, and one relay contact of three packets."""
    asked = ("--packets", str(packets), "--days", "7", "--outage", "80+1h", "--relay")
    size = ("--devices", "54", "--frame-bytes", str(frame_bytes))
    _run("lab", "capture", place, *asked, *size, estate=place.parent / "none.sqlite")
    return place


def verify_week(place: Path, *, at_once: bool = True) -> Week:
    """Declare the networks as they are, verify, and search all that is left for secrets.

    ``at_once``: also what is written of the capture without an estate.
    """
    folder = place.parent
    truth = msgspec.json.decode(Path(f"{place}.truth.json").read_bytes(), type=Truth)
    estate, page = folder / "estate.sqlite", folder / "page.html"
    networks, sentinel = truth.networks, truth.sentinel
    assert sentinel is not None
    said = [_run("init", estate=estate)]
    zone = networks["cameras"][0]
    said.append(_run("site", "add", "HQ", "Head office", "--network", zone, estate=estate))
    declare = ["isolation", "declare", "HQ", "--sentinel", sentinel["from"], "--hours", "160"]
    declare += [word for each in networks["core"] for word in ("--core", each)]
    declare += [word for each in networks["cameras"] for word in ("--zone", f"cctv={each}")]
    for interface in ("wired", "wifi", "cellular", "second_port"):
        declare += ["--interface", interface]
    said.append(_run(*declare, "--vantage", "mirror of the camera switch", estate=estate))
    before = time.perf_counter()
    verify = ("isolation", "verify", place, "--site", "HQ", "--json", "--html", page)
    said.append(_run(*verify, estate=estate, code=3))
    seconds = time.perf_counter() - before
    lines = [json.loads(line) for line in said[-1].stdout.splitlines()]
    forms: tuple[tuple[str | Path, ...], ...] = ((), ("--json",), ("-o", folder / "all.parquet"))
    said += [_run("classify", place, *each, estate=estate) for each in forms if at_once]
    left = [each for each in folder.iterdir() if not each.name.startswith(place.name)]
    told = b"".join(each.stdout + each.stderr for each in said)
    return Week(
        truth=truth,
        devices={mac: each for each in lines[:-1] for mac in each.get("macs", ())},
        watch=lines[-1],
        leaks=search(needles_of_secrets(truth.secrets), left, output=told),
        after=_purged(truth, estate),
        seconds=seconds,
        peak_mib=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def assert_week(week: Week) -> None:
    """The contact is found, the outage is no isolation, nobody else is there, nothing leaks."""
    truth = week.truth
    assert len(truth.devices) >= 50
    surveillance = {each.mac: each for each in truth.devices if each.surveillance and each.maker}
    others = {mac for each in truth.devices if not each.surveillance for mac in each.ports}
    assert set(surveillance) <= set(week.devices)
    assert not others & set(week.devices)
    wrong = {
        mac: (each.maker, week.devices[mac]["maker"])
        for mac, each in surveillance.items()
        if not _is_maker(each, week.devices[mac])
    }
    assert wrong == {}
    _assert_relay(week)
    _assert_outage(week)
    assert week.leaks == []
    assert week.after == []


def _purged(truth: Truth, estate: Path) -> list[Place]:
    """Purge the traffic, and search for who looked at a camera."""
    people = [each for each in truth.devices if each.private]
    needles = needles_of([e for each in people for port in each.ports.items() for e in _flat(port)])
    assert search(needles, [estate]), "as long as the traffic is held, so is who looked"
    _run("isolation", "purge", "--number", "1", estate=estate)
    told = _run("isolation", "watches", "--json", estate=estate)
    return search(needles, estate.parent.glob(f"{estate.name}*"), output=told.stdout)


def _flat(port: tuple[str, list[str]]) -> list[str]:
    return [port[0], *port[1]]


def _is_maker(truth: DeviceTruth, told: dict[str, Any]) -> bool:
    return bool(told["maker"]) and told["maker"].casefold().replace("-", "") == str(
        truth.maker
    ).replace("-", "")


def _assert_relay(week: Week) -> None:
    (relay,) = [
        (each.mac, contact)
        for each in week.truth.devices
        for contact in each.contacts
        if contact.kind == "p2p_relay" and contact.packets == 3
    ]
    mac, contact = relay
    told = week.devices[mac]
    assert "reaches_maker_cloud" in told["answers"]
    (found,) = [each for each in told["contacts"] if each["peer"] == contact.address]
    assert (found["destination"], found["packets"]) == ("p2p_relay", 3)
    assert contact.name in found["names"]


def _assert_outage(week: Week) -> None:
    (outage,) = week.truth.outages
    for told in week.devices.values():
        hours = {datetime.fromisoformat(start): answer for start, answer in told["hours"]}
        start = outage.start.replace(minute=0, second=0, microsecond=0)
        while start < outage.end:
            assert hours[start] == "cannot_tell"
            start += HOUR
        assert "isolated" not in told["answers"]
        assert any(
            datetime.fromisoformat(gap["start"]) <= outage.start + timedelta(minutes=2)
            and datetime.fromisoformat(gap["end"]) >= outage.end - timedelta(minutes=2)
            for gap in told["coverage"]["gaps"]
        )


def _run(*words: str | Path, estate: Path, code: int = 0) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "camaudit", *words],
        env=os.environ | {"CAMAUDIT_ESTATE": str(estate)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code, done.stdout[-2000:] + done.stderr
    return done
