"""Bytes and messages of RTSP: replies, and the two requests that start nothing.

1. Of methods only OPTIONS and DESCRIBE can be written: SETUP and PLAY, which open a stream, cannot.
"""

from __future__ import annotations

import re
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
#: Everything that this codec can ask of a device (RFC 2326 10.1, 10.2).
VERBS: Final[Mapping[str, object]] = {"options": b"OPTIONS", "describe": b"DESCRIBE"}
#: Who asks, so that whoever reads the device's log can tell.
USER_AGENT: Final = b"camaudit (read-only inventory, no log-in)"
#: A numeric address, in brackets where it is IPv6 (RFC 3986 3.2.2), and a port.
_HOST: Final = re.compile(rb"(?:[0-9.]{7,15}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}")


def encode_request(verb: str, host: bytes, number: int) -> bytes:
    """Write one request for the device as a whole; no path is guessed.

    ``verb`` is a key of ``VERBS``; ``ValueError`` for any other, and for a host that is no address.
    """
    method = VERBS.get(verb)
    if not isinstance(method, bytes) or _HOST.fullmatch(host) is None:
        raise ValueError("not a request that may be sent")
    accept = b"Accept: application/sdp\r\n" if method == b"DESCRIBE" else b""
    return b"%s rtsp://%s/ RTSP/1.0\r\nCSeq: %d\r\nUser-Agent: %s\r\n%s\r\n" % (
        method,
        host,
        number,
        USER_AGENT,
        accept,
    )


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
