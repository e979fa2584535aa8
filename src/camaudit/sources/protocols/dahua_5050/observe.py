"""Fields of an answer, its MAC address and its IP address."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.record import Record
from camaudit.wirekit.shown import shown_fields

from .codec import decode_reply, encode_reply

_PROTOCOL: Final = "dahua-5050"


def observe(message: Record) -> tuple[Seen, ...]:
    """Return what a reply shows."""
    return tuple(Seen(*one) for one in shown_fields(message, _PROTOCOL))


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``dahua-5050.reply``."""
    return observe(decode_reply(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows."""
    message = decode_reply(data)
    return (Seen(_PROTOCOL, "reply", encode_reply(message)), *observe(message))
