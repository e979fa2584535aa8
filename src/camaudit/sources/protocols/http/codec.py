"""Bytes and messages of HTTP/1.x replies; a header block alone is a message too.

1. One request can be written, a GET that carries nothing; requests cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, Final

from camaudit.wirekit.charset import to_text
from camaudit.wirekit.codec import Buffer, Codec
from camaudit.wirekit.content import payload
from camaudit.wirekit.headed import (
    HeadedMessage,
    decode_conversation,
    decode_headed,
    encode_headed,
    headed_end,
    headed_parts,
)
from camaudit.wirekit.http_client import HTTP as GRAMMAR
from camaudit.wirekit.http_client import encode_get

#: Everything that can be written: name -> method.
VERBS: Final[Mapping[str, object]] = {"page": b"GET"}

#: Ours. The longest title of a device seen so far has 60 characters. It must stay below the 4300
#: digits at which Python refuses to convert a number, as in ``&#999...;``.
MAX_TITLE_BYTES: Final = 1024
#: HTML, "Tag open state": the name ends at a blank, a slash or the bracket.
_TITLE_OR_COMMENT: Final = re.compile(rb"(?i)<!--|<title(?=[\s/>])")
_TITLE_END: Final = re.compile(rb"(?i)</title")
_CHARSET: Final = re.compile(rb"(?i)charset\s{0,8}=\s{0,8}[\"']?([\w.:-]{1,40})")
#: HTML, "prescan a byte stream": a meta element beyond the first 1024 bytes does not count.
_PRESCAN_BYTES: Final = 1024


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


def encode_page_request(target: bytes, host: bytes) -> bytes:
    """Write the GET of a page or icon; an address that may not be asked for is ``ValueError``."""
    return encode_get(target, host, b"text/html,application/xml,image/*;q=0.8,*/*;q=0.5")


def content(message: HeadedMessage) -> bytes:
    """Return the first 64 KiB of what the body carries, its codings undone."""
    return payload(
        message.body,
        transfer=b",".join(message.values(b"transfer-encoding")),
        coding=b",".join(message.values(b"content-encoding")),
    )


def title(page: bytes, content_type: bytes = b"") -> str:
    """Return the text of the first title element, entities decoded and whitespace folded."""
    at = _title_at(page)
    if at is None:
        return ""
    start = page.find(b">", at) + 1
    end = _TITLE_END.search(page, start) if start else None
    if end is None:
        return ""
    raw = page[start : end.start()][:MAX_TITLE_BYTES]
    return " ".join(unescape(to_text(raw, _charset(page, content_type))).split())


def _title_at(page: bytes) -> int | None:
    at = 0
    while (found := _TITLE_OR_COMMENT.search(page, at)) is not None:
        if found[0] != b"<!--":
            return found.end()
        at = page.find(b"-->", found.end())
        if at < 0:
            return None
    return None


def _charset(page: bytes, content_type: bytes) -> bytes:
    found = _CHARSET.search(content_type) or _CHARSET.search(page[:_PRESCAN_BYTES])
    return b"" if found is None else found[1]


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "response": Codec(
        decode=decode_response, encode=encode_response, parts=headed_parts, end=response_end
    )
}
