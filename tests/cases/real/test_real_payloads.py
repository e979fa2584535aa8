"""What real captures show of devices, by everything that they say and ask for.

The captures lie beside the repository and are never copied into it. What each sender is, is written
in the README there; here it is written again, by hand.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import PackSet, load_packs
from camaudit.sources.captures.passive import Watched, Watcher

from .pcap import payloads

CAPTURES = Path(__file__).parents[4] / "shared" / "real" / "pcap"

#: File -> hardware address -> kind and maker. ``None``: nothing need be said, but never "camera".
CAMERAS = {
    ("dlink-dcs935l-1.pcap", "b0:c5:54:25:5b:0e"): "d-link",
    ("dlink-dcs935l-2.pcap", "b0:c5:54:25:5b:0e"): "d-link",
    ("edimax-ic3115w-1.pcap", "74:da:38:80:7a:08"): "edimax",
    ("edimax-ic3115w-2.pcap", "74:da:38:80:7a:08"): "edimax",
    ("blink-indoor.pcap", "f4:b8:5e:ff:2b:1b"): "blink",
}
OTHERS = {
    ("philips-hue-bridge.pcap", "00:17:88:24:76:ff"),
    ("dlink-siren.pcap", "90:8d:78:dd:0d:60"),
    ("edimax-plug.pcap", "74:da:38:4a:76:49"),
    ("tplink-plug-hs100.pcap", "50:c7:bf:00:fc:a3"),
}
FILES = sorted({file for file, _ in (*CAMERAS, *OTHERS)} | {"windows-media-rtsp.pcap"})
SURVEILLANCE = {"camera", "recorder", "encoder", "intercom", "body_worn", "video_management"}


@pytest.fixture(scope="module", autouse=True)
def _captures() -> None:
    if not CAPTURES.is_dir():
        pytest.skip("NOT TESTED ON REAL CAPTURES: ../shared/real is not beside the repository")


@cache
def packs() -> PackSet:
    return load_packs()


@cache
def watched(file: str) -> Watched:
    watcher = Watcher()
    for payload in payloads(CAPTURES / file):
        watcher.take(payload)
    return watcher.result()


@cache
def lines(file: str) -> dict[str, DeviceLine]:
    return {line.device: line for line in classify(iter(watched(file).observations), packs())}


def names(file: str, mac: str) -> set[str]:
    rows = watched(file).names.to_pylist()
    return {row["name"] for row in rows if row["client_mac"].hex(":") == mac}


@pytest.mark.parametrize(("file", "mac"), sorted(CAMERAS))
def test_a_camera_is_called_one_and_its_maker_named(file: str, mac: str) -> None:
    line = lines(file)[mac]
    assert (line.kind, line.maker) == ("camera", CAMERAS[file, mac])


@pytest.mark.parametrize("file", FILES)
def test_nothing_else_is_called_one(file: str) -> None:
    cameras = {mac for each, mac in CAMERAS if each == file}
    found = {mac for mac, line in lines(file).items() if line.kind in SURVEILLANCE}
    assert found == cameras


@pytest.mark.parametrize(("file", "mac"), sorted(OTHERS))
def test_other_devices_are_seen_and_called_something_else(file: str, mac: str) -> None:
    assert lines(file)[mac].kind in {"accessory", "not_surveillance", "unknown"}


def test_models_that_devices_tell_are_read() -> None:
    assert lines("dlink-dcs935l-1.pcap")["b0:c5:54:25:5b:0e"].model == "DCS-935L"
    assert lines("edimax-ic3115w-1.pcap")["74:da:38:80:7a:08"].model == "IC-3115W"


def test_the_clouds_that_devices_ask_for_are_named() -> None:
    assert names("blink-indoor.pcap", "f4:b8:5e:ff:2b:1b") == {"vs-cam.u011.immedia-semi.com"}
    asked = names("dlink-dcs935l-1.pcap", "b0:c5:54:25:5b:0e")
    assert {"signal.mydlink.com", "mp-eu-signal.auto.mydlink.com", "ntp1.dlink.com"} <= asked
    assert "bridge.meethue.com" in names("philips-hue-bridge.pcap", "00:17:88:24:76:ff")
    assert "devs.tplinkcloud.com" in names("tplink-plug-hs100.pcap", "50:c7:bf:00:fc:a3")


def test_a_start_of_each_device_during_set_up_is_seen() -> None:
    for file, mac in {*CAMERAS, *OTHERS}:
        events = watched(file).events.to_pylist()
        kinds = {event["kind"] for event in events if event["mac"].hex(":") == mac}
        assert {"dhcp_discover", "dhcp_request"} <= kinds


@pytest.mark.parametrize("file", FILES)
def test_no_packet_of_them_is_damaged_for_the_readers(file: str) -> None:
    assert [each for each in watched(file).damage if "left out" not in each.what] == []


def test_no_path_of_a_request_and_no_body_is_kept() -> None:
    """The bridge posts to its cloud, and a telephone asks it by a user name in the path."""
    kept = repr(
        [
            [batch.to_pylist() for batch in watched("philips-hue-bridge.pcap").observations],
            watched("philips-hue-bridge.pcap").names.to_pylist(),
        ]
    )
    paths = set()
    for payload in payloads(CAPTURES / "philips-hue-bridge.pcap"):
        if payload.protocol == 6 and b" /api/" in payload.data:
            paths.add(payload.data.split(b" ")[1].split(b"/")[2].decode())
    secrets = {path for path in paths if len(path) >= 16}
    assert secrets
    assert [each for each in secrets if each in kept] == []
