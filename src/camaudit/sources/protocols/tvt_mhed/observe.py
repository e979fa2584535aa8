"""Fields of an MHED announcement, its MAC address and its IP address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.record import Record
from camaudit.wirekit.shown import shown_ipv4, shown_mac, shown_text

from .codec import decode_reply, encode_reply

_PROTOCOL: Final = "tvt-mhed"


def observe(message: Record) -> tuple[Seen, ...]:
    """Return what an announcement shows."""
    return tuple(seen for seen in _seen(message) if seen.value)


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``tvt-mhed.reply``."""
    return observe(decode_reply(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows."""
    message = decode_reply(data)
    return (Seen(_PROTOCOL, "reply", encode_reply(message)), *observe(message))


def _seen(message: Record) -> Iterator[Seen]:
    for name, value in message.fields:
        if name == "mac":
            yield Seen("mac", "address", shown_mac(value))
        elif name == "ip":
            yield Seen("ip", "address", shown_ipv4(value))
        else:
            yield Seen(_PROTOCOL, name, shown_text(value))
