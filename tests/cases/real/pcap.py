"""The least that a test must read of a classic capture file: who sent, and what was sent."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from camaudit.sources.captures.payload import MAX_STREAM_BYTES, Payload

_LITTLE: Final = b"\xd4\xc3\xb2\xa1"
_ETHERNET: Final = 1
#: Ethernet type IPv4; IPv4 protocol UDP; from the DHCP client's port to the server's (RFC 2131).
_IPV4, _UDP, _DHCP = b"\x08\x00", 17, b"\x00\x44\x00\x43"
#: IEEE 802.1Q, the tag of a virtual network; IANA, Ethernet type IPv6 and IP protocol TCP.
_VLAN, _IPV6, _TCP = b"\x81\x00", b"\x86\xdd", 6
#: RFC 2131 figure 1: the options follow 236 bytes and the magic cookie. RFC 2132 3.14: host name.
_OPTIONS, _HOST_NAME, _PAD, _END = 240, 12, 0, 255


def frames(path: Path) -> Iterator[bytes]:
    """Yield the Ethernet frames of a capture."""
    return (frame for _, frame in timed_frames(path))


def timed_frames(path: Path) -> Iterator[tuple[datetime, bytes]]:
    """Yield the Ethernet frames of a capture with their times."""
    data = path.read_bytes()
    assert data.startswith(_LITTLE)
    assert int.from_bytes(data[20:24], "little") == _ETHERNET
    at = 24
    while at + 16 <= len(data):
        seconds, micros, length = struct.unpack_from("<III", data, at)
        when = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
        yield when, data[at + 16 : at + 16 + length]
        at += 16 + length


def senders(path: Path) -> set[str]:
    """Return the hardware addresses that sent anything."""
    return {frame[6:12].hex(":") for frame in frames(path)}


def host_names(path: Path) -> dict[str, str]:
    """Return the name that each sender gives itself in DHCP."""
    found: dict[str, str] = {}
    for frame in frames(path):
        if frame[12:14] != _IPV4 or frame[23] != _UDP:
            continue
        datagram = frame[14 + (frame[14] & 15) * 4 :]
        if datagram.startswith(_DHCP):
            for code, value in _dhcp_options(datagram[8 + _OPTIONS :]):
                if code == _HOST_NAME:
                    found[frame[6:12].hex(":")] = value.decode("ascii")
    return found


def payloads(path: Path) -> Iterator[Payload]:
    """Yield datagrams, then the starts of connections: segments in order, as they came."""
    starts: dict[tuple[object, ...], Payload] = {}
    expected: dict[tuple[object, ...], int] = {}
    for position, (at, frame) in enumerate(timed_frames(path), 1):
        found = _internet(frame)
        if found is None:
            continue
        protocol, source, target, content = found
        mac, peer = frame[6:12], frame[:6]
        one, other = struct.unpack_from("!HH", content)
        body = content[8:]
        whole = Payload(mac, peer, source, target, protocol, one, other, at, position, body)
        if protocol == _UDP:
            yield whole
            continue
        (number,) = struct.unpack_from("!I", content, 4)
        body = content[(content[12] >> 4) * 4 :]
        flow = (source, target, one, other)
        if content[13] & 2:  # SYN takes a number (RFC 9293 3.4)
            starts[flow], expected[flow] = whole._replace(data=b""), number + 1
        elif expected.setdefault(flow, number) == number:
            start = starts.setdefault(flow, whole._replace(data=b""))
            starts[flow] = start._replace(data=(start.data + body)[:MAX_STREAM_BYTES])
            expected[flow] = (number + len(body)) % (1 << 32)
    yield from starts.values()


def _internet(frame: bytes) -> tuple[int, str, str, bytes] | None:
    """Return protocol, addresses and content of a frame with TCP or UDP."""
    while frame[12:14] == _VLAN:
        frame = frame[:12] + frame[16:]
    if frame[12:14] == _IPV4:
        head = 14 + (frame[14] & 15) * 4
        protocol, end = frame[23], 14 + int.from_bytes(frame[16:18], "big")
        addresses = frame[26:30], frame[30:34]
    elif frame[12:14] == _IPV6:
        head, protocol = 54, frame[20]
        end = head + int.from_bytes(frame[18:20], "big")
        addresses = frame[22:38], frame[38:54]
    else:
        return None
    source, target = (str(ipaddress.ip_address(each)) for each in addresses)
    content = frame[head:end]
    least = 20 if protocol == _TCP else 8
    if protocol not in (_UDP, _TCP) or len(content) < least:
        return None
    return protocol, source, target, content


def _dhcp_options(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 1 < len(data) and data[at] != _END:
        if data[at] == _PAD:
            at += 1
            continue
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
