"""Bytes of the search of older Foscam and Wansview cameras, and of its answers.

1. One operation can be written to a camera, the search (0), and one can be read, its answer (1).
   What sets a network (2), which carries a user and a password, can be neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor
from camaudit.wirekit.record import Layout, Place, Record, read_places, record_parts, write_places

#: The maker's search protocol, as idx:37439146990 quotes it: a header of 23 bytes, and 65.
REPLY_BYTES: Final = 88

_MAGIC: Final = b"MO_I"
_SEARCH: Final = 0
_ANSWER: Final = 1
#: The same: reserved bytes between the operation and the length, and behind the length.
_RESERVED: Final = bytes(9)
_BEHIND: Final = bytes(4)
_SEARCH_TEXT: Final = b"\0\0\0\1"

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}


def _header(operation: int, size: int) -> bytes:
    start = _MAGIC + operation.to_bytes(2, "little") + _RESERVED
    return start + size.to_bytes(4, "little") + _BEHIND


_HEADER_BYTES: Final = len(_header(_ANSWER, 0))
_LAYOUT: Final = Layout(
    start=_header(_ANSWER, REPLY_BYTES - _HEADER_BYTES),
    size=REPLY_BYTES,
    least=REPLY_BYTES,
    places={
        # The camera's id is its hardware address.
        "mac": Place(23, 13),
        "name": Place(36, 21),
        "ip": Place(57, 4, is_text=False),
        "system_version": Place(77, 4, is_text=False),
        "app_version": Place(81, 4, is_text=False),
    },
)


def encode_search() -> bytes:
    """Write the search."""
    return _header(_SEARCH, len(_SEARCH_TEXT)) + _SEARCH_TEXT


def decode_reply(data: bytes) -> Record:
    """Read one answer."""
    cursor = Cursor(data)
    if cursor.take(len(_MAGIC)) != _MAGIC:
        raise DecodeError("not a Foscam message")
    if cursor.u16_le() != _ANSWER:
        raise DecodeError("not the answer to a Foscam search")
    return read_places(data, _LAYOUT)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    return write_places(message, _LAYOUT)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
