"""Fields of a Bosch answer of either kind, its MAC address and its IP address."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.record import Record
from camaudit.wirekit.shown import shown_fields

from .codec import decode_binary, decode_xml, encode_binary, encode_xml, is_binary

_PROTOCOL: Final = "bosch-rcp"


def observe(message: Record) -> tuple[Seen, ...]:
    """Return what a reply shows."""
    return tuple(Seen(*one) for one in shown_fields(message, _PROTOCOL))


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``bosch-rcp.reply``."""
    return observe(decode_binary(value) if is_binary(value) else decode_xml(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows."""
    binary = is_binary(data)
    message = decode_binary(data) if binary else decode_xml(data)
    written = encode_binary(message) if binary else encode_xml(message)
    return (Seen(_PROTOCOL, "reply", written), *observe(message))
