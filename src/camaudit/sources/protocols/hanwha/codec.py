"""Bytes of the Hanwha search, and of its answers.

1. One packet type can be written to a device, the search (0x01), and one can be read, the answer
   (0x0b). No other type can be written or read.
2. Behind the type, the maker's tool sends 18 bytes that the answer repeats, and then whatever its
   memory held (UniversalScanner, Hanwha.cs). We send random bytes and NULs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor
from camaudit.wirekit.record import Layout, Place, Record, read_places, record_parts, write_places

#: device-signals 1.5: search and answer have the same length.
PACKET_BYTES: Final = 0x106
#: The same: the last field that is read, the URL, ends here.
LEAST_BYTES: Final = 0xAC
#: UniversalScanner, Hanwha.cs: what an answer repeats of the search.
SESSION_BYTES: Final = 18

_SEARCH: Final = 0x01
_ANSWER: Final = 0x0B

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}

_LAYOUT: Final = Layout(
    start=bytes((_ANSWER,)),
    size=PACKET_BYTES,
    least=LEAST_BYTES,
    places={
        "mac": Place(0x13, 18),
        "ip": Place(0x25, 16),
        "model": Place(0x6D, 10),
        "url": Place(0x85, 39),
    },
)


def encode_search(session: bytes) -> bytes:
    """Write the search with bytes that answers repeat."""
    return (bytes((_SEARCH,)) + session[:SESSION_BYTES]).ljust(PACKET_BYTES, b"\0")


def decode_reply(data: bytes) -> Record:
    """Read one answer."""
    if Cursor(data).u8() != _ANSWER:
        raise DecodeError("not the answer to a Hanwha search")
    return read_places(data, _LAYOUT)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    return write_places(message, _LAYOUT)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
