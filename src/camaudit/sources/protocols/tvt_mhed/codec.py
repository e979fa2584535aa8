"""Bytes of the MHED search, and of the announcements that answer it.

1. One command can be written, the search. The one that sets the network of a device (0x0003), and
   its acknowledgement, can be neither read nor written.
2. Fields are read by a closed list; the place where commands carry a password is not on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor
from camaudit.wirekit.record import Layout, Place, Record, read_places, record_parts, write_places

#: device-signals 1.5 (idx:69649599080): both lengths are fixed.
REQUEST_BYTES: Final = 140
REPLY_BYTES: Final = 240

_MAGIC: Final = b"MHED"
_SEARCH: Final = 0x0001
_ANNOUNCE: Final = 0x0002
#: The version of the tool that the capture is of; devices answer to 7, 8 and 9 alike.
_TOOL: Final = 0x0009
_DEVICE: Final = 0x0008

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}


def _start(version: int, command: int) -> bytes:
    return _MAGIC + b"".join(word.to_bytes(2, "little") for word in (version, 1, command))


_LAYOUT: Final = Layout(
    start=_start(_DEVICE, _ANNOUNCE),
    size=REPLY_BYTES,
    least=REPLY_BYTES,
    places={
        "name": Place(12, 20),
        "mac": Place(32, 6, is_text=False),
        "ip": Place(40, 4, is_text=False),
        "serial": Place(140, 16),
        "firmware": Place(156, 16),
        "model": Place(196, 16),
        "vendor": Place(212, 16),
    },
)


def encode_search() -> bytes:
    """Write the search."""
    return _start(_TOOL, _SEARCH).ljust(REQUEST_BYTES, b"\0")


def decode_reply(data: bytes) -> Record:
    """Read one announcement."""
    cursor = Cursor(data)
    if cursor.take(4) != _MAGIC:
        raise DecodeError("not an MHED message")
    cursor.take(4)
    if cursor.u16_le() != _ANNOUNCE:
        raise DecodeError("not an MHED announcement")
    return read_places(data, _LAYOUT)


def encode_reply(message: Record) -> bytes:
    """Write one announcement; a field outside the closed list is refused."""
    return write_places(message, _LAYOUT)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
