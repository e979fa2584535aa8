"""Bytes of the VStarcam search, and of its answers.

1. One command can be written to a camera, the search, and one can be read, its answer.
2. An answer tells users and passwords to whoever asks. The places of what is read are a closed
   list that ends before them; the rest of the answer is never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor
from camaudit.wirekit.record import Layout, Place, Record, read_places, record_parts, write_places

#: UniversalScanner, Vstarcam.cs: the length of answers, and of the part that is understood.
REPLY_BYTES: Final = 0x210
LEAST_BYTES: Final = 0x100

_SEARCH: Final = 0x44480101
_ANSWER: Final = 0x44480108

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}

_LAYOUT: Final = Layout(
    start=_ANSWER.to_bytes(4, "big"),
    size=REPLY_BYTES,
    least=LEAST_BYTES,
    places={
        "ip": Place(0x04, 16),
        "mac": Place(0x54, 6, is_text=False),
        "serial": Place(0x5C, 32),
        "name": Place(0x7C, 32),
        "firmware": Place(0xCC, 32),
    },
)


def encode_search() -> bytes:
    """Write the search."""
    return _SEARCH.to_bytes(4, "big")


def decode_reply(data: bytes) -> Record:
    """Read one answer."""
    if Cursor(data).u32_be() != _ANSWER:
        raise DecodeError("not the answer to a VStarcam search")
    return read_places(data, _LAYOUT)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    return write_places(message, _LAYOUT)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
