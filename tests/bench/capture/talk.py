"""Payloads as devices send them: names asked for, greetings, announcements. All are made up."""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import Final

#: Names that many ask for again and again, as hosts do.
NAMES: Final = tuple(
    f"{host}{number}.{zone}.example"
    for number in range(60)
    for host in ("www", "api", "time", "updates")
    for zone in ("cloud", "vendor")
)


def noise(seed: str, size: int) -> bytes:
    """Bytes without a pattern, the same each time."""
    return b"".join(
        sha256(f"{seed} {number}".encode()).digest() for number in range(-(-size // 32))
    )[:size]


def _name(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def dns_question(name: str, identity: int) -> bytes:
    """RFC 1035 4.1: one question for an A record."""
    return struct.pack("!6H", identity, 0x100, 1, 0, 0, 0) + _name(name) + struct.pack("!HH", 1, 1)


def dns_answer(name: str, identity: int) -> bytes:
    """The answer to it: one address, its name compressed."""
    address = sha256(name.encode()).digest()[:3]
    return (
        struct.pack("!6H", identity, 0x8180, 1, 1, 0, 0)
        + _name(name)
        + struct.pack("!HH", 1, 1)
        + struct.pack("!HHHIH", 0xC00C, 1, 1, 300, 4)
        + b"\xcb"
        + address
    )


def mdns(device: int) -> bytes:
    """RFC 6762: what a camera announces of itself."""
    service, host = "_rtsp._tcp.local", f"camera-{device:04d}.local"
    name = _name(f"Camera {device:04d}.{service}")
    text = b"".join(
        bytes([len(each)]) + each for each in (b"model=CX-200", f"sn={device:08d}".encode())
    )
    target = struct.pack("!HHH", 0, 0, 554) + _name(host)
    return (
        struct.pack("!6H", 0, 0x8400, 0, 3, 0, 0)
        + _name(service)
        + struct.pack("!HHIH", 12, 1, 4500, len(name))
        + name
        + name
        + struct.pack("!HHIH", 33, 0x8001, 120, len(target))
        + target
        + name
        + struct.pack("!HHIH", 16, 0x8001, 4500, len(text))
        + text
    )


def notify(device: int) -> bytes:
    """UPnP Device Architecture 1.1, 1.2.2: a device is there."""
    return (
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
        f"LOCATION: http://10.20.0.{device % 250}:49152/description.xml\r\n"
        "NT: urn:schemas-upnp-org:device:Basic:1\r\nNTS: ssdp:alive\r\n"
        "SERVER: Linux/4.9 UPnP/1.0 camera/1.2\r\n"
        f"USN: uuid:00000000-0000-0000-0000-{device:012d}::urn:schemas-upnp-org:device:Basic:1\r\n"
        "\r\n"
    ).encode()


SEARCH: Final = (
    b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\n'
    b"ST: upnp:rootdevice\r\n\r\n"
)


def hello(device: int) -> bytes:
    """WS-Discovery 1.1 4.1: a camera has started."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope '
        'xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>'
        f"<a:MessageID>urn:uuid:00000000-0000-0000-0001-{device:012d}</a:MessageID>"
        "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
        "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Hello</a:Action>"
        "</s:Header><s:Body><d:Hello><a:EndpointReference>"
        f"<a:Address>urn:uuid:00000000-0000-0000-0002-{device:012d}</a:Address>"
        "</a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>"
        "<d:Scopes>onvif://www.onvif.org/type/video_encoder "
        f"onvif://www.onvif.org/name/Camera_{device} onvif://www.onvif.org/hardware/CX-200</d:Scopes>"
        f"<d:XAddrs>http://10.20.0.{device % 250}/onvif/device_service</d:XAddrs>"
        "<d:MetadataVersion>1</d:MetadataVersion></d:Hello></s:Body></s:Envelope>"
    ).encode()


def sadp(device: int) -> bytes:
    """What a camera answers to the search tool of its maker."""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?><ProbeMatch>'
        f"<Uuid>00000000-0000-0000-0003-{device:012d}</Uuid><Types>inquiry</Types>"
        f"<DeviceType>4660</DeviceType><DeviceDescription>CX-200</DeviceDescription>"
        f"<DeviceSN>CX-200{device:08d}</DeviceSN><CommandPort>8000</CommandPort>"
        f"<HttpPort>80</HttpPort><MAC>02-00-00-00-{device >> 8:02x}-{device & 255:02x}</MAC>"
        f"<IPv4Address>10.20.0.{device % 250}</IPv4Address>"
        "<SoftwareVersion>V5.5.0</SoftwareVersion>"
        "<Activated>true</Activated></ProbeMatch>"
    ).encode()


def dhcp(device: int, identity: int) -> bytes:
    """RFC 2131 2: a request with host name and parameter list."""
    name = f"camera-{device:04d}".encode()
    options = (
        b"\x35\x01\x03\x37\x06\x01\x03\x06\x0c\x0f\x2a\x0c" + bytes([len(name)]) + name + b"\xff"
    )
    return (
        struct.pack("!BBBBIHH16x", 1, 1, 6, 0, identity, 0, 0)
        + hardware(device)
        + bytes(202)
        + b"\x63\x82\x53\x63"
        + options
    )


def hardware(device: int) -> bytes:
    """The hardware address of a device, locally administered."""
    return b"\x02\x00\x00\x00" + device.to_bytes(2, "big")


def ntp() -> bytes:
    """RFC 5905 7.3: a client's packet."""
    return b"\x23\x00\x06\xec" + bytes(44)


def client_hello(name: str, seed: int) -> bytes:
    """RFC 8446 4.1.2 in a record: random bytes, suites, and the server's name."""
    host = name.encode()
    server_name = struct.pack("!HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    versions = b"\x00\x2b\x00\x03\x02\x03\x04"
    groups = b"\x00\x0a\x00\x06\x00\x04\x00\x1d\x00\x17"
    signatures = b"\x00\x0d\x00\x06\x00\x04\x04\x03\x08\x04"
    extensions = server_name + versions + groups + signatures
    suites = b"\x13\x01\x13\x02\xc0\x2b\xc0\x2f"
    body = (
        b"\x03\x03"
        + noise(f"hello {seed}", 32)
        + b"\x20"
        + noise(f"session {seed}", 32)
        + struct.pack("!H", len(suites))
        + suites
        + b"\x01\x00"
        + struct.pack("!H", len(extensions))
        + extensions
    )
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack("!H", len(message)) + message


def server_hello(seed: int) -> bytes:
    """RFC 8446 4.1.3, then records that are encrypted."""
    body = (
        b"\x03\x03"
        + noise(f"server {seed}", 32)
        + b"\x00\x13\x01\x00\x00\x06\x00\x2b\x00\x02\x03\x04"
    )
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    rest = noise(f"encrypted {seed}", 1800)
    return (
        b"\x16\x03\x03"
        + struct.pack("!H", len(message))
        + message
        + b"\x17\x03\x03"
        + struct.pack("!H", len(rest))
        + rest
    )


def http_request(name: str) -> bytes:
    """RFC 9112: a small request."""
    return f"GET /status HTTP/1.1\r\nHost: {name}\r\nUser-Agent: camera/1.2\r\n\r\n".encode()


HTTP_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\nServer: web/1.0\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 3\r\n\r\nok\n"
)
RTSP_REQUEST: Final = b"OPTIONS rtsp://10.20.0.1/stream RTSP/1.0\r\nCSeq: 1\r\n\r\n"
RTSP_ANSWER: Final = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: camera/1.2\r\nPublic: DESCRIBE\r\n\r\n"
