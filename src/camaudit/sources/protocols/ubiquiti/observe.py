"""Fields of a Ubiquiti answer, its MAC address and its IP address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.record import Record
from camaudit.wirekit.shown import shown_fields

from .codec import decode_reply, encode_reply

_PROTOCOL: Final = "ubiquiti"
_MAC_BYTES: Final = 6


def observe(message: Record) -> tuple[Seen, ...]:
    """Return what a reply shows, each field once."""
    apart = Record(fields=tuple(_apart(message)))
    return tuple(dict.fromkeys(Seen(*one) for one in shown_fields(apart, _PROTOCOL)))


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``ubiquiti.reply``."""
    return observe(decode_reply(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows."""
    message = decode_reply(data)
    return (Seen(_PROTOCOL, "reply", encode_reply(message)), *observe(message))


def _apart(message: Record) -> Iterator[tuple[str, bytes]]:
    for name, value in message.fields:
        if name == "mac_and_ip":
            yield "mac", value[:_MAC_BYTES]
            yield "ip", value[_MAC_BYTES:]
        else:
            yield name, value
