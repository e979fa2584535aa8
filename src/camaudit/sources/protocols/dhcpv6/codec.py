"""Bytes and messages of DHCPv6: who asks, what for, and what it says of itself.

1. Options are read by a closed list; what else a message carries is stepped over.
2. What relays put around a message is undone, the outermost first; no more of them are undone than
   the protocol allows, so no message can make the walk longer than itself many times over.
3. Of a message that was cut off, the options that are whole are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeAlias

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.limits import MAX_DATAGRAM_BYTES

#: Ours. The longest real ones, vendor classes and lists of options, have about 100 bytes.
MAX_OPTION_BYTES: Final = 1024
#: Ours. RFC 8415 7.6: messages pass 8 relays at most, and clients send a dozen options.
_MAX_RELAYS: Final = 8
_MAX_OPTIONS: Final = 64

#: RFC 8415 8 and 9: type and transaction; of relays type, hops and two addresses.
_HEAD_BYTES: Final = 4
_RELAY_BYTES: Final = 34
#: RFC 8415 21.1: code and length.
_OPTION_BYTES: Final = 4
_TRANSACTION: Final = slice(1, 4)
_HOPS_AT: Final = 1
_LINK: Final = slice(2, 18)
_PEER: Final = slice(18, 34)


class MessageType(IntEnum):
    """What a message is for (RFC 8415 7.3)."""

    SOLICIT = 1
    ADVERTISE = 2
    REQUEST = 3
    CONFIRM = 4
    RENEW = 5
    REBIND = 6
    REPLY = 7
    RELEASE = 8
    DECLINE = 9
    RECONFIGURE = 10
    INFORMATION_REQUEST = 11
    RELAY_FORWARD = 12
    RELAY_REPLY = 13


_RELAYED: Final = (MessageType.RELAY_FORWARD, MessageType.RELAY_REPLY)


class Option(IntEnum):
    """The options that are read (RFC 8415 21.2, 21.7, 21.9, 21.10, 21.16; RFC 4704 4; RFC 6939)."""

    CLIENT_ID = 1
    OPTION_REQUEST = 6
    ELAPSED_TIME = 8
    RELAY_MESSAGE = 9
    VENDOR_CLASS = 16
    CLIENT_NAME = 39
    CLIENT_LINK_LAYER = 79


_READ: Final = frozenset(int(option) for option in Option)
#: Where each belongs: around a message, or in it.
_OF_RELAYS: Final = frozenset({int(Option.CLIENT_LINK_LAYER)})
_OF_CLIENTS: Final = _READ - _OF_RELAYS - {int(Option.RELAY_MESSAGE)}

Options: TypeAlias = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """What a relay put around a message (RFC 8415 9)."""

    type: int
    hops: int
    link: bytes
    peer: bytes
    options: Options = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dhcp6Message:
    """One message, and the relays that passed it on, the outermost first."""

    type: int
    transaction: bytes
    options: Options = ()
    relays: tuple[Relay, ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    def option(self, code: Option) -> bytes:
        """Return an option; empty where it is missing."""
        return next((value for found, value in self.options if found == code), b"")

    @property
    def link_layer(self) -> bytes:
        """Return what the relay next to the client says is its link layer (RFC 6939 4)."""
        found = self.relays[-1].options if self.relays else ()
        return next((value for code, value in found if code == Option.CLIENT_LINK_LAYER), b"")


def decode_message(data: bytes) -> Dhcp6Message:
    """Read one message, and what relays put around it."""
    if len(data) > MAX_DATAGRAM_BYTES:
        raise DecodeError(f"a DHCPv6 message has at most {MAX_DATAGRAM_BYTES} bytes")
    tally = Tally()
    relays: list[Relay] = []
    while data[:1] and data[0] in _RELAYED:
        if len(relays) == _MAX_RELAYS:
            raise DecodeError(f"more than {_MAX_RELAYS} relays")
        relay, data = _relayed(data, tally)
        relays.append(relay)
    if len(data) < _HEAD_BYTES:
        raise DecodeError(f"a DHCPv6 message has {_HEAD_BYTES} bytes and more")
    if data[0] not in tuple(MessageType):
        raise DecodeError("no DHCPv6 message type")
    options = _options(data[_HEAD_BYTES:], _OF_CLIENTS, tally)
    return Dhcp6Message(
        type=data[0],
        transaction=data[_TRANSACTION],
        options=options,
        relays=tuple(relays),
        anomalies=tally.result(),
    )


def encode_message(message: Dhcp6Message) -> bytes:
    """Write a message back, for the laws; nothing here ever sends one."""
    data = bytes((message.type,)) + message.transaction + _written(message.options)
    for relay in reversed(message.relays):
        head = bytes((relay.type, relay.hops)) + relay.link + relay.peer
        inner = ((int(Option.RELAY_MESSAGE), data),)
        data = head + _written((*relay.options, *inner))
    return data


def message_parts(message: Dhcp6Message) -> tuple[object, ...]:
    """Return the parts of a message in the order of its bytes."""
    around = (
        part
        for relay in message.relays
        for part in (relay.type, relay.hops, relay.link, relay.peer, *_flat(relay.options))
    )
    return (*around, message.type, message.transaction, *_flat(message.options))


def _flat(options: Options) -> tuple[object, ...]:
    return tuple(part for option in options for part in option)


def _written(options: Options) -> bytes:
    return b"".join(
        code.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value for code, value in options
    )


def _relayed(data: bytes, tally: Tally) -> tuple[Relay, bytes]:
    """Return what a relay put around a message, and the message."""
    if len(data) < _RELAY_BYTES:
        raise DecodeError(f"what a relay passes on has {_RELAY_BYTES} bytes and more")
    wanted = _OF_RELAYS | {int(Option.RELAY_MESSAGE)}
    options = dict(_options(data[_RELAY_BYTES:], wanted, tally, limit=MAX_DATAGRAM_BYTES))
    inner = options.pop(int(Option.RELAY_MESSAGE), None)
    if inner is None:
        raise DecodeError("a relay that passes no message on")
    relay = Relay(
        type=data[0],
        hops=data[_HOPS_AT],
        link=data[_LINK],
        peer=data[_PEER],
        options=tuple((code, value[:MAX_OPTION_BYTES]) for code, value in options.items()),
    )
    return relay, inner


def _options(
    data: bytes, wanted: frozenset[int], tally: Tally, limit: int = MAX_OPTION_BYTES
) -> Options:
    """Return the wanted options, each once: the first counts (RFC 8415 21: each occurs once)."""
    kept: dict[int, bytes] = {}
    at = 0
    for _ in range(_MAX_OPTIONS):
        if at >= len(data):
            break
        end = at + _OPTION_BYTES + int.from_bytes(data[at + 2 : at + 4], "big")
        if at + _OPTION_BYTES > len(data) or end > len(data):
            tally.add("options_unfinished")
            break
        code, value = int.from_bytes(data[at : at + 2], "big"), data[at + _OPTION_BYTES : end]
        if code in wanted and code not in kept:
            tally.add("option_cut", int(len(value) > limit))
            kept[code] = value[:limit]
        at = end
    else:
        tally.add("many_options", int(at < len(data)))
    return tuple(kept.items())


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "message": Codec(decode=decode_message, encode=encode_message, parts=message_parts)
}
