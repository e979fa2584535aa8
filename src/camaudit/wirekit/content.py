"""Undo the transfer and content coding of a body, within a bound, and read text out of it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

from .codec import Buffer
from .limits import MAX_CHUNKS, MAX_VALUE_BYTES

#: RFC 9112 7.1: size in hexadecimal, extensions after a semicolon.
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*+(?:;[^\n]{0,256}+)?\r?\n")
_CHUNK_END: Final = re.compile(rb"\r?\n")
_TRAILER_END: Final = re.compile(rb"\n\r*+\n")
#: zlib's own marker for "gzip or zlib, by looking at the header".
_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32
_CODINGS: Final = frozenset({b"gzip", b"x-gzip", b"deflate"})


@dataclass(frozen=True, slots=True)
class Dechunked:
    """The payload of a chunked body; ``end`` is ``None`` where the last chunk has not come."""

    payload: bytes
    end: int | None


def dechunk(data: bytes) -> Dechunked:
    """Join the chunks of a body (RFC 9112 7.1) as far as they are whole and well formed."""
    parts: list[bytes] = []
    at = 0
    while len(parts) < MAX_CHUNKS:
        found = _CHUNK.match(data, at)
        if found is None:
            break
        size, at = int(found[1], 16), found.end()
        if size == 0:
            last = _TRAILER_END.search(data, at - 1)
            return Dechunked(b"".join(parts), None if last is None else last.end())
        parts.append(data[at : at + size])
        after = _CHUNK_END.match(data, at + size)
        if after is None:
            break
        at = after.end()
    return Dechunked(b"".join(parts), None)


def skip_chunks(data: Buffer, at: int) -> tuple[int, bool]:
    """Walk over the chunks from ``at`` that are whole; tell where that ends, and if for good."""
    while (found := _CHUNK.match(data, at)) is not None:
        size = int(found[1], 16)
        if size == 0:
            last = _TRAILER_END.search(data, found.end() - 1)
            return (at, False) if last is None else (last.end(), True)
        after = _CHUNK_END.match(data, found.end() + size)
        if after is None:
            break
        at = after.end()
    return at, False


def inflate(data: bytes, limit: int = MAX_VALUE_BYTES) -> bytes:
    """Return at most ``limit`` bytes of a gzip or zlib body; nothing where it is neither."""
    try:
        return zlib.decompressobj(_GZIP_OR_ZLIB).decompress(data, limit)
    except zlib.error:
        return b""


def payload(
    body: bytes, *, transfer: bytes = b"", coding: bytes = b"", limit: int = MAX_VALUE_BYTES
) -> bytes:
    """Return the start of what a body carries, given its two coding fields.

    Tools that save replies often undo a coding and keep the field that announces it, so a body
    that is not coded as announced is taken as it stands.
    """
    if b"chunked" in transfer.lower():
        body = dechunk(body).payload or body
    if coding.strip().lower() in _CODINGS:
        body = inflate(body, limit) or body
    return body[:limit]
