"""Bytes of the Vivotek search, and of its answers: tagged fields behind a session and a magic.

1. Only the search can be written: it has no field, and nothing else begins like it.
2. Fields are read by a closed list of tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor, datagram
from camaudit.wirekit.record import Record, finished, record_parts

#: UniversalScanner, Vivotek.cs: the length of a field has one byte.
MAX_VALUE: Final = 255

_MAGIC: Final = 0x4A5D8F1C
_HEADER_BYTES: Final = 5
_NAMES: Final = {1: "name", 2: "mac", 3: "ip", 9: "model"}
_TAGS: Final = {name: tag for tag, name in _NAMES.items()}
#: The one tag whose second byte is its value, not a length (UniversalScanner, Vivotek.cs).
_BARE_TAG: Final = 4

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _MAGIC}


def encode_search(session: bytes) -> bytes:
    """Write the search; the first byte of ``session`` comes back in answers."""
    return session[:1].ljust(1, b"\1") + _MAGIC.to_bytes(4, "big")


def decode_reply(data: bytes) -> Record:
    """Read one answer; one that is cut gives its whole fields."""
    cursor = datagram(data)
    cursor.take(1)
    if cursor.u32_be() != _MAGIC:
        raise DecodeError("not a Vivotek message")
    if not cursor.left:
        raise DecodeError("the search itself, not its answer")
    tally = Tally()
    return finished(list(_fields(cursor, tally)), tally)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    written = b"\0" + _MAGIC.to_bytes(4, "big")
    for name, value in message.fields:
        if name not in _TAGS or not 0 < len(value) <= MAX_VALUE:
            raise ValueError(f"not a field of a Vivotek answer: {name}")
        written += bytes((_TAGS[name], len(value))) + value
    return written


def _fields(cursor: Cursor, tally: Tally) -> Iterator[tuple[str, bytes]]:
    while cursor.left:
        tag = cursor.u8()
        if tag == 0 or not cursor.left:
            tally.add("unfinished")
            return
        size = cursor.u8()
        if tag == _BARE_TAG:
            continue
        if size > cursor.left:
            tally.add("unfinished")
            return
        value = cursor.take(size).strip(b"\0") if tag in (1, 9) else cursor.take(size)
        if tag in _NAMES and value.strip(b"\0"):
            yield _NAMES[tag], value


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
