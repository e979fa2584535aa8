"""The greeting of an FTP server, without its code."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.secrets import blank

from .codec import FtpReply, decode_replies

#: RFC 959 5.4: what may follow the connection. Later replies answer a login and are not read.
_GREETING_CODES: Final = frozenset({120, 220, 421})


def observe(message: FtpReply) -> tuple[Seen, ...]:
    """Return what one reply shows."""
    if message.code not in _GREETING_CODES or not message.text:
        return ()
    return (Seen("ftp", "banner", blank(message.text)),)


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``ftp.response``: a greeting, and replies after it where they were recorded."""
    replies = decode_replies(value)
    ready = next((reply for reply in replies if reply.code == 220), replies[0])
    return observe(ready)
