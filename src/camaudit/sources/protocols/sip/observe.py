"""Fields that a SIP message shows; ``Authorization``, addresses and bodies are not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.secrets import blank

from .codec import decode_messages

_PROTOCOL: Final = "sip"
_HEADERS: Final = (
    ("server", b"server"),
    ("user_agent", b"user-agent"),
    ("www_authenticate", b"www-authenticate"),
)


def observe(message: HeadedMessage) -> tuple[Seen, ...]:
    """Return what one reply or request shows."""
    return tuple(_seen(message))


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``sip.response``: a reply or a request, or several of one connection."""
    seen = (one for message in decode_messages(value) for one in observe(message))
    return tuple(dict.fromkeys(seen))


def _seen(message: HeadedMessage) -> Iterator[Seen]:
    if message.status is not None:
        yield Seen(_PROTOCOL, "status", b"%03d" % message.status)
    for field, name in _HEADERS:
        for value in message.values(name):
            if value:
                yield Seen(_PROTOCOL, field, blank(value))
