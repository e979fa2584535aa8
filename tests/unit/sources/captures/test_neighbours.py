"""LLDP frames: whose they are, and what is kept of them."""

from __future__ import annotations

import io

from camaudit.sources.captures import neighbours
from camaudit.sources.captures.passive import Watcher
from camaudit.sources.captures.read import read_capture
from tests.captured import CAMERA, LLDP, QINQ, Shot, datagram, ethernet, pcap
from tests.payloads import announced, lldp, observed, watch
from tests.watchers import damage, payloads

BRIDGE = "01:80:c2:00:00:0e"
SAID = announced((5, b"camera-7"), (6, b"an IP camera"), (7, b"\0\x80\0\x80"))
TOLD = [
    ("lldp.system_name", "camera-7"),
    ("lldp.system_description", "an IP camera"),
    ("lldp.capabilities", "Station"),
]


def frame(
    data: bytes = SAID, source: str = CAMERA, tags: tuple[tuple[int, int], ...] = ()
) -> bytes:
    return ethernet(data, source, BRIDGE, LLDP, tags)


def test_what_a_frame_carries_is_handed_on() -> None:
    plain, tagged = payloads(
        pcap([frame(), datagram(ports=(4000, 5000)), frame(tags=((QINQ, 7),))])
    )
    assert plain.data == tagged.data == SAID
    assert (plain.mac.hex(":"), plain.peer_mac.hex(":")) == (CAMERA, BRIDGE)
    assert (plain.position, tagged.position) == (1, 3)
    assert (plain.source, plain.target) == ("", "")


def test_an_empty_one_is_passed_over_and_none_is_called_unread() -> None:
    assert payloads(pcap([frame(b""), Shot(frame(), 1, 14)])) == []
    assert damage(pcap([frame(b""), frame()])) == {}


def test_many_at_once_are_counted() -> None:
    data = pcap(Shot(frame(), at / 1000) for at in range(neighbours.MAX_OF_CHUNK + 5))
    assert len(payloads(data)) == neighbours.MAX_OF_CHUNK
    watcher = Watcher()
    traffic = read_capture(io.BytesIO(data), watcher)
    assert [(each.what, each.count) for each in traffic.damage] == [(neighbours.BUSY, 5)]


def test_it_is_its_sender_s_once() -> None:
    told = observed(watch(lldp(SAID), lldp(SAID, second=30)))
    (device,) = told
    ids = [("lldp.chassis_id", device), ("lldp.port_id", device)]
    assert told[device] == [*ids, *TOLD]


def test_a_switch_says_what_it_is() -> None:
    port, chassis = bytes.fromhex("020000000107"), bytes.fromhex("020000000100")
    said = announced((5, b"switch"), (7, b"\0\x14\0\4"), mac=chassis)
    told = observed(watch(lldp(said, mac=port)))[port.hex(":")]
    assert ("mac.address", chassis.hex(":")) in told
    assert ("lldp.capabilities", "Bridge, Router") in told


def test_noise_is_counted() -> None:
    (noise,) = watch(lldp(b"\xff" * 40)).damage
    assert noise.what == "payloads that are no message of their port's protocol"


def test_a_capture_of_announcements_alone_tells_of_their_senders() -> None:
    traffic = read_capture(io.BytesIO(pcap([frame()])), Watcher())
    rows = traffic.observations.to_pylist()
    assert {row["device"] for row in rows} == {CAMERA}
    assert {row["position"] for row in rows} == {"packet 1"}
