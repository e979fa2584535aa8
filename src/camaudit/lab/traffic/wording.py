"""What people leave on cameras: names of rooms and of themselves, in every field that takes text.

None of it may be found after an import, though it is said by what is kept.
"""

from __future__ import annotations

from typing import Final

from . import frames, names
from .scene import Scene
from .site import Host, Port
from .talk import Frame

_HTTP: Final = 80
_RTSP: Final = 554
_MDNS: Final = 5353
_WSD: Final = 3702
_MDNS_GROUP: Final = bytes((224, 0, 0, 251))
#: WS-Discovery 1.1 (2005), 5.2, with the scopes of ONVIF Core that people set.
_MATCH: Final = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>
<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action>
<a:RelatesTo>urn:uuid:00000000-0000-0000-0000-000000000000</a:RelatesTo></s:Header><s:Body>
<d:ProbeMatches><d:ProbeMatch><a:EndpointReference>
<a:Address>urn:uuid:00000000-0000-0000-0000-000000000001</a:Address></a:EndpointReference>
<d:Types>dn:NetworkVideoTransmitter</d:Types>
<d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/{name}
 onvif://www.onvif.org/location/{location}</d:Scopes>
<d:XAddrs>http://{address}/onvif/device_service</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>
</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"""


def say(scene: Scene, camera: Host, viewer: Port, at: int) -> list[Frame]:
    """Let a camera say what somebody has called it, in each way that there is."""
    found = _page(scene, camera, viewer, at)
    found += _description(scene, camera, viewer, at + 400_000)
    found += _scopes(scene, camera, viewer, at + 800_000)
    return found + _mail(scene, camera, viewer, at + 1_000_000)


def reflect(scene: Scene, device: Host, other: Host, at: int) -> list[Frame]:
    """Let a device pass on what a telephone tells by multicast DNS, without its address."""
    link = scene.group(device.port, _MDNS_GROUP)
    address = device.port.address.packed
    own = names.service_records("_http._tcp", device.hostname, device.hostname, 80, address)
    told = names.service_records("_companion-link._tcp", other.hostname, other.hostname, 443, b"")
    if scene.site.settings.watched(at):
        scene.diary.names.add(other.hostname)
    found = []
    for turn, records in enumerate((own, told[:-1])):
        said = names.announcement(records)
        found += scene.exchange(at + turn * 90_000, link, (_MDNS, _MDNS), said)
    return found


def look(scene: Scene, person: Host, camera: Host, at: int) -> list[Frame]:
    """Let somebody look at a camera; that may be kept as long as the traffic is."""
    link = scene.near(person.port, camera.port)
    ask = b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % camera.port.address.compressed.encode()
    return scene.page(link, at, ask, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def _word(scene: Scene, camera: Host, what: str, at: int) -> str:
    """Return a word that is nobody's, and is not to be found anywhere."""
    word = f"{what}-{scene.site.chance.digits(8, 'word', camera.name, what)}"
    if scene.site.settings.watched(at):
        scene.diary.texts.add(word)
    return word


def _page(scene: Scene, camera: Host, viewer: Port, at: int) -> list[Frame]:
    title, realm = (_word(scene, camera, what, at) for what in ("bedroom", "villa"))
    body = f"<html><head><title>{title}</title></head></html>"
    said = (
        f'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="{realm}", nonce="0badcafe"'
        f"\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    link = scene.near(viewer, camera.port)
    return scene.page(link, at, b"GET /view HTTP/1.1\r\nHost: view\r\n\r\n", said.encode(), _HTTP)


def _description(scene: Scene, camera: Host, viewer: Port, at: int) -> list[Frame]:
    session, note = (_word(scene, camera, what, at) for what in ("garden", "nursery"))
    body = (
        f"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns={session}\r\ni={note}\r\nt=0 0\r\n"
        "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    )
    head = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n"
    talk = scene.connection(scene.near(viewer, camera.port), _RTSP, at)
    talk.say(b"DESCRIBE rtsp://view/ RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n")
    talk.say(f"RTSP/1.0 200 OK\r\nCSeq: 1\r\n{head}{body}".encode(), back=True)
    talk.close()
    return talk.frames


def _scopes(scene: Scene, camera: Host, viewer: Port, at: int) -> list[Frame]:
    said = _MATCH.format(
        name=_word(scene, camera, "hallway", at),
        location=_word(scene, camera, "mill-lane", at),
        address=camera.port.address,
    )
    link = scene.near(camera.port, viewer)
    sent = frames.udp(link, _WSD, scene.ephemeral(), said.encode(), number=scene.number())
    return [Frame(at, sent)]


def _mail(scene: Scene, camera: Host, viewer: Port, at: int) -> list[Frame]:
    """Let a camera tell the VMS of a movement, as firmware does that takes a mail address."""
    mail = f"{_word(scene, camera, 'caretaker', at)}@example.org"
    ask = f"GET /alarm HTTP/1.1\r\nHost: viewing\r\nUser-Agent: Alarm/1.0 ({mail})\r\n\r\n"
    link = scene.near(camera.port, viewer)
    return scene.page(link, at, ask.encode(), b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
