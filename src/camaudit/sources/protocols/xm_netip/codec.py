"""Bytes of the NetIP search, and of its answers: a 20-byte header and JSON.

1. One message can be written to a device, the search (1530), and one can be read, its answer
   (1531). What sets a network (1532), logs in or changes anything can be neither.
2. Fields are read by a closed list; names of users and proofs of passwords are not on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import datagram

#: Ours. Names of devices stay below 64 characters.
MAX_TEXT: Final = 1024
#: Ours. Recorders have up to 512 channels; device types stay below 100.
MAX_NUMBER: Final = 1 << 16

_HEAD: Final = 0xFF
_SEARCH: Final = 1530
_ANSWER: Final = 1531
#: Between the head byte and the message id: version, session, packet and its place in a series.
_BETWEEN_BYTES: Final = 13
_SECTION: Final = "NetWork.NetCommon"
#: python-dvr: what stands behind the JSON.
_TAIL: Final = b"\n\0"

FIELDS: Final = (
    "HostName",
    "HostIP",
    "MAC",
    "SN",
    "ChannelNum",
    "DeviceType",
    "Version",
    "BuildDate",
)
_READ: Final = frozenset(FIELDS)

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetIpReply:
    """What a device says of itself, in the order in which it says it."""

    fields: tuple[tuple[str, str | int], ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def encode_search() -> bytes:
    """Write the search."""
    return _header(_SEARCH, 0)


def decode_reply(data: bytes) -> NetIpReply:
    """Read one answer; a length that lies is counted, JSON that is cut is refused."""
    cursor = datagram(data)
    if cursor.u8() != _HEAD:
        raise DecodeError("not a NetIP message")
    cursor.take(_BETWEEN_BYTES)
    if cursor.u16_le() != _ANSWER:
        raise DecodeError("not the answer to a NetIP search")
    size = cursor.u32_le()
    tally = Tally()
    tally.add("length_mismatch", int(size != cursor.left))
    fields = tuple(_fields(_section(cursor.rest(), tally), tally))
    if not fields:
        raise DecodeError("a NetIP answer without a field of a device")
    return NetIpReply(fields=fields, anomalies=tally.result())


def encode_reply(message: NetIpReply) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    unknown = [name for name, _ in message.fields if name not in _READ]
    if unknown:
        raise ValueError(f"not a field of a NetIP answer: {unknown[0]}")
    body = msgspec.json.encode({_SECTION: dict(message.fields)}) + _TAIL
    return _header(_ANSWER, len(body)) + body


def reply_parts(message: NetIpReply) -> tuple[object, ...]:
    """Return the parts of an answer in the order of its bytes."""
    return message.fields


def _header(message: int, size: int) -> bytes:
    between = bytes((_HEAD,)) + bytes(_BETWEEN_BYTES)
    return between + message.to_bytes(2, "little") + size.to_bytes(4, "little")


def _section(body: bytes, tally: Tally) -> dict[str, Any]:
    body = body.strip(b"\0 \t\r\n")
    text = body.decode("utf-8", "replace")
    tally.add("not_utf8", int(text.encode() != body))
    try:
        document = msgspec.json.decode(text.encode())
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise DecodeError("not the JSON of a NetIP answer") from error
    section = document.get(_SECTION) if isinstance(document, dict) else None
    if not isinstance(section, dict):
        raise DecodeError(f"a NetIP answer without {_SECTION}")
    return section


def _fields(section: dict[str, Any], tally: Tally) -> Iterator[tuple[str, str | int]]:
    for name, value in section.items():
        if name not in _READ:
            continue
        if isinstance(value, str):
            yield name, value[:MAX_TEXT]
        elif type(value) is int and 0 <= value < MAX_NUMBER:
            yield name, value
        else:
            tally.add("field_unreadable")


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=reply_parts)
}
