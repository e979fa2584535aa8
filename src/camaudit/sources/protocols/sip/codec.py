"""Bytes and messages of SIP, replies and requests alike."""

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

#: RFC 3261 7.3.3 (compact forms) and 18.3 (no Content-Length on a stream: no body).
GRAMMAR: Final = Grammar(
    protocol=b"SIP",
    requests=True,
    needs_length=True,
    compact=((b"l", b"Content-Length"), (b"c", b"Content-Type")),
)


def decode_message(data: bytes) -> HeadedMessage:
    """Read one reply or request."""
    return decode_headed(data, GRAMMAR)


def decode_messages(data: bytes) -> tuple[HeadedMessage, ...]:
    """Read the messages of one recorded connection."""
    return decode_conversation(data, GRAMMAR)


def encode_message(message: HeadedMessage) -> bytes:
    """Write one reply or request."""
    return encode_headed(message, GRAMMAR)


def message_end(data: Buffer) -> int | None:
    """Return where the first message ends; ``None`` where more bytes are needed."""
    return headed_end(data, GRAMMAR)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "message": Codec(
        decode=decode_message, encode=encode_message, parts=headed_parts, end=message_end
    )
}
