"""Ethernet frames and what they carry, with lengths and checksums as they should be.

No reader that is under test has a part in this: offsets are written down from the standards
(IEEE 802.3 and 802.1Q, RFC 791, 8200, 768, 9293, 792, 4443, 826).
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

ARP: Final = 0x0806
IPV4: Final = 0x0800
IPV6: Final = 0x86DD
#: IEEE 802.1Q: the tag of a network, and the tag around it of a carrier.
VLAN: Final = 0x8100
SERVICE_VLAN: Final = 0x88A8

ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMP6: Final = 58

FIN: Final = 0x01
SYN: Final = 0x02
RST: Final = 0x04
PSH: Final = 0x08
ACK: Final = 0x10

#: IEEE 802.3: the least size of a frame without its check sequence; what is shorter is filled up.
LEAST_FRAME: Final = 60
_IPV4_BYTES: Final = 4
_V4: Final = struct.Struct("!BBHHHBBH4s4s")
_V6: Final = struct.Struct("!IHBB16s16s")
_TCP: Final = struct.Struct("!HHIIBBHHH")
#: RFC 9293 3.7.1: the option that tells the largest segment.
_LARGEST: Final = b"\x02\x04\x05\xb4"


class End(NamedTuple):
    """One end as the sensor sees it: a hardware address, and an address of IPv4 or IPv6."""

    mac: bytes
    address: bytes


class Link(NamedTuple):
    """Two ends, and the tags of the network between them, outermost first."""

    client: End
    server: End
    vlans: tuple[int, ...] = ()

    def turned(self) -> Link:
        """Return the way back."""
        return Link(self.server, self.client, self.vlans)


def ones_sum(data: bytes) -> int:
    """Return the sum of 16-bit words, not yet folded (RFC 1071)."""
    if len(data) & 1:
        data += b"\0"
    return sum(struct.unpack(f"!{len(data) // 2}H", data))


def folded(total: int) -> int:
    """Return the checksum of a sum."""
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(
    target: bytes, source: bytes, kind: int, content: bytes, vlans: tuple[int, ...] = ()
) -> bytes:
    """Write a frame; one that is too short is filled up with zeros."""
    tags = b"".join(
        struct.pack("!HH", SERVICE_VLAN if depth + 1 < len(vlans) else VLAN, number)
        for depth, number in enumerate(vlans)
    )
    frame = target + source + tags + struct.pack("!H", kind) + content
    return frame + bytes(max(0, LEAST_FRAME - len(frame)))


def packet(
    source: bytes, target: bytes, protocol: int, content: bytes, *, number: int = 0, hops: int = 64
) -> bytes:
    """Write a packet of IPv4 or IPv6, as the addresses are; ``number`` is IPv4's identification."""
    if len(source) != _IPV4_BYTES:
        return _V6.pack(6 << 28, len(content), protocol, hops, source, target) + content
    size = 20 + len(content)
    parts = (0x45, 0, size, number & 0xFFFF, 0x4000, hops, protocol)
    check = folded(ones_sum(_V4.pack(*parts, 0, source, target)))
    return _V4.pack(*parts, check, source, target) + content


def carried(link: Link, protocol: int, content: bytes, *, number: int = 0, hops: int = 64) -> bytes:
    """Write the frame of a packet from the client to the server."""
    client, server, vlans = link
    kind = IPV4 if len(client.address) == _IPV4_BYTES else IPV6
    body = packet(client.address, server.address, protocol, content, number=number, hops=hops)
    return ethernet(server.mac, client.mac, kind, body, vlans)


def udp(link: Link, source: int, target: int, data: bytes, *, number: int = 0) -> bytes:
    """Write the frame of a datagram."""
    size = 8 + len(data)
    head = struct.pack("!HHHH", source, target, size, 0)
    check = folded(_pseudo(link, UDP, size) + ones_sum(head + data)) or 0xFFFF
    hops = 1 if link.server.mac[0] & 1 else 64
    body = head[:6] + struct.pack("!H", check) + data
    return carried(link, UDP, body, number=number, hops=hops)


def tcp(
    link: Link, ports: tuple[int, int], sequence: int, acknowledged: int, flags: int,
    data: bytes = b"", *, number: int = 0,
) -> bytes:  # fmt: skip
    """Write the frame of a segment; the first ones tell their largest size."""
    options = _LARGEST if flags & SYN else b""
    length = 20 + len(options)
    sequence, acknowledged = sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF
    parts = (*ports, sequence, acknowledged, length << 2, flags, 0xFA00)
    blank = _TCP.pack(*parts, 0, 0) + options + data
    check = folded(_pseudo(link, TCP, len(blank)) + ones_sum(blank))
    segment = _TCP.pack(*parts, check, 0) + options + data
    return carried(link, TCP, segment, number=number)


def echo(link: Link, number: int, *, answer: bool) -> bytes:
    """Write an echo request or its answer, over IPv4."""
    head = struct.pack("!BBHHH", 0 if answer else 8, 0, 0, 0x1D, number & 0xFFFF)
    body = head + bytes(range(48))
    body = body[:2] + struct.pack("!H", folded(ones_sum(body))) + body[4:]
    return carried(link, ICMP, body, number=number)


def arp(
    sender: End, target: End, *, answer: bool, vlans: tuple[int, ...] = (), to: bytes = b""
) -> bytes:
    """Write a question who has an address, its answer, or (both the same) an announcement."""
    asked = bytes(6) if not answer else target.mac
    body = struct.pack("!HHBBH", 1, IPV4, 6, 4, 2 if answer else 1)
    body += sender.mac + sender.address + asked + target.address
    return ethernet(to or (target.mac if answer else b"\xff" * 6), sender.mac, ARP, body, vlans)


def group_mac(address: bytes) -> bytes:
    """Return the hardware address of a group or of everybody (RFC 1112 6.4, RFC 2464 7)."""
    if len(address) != _IPV4_BYTES:
        return b"\x33\x33" + address[12:]
    if address == b"\xff" * 4:
        return b"\xff" * 6
    return b"\x01\x00\x5e" + bytes((address[1] & 0x7F,)) + address[2:]


def _pseudo(link: Link, protocol: int, size: int) -> int:
    return ones_sum(link.client.address + link.server.address) + protocol + size
