"""Write frames and capture files byte by byte, as the standards say they are.

Nothing here uses the reader: what a test expects is what it wrote.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

CAMERA, RECORDER, ROUTER = "02:00:00:00:00:0a", "02:00:00:00:00:0b", "02:00:00:00:00:01"
#: RFC 5737 and RFC 3849: addresses for documentation.
HOST, PEER = "192.0.2.10", "192.0.2.20"
HOST6, PEER6 = "2001:db8::10", "2001:db8::20"
#: 2026-01-01 00:00:00 UTC.
START: Final = 1_767_225_600

IPV4, IPV6, ARP, VLAN, QINQ, OLD_QINQ, PPPOE = 0x800, 0x86DD, 0x806, 0x8100, 0x88A8, 0x9100, 0x8864
MPLS, MPLS_MANY, LLDP = 0x8847, 0x8848, 0x88CC
ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
ETHERNET: Final = 1


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def ethernet(
    payload: bytes,
    source: str = CAMERA,
    target: str = RECORDER,
    kind: int = IPV4,
    tags: Iterable[tuple[int, int]] = (),
) -> bytes:
    """A frame; each tag is its ether type and its VLAN."""
    between = b"".join(struct.pack("!HH", tag, vlan) for tag, vlan in tags)
    return mac(target) + mac(source) + between + struct.pack("!H", kind) + payload


def labelled(payload: bytes, *labels: int) -> bytes:
    """A payload behind MPLS labels (RFC 3032 2.1); the last is the bottom of the stack."""
    last = len(labels) - 1
    return (
        b"".join(
            struct.pack("!I", label << 12 | (at == last) << 8 | 64)
            for at, label in enumerate(labels)
        )
        + payload
    )


def ipv4(
    payload: bytes,
    source: str = HOST,
    target: str = PEER,
    protocol: int = UDP,
    *,
    options: bytes = b"",
    identity: int = 0,
    offset: int = 0,
    more: bool = False,
    total: int | None = None,
) -> bytes:
    """An IPv4 packet (RFC 791); ``offset`` in bytes."""
    header = 20 + len(options)
    return (
        struct.pack(
            "!BBHHHBBH",
            0x40 | header // 4,
            0,
            header + len(payload) if total is None else total,
            identity,
            more << 13 | offset // 8,
            64,
            protocol,
            0,
        )
        + IPv4Address(source).packed
        + IPv4Address(target).packed
        + options
        + payload
    )


def ipv6(
    payload: bytes,
    source: str = HOST6,
    target: str = PEER6,
    protocol: int = UDP,
    between: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    """An IPv6 packet (RFC 8200); ``between`` are extension headers without their first byte."""
    kinds = [kind for kind, _ in between] + [protocol]
    body = b"".join(bytes([kinds[at + 1]]) + rest for at, (_, rest) in enumerate(between)) + payload
    return (
        struct.pack("!IHBB", 6 << 28, len(body), kinds[0], 64)
        + IPv6Address(source).packed
        + IPv6Address(target).packed
        + body
    )


def fragment_header(identity: int, offset: int, *, more: bool) -> tuple[int, bytes]:
    """RFC 8200 4.5, for ``ipv6``; ``offset`` in bytes."""
    return 44, struct.pack("!BHI", 0, offset | more, identity)


def udp(data: bytes, source: int, target: int) -> bytes:
    """A datagram (RFC 768)."""
    return struct.pack("!HHHH", source, target, 8 + len(data), 0) + data


def tcp(
    data: bytes, source: int, target: int, flags: int, sequence: int = 0, acknowledged: int = 0
) -> bytes:
    """A segment (RFC 9293) without options."""
    numbers = (sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF)
    return struct.pack("!HHIIBBHHH", source, target, *numbers, 0x50, flags, 8192, 0, 0) + data


def arp(operation: int, sender: str, address: str, target: str, asked: str) -> bytes:
    """RFC 826 for Ethernet and IPv4."""
    return (
        struct.pack("!HHBBH", 1, IPV4, 6, 4, operation)
        + mac(sender)
        + IPv4Address(address).packed
        + mac(target)
        + IPv4Address(asked).packed
    )


def packet(payload: bytes, source: str, target: str, protocol: int) -> tuple[int, bytes]:
    """An IP packet of whichever family, with its ether type."""
    if ip_address(source).version == 4:
        return IPV4, ipv4(payload, source, target, protocol)
    return IPV6, ipv6(payload, source, target, protocol)


def datagram(
    data: bytes = b"x",
    source: str = HOST,
    target: str = PEER,
    ports: tuple[int, int] = (40000, 53),
    macs: tuple[str, str] = (CAMERA, RECORDER),
    tags: Iterable[tuple[int, int]] = (),
) -> bytes:
    """An Ethernet frame with a datagram."""
    kind, inner = packet(udp(data, *ports), source, target, UDP)
    return ethernet(inner, *macs, kind, tags)


def segment(
    flags: int,
    data: bytes = b"",
    sequence: int = 0,
    source: str = HOST,
    target: str = PEER,
    ports: tuple[int, int] = (40000, 80),
    macs: tuple[str, str] = (CAMERA, RECORDER),
) -> bytes:
    """An Ethernet frame with a TCP segment."""
    kind, inner = packet(tcp(data, *ports, flags, sequence), source, target, TCP)
    return ethernet(inner, *macs, kind)


@dataclass(frozen=True)
class Shot:
    """A frame, when it was taken (seconds after ``START``), and how much of it was kept."""

    frame: bytes
    after: float = 0.0
    kept: int | None = None

    @property
    def micros(self) -> int:
        return START * 1_000_000 + round(self.after * 1_000_000)

    @property
    def data(self) -> bytes:
        return self.frame if self.kept is None else self.frame[: self.kept]


def shots(frames: Iterable[bytes | Shot], step: float = 1.0) -> list[Shot]:
    """Frames, each taken ``step`` seconds after the one before, unless they say when."""
    return [
        each if isinstance(each, Shot) else Shot(each, at * step) for at, each in enumerate(frames)
    ]


def pcap_header(order: str = "<", unit: int = 1_000_000, link: int = ETHERNET) -> bytes:
    magic = 0xA1B2C3D4 if unit == 1_000_000 else 0xA1B23C4D
    return struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 262_144, link)


def pcap_record(shot: Shot, order: str = "<", unit: int = 1_000_000) -> bytes:
    seconds, micros = divmod(shot.micros, 1_000_000)
    fraction = micros * (unit // 1_000_000)
    return (
        struct.pack(f"{order}IIII", seconds, fraction, len(shot.data), len(shot.frame)) + shot.data
    )


def pcap(
    frames: Iterable[bytes | Shot],
    order: str = "<",
    unit: int = 1_000_000,
    link: int = ETHERNET,
) -> bytes:
    """A classic capture file."""
    records = (pcap_record(each, order, unit) for each in shots(frames))
    return pcap_header(order, unit, link) + b"".join(records)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng: its length stands at both ends."""
    length = 12 + len(padded(body))
    return struct.pack(f"{order}II", kind, length) + padded(body) + struct.pack(f"{order}I", length)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}HH", code, len(value)) + padded(value)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = ETHERNET, order: str = "<", options: bytes = b"", snap: int = 0) -> bytes:
    return block(1, struct.pack(f"{order}HHI", link, 0, snap) + options, order)


def enhanced(shot: Shot, number: int = 0, ticks: int | None = None, order: str = "<") -> bytes:
    """An enhanced packet; ``ticks`` is its time where not in microseconds."""
    at = shot.micros if ticks is None else ticks
    head = struct.pack(
        f"{order}IIIII", number, at >> 32, at & 0xFFFFFFFF, len(shot.data), len(shot.frame)
    )
    return block(6, head + padded(shot.data), order)


def old_packet(shot: Shot, number: int = 0, drops: int = 0, order: str = "<") -> bytes:
    at = shot.micros
    head = struct.pack(
        f"{order}HHIIII", number, drops, at >> 32, at & 0xFFFFFFFF, len(shot.data), len(shot.frame)
    )
    return block(2, head + padded(shot.data), order)


def simple(frame: bytes, snap: int | None = None, order: str = "<") -> bytes:
    return block(3, struct.pack(f"{order}I", len(frame)) + padded(frame[:snap]), order)


def statistics(number: int, options: bytes, order: str = "<") -> bytes:
    return block(5, struct.pack(f"{order}III", number, 0, 0) + options, order)


def pcapng(frames: Iterable[bytes | Shot], order: str = "<", link: int = ETHERNET) -> bytes:
    """A pcapng file of one section and interface."""
    return (
        section(order)
        + interface(link, order)
        + b"".join(enhanced(each, order=order) for each in shots(frames))
    )
