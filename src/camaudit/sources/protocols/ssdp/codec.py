"""Bytes and messages of UPnP device descriptions (UPnP Device Architecture 1.1, 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from camaudit.wirekit.codec import Codec
from camaudit.wirekit.content import payload
from camaudit.wirekit.headed import Grammar, decode_conversation
from camaudit.wirekit.leaves import XmlLeaves, decode_leaves, encode_leaves, leaf_parts
from camaudit.wirekit.limits import MAX_BODY_BYTES

_HTTP: Final = Grammar(protocol=b"HTTP")


def decode_description(data: bytes) -> XmlLeaves:
    """Read a description, a fragment of one, or the HTTP reply that carries it."""
    if data.lstrip()[:5].upper() == b"HTTP/":
        reply = decode_conversation(data, _HTTP)[-1]
        data = payload(
            reply.body,
            transfer=b",".join(reply.values(b"transfer-encoding")),
            coding=b",".join(reply.values(b"content-encoding")),
            limit=MAX_BODY_BYTES,
        )
    return decode_leaves(data)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "description": Codec(decode=decode_description, encode=encode_leaves, parts=leaf_parts)
}
