"""``camaudit scan`` of a segment on which services answer that we did not write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from camaudit.app import clock
from camaudit.sources.scan.targets import AddressSet
from tests.child import Ended, camaudit
from tests.system import strangers
from tests.system.segment import Host, Segment, segment

pytestmark = pytest.mark.timeout(300)

SCANNER = "192.0.2.1"
CAMERA, MEDIA, ANNOUNCER, LIBRARY = "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"
AGENT, OFFICE, BOOKING = "192.0.2.7", "192.0.2.8", "192.0.2.9"
STRANGERS = (CAMERA, MEDIA, ANNOUNCER, LIBRARY, AGENT, OFFICE, BOOKING)
#: What is asked address by address, and the segment that it is on: searches reach all of that.
NETWORK = "192.0.2.0/28"
SEGMENT = "192.0.2.0/24"
#: A word that stands nowhere else, so that a search for it finds nothing by chance.
COMMUNITY = "hedgerow-lantern-41"
#: The scan, which needs about a quarter of this.
SCAN_S = 120


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one scan left behind."""

    folder: Path
    told: str
    coverage: dict[str, Any]
    #: Address -> what ``explain`` tells.
    devices: dict[str, dict[str, Any]]
    #: Address -> protocol.field -> values.
    seen: dict[str, dict[str, set[str]]]
    hardware: dict[str, str]


@pytest.fixture(scope="module")
def net() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture(scope="module")
def hosts(net: Segment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Host]]:
    services = {
        3: strangers.camera,
        4: strangers.media_server,
        5: strangers.announcer,
        6: strangers.media_library,
        7: strangers.agent(COMMUNITY),
        8: strangers.windows_like,
        9: strangers.web_application,
    }
    with strangers.standing(net, services, tmp_path_factory.mktemp("strangers")) as hosts:
        yield hosts


@pytest.fixture(scope="module")
def scanned(
    net: Segment, hosts: dict[int, Host], tmp_path_factory: pytest.TempPathFactory
) -> Scanned:
    folder = tmp_path_factory.mktemp("estate")
    told: list[Ended] = []

    def do(*words: str) -> str:
        estate = ("--estate", folder / "estate.sqlite")
        told.append(camaudit(*words, *estate, prefix=net.scanner.inside, within_s=SCAN_S))
        return told[-1].out

    until = clock.now().date() + timedelta(days=30)
    do("init")
    do("site", "add", "HQ", "Head office", "--network", SEGMENT)
    permit = ("--by", "head of estates", "--right", "owner", "--ceiling", "probing")
    do("site", "permit", "HQ", *permit, "--until", str(until))
    words = ("--profile", "thorough", "--community", COMMUNITY, "--target", NETWORK)
    do("scan", "--site", "HQ", *words)
    devices = [json.loads(line) for line in do("devices", "--json").splitlines()]
    explained = (json.loads(do("explain", each["id"], "--json")) for each in devices)
    return Scanned(
        folder=folder,
        coverage=json.loads(do("scan", "coverage", "--json")),
        devices={address: each for each in explained for address in each["addresses"]},
        seen=seen_in(folder / "estate.sqlite"),
        hardware={host.address: net.hardware_address(host) for host in hosts.values()},
        told="".join(each.out + each.err for each in told),
    )


def seen_in(estate: Path) -> dict[str, dict[str, set[str]]]:
    """Return what the estate holds of each address, by the subject that the scan gave it."""
    with closing(sqlite3.connect(estate)) as connection:
        rows = connection.execute(
            "SELECT subject, protocol || '.' || field, value FROM observations"
        ).fetchall()
    found: dict[str, dict[str, set[str]]] = {}
    for subject, name, value in rows:
        of_subject = found.setdefault(subject.removeprefix("host:"), {})
        of_subject.setdefault(name, set()).add(value.decode("utf-8", "replace"))
    return found


def heard_by(search: str, scanned: Scanned) -> set[str]:
    """Return the addresses that the journal says answered a search."""
    lines = map(json.loads, journal(scanned).read_text(encoding="utf-8").splitlines())
    return {line["a"] for line in lines if line["t"] == "heard" and line["p"] == search}


def journal(scanned: Scanned) -> Path:
    (only,) = (scanned.folder / "scans").iterdir()
    return only


def reached(scanned: Scanned) -> dict[str, str]:
    return {
        address: reach
        for reach, _, ranges in scanned.coverage["reached"]
        for address in AddressSet.parse(ranges)
    }


def test_each_stranger_is_one_device_with_its_hardware_address(scanned: Scanned) -> None:
    assert {*STRANGERS} <= scanned.devices.keys()
    ids = {scanned.devices[address]["id"] for address in STRANGERS}
    assert len(ids) == len(STRANGERS)
    for address in STRANGERS:
        assert scanned.hardware[address] in scanned.devices[address]["macs"]


def test_the_onvif_camera_is_found_by_its_group_and_asked(scanned: Scanned) -> None:
    assert CAMERA in heard_by("ws-discovery.probe", scanned)
    seen = scanned.seen[CAMERA]
    assert seen["onvif.scope_name"] == {"Loading bay"}
    assert seen["onvif.scope_type"] == {"video_encoder"}
    assert seen["ws-discovery.xaddrs"] == {f"http://{CAMERA}:8080/onvif/device_service"}
    assert seen["onvif.manufacturer"] == {"PythonCam"}
    assert seen["onvif.model"] == {"VirtualCam-1"}
    assert seen["onvif.serial"] == {"PY-000417"}
    assert seen["onvif.firmware"] == {"1.3.0"}
    assert scanned.devices[CAMERA]["kind"] == "camera"
    assert scanned.devices[CAMERA]["maker"] is None  # nobody's pack knows PythonCam


def test_the_media_server_is_named_by_its_own_header(scanned: Scanned) -> None:
    assert scanned.seen[MEDIA]["rtsp.server"] == {"GStreamer RTSP server"}
    assert any("DESCRIBE" in each for each in scanned.seen[MEDIA]["rtsp.public"])


def test_what_avahi_announces_is_read(scanned: Scanned) -> None:
    assert ANNOUNCER in heard_by("mdns.services", scanned)
    device = scanned.devices[ANNOUNCER]
    # it names a hardware address of its own, beside that of the namespace
    named = "00:40:8c:0a:0b:0c"
    assert {named, scanned.hardware[ANNOUNCER]} <= set(device["macs"])
    seen = scanned.seen[f"mac:{named}"]
    assert "_axis-video._tcp.local." in seen["mdns.service"]
    assert "AXIS M3045-V - 00408C0A0B0C" in seen["mdns.instance"]
    assert "macaddress=00408C0A0B0C" in seen["mdns.txt"]
    assert "_rtsp._tcp.local." in scanned.seen[ANNOUNCER]["mdns.service"]
    assert "path=axis-media/media.amp" in scanned.seen[ANNOUNCER]["mdns.txt"]
    assert (device["kind"], device["maker"], device["model"]) == ("camera", "axis", "M3045-V")


def test_the_media_library_is_described(scanned: Scanned) -> None:
    assert LIBRARY in heard_by("ssdp.search", scanned)
    seen = scanned.seen[LIBRARY]
    assert seen["ssdp.location"] == {f"http://{LIBRARY}:8200/rootDesc.xml"}
    assert seen["upnp.friendly_name"] == {"Staff room library"}
    assert any("MiniDLNA" in each for each in seen["ssdp.server"])


def test_the_agent_tells_its_description(scanned: Scanned) -> None:
    assert scanned.seen[AGENT]["snmp.sysDescr"] == {"Linux door-controller-lobby"}
    assert scanned.seen[AGENT]["snmp.sysName"] == {"door-controller-lobby"}


def test_the_login_page_and_its_certificate_are_read(scanned: Scanned) -> None:
    seen = scanned.seen[BOOKING]
    assert seen["port.open"] == {"80/tcp", "443/tcp"}
    assert seen["http.title"] == {"Room booking"}
    assert any(each.startswith("nginx/") for each in seen["http.server"])
    assert any("CN=booking.example" in each for each in seen["tls.subject"])
    assert seen["tls.self_signed"] == {"yes"}


@pytest.mark.parametrize("address", [MEDIA, LIBRARY, AGENT, OFFICE, BOOKING])
def test_plain_services_are_no_cameras_and_have_no_maker(address: str, scanned: Scanned) -> None:
    device = scanned.devices[address]
    assert device["kind"] not in {"camera", "recorder"}
    assert (device["maker"], device["brand"]) == (None, None)


def test_every_address_is_accounted_for(scanned: Scanned) -> None:
    told = reached(scanned)
    assert told.keys() == {str(each) for each in ip_network(NETWORK).hosts()}
    answered = {address for address, reach in told.items() if reach == "answered"}
    assert answered == {CAMERA, MEDIA, ANNOUNCER, LIBRARY, AGENT, BOOKING}
    # up, with no port that a scan asks at
    assert {told[SCANNER], told[OFFICE]} == {"present"}
    absent = told.keys() - {SCANNER, *STRANGERS}
    assert {told[address] for address in absent} == {"silent"}
    (subnet,) = scanned.coverage["subnets"]
    assert subnet["subnet"] == "192.0.2.0/24"
    assert subnet["answered"] == len(answered)
    assert (scanned.coverage["how"], scanned.coverage["faults"]) == ("complete", [])


def test_the_community_is_nowhere(scanned: Scanned) -> None:
    word = COMMUNITY.encode()
    files = [each for each in scanned.folder.rglob("*") if each.is_file()]
    assert {"estate.sqlite", journal(scanned).name} <= {each.name for each in files}
    assert [each.name for each in files if word in each.read_bytes()] == []
    assert COMMUNITY not in scanned.told
    assert scanned.seen[AGENT]["snmp.sysDescr"]  # it was used
