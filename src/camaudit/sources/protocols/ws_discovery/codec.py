"""Bytes and messages of WS-Discovery: the probes, and what devices answer or announce.

1. Of requests only the probe exists here. ``Bye`` and requests of others are not read.
2. Namespaces are not resolved: both versions of the protocol, and both of SOAP, read the same.
3. The order within a match is that of the schema (OASIS WS-Discovery 1.1, 5.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.leaves import Leaf, XmlLeaves, decode_leaves, encode_leaves

#: RFC 768: an answer is one datagram.
MAX_ANSWER_BYTES: Final = 1 << 16
#: Ours. A recorder that answers for each of 256 channels is the most that makes sense.
MAX_MATCHES: Final = 256

#: Everything that this codec can ask of a device.
VERBS: Final[Mapping[str, object]] = {"probe": "Probe"}


class AnswerKind(StrEnum):
    """What a device sends: an answer to a probe or to a resolve, or its greeting at start-up."""

    PROBE_MATCH = "ProbeMatch"
    RESOLVE_MATCH = "ResolveMatch"
    HELLO = "Hello"


class Dialect(NamedTuple):
    """One spelling: the namespaces of SOAP, addressing and discovery, and what stands in ``To``."""

    soap: str
    addressing: str
    discovery: str
    to: str


_SOAP_11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_12: Final = "http://www.w3.org/2003/05/soap-envelope"
#: ONVIF Core 7.3.1 names the draft of April 2005.
DRAFT: Final = Dialect(
    soap=_SOAP_12,
    addressing="http://schemas.xmlsoap.org/ws/2004/08/addressing",
    discovery="http://schemas.xmlsoap.org/ws/2005/04/discovery",
    to="urn:schemas-xmlsoap-org:ws:2005:04:discovery",
)
#: OASIS WS-Discovery 1.1, 3.1.
STANDARD: Final = Dialect(
    soap=_SOAP_12,
    addressing="http://www.w3.org/2005/08/addressing",
    discovery="http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01",
    to="urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01",
)
#: The draft in SOAP 1.1: cameras are known that answer it, and answer it in kind (ZoneMinder issue
#: 1346); whether any answers nothing else is not known.
DRAFT_SOAP_11: Final = DRAFT._replace(soap=_SOAP_11)
#: The standard in SOAP 1.1, which it allows (section 1.5) and some stacks speak alone.
STANDARD_SOAP_11: Final = STANDARD._replace(soap=_SOAP_11)


class Wanted(NamedTuple):
    """A type of device to ask for: its name, and the namespace of its prefix."""

    name: str
    namespace: str


#: ONVIF Core 7.3.2: what every device of profile S answers to, and what the others do.
TRANSMITTER: Final = Wanted("dn:NetworkVideoTransmitter", "http://www.onvif.org/ver10/network/wsdl")
DEVICE: Final = Wanted("tds:Device", "http://www.onvif.org/ver10/device/wsdl")

#: Element of a match -> attribute, in the order of the schema.
_FIELDS: Final = {
    "Address": "endpoint",
    "Types": "types",
    "Scopes": "scopes",
    "XAddrs": "xaddrs",
    "MetadataVersion": "metadata_version",
}
_UUID: Final = re.compile(
    r"(?i)(?:urn:)?(?:uuid:)?\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?/?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One device or service, as it describes itself."""

    endpoint: str = ""
    types: str = ""
    scopes: str = ""
    xaddrs: str = ""
    metadata_version: str = ""

    @property
    def uuid(self) -> str | None:
        """Return the endpoint's UUID in lower case; ``urn:`` and ``uuid:`` may be missing."""
        found = _UUID.fullmatch(self.endpoint)
        return found[1].lower() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer or announcement."""

    kind: AnswerKind
    relates_to: str
    matches: tuple[Match, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def encode_probe(message_id: UUID, dialect: Dialect, wanted: Wanted | None) -> bytes:
    """Write a probe for a type of device, or for every device."""
    types = "<d:Types/>"
    if wanted:
        prefix = wanted.name.partition(":")[0]
        # A camera answered only where Types declares its own prefix too, which XML does not need
        # (openhab-addons issue 9022).
        declared = f'xmlns:d="{dialect.discovery}" xmlns:{prefix}="{wanted.namespace}"'
        types = f"<d:Types {declared}>{wanted.name}</d:Types>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="{dialect.soap}" xmlns:a="{dialect.addressing}"'
        f' xmlns:d="{dialect.discovery}">'
        f"<s:Header><a:MessageID>urn:uuid:{message_id}</a:MessageID>"
        f'<a:To s:mustUnderstand="1">{dialect.to}</a:To>'
        f'<a:Action s:mustUnderstand="1">{dialect.discovery}/Probe</a:Action></s:Header>'
        f"<s:Body><d:Probe>{types}<d:Scopes/></d:Probe></s:Body></s:Envelope>"
    ).encode("ascii")


def decode_answer(data: bytes) -> Answer:
    """Read an answer or announcement; one that was cut off gives what it holds."""
    if len(data) > MAX_ANSWER_BYTES:
        raise DecodeError(f"an answer has at most {MAX_ANSWER_BYTES} bytes")
    document = decode_leaves(data.strip(b"\0 \t\r\n"))
    kinds = [kind for leaf in document.leaves if (kind := _kind(leaf)) is not None]
    if not kinds:
        raise DecodeError("neither an answer nor an announcement of WS-Discovery")
    matches = tuple(match for match in _matches(document, kinds[0]) if match != Match())
    if not matches:
        raise DecodeError("an answer that names no device")
    relates = (
        _folded(leaf.text)
        for leaf in document.leaves
        if leaf.name == "RelatesTo" and leaf.parent == "Header"
    )
    return Answer(
        kind=kinds[0],
        relates_to=next(relates, ""),
        matches=matches,
        anomalies=document.anomalies,
    )


def encode_answer(message: Answer) -> bytes:
    """Write an answer without namespaces."""
    if not message.matches:
        raise ValueError("an answer names a device")
    leaves = [Leaf(("Envelope", "Header", "RelatesTo"), message.relates_to)]
    for match in message.matches:
        place = ("Envelope", "Body", message.kind.value)
        leaves.append(Leaf((*place, "EndpointReference", "Address"), match.endpoint))
        leaves += [
            Leaf((*place, name), text)
            for name, attribute in _FIELDS.items()
            if name != "Address" and (text := getattr(match, attribute))
        ]
    return encode_leaves(XmlLeaves(leaves=tuple(leaves)))


def answer_parts(message: Answer) -> tuple[object, ...]:
    """Return the parts of an answer in the order of its bytes."""
    return (
        message.relates_to,
        message.kind,
        *(
            (name, text)
            for match in message.matches
            for name, attribute in _FIELDS.items()
            if (text := getattr(match, attribute))
        ),
    )


def _kind(leaf: Leaf) -> AnswerKind | None:
    return next((kind for kind in AnswerKind if kind.value in leaf.path[:-1]), None)


def _matches(document: XmlLeaves, kind: AnswerKind) -> Iterator[Match]:
    """Yield each match; the address of an endpoint, which comes first, begins one."""
    held: dict[str, str] = {}
    count = 0
    for leaf in document.leaves:
        attribute = _FIELDS.get(leaf.name)
        if attribute is None or _kind(leaf) is not kind:
            continue
        if attribute == "endpoint" and held:
            yield Match(**held)
            held, count = {}, count + 1
            if count >= MAX_MATCHES:
                return
        held.setdefault(attribute, _folded(leaf.text))
    if held:
        yield Match(**held)


def _folded(text: str) -> str:
    return " ".join(text.split())


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "answer": Codec(decode=decode_answer, encode=encode_answer, parts=answer_parts)
}
