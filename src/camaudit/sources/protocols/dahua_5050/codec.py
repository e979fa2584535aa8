"""Bytes of the older Dahua search and of its answers: fixed places, then text.

1. The search is the one request that exists here, and its answer the one message that is read.
2. An answer has a header of 120 bytes with the device's class and address, then the hardware
   address as text and the model, then lines of ``Name:value`` (UniversalScanner, Dahua1.cs).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import datagram
from camaudit.wirekit.record import Record, record_parts

_SEARCH: Final = 0xA3
_ANSWER: Final = 0xB3
_PACKET_TYPE: Final = 0x58
_HEADER_BYTES: Final = 0x78
_CLASS: Final = slice(0x28, 0x38)
_ADDRESS: Final = slice(0x38, 0x3C)
#: ``xx:xx:xx:xx:xx:xx``
_MAC_CHARS: Final = 17
#: Ours. A section's length is one byte here, so a model is shorter than this.
_MAX_MODEL: Final = 255 - _MAC_CHARS
#: Ours. Names of devices stay below 64 characters.
_MAX_LINE: Final = 256
#: Line -> field.
_LINES: Final = {b"Name": "name", b"Device": "device", b"SerialNo": "serial"}
_NAMES: Final = {field: line for line, field in _LINES.items()}

#: Everything that this codec can ask of a device.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}


def encode_search() -> bytes:
    """Write the search (DahuaConsole, net.py)."""
    head = bytes((_SEARCH, 1, 0, 1)) + bytes(12)
    return head + b"\x02" + bytes(15)


def decode_reply(data: bytes) -> Record:
    """Read one answer; one that was cut off gives the fields that are whole."""
    cursor = datagram(data)
    header = cursor.take(_HEADER_BYTES)
    if header[0] != _ANSWER or header[4] != _PACKET_TYPE:
        raise DecodeError("not the answer to a search of older Dahua devices")
    tally = Tally()
    fields = [("class", _text(header[_CLASS])), ("ip", header[_ADDRESS])]
    if header[_ADDRESS] == bytes(4):
        fields.pop()
    rest = cursor.rest()
    size = header[2]
    tally.add("length_mismatch", int(len(rest) < size))
    fields += _of_section(rest[:size], size)
    fields += _of_lines(rest[size:], tally)
    kept = tuple((name, value) for name, value in dict(reversed(fields)).items() if value)
    if not kept:
        raise DecodeError("an answer without a field of a device")
    order = [name for name, _ in fields]
    return Record(
        fields=tuple(sorted(kept, key=lambda each: order.index(each[0]))),
        anomalies=tally.result(),
    )


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    fields = dict(message.fields)
    unknown = fields.keys() - {"class", "ip", "mac", "model", *_NAMES}
    if unknown:
        raise ValueError(f"not a field of this answer: {min(unknown)}")
    section = fields.get("mac", b"").ljust(_MAC_CHARS, b"\0") + fields.get("model", b"")
    lines = b"".join(
        _NAMES[name] + b":" + value + b"\r\n" for name, value in message.fields if name in _NAMES
    )
    header = bytearray(_HEADER_BYTES)
    header[0], header[2], header[4], header[0x10] = _ANSWER, len(section), _PACKET_TYPE, 2
    header[0x14:0x16] = len(lines).to_bytes(2, "little")
    header[_CLASS] = fields.get("class", b"").ljust(16, b"\0")
    header[_ADDRESS] = fields.get("ip", bytes(4))
    return bytes(header) + section + lines


def _of_section(section: bytes, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield the hardware address, and the model if the section was not cut off."""
    if len(section) >= _MAC_CHARS:
        yield "mac", _text(section[:_MAC_CHARS])
        if len(section) == size:
            yield "model", _text(section[_MAC_CHARS:])[:_MAX_MODEL]


def _of_lines(text: bytes, tally: Tally) -> Iterator[tuple[str, bytes]]:
    *whole, cut = text.split(b"\r\n")
    tally.add("line_unfinished", int(cut.strip(b"\0") != b""))
    for line in whole:
        name, colon, value = line.partition(b":")
        field = _LINES.get(name)
        value = _text(value.strip(b" \t"))[:_MAX_LINE].rstrip(b" \t\r\n")
        if colon and field and value:
            yield field, value


def _text(value: bytes) -> bytes:
    return value.partition(b"\0")[0].strip(b" \t\r\n")


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
