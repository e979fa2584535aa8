"""The text of a telnet greeting, and the options it offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.secrets import blank

from .codec import TelnetGreeting, decode_greeting

_PROTOCOL: Final = "telnet"


def observe(message: TelnetGreeting) -> tuple[Seen, ...]:
    """Return what a greeting shows."""
    return tuple(_seen(message))


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``telnet.response``: everything a server sent before it was sent anything."""
    return observe(decode_greeting(value))


def _seen(message: TelnetGreeting) -> Iterator[Seen]:
    # Blanks stay: some greetings are centred, and the width is part of what they show.
    if message.text.strip(b" \t\r\n\0"):
        yield Seen(_PROTOCOL, "banner", blank(message.text.strip(b"\r\n\0")))
    if message.options:
        pairs = (b"%02x%02x" % option for option in message.options)
        yield Seen(_PROTOCOL, "options", b" ".join(pairs))
