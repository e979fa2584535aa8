"""A small reader of captures for tests: as plain as can be, so that it can be read and trusted.

It knows whole files of one interface with Ethernet only, and reads them at one go.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

IPV4 = 0x0800
IPV6 = 0x86DD
TCP = 6
UDP = 17


class Record(NamedTuple):
    """One record: microseconds since 1970, octets on the wire, octets kept."""

    at: int
    size: int
    data: bytes


class Seen(NamedTuple):
    """A frame taken apart; ``protocol`` and ports are None where there are none."""

    record: Record
    source_mac: bytes
    target_mac: bytes
    vlans: tuple[int, ...]
    kind: int
    source: bytes
    target: bytes
    protocol: int | None
    ports: tuple[int, int] | None
    payload: bytes


def records(path: Path) -> Iterator[Record]:
    """Yield the records of a pcap or pcapng file, packed or not."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    yield from _blocks(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else _classic(data)


def drops(path: Path) -> int | None:
    """Return what the last statistics of the interface say was dropped."""
    found = None
    for kind, body in _each_block(path.read_bytes()):
        if kind == 5:
            at = 12
            while at < len(body):
                code, size = struct.unpack_from("<HH", body, at)
                if code == 5:
                    found = struct.unpack_from("<Q", body, at + 4)[0]
                at += 4 + size + -size % 4
    return found


def frames(path: Path) -> Iterator[Seen]:
    """Yield frames taken apart."""
    for record in records(path):
        yield take_apart(record)


def take_apart(record: Record) -> Seen:
    """Take one frame apart, as far as it goes."""
    data = record.data
    at, vlans = 12, []
    kind = int.from_bytes(data[at : at + 2], "big")
    while kind in (0x8100, 0x88A8):
        vlans.append(int.from_bytes(data[at + 2 : at + 4], "big") & 0xFFF)
        at += 4
        kind = int.from_bytes(data[at : at + 2], "big")
    at += 2
    source = target = payload = b""
    protocol = ports = None
    if kind == IPV4:
        size, protocol = int.from_bytes(data[at + 2 : at + 4], "big"), data[at + 9]
        source, target = data[at + 12 : at + 16], data[at + 16 : at + 20]
        payload = data[at + 20 : at + size]
    elif kind == IPV6:
        size, protocol = int.from_bytes(data[at + 4 : at + 6], "big"), data[at + 6]
        source, target = data[at + 8 : at + 24], data[at + 24 : at + 40]
        payload = data[at + 40 : at + 40 + size]
    if protocol in (TCP, UDP):
        ports = struct.unpack_from("!HH", payload)
        payload = payload[8 if protocol == UDP else payload[12] >> 4 << 2 :]
    return Seen(
        record, data[6:12], data[:6], tuple(vlans), kind, source, target, protocol, ports, payload
    )


def checksum_faults(record: Record) -> list[str]:
    """Return which checksums of a whole frame are wrong (RFC 1071: a right sum is all ones)."""
    data = record.data
    at = 12
    while data[at : at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    kind, at = int.from_bytes(data[at : at + 2], "big"), at + 2
    faults = []
    if kind == IPV4:
        if _sum(data[at : at + 20]) != 0xFFFF:
            faults.append("ip")
        size, protocol = int.from_bytes(data[at + 2 : at + 4], "big"), data[at + 9]
        ends, body = data[at + 12 : at + 20], data[at + 20 : at + size]
    elif kind == IPV6:
        size, protocol = int.from_bytes(data[at + 4 : at + 6], "big"), data[at + 6]
        ends, body = data[at + 8 : at + 40], data[at + 40 : at + 40 + size]
    else:
        return []
    pseudo = b"" if protocol == 1 else ends + struct.pack("!II", len(body), protocol)
    if _sum(pseudo + body) != 0xFFFF:
        faults.append(f"protocol {protocol}")
    return faults


def _sum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total = int(np.frombuffer(padded, ">u2").sum(dtype=np.uint64))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def _classic(data: bytes) -> Iterator[Record]:
    assert data[:4] == b"\xd4\xc3\xb2\xa1"
    at = 24
    while at < len(data):
        seconds, part, kept, size = struct.unpack_from("<IIII", data, at)
        yield Record(seconds * 1_000_000 + part, size, data[at + 16 : at + 16 + kept])
        at += 16 + kept


def _blocks(data: bytes) -> Iterator[Record]:
    for kind, body in _each_block(data):
        if kind == 6:
            _, high, low, kept, size = struct.unpack_from("<IIIII", body)
            yield Record(high << 32 | low, size, body[20 : 20 + kept])


def _each_block(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        assert struct.unpack_from("<I", data, at + size - 4)[0] == size
        yield kind, data[at + 8 : at + size - 4]
        at += size
