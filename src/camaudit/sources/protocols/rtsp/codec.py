"""Bytes and messages of RTSP replies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from camaudit.wirekit.codec import Buffer, Codec
from camaudit.wirekit.headed import (
    Grammar,
    HeadedMessage,
    decode_conversation,
    decode_headed,
    encode_headed,
    headed_end,
    headed_parts,
)

#: RFC 2326 4.4: without Content-Length there is no body.
GRAMMAR: Final = Grammar(protocol=b"RTSP", needs_length=True)


def decode_response(data: bytes) -> HeadedMessage:
    """Read one reply."""
    return decode_headed(data, GRAMMAR)


def decode_responses(data: bytes) -> tuple[HeadedMessage, ...]:
    """Read the replies of one recorded connection."""
    return decode_conversation(data, GRAMMAR)


def encode_response(message: HeadedMessage) -> bytes:
    """Write one reply."""
    return encode_headed(message, GRAMMAR)


def response_end(data: Buffer) -> int | None:
    """Return where the first reply ends; ``None`` where more bytes are needed."""
    return headed_end(data, GRAMMAR)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "response": Codec(
        decode=decode_response, encode=encode_response, parts=headed_parts, end=response_end
    )
}
