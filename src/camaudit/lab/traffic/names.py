"""Messages of DNS and multicast DNS (RFC 1035, RFC 6762): the few that the pretend site needs."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

A: Final = 1
CNAME: Final = 5
PTR: Final = 12
TXT: Final = 16
AAAA: Final = 28
SRV: Final = 33
_IN: Final = 1
#: RFC 6762 10.2: the bit of a class that says "this is all there is".
_FLUSH: Final = 0x8000
#: RFC 1035 4.1.4: a pointer to the name of the question, which begins after the header.
_TO_QUESTION: Final = b"\xc0\x0c"
_TTL: Final = 300


def wire_name(name: str) -> bytes:
    """Return a name as labels, without compression."""
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def question(name: str, kind: int, number: int) -> bytes:
    """Write a question that wants recursion."""
    return struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + _asked(name, kind)


def answer(name: str, kind: int, number: int, addresses: Iterable[str], alias: str = "") -> bytes:
    """Write the answer to a question; ``alias`` is the name that it stands for, if it is one."""
    records = []
    owner = _TO_QUESTION
    if alias:
        records.append(_record(owner, CNAME, wire_name(alias)))
        owner = wire_name(alias)
    records += [_record(owner, kind, ip_address(each).packed) for each in addresses]
    head = struct.pack("!6H", number, 0x8180, 1, len(records), 0, 0)
    return head + _asked(name, kind) + b"".join(records)


def announcement(records: Iterable[tuple[bytes, int, bytes]]) -> bytes:
    """Write an answer of multicast DNS; the names of its records are labels already."""
    body = [
        name
        + struct.pack("!HHIH", kind, _IN | (_FLUSH if kind != PTR else 0), 120, len(data))
        + data
        for name, kind, data in records
    ]
    return struct.pack("!6H", 0, 0x8400, 0, len(body), 0, 0) + b"".join(body)


def service_records(
    kind: str, instance: str, host: str, port: int, address: bytes, texts: Iterable[str] = ()
) -> list[tuple[bytes, int, bytes]]:
    """Return the records by which a service is told (RFC 6763)."""
    of_kind, of_host = wire_name(f"{kind}.local"), wire_name(f"{host}.local")
    label = instance.encode()
    own = bytes((len(label),)) + label + of_kind
    told = b"".join(bytes((len(text),)) + text.encode() for text in texts) or b"\0"
    return [
        (of_kind, PTR, own),
        (own, SRV, struct.pack("!HHH", 0, 0, port) + of_host),
        (own, TXT, told),
        (of_host, A if len(address) == 4 else AAAA, address),
    ]


def _asked(name: str, kind: int) -> bytes:
    return wire_name(name) + struct.pack("!HH", kind, _IN)


def _record(owner: bytes, kind: int, data: bytes) -> bytes:
    return owner + struct.pack("!HHIH", kind, _IN, _TTL, len(data)) + data
