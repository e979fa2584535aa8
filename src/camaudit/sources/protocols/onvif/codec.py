"""Bytes and messages of ONVIF: lists of scopes, and SOAP envelopes or fragments of them.

1. Of the requests only those of ``VERBS`` can be written, which read, and without a login; there
   is no element for a user in what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.content import payload
from camaudit.wirekit.headed import HeadedMessage, decode_conversation
from camaudit.wirekit.http_client import HTTP, encode_post, is_askable
from camaudit.wirekit.leaves import XmlLeaves, decode_leaves, encode_leaves, leaf_parts
from camaudit.wirekit.limits import MAX_BODY_BYTES

#: Ours. The longest list seen (a Uniview camera) has 15 scopes.
MAX_SCOPES: Final = 256
#: Ours. RFC 3986 sets no length; RFC 9110 4.1 asks for 8000 octets of a whole address.
MAX_SCOPE_BYTES: Final = 2048
#: Ours. The longest category seen is ``VideoSourceNumber``.
MAX_CATEGORY_BYTES: Final = 32

#: ONVIF Core, "Scope parameters".
_ONVIF: Final = re.compile(rb"(?i)onvif://www\.onvif\.org/")
_CATEGORY: Final = re.compile(rb"[a-z0-9_]{1,%d}" % MAX_CATEGORY_BYTES)
_URI: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{0,31}://")
#: What is left of a scope that was cut off within its first eight bytes.
_STUMP: Final = re.compile(rb"(?: (?:o|on|onv|onvi|onvif|onvif:|onvif:/))+\Z")

_DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"
#: Everything that can be written: operation -> its SOAP action (ONVIF Core, "Access classes").
#: The first six are PRE_AUTH, open to everybody by the standard; the last two are READ_SYSTEM,
#: which some firmware answers without a user as well.
VERBS: Final[Mapping[str, object]] = {
    name: f"{_DEVICE}/{name}"
    for name in (
        "GetSystemDateAndTime",
        "GetServices",
        "GetServiceCapabilities",
        "GetCapabilities",
        "GetHostname",
        "GetEndpointReference",
        "GetDeviceInformation",
        "GetScopes",
    )
}
#: Children that the schema of an operation demands.
_ARGUMENTS: Final = {
    "GetServices": "<tds:IncludeCapability>false</tds:IncludeCapability>",
    "GetCapabilities": "<tds:Category>All</tds:Category>",
}
#: ONVIF Core 5.1 names ``/onvif/device_service``; others that devices announce are like it.
_SERVICE: Final = re.compile(
    rb"(?i)/(?:[a-z0-9_.~-]{1,64}/){0,4}(?:onvif[a-z0-9_-]{0,32}|device_service)"
    rb"(?:/[a-z0-9_.~-]{1,64}){0,4}/?"
)


class Scope(NamedTuple):
    """One ONVIF scope: its category in lower case, and what stands below it, decoded."""

    category: str
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """The scopes of a device as it wrote them."""

    uris: tuple[bytes, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    @property
    def onvif(self) -> tuple[Scope, ...]:
        """Return the scopes that are ONVIF's and well formed."""
        read = (_scope(uri) for uri in self.uris)
        return tuple(scope for scope in read if isinstance(scope, Scope))


def decode_scopes(data: bytes) -> Scopes:
    """Read a list of scope addresses; raise ``DecodeError`` where there is none in it.

    Some devices leave the blank in a name unescaped: a word that begins no address continues the
    one before it.
    """
    tally = Tally()
    uris = [_joined(words, tally) for words in _gathered(data, tally)]
    if not uris:
        raise DecodeError("no scope address")
    uris[-1], stump = _STUMP.subn(b"", uris[-1])
    tally.add("scope_unfinished", stump)
    for uri in uris:
        odd = _scope(uri)
        if isinstance(odd, str):
            tally.add(odd)
    return Scopes(uris=tuple(uris), anomalies=tally.result())


def encode_scopes(message: Scopes) -> bytes:
    """Write a list of scope addresses, one blank between them."""
    return b" ".join(message.uris)


def scope_parts(message: Scopes) -> tuple[object, ...]:
    """Return the addresses in order."""
    return message.uris


def decode_envelope(data: bytes) -> XmlLeaves:
    """Read an envelope, a part of one, or an HTTP reply that carries one."""
    if data.lstrip()[:5].upper() == b"HTTP/":
        data = body_of(decode_http(data)[-1])
    return decode_leaves(data)


def encode_operation(operation: str, target: bytes, host: bytes) -> bytes:
    """Write a request of ``VERBS`` to a device service; anything else is a ``ValueError``."""
    if operation not in VERBS:
        raise ValueError("not an operation that may be asked for")
    if not is_service(target):
        raise ValueError("not the address of a device service")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        f'<tds:{operation} xmlns:tds="{_DEVICE}">{_ARGUMENTS.get(operation, "")}</tds:{operation}>'
        "</s:Body></s:Envelope>"
    )
    media_type = f'application/soap+xml; charset=utf-8; action="{VERBS[operation]}"'
    return encode_post(target, host, media_type.encode(), body.encode())


def is_service(target: bytes) -> bool:
    """Tell whether an address is that of an ONVIF service, as far as its spelling shows."""
    return _SERVICE.fullmatch(target) is not None and is_askable(target)


def decode_http(data: bytes) -> tuple[HeadedMessage, ...]:
    """Read the HTTP replies around an envelope."""
    return decode_conversation(data, HTTP)


def body_of(message: HeadedMessage) -> bytes:
    """Return what an HTTP reply carries, its codings undone."""
    return payload(
        message.body,
        transfer=b",".join(message.values(b"transfer-encoding")),
        coding=b",".join(message.values(b"content-encoding")),
        limit=MAX_BODY_BYTES,
    )


def _gathered(data: bytes, tally: Tally) -> Iterator[list[bytes]]:
    words: list[bytes] = []
    count = 0
    for token in data.split():
        if _URI.match(token):
            if words:
                yield words
            count += 1
            if count > MAX_SCOPES:
                raise DecodeError(f"more than {MAX_SCOPES} scopes")
            words = [token]
        elif words:
            tally.add("unescaped_blank")
            words.append(token)
        else:
            tally.add("stray_word")
    if words:
        yield words


def _joined(words: list[bytes], tally: Tally) -> bytes:
    uri = b" ".join(words)
    tally.add("scope_cut", int(len(uri) > MAX_SCOPE_BYTES))
    return uri[:MAX_SCOPE_BYTES].rstrip()


def _scope(uri: bytes) -> Scope | str | None:
    """Return the scope, what is wrong with it, or ``None`` where it is not one of ONVIF's."""
    found = _ONVIF.match(uri)
    if found is None:
        return None
    category, _, rest = uri[found.end() :].partition(b"/")
    category = unquote_to_bytes(category).lower()
    if _CATEGORY.fullmatch(category) is None:
        return "scope_category"
    return Scope(category.decode("ascii"), unquote_to_bytes(rest).strip())


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "envelope": Codec(decode=decode_envelope, encode=encode_leaves, parts=leaf_parts),
    "scopes": Codec(decode=decode_scopes, encode=encode_scopes, parts=scope_parts),
}
