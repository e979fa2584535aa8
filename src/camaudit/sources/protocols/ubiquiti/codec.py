"""Bytes of the Ubiquiti search (version 1), and of its answers: a header and tagged fields.

1. The search has no field. Nothing that logs in, adopts or changes a device can be written.
2. Fields are read by a closed list of tags (Wireshark, packet-ubdp.c). User name, salt and
   challenges have tags of their own, which are not on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor, datagram
from camaudit.wirekit.record import Record, finished, record_parts

#: Ours. The longest value seen, a firmware name, has about 60 characters.
MAX_VALUE: Final = 256

_SEARCH: Final = 0x0100
#: Version 1 answers with its own command; of version 2 three are known (nmap-service-probes).
_ANSWERS: Final = frozenset({0x0100, 0x0206, 0x0209, 0x020B})
_NAMES: Final = {
    0x01: "mac",
    0x02: "mac_and_ip",
    0x03: "firmware",
    0x0B: "name",
    0x0C: "platform",
    0x14: "model",
    0x15: "model",
}
_TAGS: Final = {name: tag for tag, name in _NAMES.items()}
_SIZES: Final = {"mac": 6, "mac_and_ip": 10}
_FIELD_HEADER_BYTES: Final = 3

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}


def encode_search() -> bytes:
    """Write the search."""
    return _SEARCH.to_bytes(2, "big") + bytes(2)


def decode_reply(data: bytes) -> Record:
    """Read one answer; one that is cut gives its whole fields."""
    cursor = datagram(data)
    if cursor.u16_be() not in _ANSWERS:
        raise DecodeError("not the answer to a Ubiquiti search")
    size = cursor.u16_be()
    if not cursor.left:
        raise DecodeError("the search itself, not its answer")
    tally = Tally()
    tally.add("length_mismatch", int(size != cursor.left))
    return finished(list(_fields(cursor, tally)), tally)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    written = b""
    for name, value in message.fields:
        if name not in _TAGS or not _fits(name, value):
            raise ValueError(f"not a field of a Ubiquiti answer: {name}")
        written += bytes((_TAGS[name],)) + len(value).to_bytes(2, "big") + value
    return _SEARCH.to_bytes(2, "big") + len(written).to_bytes(2, "big") + written


def _fields(cursor: Cursor, tally: Tally) -> Iterator[tuple[str, bytes]]:
    while cursor.left >= _FIELD_HEADER_BYTES:
        name = _NAMES.get(cursor.u8())
        size = cursor.u16_be()
        if size > cursor.left:
            break
        value = cursor.take(size)
        if name is None:
            continue
        if name not in _SIZES:
            value = value.strip(b"\0")[:MAX_VALUE].strip(b"\0")
        if value.strip(b"\0") and _fits(name, value):
            yield name, value
    tally.add("unfinished", int(cursor.left > 0))


def _fits(name: str, value: bytes) -> bool:
    return len(value) == _SIZES[name] if name in _SIZES else 0 < len(value) <= MAX_VALUE


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
