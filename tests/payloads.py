"""Payloads as frames hand them over, written by hand."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from camaudit.sources.captures.passive import Watched, Watcher
from camaudit.sources.captures.payload import LLDP, Payload

CAMERA: Final = bytes.fromhex("00408c000001")
CLIENT: Final = bytes.fromhex("02fc00000002")
ROUTER: Final = bytes.fromhex("02fc000000fe")
GROUP: Final = bytes.fromhex("01005e7ffffa")
#: RFC 1918 and RFC 5737 are no addresses of the internet; this one is (a root name server's).
FAR: Final = "198.41.0.4"
START: Final = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def udp(
    data: bytes,
    port: int,
    *,
    mac: bytes = CAMERA,
    peer_mac: bytes = CLIENT,
    source: str = "192.168.1.64",
    target: str = "192.168.1.9",
    source_port: int = 50000,
    second: int = 0,
) -> Payload:
    """Return a datagram to ``port``; ``-port`` stands for one from ``port``."""
    ports = (source_port, port) if port > 0 else (-port, source_port)
    at = START + timedelta(seconds=second)
    return Payload(mac, peer_mac, source, target, 17, *ports, at, second + 1, data)


def tcp(data: bytes, port: int, **other: object) -> Payload:
    """Return the start of a direction of a connection, with the words of ``udp``."""
    return udp(data, port, **other)._replace(protocol=6)  # type: ignore[arg-type]


def lldp(data: bytes, *, mac: bytes = CAMERA, second: int = 0) -> Payload:
    """Return what an LLDP frame carries; it goes to the bridge next to its sender."""
    bridge = bytes.fromhex("0180c200000e")
    other = {"mac": mac, "peer_mac": bridge, "source": "", "target": ""}
    ports = {"source_port": 0, "second": second}
    return udp(data, 0, **other, **ports)._replace(  # type: ignore[arg-type]
        protocol=LLDP, source_port=0
    )


def watch(*payloads: Payload) -> Watched:
    """Return what comes of payloads."""
    watcher = Watcher()
    for each in payloads:
        watcher.take(each)
    return watcher.result()


def observed(watched: Watched) -> dict[str, list[tuple[str, str]]]:
    """Return what is shown of each device, but for its own address: key and value."""
    found: dict[str, list[tuple[str, str]]] = {}
    for batch in watched.observations:
        for row in batch.to_pylist():
            shown = found.setdefault(row["device"], [])
            key = f"{row['protocol']}.{row['field']}"
            if (key, row["value"].decode()) != ("mac.address", row["device"]):
                shown.append((key, row["value"].decode("utf-8", "replace")))
    return found


def named(watched: Watched) -> set[tuple[str, str, str, str | None]]:
    """Return client, way, name and address of each row of names."""
    rows = watched.names.to_pylist()
    return {(row["client"], row["via"], row["name"], row["address"]) for row in rows}


def name(text: str) -> bytes:
    """Return a domain name without compression (RFC 1035 3.1)."""
    labels = (bytes((len(label),)) + label.encode() for label in text.split("."))
    return b"".join(labels) + b"\0"


def dns_query(text: str, kind: int = 1) -> bytes:
    """Return a query for one name (RFC 1035 4.1)."""
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + name(text) + struct.pack("!HH", kind, 1)


def dns_answer(text: str, *records: bytes) -> bytes:
    """Return an answer to the query for a name; the records follow it."""
    head = struct.pack("!HHHHHH", 7, 0x8180, 1, len(records), 0, 0)
    return head + name(text) + struct.pack("!HH", 1, 1) + b"".join(records)


def record(owner: bytes, kind: int, content: bytes) -> bytes:
    """Return one record of a name that is written out, or a pointer to one."""
    return owner + struct.pack("!HHIH", kind, 1, 60, len(content)) + content


def dhcp(
    kind: int,
    *options: tuple[int, bytes],
    operation: int = 1,
    ciaddr: bytes = bytes(4),
    giaddr: bytes = bytes(4),
) -> bytes:
    """Return a message of the camera's (RFC 2131 figure 1)."""
    addresses = ciaddr + bytes(8) + giaddr
    head = bytes((operation, 1, 6, 0)) + bytes(8) + addresses + CAMERA.ljust(16, b"\0")
    written = ((53, bytes((kind,))), *options)
    body = b"".join(bytes((code, len(value))) + value for code, value in written)
    return head + bytes(192) + b"\x63\x82\x53\x63" + body + b"\xff"


def dhcpv6(
    kind: int, *options: tuple[int, bytes], elapsed: int | None = 0, transaction: bytes = b"\1\2\3"
) -> bytes:
    """Return a message of the camera's (RFC 8415 8 and 21), its identifier a DUID-LL (11.4)."""
    said = [(1, b"\0\3\0\1" + CAMERA), *options]
    if elapsed is not None:
        said.append((8, elapsed.to_bytes(2, "big")))
    return bytes((kind,)) + transaction + _dhcpv6_options(said)


def dhcpv6_relayed(message: bytes, *options: tuple[int, bytes]) -> bytes:
    """Return what a relay makes of a message (RFC 8415 9)."""
    return bytes((12, 0)) + bytes(32) + _dhcpv6_options([*options, (9, message)])


def _dhcpv6_options(options: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack("!HH", code, len(value)) + value for code, value in options)


def announced(*values: tuple[int, bytes], mac: bytes = CAMERA, seconds: int = 120) -> bytes:
    """Return an LLDP announcement: chassis, port, time to live, and more (IEEE 802.1AB 8)."""
    begins = ((1, b"\4" + mac), (2, b"\3" + mac), (3, seconds.to_bytes(2, "big")))
    return (
        b"".join(
            struct.pack("!H", kind << 9 | len(value)) + value for kind, value in (*begins, *values)
        )
        + b"\0\0"
    )


def vector(content: bytes, size: int = 2) -> bytes:
    """Return content behind its length (RFC 8446 3.4)."""
    return len(content).to_bytes(size, "big") + content


def hello(*extensions: tuple[int, bytes], ciphers: tuple[int, ...] = (0x1301, 0xC02F)) -> bytes:
    """Return a ClientHello in one record (RFC 8446 4.1.2)."""
    offered = b"".join(each.to_bytes(2, "big") for each in ciphers)
    added = b"".join(code.to_bytes(2, "big") + vector(body) for code, body in extensions)
    body = b"\3\3" + b"\x99" * 32 + b"\0" + vector(offered) + b"\1\0" + vector(added)
    return b"\x16\3\1" + vector(b"\1" + vector(body, 3))


def server_name(text: str) -> tuple[int, bytes]:
    """Return the extension that names the server (RFC 6066 3)."""
    return 0, vector(b"\0" + vector(text.encode()))


def gateway_search(target: str = "device:InternetGatewayDevice:1") -> bytes:
    """Return the search for a gateway (UPnP Device Architecture 1.1, 1.3.2)."""
    lines = (
        "M-SEARCH * HTTP/1.1",
        "HOST: 239.255.255.250:1900",
        f"ST: urn:schemas-upnp-org:{target}",
        'MAN: "ssdp:discover"',
        "MX: 2",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def port_mapping(
    action: str = "WANIPConnection:1#AddPortMapping", arguments: str | None = None
) -> bytes:
    """Return the call that asks a gateway to open a port (UPnP WANIPConnection 1, 2.4.16)."""
    if arguments is None:
        arguments = (
            "<NewRemoteHost></NewRemoteHost><NewExternalPort>8554</NewExternalPort>"
            "<NewProtocol>TCP</NewProtocol><NewInternalPort>554</NewInternalPort>"
            "<NewInternalClient>192.168.1.64</NewInternalClient><NewEnabled>1</NewEnabled>"
            "<NewPortMappingDescription>front door of Flat 7</NewPortMappingDescription>"
            "<NewLeaseDuration>0</NewLeaseDuration>"
        )
    service, _, name = action.partition("#")
    body = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
        f'<u:{name} xmlns:u="urn:schemas-upnp-org:service:{service}">{arguments}</u:{name}>'
        "</s:Body></s:Envelope>"
    )
    lines = (
        "POST /ctl/IPConn HTTP/1.1",
        "Host: 192.168.1.1:5000",
        "User-Agent: MiniUPnPc/2.1",
        f"Content-Length: {len(body)}",
        "Content-Type: text/xml",
        f'SOAPAction: "urn:schemas-upnp-org:service:{action}"',
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
