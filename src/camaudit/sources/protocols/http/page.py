"""What a page says about where to go on: redirects in its markup, its icon, signs of a lockout."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from camaudit.wirekit.headed import HeadedMessage

from .codec import content, title

#: RFC 9110 15.4: these name the one place where the thing asked for is.
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: Ours. A page that only leads on is short; in a long one a script may do so when it is clicked.
MAX_SCRIPT_PAGE_BYTES: Final = 4096
#: Ours. The longest element of this kind seen has 150 characters.
MAX_ELEMENT_BYTES: Final = 512

_META: Final = re.compile(rb"(?i)<meta\s[^<>]{0,%d}+>" % MAX_ELEMENT_BYTES)
_REFRESH: Final = re.compile(rb"(?i)http-equiv\s{0,4}=\s{0,4}[\"']?refresh\b")
#: HTML, "shared declarative refresh steps": seconds, a separator, ``url=``, quotes or none.
_REFRESH_URL: Final = re.compile(rb"(?i)[;,\s\"']url\s{0,4}=\s{0,4}[\"']?([^\"'<>\s]+)")
#: A plain literal is taken; what a script adds to it is not worked out.
_SCRIPT: Final = re.compile(
    rb"(?<![\w.])(?:(?:window|document|self|top|parent)\.){0,2}location(?:\.href)?"
    rb"\s{0,4}=\s{0,4}([\"'])([^\"'<>\s]{1,%d})\1" % MAX_ELEMENT_BYTES
)
_LINK: Final = re.compile(rb"(?i)<link\s[^<>]{0,%d}+>" % MAX_ELEMENT_BYTES)
_ICON: Final = re.compile(
    rb"(?i)\brel\s{0,4}=\s{0,4}(?:\"(?:shortcut )?icon\"|'(?:shortcut )?icon'|icon[\s/>])"
)
_HREF: Final = re.compile(rb"(?i)\bhref\s{0,4}=\s{0,4}[\"']?([^\"'<>\s]+)")

#: Locked, too many requests, and the code that Hanwha firmware sends under lockout.
_LOCKED_STATUSES: Final = {423: "Locked", 429: "Too Many Requests", 490: "Account Blocked"}
#: Ours. A refusal is short; pages hold such words among the texts of their scripts.
MAX_REFUSAL_BYTES: Final = 4096
#: Only whole statements: "locked" alone stands in many a page about doors.
_LOCKED_TEXT: Final = re.compile(
    rb"(?i)\b(?:account|user|ip(?: address)?|device|login) (?:is|has been|was)"
    rb" (?:temporarily )?(?:locked|blocked)\b"
    rb"|\btoo many (?:failed )?(?:log-?in |login )?(?:attempts|requests|failures)\b"
    rb"|<lockStatus>\s{0,8}lock\s{0,8}<"
)


def leads_to(message: HeadedMessage, page: bytes) -> bytes | None:
    """Return the reference that a reply leads to: by status, by markup or by a plain script."""
    locations = message.values(b"location")
    if message.status in _REDIRECTS:
        return locations[0] if locations else None
    for element in _META.findall(page):
        if _REFRESH.search(element) and (found := _REFRESH_URL.search(element)):
            return _text(found[1])
    script = _SCRIPT.search(page) if len(page) <= MAX_SCRIPT_PAGE_BYTES else None
    return None if script is None else script[2]


def icon_of(page: bytes) -> bytes | None:
    """Return the reference to the icon that a page names."""
    for element in _LINK.findall(page):
        if _ICON.search(element) and (found := _HREF.search(element)):
            return _text(found[1])
    return None


def locked_out(message: HeadedMessage) -> str:
    """Return the sign of a lockout in a reply; empty where there is none."""
    status = message.status or 0
    if status in _LOCKED_STATUSES:
        return f"HTTP {status} {_LOCKED_STATUSES[status]}"
    page = content(message)
    told = page[:MAX_REFUSAL_BYTES] if status >= 400 else title(page).encode()
    return "HTTP reply says that access is locked" if _LOCKED_TEXT.search(told) else ""


def _text(value: bytes) -> bytes:
    return unescape(value.decode("latin-1")).encode("latin-1", "replace")
