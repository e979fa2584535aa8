"""Fields that an RTSP reply shows without a login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.limits import MAX_VALUE_BYTES
from camaudit.wirekit.secrets import blank

from .codec import decode_responses

_PROTOCOL: Final = "rtsp"
_HEADERS: Final = (
    ("server", b"server"),
    ("public", b"public"),
    ("www_authenticate", b"www-authenticate"),
    ("content_base", b"content-base"),
)
#: RFC 8866 8.1.
_SDP: Final = b"application/sdp"


def observe(message: HeadedMessage) -> tuple[Seen, ...]:
    """Return what one reply shows."""
    return tuple(_seen(message))


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``rtsp.response``: one reply, or the replies of one connection."""
    seen = (one for message in decode_responses(value) for one in observe(message))
    return tuple(dict.fromkeys(seen))


def _seen(message: HeadedMessage) -> Iterator[Seen]:
    if message.status is not None:
        yield Seen(_PROTOCOL, "status", b"%03d" % message.status)
    for field, name in _HEADERS:
        for value in message.values(name):
            if value:
                yield Seen(_PROTOCOL, field, blank(value))
    for value in message.raw_values(b"date"):
        # Raw: Hikvision firmware puts two blanks after the colon, the second one is kept.
        if value:
            yield Seen(_PROTOCOL, "date", value)
    kinds = message.values(b"content-type")
    if message.body and any(kind.lower().startswith(_SDP) for kind in kinds):
        yield Seen(_PROTOCOL, "sdp", blank(message.body[:MAX_VALUE_BYTES]))
