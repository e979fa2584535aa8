"""Bytes of the Panasonic (i-PRO) search, and of its answers: a header and tagged fields.

1. One command can be written to a device, the search (0x000d), and one can be read, its answer
   (0x000e). Those that set a network (0x0002) and make it last (0x0004) can be neither.
2. A message ends with a sum: all bytes before it, and one. That is what it is in each capture of
   the maker's tool and of cameras in Rickardjd/Easy_IP.
3. Unproven: the search of 52 bytes, without a list of wanted tags, is that of UniversalScanner
   (Panasonic.cs), which names no hardware address of its own and leaves the sum at nought. No
   capture shows a device that answers to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor, datagram
from camaudit.wirekit.record import Record, finished, record_parts

#: Ours. The longest value seen, a list of names, has 40 bytes.
MAX_VALUE: Final = 256

_VERSION: Final = b"\x00\x01"
_SEARCH: Final = 0x000D
_ANSWER: Final = 0x000E
_MAC_BYTES: Final = 6
#: Of the 48 bytes of a header those behind the device's hardware address: the tool's addresses,
#: which a device does not need to answer by broadcast, and marks.
_NOBODY: Final = b"\xff" * 10
_MARKS: Final = bytes.fromhex("000120111e11231f1e19130000020000") + bytes(10)
_ASIDE_BYTES: Final = len(_NOBODY + _MARKS)
_END: Final = 0xFFFF
_NAMES: Final = {
    0x20: "ip",
    0xA7: "full_name",
    0xA8: "short_name",
    0xA9: "firmware",
    0xC0: "channels",
    0xC1: "capacity",
    0xD1: "serial",
}
_TAGS: Final = {name: tag for tag, name in _NAMES.items()}
_NUMBERS: Final = frozenset({"channels", "capacity"})
_IPV4_BYTES: Final = 4
_NUMBER_BYTES: Final = 2

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}


def encode_search() -> bytes:
    """Write the search."""
    return _message(_SEARCH, bytes(_MAC_BYTES), b"")


def decode_reply(data: bytes) -> Record:
    """Read one answer; one that is cut gives its whole fields, and its sum is not checked."""
    cursor = datagram(data)
    if cursor.take(len(_VERSION)) != _VERSION:
        raise DecodeError("not a Panasonic message")
    size = cursor.u16_be()
    if cursor.u16_be() != _ANSWER:
        raise DecodeError("not the answer to a Panasonic search")
    tally = Tally()
    mac = cursor.take(_MAC_BYTES)
    cursor.take(_ASIDE_BYTES)
    start = cursor.at
    fields = [("mac", mac)] if mac.strip(b"\0") else []
    fields += _fields(cursor, tally)
    tally.add("length_mismatch", int(cursor.at - start - 2 != size))
    return finished(fields, tally)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    mac, tagged = bytes(_MAC_BYTES), b""
    for name, value in message.fields:
        if name == "mac" and len(value) == _MAC_BYTES:
            mac = value
        elif name in _TAGS and _fits(name, value):
            tagged += b"".join(part.to_bytes(2, "big") for part in (_TAGS[name], len(value)))
            tagged += value
        else:
            raise ValueError(f"not a field of a Panasonic answer: {name}")
    return _message(_ANSWER, mac, tagged)


def _message(command: int, mac: bytes, tagged: bytes) -> bytes:
    head = _VERSION + len(tagged).to_bytes(2, "big") + command.to_bytes(2, "big") + mac
    written = head + _NOBODY + _MARKS + tagged + _END.to_bytes(2, "big")
    return written + ((sum(written) + 1) & 0xFFFF).to_bytes(2, "big")


def _fields(cursor: Cursor, tally: Tally) -> Iterator[tuple[str, bytes]]:
    while cursor.left >= 2:
        tag = cursor.u16_be()
        if tag == _END:
            return
        if cursor.left < 2:
            break
        size = cursor.u16_be()
        if size > cursor.left:
            break
        value = cursor.take(size)
        name = _NAMES.get(tag)
        if name is None:
            continue
        if name not in _NUMBERS and name != "ip":
            value = value.strip(b"\0")[:MAX_VALUE].strip(b"\0")
        if value.strip(b"\0") and _fits(name, value):
            yield name, value
    tally.add("unfinished")


def _fits(name: str, value: bytes) -> bool:
    if name in _NUMBERS:
        return len(value) == _NUMBER_BYTES
    return len(value) == _IPV4_BYTES if name == "ip" else 0 < len(value) <= MAX_VALUE


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
