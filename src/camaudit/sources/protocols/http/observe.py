"""Fields that an HTTP reply shows without a login.

Cookies keep name and attributes and lose their value; user names, digest answers, passwords and
user information in addresses are blanked; ``Authorization`` is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.secrets import blank, blank_cookie

from .codec import content, decode_responses, title

_PROTOCOL: Final = "http"
_HEADERS: Final[tuple[tuple[str, bytes, Callable[[bytes], bytes]], ...]] = (
    ("server", b"server", blank),
    ("www_authenticate", b"www-authenticate", blank),
    ("set_cookie", b"set-cookie", blank_cookie),
    ("p3p", b"p3p", blank),
    ("location", b"location", blank),
    ("etag", b"etag", blank),
    ("content_type", b"content-type", blank),
    ("x_powered_by", b"x-powered-by", blank),
)


def observe(message: HeadedMessage) -> tuple[Seen, ...]:
    """Return what one reply shows."""
    return tuple(_seen(message))


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``http.response``: one reply, or the replies of one connection."""
    seen = (one for message in decode_responses(value) for one in observe(message))
    return tuple(dict.fromkeys(seen))


def _seen(message: HeadedMessage) -> Iterator[Seen]:
    if message.status is not None:
        yield Seen(_PROTOCOL, "status", b"%03d" % message.status)
    for field, name, cleaned in _HEADERS:
        for value in message.values(name):
            if kept := cleaned(value):
                yield Seen(_PROTOCOL, field, kept)
    page = content(message)
    text = title(page, b",".join(message.values(b"content-type")))
    if text:
        yield Seen(_PROTOCOL, "title", blank(text.encode()))
    if page:
        yield Seen(_PROTOCOL, "body", blank(page))
