"""Bytes and messages of SADP: the inquiry, replies to it, and boot announcements.

1. Of what can be sent only the inquiry exists here, which reads and changes nothing. Every type
   that would change a device (update, activate, reset, exchange code ...) can be neither read nor
   written.
2. Fields are read by a closed list. ``Salt`` and the codes that unlock a device are not on it, so
   they never reach a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.leaves import Leaf, XmlLeaves, decode_leaves, encode_leaves

#: Ours. Replies stay below 2 KiB; this holds every field at its longest, escaped.
MAX_REPLY_BYTES: Final = 1 << 20

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
#: The one type of exchange that reads and does not change anything.
_INQUIRY: Final = "inquiry"
#: Some firmware sends its whole buffer: bytes before the document, and behind it what a longer
#: message has left there.
_OPENS: Final = re.compile(rb"<[?!A-Za-z]")
_CLOSES: Final = re.compile(rb"(?i)</(?:ProbeMatch|Hello)\s*+>")
#: Everything that this codec can ask of a device.
VERBS: Final[Mapping[str, object]] = {"inquiry": _INQUIRY}

FIELDS: Final = (
    "DeviceType",
    "DeviceDescription",
    "DeviceSN",
    "CommandPort",
    "HttpPort",
    "MAC",
    "IPv4Address",
    "IPv4SubnetMask",
    "IPv4Gateway",
    "IPv6Address",
    "IPv6Gateway",
    "IPv6MaskLen",
    "DHCP",
    "AnalogChannelNum",
    "DigitalChannelNum",
    "SoftwareVersion",
    "DSPVersion",
    "BootTime",
    "Encrypt",
    "DiskNumber",
    "Activated",
    "OEMInfo",
    "OEMCode",
    "DetailOEMCode",
    "SupportHCPlatform",
    "HCPlatformEnable",
    "DeviceLock",
    "SDKOverTLSPort",
    "SDKServerStatus",
    "SDKOverTLSServerStatus",
    "SpecificDeviceType",
)
_READ: Final = frozenset(FIELDS)
#: Some firmware writes element names in another case; the name is the one above all the same.
_BY_CASE: Final = {name.casefold(): name for name in FIELDS}


class ReplyKind(StrEnum):
    """The roots of what devices send: an answer, or the announcement after a start."""

    MATCH = "ProbeMatch"
    HELLO = "Hello"


@dataclass(frozen=True, slots=True, kw_only=True)
class SadpReply:
    """What a device says of itself, in the order in which it says it."""

    kind: ReplyKind
    fields: tuple[tuple[str, str], ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def encode_inquiry(uuid: UUID) -> bytes:
    """Write the one question that exists: a GUID in capitals, and what is wanted."""
    guid = str(uuid).upper()
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f"<Probe><Uuid>{guid}</Uuid><Types>{_INQUIRY}</Types></Probe>"
    ).encode("ascii")


def decode_reply(data: bytes) -> SadpReply:
    """Read one reply; padding around the XML is cut."""
    if len(data) > MAX_REPLY_BYTES:
        raise DecodeError(f"a SADP reply has at most {MAX_REPLY_BYTES} bytes")
    tally = Tally()
    text = _document(data)
    tally.add("padding", int(len(text) < len(data.strip())))
    document = decode_leaves(text)
    for anomaly in document.anomalies:
        tally.add(*anomaly)
    kind = _kind(document)
    fields = tuple(_fields(document, tally))
    if not fields:
        raise DecodeError("a SADP reply without a field of a device")
    return SadpReply(kind=kind, fields=fields, anomalies=tally.result())


def encode_reply(message: SadpReply) -> bytes:
    """Write one reply; a field outside the closed list is refused."""
    unknown = [name for name, _ in message.fields if name not in _READ]
    if unknown:
        raise ValueError(f"not a field of a SADP reply: {unknown[0]}")
    leaves = tuple(Leaf((message.kind.value, name), text) for name, text in message.fields)
    return _DECLARATION + encode_leaves(XmlLeaves(leaves=leaves))


def reply_parts(message: SadpReply) -> tuple[object, ...]:
    """Return the parts of a reply in the order of its bytes."""
    return (message.kind, *message.fields)


def _document(data: bytes) -> bytes:
    opens = _OPENS.search(data)
    start = opens.start() if opens else len(data)
    closes = _CLOSES.search(data, start)
    text = data[start : closes.end() if closes else data.rfind(b">") + 1]
    if not text:
        raise DecodeError("no XML in a SADP reply")
    return text


def _kind(document: XmlLeaves) -> ReplyKind:
    root = document.leaves[0].path[0].casefold()
    kind = next((kind for kind in ReplyKind if kind.value.casefold() == root), None)
    if kind is None:
        raise DecodeError("neither an answer nor an announcement of SADP")
    for leaf in document.leaves:
        if leaf.name.casefold() == "types" and leaf.text != _INQUIRY:
            # Answers to commands may carry codes that unlock a device.
            raise DecodeError("not the answer to a SADP inquiry")
    return kind


def _fields(document: XmlLeaves, tally: Tally) -> list[tuple[str, str]]:
    kept: dict[str, str] = {}
    for leaf in document.leaves:
        name = _BY_CASE.get(leaf.name.casefold()) if len(leaf.path) == 2 else None
        if name is None:
            continue
        tally.add("field_case", int(name != leaf.name))
        if name in kept:
            tally.add("field_repeated")
            continue
        kept[name] = leaf.text
    return list(kept.items())


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=reply_parts)
}
