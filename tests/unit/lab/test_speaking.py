"""Every stored reply, read by the codecs of the tree: what it says is what the plan says.

The lab writes its replies without those codecs, so this is a check of both.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Network

import msgspec
import pytest

from camaudit.app.classifier import Tally
from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import load_packs
from camaudit.lab.plan import Device, Plan
from camaudit.lab.speaking import Speaker
from camaudit.model.words import OUTSIDE_KINDS, Kind
from camaudit.packs.lab import Reply, load_personas
from camaudit.sources.importers.observations import read_lines
from camaudit.sources.protocols import registry

PERSONAS = load_personas()
PLAN = Plan(personas=PERSONAS, network=IPv4Network("127.77.0.0/24"), count=36)
DEVICES = {each.persona.id: each for each in PLAN.devices()}
SPEAKER = Speaker(PLAN)
#: What replies repeat of a request.
ASKED = {
    3702: b"<a:MessageID>urn:uuid:0b1c</a:MessageID>",
    37020: b"<Probe><Uuid>1F-2E</Uuid><Types>inquiry</Types></Probe>",
    1757: bytes.fromhex("9939a427010203 04ff0006de".replace(" ", "")),
    10000: bytes.fromhex("074a5d8f1c"),
    5060: b"OPTIONS sip:x SIP/2.0\r\nCSeq: 4 OPTIONS\r\n\r\n",
}
#: Which search hears what a port answers; 5060 is a dialogue's.
SEARCHES = {
    search.port: search
    for spec in registry().values()
    for search in spec.searches
    if search.id != "foscam.search"  # shares a port with Vivotek's
}
STREAMS = {
    21: "ftp.response",
    22: "ssh.response",
    23: "telnet.response",
    554: "rtsp.response",
}
#: Recorders that nothing tells from cameras are called what is commoner.
BY_BASE_RATE = {"only-tls": Kind.CAMERA}


def said(device: Device, port: int) -> Iterator[bytes]:
    for listener in device.persona.listeners:
        for answer in listener.answers if listener.port == port else ():
            yield SPEAKER.say(answer.reply, device, ASKED.get(port, b""), port)


def with_udp(port: int) -> list[str]:
    return [
        name for name, each in DEVICES.items() if port in {x.port for x in each.persona.listeners}
    ]


def fields(key: str, data: bytes) -> dict[str, str]:
    spec = next(each for each in registry().values() if key in each.expands)
    return {f"{s.protocol}.{s.field}": s.value.decode() for s in spec.expands[key](data)}


@pytest.mark.parametrize("name", with_udp(37020))
def test_sadp_replies_say_what_the_plan_says(name: str) -> None:
    device = DEVICES[name]
    for data in said(device, 37020):
        seen = fields("sadp.reply", data)
        assert seen["sadp.DeviceDescription"] == device.persona.truth.model
        assert seen["sadp.DeviceSN"] == device.serial
        assert seen["mac.address"] == device.mac
        assert seen["sadp.MAC"] == device.mac.replace(":", "-")
        assert b"<Uuid>1F-2E</Uuid>" in data
        assert int(seen["sadp.DigitalChannelNum"]) == max(1, device.persona.truth.channels)
        assert "pretend-salt" not in str(seen)
        factory = name == "hikvision-factory"
        assert seen["sadp.IPv4Address"] == ("192.168.1.64" if factory else device.ip)
        assert seen["sadp.Activated"] == ("false" if factory else "true")


@pytest.mark.parametrize("name", with_udp(37810))
def test_dhip_replies_say_what_the_plan_says(name: str) -> None:
    device = DEVICES[name]
    (data,) = said(device, 37810)
    assert data[:8] == b"\x20\0\0\0DHIP"
    seen = fields("dhip.reply", data)
    assert seen["dhip.DeviceType"] == device.persona.truth.model
    assert seen["mac.address"] == device.mac
    if name == "lorex-camera":  # its reply is cut short
        assert len(data) == 640
        return
    assert int.from_bytes(data[16:20], "little") == len(data.rstrip(b"\0")) - 32
    assert seen["dhip.SerialNo"] == device.serial
    channels = int(seen["dhip.VideoInputChannels"]) + int(seen["dhip.RemoteVideoInputChannels"])
    assert channels == max(1, device.persona.truth.channels)


@pytest.mark.parametrize("name", with_udp(3702))
def test_wsdiscovery_replies_name_their_device(name: str) -> None:
    device = DEVICES[name]
    (data,) = said(device, 3702)
    assert b"RelatesTo>urn:uuid:0b1c<" in data
    seen = fields("ws-discovery.answer", data)
    assert device.mac.replace(":", "") in data.decode()
    assert f"//{device.ip}" in data.decode()
    if name != "printer":
        assert seen["ws-discovery.scopes"].lower().startswith("onvif://")


@pytest.mark.parametrize("name", sorted(DEVICES))
def test_no_reply_holds_a_gap(name: str) -> None:
    for _, data in replies(DEVICES[name]):
        assert not re.search(rb"\$\{\w+\}", data)


def test_binary_replies_have_their_lengths() -> None:
    def only(name: str, port: int) -> bytes:
        (data,) = said(DEVICES[name], port)
        return data

    old = only("dahua-old", 5050)
    second, third = old[2], int.from_bytes(old[20:22], "little")
    assert len(old) == 0x78 + second + third
    assert old[0x78 : 0x78 + 17].decode() == DEVICES["dahua-old"].mac
    assert old[0x78 + second :].startswith(b"Name:")
    net = only("xiongmai-camera", 34569)
    assert int.from_bytes(net[14:16], "little") == 1531
    assert msgspec.json.decode(net[20 : 20 + int.from_bytes(net[16:20], "little")])["Ret"] == 100
    assert len(only("tvt-camera", 23456)) == 240
    assert len(only("bosch-camera", 1757)) == 32
    assert only("bosch-camera", 1757)[4:8] == b"\1\2\3\4"
    assert len(only("hanwha-camera", 7701)) == 0x106
    assert only("vivotek-camera", 10000)[:5] == bytes.fromhex("074a5d8f1c")


def replies(device: Device) -> Iterator[tuple[str, bytes]]:
    """Yield what each port says, under the name that raw replies have."""
    for listener in device.persona.listeners:
        for data in said(device, listener.port):
            yield from datagram_fields(listener.port, data)
    for door in device.persona.doors:
        stored: list[Reply] = [answer.reply for answer in door.answers]
        stored += [door.greeting] if door.greeting else []
        for reply in stored:
            data = SPEAKER.say(reply, device, b"\r\nCSeq: 2\r\n", door.port)
            yield stream_key(door.port, data), data


def datagram_fields(port: int, data: bytes) -> Iterator[tuple[str, bytes]]:
    if port in SEARCHES:
        for seen in SEARCHES[port].read(data):
            yield f"{seen.protocol}.{seen.field}", seen.value
    elif port == 5060:
        yield "sip.response", data


def stream_key(port: int, data: bytes) -> str:
    if b"urn:schemas-upnp-org" in data:
        return "upnp.device_description"
    if b"www.onvif.org/ver10" in data:
        return "onvif.response"
    return STREAMS.get(port, "http.response")


@cache
def classified() -> dict[str, DeviceLine]:
    rows = []
    for name, device in DEVICES.items():
        found = [*replies(device), ("mac.address", device.mac.encode())]
        if device.persona.certificate is not None:
            parts = reversed(device.persona.certificate.subject)
            found.append(("tls.subject", ",".join(f"{k}={v}" for k, v in parts).encode()))
        for key, value in found:
            protocol, _, field = key.partition(".")
            row = {"device": name, "protocol": protocol, "field": field}
            rows.append(msgspec.json.encode(row | {"value_b64": base64.b64encode(value).decode()}))
    tally = Tally()
    lines = {
        line.device: line
        for line in classify(read_lines(io.BytesIO(b"\n".join(rows))), load_packs(), tally)
    }
    assert tally.undecoded == 0
    return lines


@pytest.mark.parametrize("name", sorted(DEVICES))
def test_attribution_comes_out_right(name: str) -> None:
    truth, line = DEVICES[name].persona.truth, classified()[name]
    assert line.maker == truth.maker
    assert line.conflicts == []
    assert line.kind == BY_BASE_RATE.get(name, truth.kind)
    if line.model is not None:
        assert line.model == truth.model


def test_no_other_device_is_taken_for_a_camera() -> None:
    others = [n for n, each in DEVICES.items() if each.persona.truth.kind in OUTSIDE_KINDS]
    assert len(others) >= 6
    for name in others:
        assert classified()[name].kind in OUTSIDE_KINDS
        assert classified()[name].maker is None
