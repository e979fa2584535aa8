"""Bytes and messages of SADP inquiry replies and boot announcements.

1. Only replies exist here. The inquiry, and every type that would change a device (update,
   activate, reset, exchange code ...), can be neither read nor written.
2. Fields are read by a closed list. ``Salt`` and the codes that unlock a device are not on it, so
   they never reach a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.leaves import Leaf, XmlLeaves, decode_leaves, encode_leaves

#: Ours. Replies stay below 2 KiB; this holds every field at its longest, escaped.
MAX_REPLY_BYTES: Final = 1 << 20

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
#: The one type of exchange that reads and does not change anything.
_INQUIRY: Final = "inquiry"

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


def decode_reply(data: bytes) -> SadpReply:
    """Read one reply; padding around the XML is cut."""
    if len(data) > MAX_REPLY_BYTES:
        raise DecodeError(f"a SADP reply has at most {MAX_REPLY_BYTES} bytes")
    tally = Tally()
    start, end = data.find(b"<"), data.rfind(b">") + 1
    if start < 0 or end <= start:
        raise DecodeError("no XML in a SADP reply")
    tally.add("padding", int(end - start < len(data.strip())))
    document = decode_leaves(data[start:end])
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


def _kind(document: XmlLeaves) -> ReplyKind:
    root = document.leaves[0].path[0]
    if root not in (ReplyKind.MATCH, ReplyKind.HELLO):
        raise DecodeError("neither an answer nor an announcement of SADP")
    for leaf in document.leaves:
        if leaf.name == "Types" and leaf.text != _INQUIRY:
            # Answers to commands may carry codes that unlock a device.
            raise DecodeError("not the answer to a SADP inquiry")
    return ReplyKind(root)


def _fields(document: XmlLeaves, tally: Tally) -> list[tuple[str, str]]:
    kept: dict[str, str] = {}
    for leaf in document.leaves:
        if len(leaf.path) != 2 or leaf.name not in _READ:
            continue
        if leaf.name in kept:
            tally.add("field_repeated")
            continue
        kept[leaf.name] = leaf.text
    return list(kept.items())


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=reply_parts)
}
