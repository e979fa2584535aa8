"""Bytes and messages of SSDP and UPnP: searches, announcements, descriptions.

1. A search and the GET of a description can be written; control and eventing cannot.
2. Of requests NOTIFY, which is an announcement, can be read; of a search the target, where it shows
   that somebody wants a way in through a gateway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.content import payload
from camaudit.wirekit.headed import (
    Grammar,
    HeadedMessage,
    RequestLine,
    StatusLine,
    decode_conversation,
    decode_headed,
    encode_headed,
)
from camaudit.wirekit.http_client import HTTP, encode_get
from camaudit.wirekit.leaves import XmlLeaves, decode_leaves, encode_leaves, leaf_parts
from camaudit.wirekit.limits import MAX_BODY_BYTES

#: UPnP Device Architecture 1.1, 1.2 and 1.3: messages of SSDP have no body.
GRAMMAR: Final = Grammar(protocol=b"HTTP", requests=True, needs_length=True)
#: Ours. UPnP Device Architecture 1.1, 1.1 wants them small enough for one Ethernet frame.
MAX_ANNOUNCEMENT_BYTES: Final = 1 << 14
#: Everything that can be written: name -> method.
VERBS: Final[Mapping[str, object]] = {"search": b"M-SEARCH", "description": b"GET"}
#: UPnP Device Architecture 1.1, 1.3.2: everything, and root devices, for those that know only one.
SEARCH_TARGETS: Final = (b"ssdp:all", b"upnp:rootdevice")
#: The seconds over which replies are spread; 1 to 5 are allowed, more devices need more.
_MAX_WAIT: Final = 2

_NOTIFY: Final = b"NOTIFY"
_SEARCH: Final = b"M-SEARCH"
#: UPnP InternetGatewayDevice 1 and 2, WANIPConnection 1 and 2, WANPPPConnection 1,
#: WANIPv6FirewallControl 1: the device that opens ports, and its services that do.
_GATEWAY: Final = re.compile(
    rb"urn:schemas-upnp-org:(?:device:InternetGatewayDevice"
    rb"|service:(?:WANIPConnection|WANPPPConnection|WANIPv6FirewallControl)):[0-9]{1,3}"
)


def encode_search(target: bytes, host: bytes) -> bytes:
    """Write a search for one of ``SEARCH_TARGETS``; anything else is a ``ValueError``."""
    if target not in SEARCH_TARGETS:
        raise ValueError("not a target that may be searched for")
    lines = (
        b"M-SEARCH * HTTP/1.1",
        b"HOST: " + host,
        b'MAN: "ssdp:discover"',
        b"MX: %d" % _MAX_WAIT,
        b"ST: " + target,
        b"USER-AGENT: camaudit UPnP/1.1",
    )
    return b"\r\n".join((*lines, b"", b""))


def encode_description_request(target: bytes, host: bytes) -> bytes:
    """Write the GET of a description; an address that may not be asked for is ``ValueError``."""
    return encode_get(target, host, b"text/xml,application/xml")


def decode_announcement(data: bytes) -> HeadedMessage:
    """Read a reply to a search, or a NOTIFY; the search of another is refused."""
    if len(data) > MAX_ANNOUNCEMENT_BYTES:
        raise DecodeError(f"an announcement has at most {MAX_ANNOUNCEMENT_BYTES} bytes")
    message = decode_headed(data, GRAMMAR)
    start = message.start
    if isinstance(start, RequestLine) and start.method != _NOTIFY:
        raise DecodeError("the search or request of another device")
    if start is None or (isinstance(start, StatusLine) and start.status != 200):
        raise DecodeError("neither a reply to a search nor an announcement")
    return message


def gateway_target(data: bytes) -> bytes:
    """Return what a search is for where that is a gateway which opens ports; else nothing.

    Raises:
        DecodeError: It is no search.
    """
    if len(data) > MAX_ANNOUNCEMENT_BYTES:
        raise DecodeError(f"a search has at most {MAX_ANNOUNCEMENT_BYTES} bytes")
    message = decode_headed(data, GRAMMAR)
    if not isinstance(message.start, RequestLine) or message.start.method != _SEARCH:
        raise DecodeError("no search")
    found = (each for each in message.values(b"st") if _GATEWAY.fullmatch(each))
    return next(found, b"")


def encode_announcement(message: HeadedMessage) -> bytes:
    """Write what was read; anything but a reply and a NOTIFY is a ``ValueError``."""
    written = encode_headed(message, GRAMMAR)
    try:
        decode_announcement(written)
    except DecodeError as error:
        raise ValueError("not an announcement") from error
    return written


def announcement_parts(message: HeadedMessage) -> tuple[object, ...]:
    """Return the words of the first line, then names and values, in the order of the bytes."""
    start = message.start
    first: tuple[object, ...] = ()
    if isinstance(start, StatusLine):
        first = (start.version, start.status, start.reason)
    elif isinstance(start, RequestLine):
        first = (start.method, start.target, start.version)
    fields = (part for pair in message.headers for part in pair)
    return (*first, *fields, *((message.body,) if message.body else ()))


def decode_description(data: bytes) -> XmlLeaves:
    """Read a description, a fragment of one, or the HTTP reply that carries it."""
    if data.lstrip()[:5].upper() == b"HTTP/":
        reply = decode_conversation(data, HTTP)[-1]
        data = payload(
            reply.body,
            transfer=b",".join(reply.values(b"transfer-encoding")),
            coding=b",".join(reply.values(b"content-encoding")),
            limit=MAX_BODY_BYTES,
        )
    return decode_leaves(data)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "announcement": Codec(
        decode=decode_announcement, encode=encode_announcement, parts=announcement_parts
    ),
    "description": Codec(decode=decode_description, encode=encode_leaves, parts=leaf_parts),
}
