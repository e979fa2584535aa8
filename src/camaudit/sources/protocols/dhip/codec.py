"""Bytes and messages of DHIP discovery: the search, and replies, each a header and JSON.

1. Of what can be sent only the search exists here, and of what comes back only the reply
   ``client.notifyDevInfo``. Every method that would log in or change a device can be neither read
   nor written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor

#: A UDP datagram cannot pass 64 KiB (RFC 768); replies have about 800 bytes.
MAX_REPLY_BYTES: Final = 1 << 16
#: Ours. ``params.deviceInfo.IPv4Address`` is four deep.
MAX_DEPTH: Final = 16
#: Ours. Names of devices stay below 64 characters.
MAX_TEXT: Final = 1024
#: Ours. Recorders have up to 512 channels.
MAX_NUMBER: Final = 1 << 16

_MAGIC: Final = b"DHIP"
_HEADER_BYTES: Final = 32
_METHOD: Final = "client.notifyDevInfo"
_SEARCH: Final = "DHDiscover.search"
#: Everything that this codec can ask of a device.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}
#: A string (its end may be cut off), or a mark of structure. RFC 8259 2 and 7.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[{}\[\],]', re.DOTALL)
_CLOSERS: Final = {b"{": b"}", b"[": b"]"}

#: ``IPv6Address`` is not among them: units that nobody has set up all name the same address there,
#: 2001:250:3000:1::1:2 (code index 1180738884), and it would make one device of them.
FIELDS: Final = (
    "DeviceClass",
    "DeviceType",
    "Vendor",
    "Manufacturer",
    "MachineName",
    "SerialNo",
    "DeviceID",
    "Version",
    "HttpPort",
    "HttpsPort",
    "Port",
    "Init",
    "IPv4Address",
    "AlarmInputChannels",
    "AlarmOutputChannels",
    "VideoInputChannels",
    "VideoOutputChannels",
    "RemoteVideoInputChannels",
)
#: Fields that are objects on the wire, and the member that is read of them.
_MEMBER: Final = {"IPv4Address": "IPAddress"}
_READ: Final = frozenset(FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DhipReply:
    """What a device says of itself, in the order in which it says it."""

    mac: str = ""
    fields: tuple[tuple[str, str | int], ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_reply(data: bytes) -> DhipReply:
    """Read one reply, with or without its header; a reply cut short gives what it holds."""
    if len(data) > MAX_REPLY_BYTES:
        raise DecodeError(f"a DHIP reply has at most {MAX_REPLY_BYTES} bytes")
    tally = Tally()
    document = _document(_body(data, tally), tally)
    if document.get("method") != _METHOD:
        raise DecodeError(f"not a DHIP {_METHOD} reply")
    reply = DhipReply(mac=_mac(document), fields=tuple(_fields(document, tally)))
    if not reply.mac and not reply.fields:
        raise DecodeError("a DHIP reply without a field of a device")
    return DhipReply(mac=reply.mac, fields=reply.fields, anomalies=tally.result())


def encode_reply(message: DhipReply) -> bytes:
    """Write one reply with its header; a field outside the closed list is refused."""
    unknown = [name for name, _ in message.fields if name not in _READ]
    if unknown:
        raise ValueError(f"not a field of a DHIP reply: {unknown[0]}")
    info = {
        name: {_MEMBER[name]: value} if name in _MEMBER else value for name, value in message.fields
    }
    device = {"params": {"deviceInfo": info}}
    return _framed(msgspec.json.encode({"mac": message.mac, "method": _METHOD, **device}))


def encode_search() -> bytes:
    """Write the one question that exists; ``uni`` asks for an answer to the sender alone."""
    question = {"method": _SEARCH, "params": {"mac": "", "uni": 1}}
    return _framed(msgspec.json.encode(question))


def _framed(document: bytes) -> bytes:
    body = document + b"\n"
    size = len(body).to_bytes(4, "little")
    header = _HEADER_BYTES.to_bytes(4, "little") + _MAGIC + bytes(8) + size + bytes(4) + size
    return header + bytes(4) + body


def reply_parts(message: DhipReply) -> tuple[object, ...]:
    """Return the parts of a reply in the order of its bytes."""
    return (message.mac, *message.fields)


def _body(data: bytes, tally: Tally) -> bytes:
    if data[4:8] != _MAGIC:
        return data
    cursor = Cursor(data)
    if cursor.u32_le() != _HEADER_BYTES:
        raise DecodeError("a DHIP header has 32 bytes")
    cursor.take(12)
    size = cursor.u32_le()
    cursor.take(12)
    body = cursor.rest()
    tally.add("length_mismatch", int(size != len(body)))
    return body


def _document(body: bytes, tally: Tally) -> dict[str, Any]:
    body = body.strip(b"\0 \t\r\n")
    text = body.decode("utf-8", "replace")
    tally.add("not_utf8", int(text.encode() != body))
    body = text.encode()
    whole = _salvage(body)
    tally.add("json_unfinished", int(whole != body))
    try:
        document = msgspec.json.decode(whole)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise DecodeError("not the JSON of a DHIP reply") from error
    if not isinstance(document, dict):
        raise DecodeError("a DHIP reply is a JSON object")
    return document


def _salvage(body: bytes) -> bytes:
    """Return a document that was cut short up to its last whole member, and closed.

    Structure is followed in one pass; a document that ends where it should is returned as it is.
    """
    open_marks: list[bytes] = []
    whole, closers = 0, b""
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in _CLOSERS:
            open_marks.append(mark)
        elif mark in (b"}", b"]"):
            if not open_marks or _CLOSERS[open_marks.pop()] != mark:
                raise DecodeError("unbalanced JSON in a DHIP reply")
            if not open_marks:
                return body
        if len(open_marks) > MAX_DEPTH:
            raise DecodeError(f"JSON nested deeper than {MAX_DEPTH}")
        if mark[:1] != b'"':
            whole = token.start() if mark == b"," else token.end()
            closers = b"".join(_CLOSERS[opened] for opened in reversed(open_marks))
    return body[:whole] + closers


def _mac(document: dict[str, Any]) -> str:
    mac = document.get("mac")
    return mac[:MAX_TEXT] if isinstance(mac, str) else ""


def _fields(document: dict[str, Any], tally: Tally) -> list[tuple[str, str | int]]:
    params = document.get("params")
    device = params.get("deviceInfo") if isinstance(params, dict) else None
    kept: list[tuple[str, str | int]] = []
    for name, given in device.items() if isinstance(device, dict) else ():
        if name not in _READ:
            continue
        value = given
        if name in _MEMBER:
            value = given.get(_MEMBER[name]) if isinstance(given, dict) else None
        if isinstance(value, str):
            kept.append((name, value[:MAX_TEXT]))
        elif type(value) is int and 0 <= value < MAX_NUMBER:
            kept.append((name, value))
        else:
            tally.add("field_unreadable")
    return kept


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=reply_parts)
}
