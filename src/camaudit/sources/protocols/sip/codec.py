"""Bytes and messages of SIP, replies and requests alike.

1. Of requests to a device only OPTIONS can be written by ``encode_options``: no registration, no
   call. ``encode_message`` writes back what was recorded, for the laws; no probe uses it.
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

#: RFC 3261 7.3.3 (compact forms) and 18.3 (no Content-Length on a stream: no body).
GRAMMAR: Final = Grammar(
    protocol=b"SIP",
    requests=True,
    needs_length=True,
    compact=((b"l", b"Content-Length"), (b"c", b"Content-Type")),
)


#: Everything that this codec can ask of a device (RFC 3261 11).
VERBS: Final[Mapping[str, object]] = {"options": b"OPTIONS"}
_HOST: Final = re.compile(rb"(?:[0-9.]{7,15}|\[[0-9A-Fa-f:.]{2,45}\])")


def encode_options(host: bytes, branch: bytes) -> bytes:
    """Write the question what a device can do; ``branch`` is hexadecimal and makes it unique."""
    if _HOST.fullmatch(host) is None or re.fullmatch(rb"[0-9a-f]{8,32}", branch) is None:
        raise ValueError("not a request that may be sent")
    lines = (
        b"OPTIONS sip:%s SIP/2.0" % host,
        # RFC 3261 8.1.1.7: the magic cookie; RFC 3581: answer to where the datagram came from
        b"Via: SIP/2.0/UDP camaudit.invalid;branch=z9hG4bK%s;rport" % branch,
        b"Max-Forwards: 1",
        b"From: <sip:camaudit@camaudit.invalid>;tag=%s" % branch[:8],
        b"To: <sip:%s>" % host,
        b"Call-ID: %s@camaudit.invalid" % branch,
        b"CSeq: 1 OPTIONS",
        b"Accept: application/sdp",
        b"User-Agent: camaudit (read-only inventory, no log-in)",
        b"Content-Length: 0",
        b"\r\n",
    )
    return b"\r\n".join(lines)


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
