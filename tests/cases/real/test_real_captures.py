"""What the addresses and names in real captures let us say, as an inventory and as observations.

The captures lie beside the repository and are never copied into it. What each sender is, is written
in the README there; here it is written again, by hand.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from camaudit.packs.mac_registry import load_mac_registry
from tests.cases.command import Camaudit
from tests.cases.real.pcap import host_names, senders

CAPTURES = Path(__file__).parents[4] / "shared" / "real" / "pcap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One sender: where it is recorded, and what may be said of it."""

    files: tuple[str, ...]
    registered_to: str
    host_name: str | None
    #: Makers that may be named; ``None`` means that none need be.
    makers: frozenset[str | None]
    camera: bool = False


def one_of(*makers: str | None) -> frozenset[str | None]:
    return frozenset(makers)


TRUTH = {
    "b0:c5:54:25:5b:0e": Truth(
        files=("dlink-dcs935l-1.pcap", "dlink-dcs935l-2.pcap"),
        registered_to="D-Link International",
        host_name="DCS-935L",
        makers=one_of("d-link"),
        camera=True,
    ),
    "74:da:38:80:7a:08": Truth(
        files=("edimax-ic3115w-1.pcap", "edimax-ic3115w-2.pcap"),
        registered_to="Edimax Technology Co. Ltd.",
        host_name=None,
        makers=one_of(None, "edimax"),  # only by its block; nobody else may be named for it
        camera=True,
    ),
    # The address is that of the radio's maker, who makes no cameras.
    "f4:b8:5e:ff:2b:1b": Truth(
        files=("blink-indoor.pcap",),
        registered_to="Texas Instruments",
        host_name="F4B85EFF2B1B-mysimplelink",
        makers=one_of(None),
        camera=True,
    ),
    "00:17:88:24:76:ff": Truth(
        files=("philips-hue-bridge.pcap",),
        registered_to="Philips Lighting BV",
        host_name="Philips-hue",
        makers=one_of(None, "philips-hue"),
    ),
    "90:8d:78:dd:0d:60": Truth(
        files=("dlink-siren.pcap",),
        registered_to="D-Link International",
        host_name="DCH-S220",
        makers=one_of("d-link"),
    ),
    "74:da:38:4a:76:49": Truth(
        files=("edimax-plug.pcap",),
        registered_to="Edimax Technology Co. Ltd.",
        host_name=None,
        makers=one_of(None, "edimax"),
    ),
    "50:c7:bf:00:fc:a3": Truth(
        files=("tplink-plug-hs100.pcap",),
        registered_to="TP-LINK TECHNOLOGIES CO.,LTD.",
        host_name="HS100(EU)",
        makers=one_of("tp-link"),
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _captures() -> None:
    if not CAPTURES.is_dir():
        pytest.skip("NOT TESTED ON REAL CAPTURES: ../shared/real is not beside the repository")


def _senders_with_names() -> Iterator[tuple[str, str | None]]:
    for mac, truth in TRUTH.items():
        names = {host_names(CAPTURES / file).get(mac) for file in truth.files}
        assert len(names) == 1
        yield mac, names.pop()


def test_the_captures_hold_what_the_table_says() -> None:
    for mac, truth in TRUTH.items():
        for file in truth.files:
            assert mac in senders(CAPTURES / file)
    assert dict(_senders_with_names()) == {mac: truth.host_name for mac, truth in TRUTH.items()}


def test_the_registry_names_the_right_organisation() -> None:
    registry = load_mac_registry()
    for mac, truth in TRUTH.items():
        assert registry.lookup(mac) == truth.registered_to


def test_as_an_inventory(camaudit: Camaudit, tmp_path: Path) -> None:
    with (tmp_path / "register.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["MAC address", "Host name"])
        out.writerows((mac, name or "") for mac, name in _senders_with_names())
    camaudit("init")
    assert f"({len(TRUTH)} new)" in camaudit("import", tmp_path / "register.csv").out
    rows = [json.loads(line) for line in camaudit("devices", "list", "--json").out.splitlines()]
    _judge({row["macs"][0]: row for row in rows})


def test_as_observations(camaudit: Camaudit, tmp_path: Path) -> None:
    lines = []
    for mac, name in _senders_with_names():
        lines.append({"device": mac, "protocol": "mac", "field": "address", "value": mac})
        if name:
            lines.append({"device": mac, "protocol": "dhcp", "field": "hostname", "value": name})
    (tmp_path / "seen.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    told = camaudit("classify", tmp_path / "seen.jsonl", "--json").out.splitlines()
    _judge({row["device"]: row for row in map(json.loads, told)})


def _judge(rows: dict[str, dict[str, Any]]) -> None:
    assert rows.keys() == TRUTH.keys()
    for mac, truth in TRUTH.items():
        row = rows[mac]
        assert row["maker"] in truth.makers, row
        assert truth.camera or row["kind"] not in {"camera", "recorder", "encoder"}, row


def test_a_media_server_is_not_named(camaudit: Camaudit, tmp_path: Path) -> None:
    macs = sorted(senders(CAPTURES / "windows-media-rtsp.pcap"))
    assert len(macs) == 2
    (tmp_path / "seen.jsonl").write_text(
        "".join(
            json.dumps({"device": mac, "protocol": "mac", "field": "address", "value": mac}) + "\n"
            for mac in macs
        )
    )
    told = camaudit("classify", tmp_path / "seen.jsonl", "--json").out.splitlines()
    assert [json.loads(line)["maker"] for line in told] == [None, None]
