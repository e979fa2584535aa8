"""Bytes and messages of DHCP over IPv4: who asks, what for, and what it says of itself.

1. Options are read by a closed list; what else a message carries is stepped over.
2. An option that stands in pieces is joined (RFC 3396), those that overflow into the fields
   ``file`` and ``sname`` come after the others, in this order (RFC 2132 9.3, RFC 3396 5). Each
   field is walked once, so no message can make the walk longer than itself.
3. Of a message that was cut off, the options that are whole are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.limits import MAX_DATAGRAM_BYTES

#: Ours. RFC 2132 bounds one piece at 255 bytes; the longest real one, a vendor class, has 100.
MAX_OPTION_BYTES: Final = 1024

#: RFC 2131 figure 1: the fixed part, and the cookie before the options (RFC 1497).
_FIXED_BYTES: Final = 236
_COOKIE: Final = b"\x63\x82\x53\x63"
_CIADDR: Final = slice(12, 16)
_GIADDR: Final = slice(24, 28)
_HARDWARE_AT: Final = 28
#: RFC 2131 figure 1: the field for the hardware address has 16 bytes.
_HARDWARE_BYTES: Final = 16
_SNAME: Final = slice(44, 108)
_FILE: Final = slice(108, 236)
_PIECE: Final = 255

#: RFC 2132 3.1, 3.2, 9.3.
_PAD: Final = 0
_END: Final = 255
_OVERLOAD: Final = 52
_IN_FILE: Final = 1
_IN_SNAME: Final = 2


class Operation(IntEnum):
    """Who speaks: the client, or the server."""

    REQUEST = 1
    REPLY = 2


class Option(IntEnum):
    """The options that are read (RFC 2132 3.14, 9.6, 9.8, 9.13, 9.14; RFC 3925 3)."""

    HOST_NAME = 12
    MESSAGE_TYPE = 53
    PARAMETERS = 55
    VENDOR_CLASS = 60
    CLIENT_ID = 61
    VENDOR_IDENTIFYING_CLASS = 124


class MessageType(IntEnum):
    """What a message is for; only those are named that a client sends at a start (RFC 2132 9.6)."""

    DISCOVER = 1
    REQUEST = 3


_READ: Final = frozenset(int(option) for option in Option)
_ETHERNET: Final = 1
_MAC_BYTES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpMessage:
    """One message; ``hardware`` is the address of the client (RFC 2131 figure 1)."""

    operation: Operation
    hardware_type: int
    hardware: bytes
    #: The address that the client has already (``ciaddr``), and the relay's (``giaddr``).
    client_address: bytes = bytes(4)
    relay_address: bytes = bytes(4)
    options: tuple[tuple[int, bytes], ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    @property
    def mac(self) -> bytes | None:
        """Return the client's hardware address where it is one of Ethernet or Wi-Fi."""
        whole = self.hardware_type == _ETHERNET and len(self.hardware) == _MAC_BYTES
        return self.hardware if whole else None

    @property
    def type(self) -> int:
        """Return the number of the message's type (RFC 2132 9.6)."""
        return self.option(Option.MESSAGE_TYPE)[0]

    def option(self, code: Option) -> bytes:
        """Return an option; empty where it is missing."""
        return next((value for found, value in self.options if found == code), b"")


def decode_message(data: bytes) -> DhcpMessage:
    """Read one message; BOOTP without a DHCP message type is refused."""
    if not _FIXED_BYTES + len(_COOKIE) <= len(data) <= MAX_DATAGRAM_BYTES:
        raise DecodeError(f"a DHCP message has {_FIXED_BYTES + len(_COOKIE)} bytes and more")
    if data[_FIXED_BYTES : _FIXED_BYTES + len(_COOKIE)] != _COOKIE:
        raise DecodeError("no DHCP magic cookie")
    if data[0] not in tuple(Operation):
        raise DecodeError("neither a DHCP request nor a reply")
    tally = Tally()
    options = _options(data, tally)
    if len(dict(options).get(Option.MESSAGE_TYPE, b"")) != 1:
        raise DecodeError("no DHCP message type")
    size = min(data[2], _HARDWARE_BYTES)
    tally.add("hardware_length", int(data[2] > _HARDWARE_BYTES))
    return DhcpMessage(
        operation=Operation(data[0]),
        hardware_type=data[1],
        hardware=data[_HARDWARE_AT : _HARDWARE_AT + size],
        client_address=data[_CIADDR],
        relay_address=data[_GIADDR],
        options=options,
        anomalies=tally.result(),
    )


def encode_message(message: DhcpMessage) -> bytes:
    """Write a message back, for the laws; nothing here ever sends one."""
    fixed = bytearray(_FIXED_BYTES)
    fixed[0], fixed[1] = message.operation, message.hardware_type
    fixed[2] = len(message.hardware)
    fixed[_CIADDR], fixed[_GIADDR] = message.client_address, message.relay_address
    fixed[_HARDWARE_AT : _HARDWARE_AT + len(message.hardware)] = message.hardware
    written = b"".join(_written(code, value) for code, value in message.options)
    return bytes(fixed) + _COOKIE + written + bytes((_END,))


def message_parts(message: DhcpMessage) -> tuple[object, ...]:
    """Return the parts of a message in the order of its bytes."""
    fixed = (
        message.operation,
        message.hardware_type,
        message.client_address,
        message.relay_address,
        message.hardware,
    )
    return (*fixed, *(part for option in message.options for part in option))


def _written(code: int, value: bytes) -> bytes:
    pieces = [value[at : at + _PIECE] for at in range(0, len(value), _PIECE)] or [b""]
    return b"".join(bytes((code, len(piece))) + piece for piece in pieces)


def _options(data: bytes, tally: Tally) -> tuple[tuple[int, bytes], ...]:
    kept: dict[int, bytes] = {}
    overload = 0
    for code, value in _walk(data[_FIXED_BYTES + len(_COOKIE) :], tally):
        if code == _OVERLOAD and len(value) == 1:
            overload = value[0]
        _keep(kept, code, value, tally)
    for flag, place in ((_IN_FILE, _FILE), (_IN_SNAME, _SNAME)):
        if overload & flag:
            for code, value in _walk(data[place], tally):
                _keep(kept, code, value, tally)
    return tuple(kept.items())


def _keep(kept: dict[int, bytes], code: int, value: bytes, tally: Tally) -> None:
    if code in _READ:
        joined = kept.get(code, b"") + value
        tally.add("option_cut", int(len(joined) > MAX_OPTION_BYTES))
        kept[code] = joined[:MAX_OPTION_BYTES]


def _walk(data: bytes, tally: Tally) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data) and data[at] != _END:
        if data[at] == _PAD:
            at += 1
            continue
        end = at + 2 + data[at + 1] if at + 1 < len(data) else len(data) + 1
        if end > len(data):
            tally.add("options_unfinished")
            return
        yield data[at], data[at + 2 : end]
        at = end


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "message": Codec(decode=decode_message, encode=encode_message, parts=message_parts)
}
