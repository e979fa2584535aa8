"""What cameras and recorders do: streams with their log-ins, pages, clouds, relays, mappings."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from typing import Final

from . import frames, hellos
from .bulk import Flow, Sort
from .scene import Scene
from .site import Host, Port
from .talk import FAR_US, Connection, Frame
from .truth import Mapping, moment

_RTSP: Final = 554
_STUN: Final = 3478
#: RFC 5389 6: what stands in every message.
_COOKIE: Final = 0x2112A442
#: Makers -> a host of their cloud that a camera speaks to (reference: device-signals, section 4).
CLOUDS: Final = {
    "dahua": "www.easy4ipcloud.com",
    "hikvision": "litedev.hik-connect.com",
    "xiongmai": "pub-cfg.secu100.net",
    "uniview": "en.ezcloud.uniview.com",
    "reolink": "apis.reolink.com",
}
#: The maker whose camera makes the contact of three packets, and its relay.
RELAY_MAKER: Final = "reolink"
RELAY: Final = "p2p.reolink.com"
_REALM: Final = re.compile(rb'realm="([^"]*)"')
_NONCE: Final = re.compile(rb'nonce="([^"]*)"')
_SDP: Final = (
    b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Media Presentation\r\nt=0 0\r\n"
    b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
)


def stream(
    scene: Scene, camera: Host, viewer: Port, start: int, end: int
) -> tuple[list[Frame], Flow]:
    """Let a recorder log in at a camera, and return the flow of video that follows."""
    number = camera.number
    six = scene.site.settings.ipv6 and number % 3 == 2
    sort = Sort.INTERLEAVED if number % 3 == 1 else Sort.RTP
    link = scene.near(viewer, camera.port, six=six)
    talk = scene.connection(link, _RTSP, start + 40_000 * number + 1_000_000)
    ports = (scene.ephemeral() & ~1, 8_000 + 2 * number)
    _log_in(scene, camera, talk, ports if sort is Sort.RTP else None)
    flow = Flow(
        link=link, ports=talk.ports if sort is Sort.INTERLEAVED else ports, sort=sort,
        start=talk.at, end=end, sent=talk.sent, back=talk.back, from_server=sort is Sort.RTP,
    )  # fmt: skip
    return talk.frames, flow


def credentials(scene: Scene, camera: Host) -> tuple[bytes, bytes]:
    """Return the user and the password of a camera; both made up."""
    user = f"observer-{scene.site.chance.digits(4, 'user', camera.number % 3)}"
    password = f"pretend-{scene.site.chance.digits(12, 'password', camera.name)}"
    both = f"{user}:{password}"
    scene.diary.credentials |= {user, password, base64.b64encode(both.encode()).decode()}
    return user.encode(), password.encode()


def _log_in(scene: Scene, camera: Host, talk: Connection, ports: tuple[int, int] | None) -> None:
    """Say what opens a stream (RFC 2326 10), with a log-in of one of three forms."""
    user, password = credentials(scene, camera)
    host = camera.port.address.compressed.encode()
    target = b"rtsp://%s:554/stream1" % host
    if camera.number % 4 == 1:  # some recorders write both into the address
        target = b"rtsp://%s:%s@%s:554/stream1" % (user, password, host)
    challenge = b""
    transport = b"RTP/AVP/TCP;unicast;interleaved=0-1"
    if ports is not None:
        transport = b"RTP/AVP;unicast;client_port=%d-%d" % (ports[0], ports[0] + 1)
    steps = (
        (b"OPTIONS", b"", b""),
        (b"DESCRIBE", b"Accept: application/sdp\r\n", b""),
        (b"DESCRIBE", b"Accept: application/sdp\r\n", _sdp_reply()),
        (b"SETUP", b"Transport: %s\r\n" % transport, b"Transport: %s\r\n\r\n" % transport),
        (b"PLAY", b"Range: npt=0.000-\r\n", b"Range: npt=0.000-\r\n\r\n"),
    )
    for number, (method, extra, given) in enumerate(steps, 2):
        proof = b""
        if number > 3:
            proof = _proof(scene, camera, method, target, challenge)
        ask = b"%s %s RTSP/1.0\r\nCSeq: %d\r\n%s%s\r\n" % (method, target, number, proof, extra)
        talk.say(ask)
        said = b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nSession: 5A5A1D;timeout=60\r\n%s" % (number, given)
        if not given:
            said = _of_persona(scene, camera, ask, number)
        challenge = said if b"401" in said[:20] else challenge
        talk.say(said, back=True)


def _sdp_reply() -> bytes:
    return b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s" % (len(_SDP), _SDP)


def _of_persona(scene: Scene, camera: Host, ask: bytes, number: int) -> bytes:
    """Return a persona's own words; those without a door for RTSP get plain ones."""
    said = scene.said(camera.device, _RTSP, ask) if camera.device else b""
    if said:
        return said
    if ask.startswith(b"OPTIONS"):
        return b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n" % number
    challenge = b'WWW-Authenticate: Digest realm="stream", nonce="0badcafe"\r\n\r\n'
    return b"RTSP/1.0 401 Unauthorized\r\nCSeq: %d\r\n%s" % (number, challenge)


def _proof(scene: Scene, camera: Host, method: bytes, target: bytes, challenge: bytes) -> bytes:
    """Return the field that logs in: both words in base64, or a digest (RFC 2617 3.2.2)."""
    user, password = credentials(scene, camera)
    if camera.number % 4 in (0, 1):
        both = base64.b64encode(user + b":" + password)
        return b"Authorization: Basic %s\r\n" % both
    realm, nonce = (
        found[1] if (found := each.search(challenge)) else b"" for each in (_REALM, _NONCE)
    )
    first = _md5(b"%s:%s:%s" % (user, realm, password))
    answer = _md5(b"%s:%s:%s" % (first, nonce, _md5(b"%s:%s" % (method, target))))
    scene.diary.credentials.add(answer.decode())
    words = (user, realm, nonce, target, answer)
    return (
        b'Authorization: Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s"\r\n'
        % words
    )


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).hexdigest().encode()


def pages(scene: Scene, camera: Host, viewer: Port, at: int) -> list[Frame]:
    """Let the VMS fetch a camera's first page, a picture, and its certificate."""
    device = camera.device
    if device is None:
        return []
    host = camera.port.address.compressed.encode()
    link = scene.near(viewer, camera.port)
    found = []
    ask = b"GET / HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n\r\n" % host
    said = scene.said(device, 80, ask)
    if said:
        found += scene.page(link, at, ask, said)
        found += _picture(scene, camera, link, at + 400_000)
    names_of = device.persona.certificate
    if names_of is not None:
        noise = scene.site.chance.octets(128, "certificate", camera.name)
        subject = [[kind, device.filled(text)] for kind, text in names_of.subject]
        der = hellos.certificate(subject, int.from_bytes(noise[:7], "big"), noise[64:])
        talk = scene.secured(link, "", at + 800_000, style=_NAMELESS, der=der, more=0)
        talk.close()
        found += talk.frames
    return found


#: Of a picture without tables: the marker of JFIF, and of one scan (ITU-T T.81, B.2.3).
_JPEG_HEAD: Final = bytes.fromhex(
    "ffd8 ffe0 0010 4a46494600 0101 00 0001 0001 0000 ffda 0008 01 0100 003f00"
)
_NAMELESS: Final = hellos.Style(
    ciphers=hellos.DEVICE.ciphers, extensions=tuple(e for e in hellos.DEVICE.extensions if e)
)


def _picture(scene: Scene, camera: Host, link: frames.Link, at: int) -> list[Frame]:
    """Fetch a picture with a log-in: neither may be kept."""
    user, password = credentials(scene, camera)
    both = base64.b64encode(user + b":" + password)
    ask = b"GET /snapshot.jpg HTTP/1.1\r\nHost: camera\r\nAuthorization: Basic %s\r\n\r\n" % both
    inside = scene.site.chance.octets(2_000, "picture", camera.name, at).replace(b"\xff", b"\xfe")
    scene.diary.media |= {inside[place : place + 16].hex() for place in range(16, 1_900, 300)}
    body = _JPEG_HEAD + inside + b"\xff\xd9"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(body)
    return scene.page(link, at, ask, head + body)


def cloud(scene: Scene, camera: Host, at: int) -> list[Frame]:
    """Let a camera look up its maker's cloud, and talk to it over TLS."""
    maker = camera.device.persona.truth.maker if camera.device else None
    name = CLOUDS[maker or ""]
    asked = scene.ask_name(camera.port, name, at)
    talk = scene.secured(scene.far(camera.port, name), name, at + 60_000)
    talk.close()
    address = str(scene.site.beyond(name))
    scene.diary.contact(camera, "maker_cloud", name, address, frames.TCP, 443, talk.frames)
    return asked + talk.frames


def relay(scene: Scene, camera: Host, at: int) -> list[Frame]:
    """Let a camera look up its maker's relay, and exchange three datagrams of STUN with it."""
    asked = scene.ask_name(camera.port, RELAY, at)
    link = scene.far(camera.port, RELAY)
    address = scene.site.beyond(RELAY)
    ports = (scene.ephemeral(), _STUN)
    token = scene.site.chance.octets(12, "relay", at)
    want = struct.pack("!HHI", 1, 0, _COOKIE) + token
    mapped = bytes((0, 1)) + (ports[0] ^ _COOKIE >> 16).to_bytes(2, "big")
    mapped += (int(camera.port.address) ^ _COOKIE).to_bytes(4, "big")
    have = struct.pack("!HHI", 0x0101, 12, _COOKIE) + token + struct.pack("!HH", 0x20, 8) + mapped
    then = at + 40_000
    found = scene.exchange(then, link, ports, want, have, FAR_US)
    # RFC 5389 6: an indication keeps the way open
    keep = struct.pack("!HHI", 0x0011, 0, _COOKIE) + token
    found += scene.exchange(then + 4 * FAR_US, link, ports, keep)
    scene.diary.contact(camera, "p2p_relay", RELAY, str(address), frames.UDP, _STUN, found)
    return asked + found


def tell_core(scene: Scene, camera: Host, at: int) -> list[Frame]:
    """Let a camera send a line of its log to a host of the core network (RFC 5424)."""
    there = scene.site.one("file_server").port
    line = b"<134>1 - camera stream - - - link up"
    found = scene.exchange(at, scene.near(camera.port, there), (514, 514), line)
    scene.diary.contact(camera, "core", "", str(there.address), frames.UDP, 514, found)
    return found


def across(scene: Scene, recorder: Host, at: int) -> list[Frame]:
    """Let a recorder send a file to the core network by its place there."""
    there = scene.site.one("file_server").port
    link = scene.near(recorder.ports[1], there)
    body = scene.site.chance.octets(3_000, "across", at)
    ask = b"PUT /archive/clip HTTP/1.1\r\nHost: store\r\nContent-Length: %d\r\n\r\n" % len(body)
    scene.diary.media |= {body[place : place + 16].hex() for place in range(16, 2_900, 400)}
    found = scene.page(link, at, ask + body, b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    scene.diary.contact(recorder, "core", "", str(there.address), frames.TCP, 80, found)
    return found


def map_port(scene: Scene, host: Host, at: int) -> list[Frame]:
    """Let a device ask the router to open a port (UPnP WANIPConnection:1, 2.4.16)."""
    router = scene.site.router(host.port.segment)
    link = scene.near(host.port, router)
    service = b"urn:schemas-upnp-org:service:WANIPConnection:1"
    group = scene.group(host.port, bytes((239, 255, 255, 250)))
    search = (
        b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\n'
        b"ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n"
    )
    place = b"http://%s:5000/root.xml" % router.address.compressed.encode()
    reply = (
        b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nEXT:\r\nLOCATION: %s\r\n"
        b"ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
        b"USN: uuid:5f0d1a2b-0000-4c3d-8e4f-000000000001::upnp:rootdevice\r\n\r\n" % place
    )
    source = scene.ephemeral()
    found = scene.exchange(at, group, (source, 1900), search)
    found += scene.exchange(at + 30_000, link.turned(), (1900, source), reply)
    outer, inner = 8_554, _RTSP
    body = (
        b'<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        b'<s:Body><u:AddPortMapping xmlns:u="%s"><NewRemoteHost></NewRemoteHost>'
        b"<NewExternalPort>%d</NewExternalPort><NewProtocol>TCP</NewProtocol>"
        b"<NewInternalPort>%d</NewInternalPort><NewInternalClient>%s</NewInternalClient>"
        b"<NewEnabled>1</NewEnabled><NewPortMappingDescription>stream</NewPortMappingDescription>"
        b"<NewLeaseDuration>0</NewLeaseDuration></u:AddPortMapping></s:Body></s:Envelope>"
        % (service, outer, inner, host.port.address.compressed.encode())
    )
    ask = (
        b"POST /ctl/IPConn HTTP/1.1\r\nHost: %s:5000\r\nContent-Type: text/xml\r\n"
        b'SOAPAction: "%s#AddPortMapping"\r\nContent-Length: %d\r\n\r\n%s'
        % (router.address.compressed.encode(), service, len(body), body)
    )
    said = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 0\r\n\r\n"
    found += scene.page(link, at + 90_000, ask, said, 5000)
    seen = scene.site.settings.watched(at) and scene.site.settings.watched(at + 90_000)
    scene.diary.mappings.setdefault(host.name, []).append(
        Mapping(at=moment(at), outer_port=outer, inner_port=inner, protocol="tcp", seen=seen)
    )
    return found
