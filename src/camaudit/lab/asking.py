"""Recognise what a request is, as far as personas differ in what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from camaudit.packs.lab import Answer

_MULTICAST: Final = range(224, 240)
#: The 2005 draft of WS-Discovery that ONVIF names, and the OASIS standard of 2009.
_WSD: Final = {
    b"http://schemas.xmlsoap.org/ws/2005/04/discovery": "wsd2005",
    b"http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01": "wsd2009",
}
_SOAP: Final = {
    b"http://schemas.xmlsoap.org/soap/envelope/": "soap11",
    b"http://www.w3.org/2003/05/soap-envelope": "soap12",
}
_TYPES: Final = re.compile(rb"<(?:[\w.-]+:)?Types[^>]*>([^<]*)<")


def way_tag(destination: bytes) -> str:
    """Return how a datagram was addressed, by the four octets of its destination."""
    if destination[0] in _MULTICAST:
        return "multicast"
    return "broadcast" if destination[3] == 255 else "unicast"


def content_tags(request: bytes) -> frozenset[str]:
    """Return what kind of WS-Discovery probe a datagram is, if it is one."""
    found = {tag for name, tag in _WSD.items() if name in request}
    if not found:
        return frozenset()
    found |= {tag for name, tag in _SOAP.items() if name in request}
    types = _TYPES.search(request)
    names = {word.rpartition(b":")[2] for word in types[1].split()} if types else set()
    found |= {"types-transmitter"} if b"NetworkVideoTransmitter" in names else set()
    found |= {"types-device"} if b"Device" in names else set()
    found |= set() if names else {"types-empty"}
    return frozenset(found)


def choose(answers: Iterable[Answer], request: bytes, tags: frozenset[str]) -> Answer | None:
    """Return the first answer that a request deserves."""
    return next((answer for answer in answers if _fits(answer, request, tags)), None)


def _fits(answer: Answer, request: bytes, tags: frozenset[str]) -> bool:
    return (
        request.startswith(answer.starts.encode())
        and tags.issuperset(answer.tags)
        and bytes.fromhex(answer.contains_hex) in request
        and all(part.encode() in request for part in answer.contains)
        and not any(part.encode() in request for part in answer.lacks)
    )
