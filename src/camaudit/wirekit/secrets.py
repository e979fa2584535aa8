"""Blank what must never become an observation: names of users, proofs of passwords, cookies.

1. The name of a secret stays, its value goes: that a device asks for a digest is a signal.
2. Every pattern here runs in time linear in its input: repeats are bounded or possessive, and no
   two of them can share a byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: RFC 7616 3.4: parameters of a digest answer, which some devices write without quotes.
_ANSWERS: Final = frozenset({b"username", b"response", b"cnonce"})
#: The same, and what scripts, forms and addresses call such things.
_NAMES: Final = _ANSWERS | frozenset(
    b"user usr loginuse password passwd passphrase pass pwd loginpas token secret session"
    b" sessionid sid api_key apikey auth authorization authbasic".split()
)
#: A word and what joins it to a value: ``name="``, ``name: '``, ``"name": "``, ``name=value``.
_JOINED: Final = re.compile(
    rb"(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9_-]{0,31}+)[\"']?[ \t]{0,8}[=:][ \t]{0,8}"
)
_QUOTED: Final = re.compile(rb"\"[^\"\r\n]*+\"?|'[^'\r\n]*+'?")
_BARE: Final = re.compile(rb"[^\s,;&\"'<>]++")
#: RFC 3986 3.4 and the forms of URL encoding: the value ends at a separator.
_IN_QUERY: Final = re.compile(rb"([?&;]([A-Za-z_]{1,16}+)=)[^&;#\s\"'<>]++")
#: RFC 9110 11.6.2: the credentials of a request, echoed by some error pages.
_CREDENTIALS: Final = re.compile(
    rb"(?i)((?:proxy-)?authorization[ \t]{0,8}:[ \t]{0,8}(?:basic|digest|bearer))[ \t]++[^\r\n<]++"
)
#: RFC 3986 3.2.1: user information before the host. RFC 7617 2 bounds neither part; we do.
_USERINFO: Final = re.compile(rb"(://)[^/?#@\s\"'<>]{1,256}+@")

#: RFC 6265 4.1.1 and SameSite: attributes whose values tell about the cookie, not about a user.
_COOKIE_ATTRIBUTES: Final = frozenset({b"expires", b"max-age", b"domain", b"path", b"samesite"})


def blank(value: bytes) -> bytes:
    """Return ``value`` without user names, digest answers, passwords, tokens and credentials."""
    if b"authorization" in value.lower():
        value = _CREDENTIALS.sub(rb"\1", value)
    value = _IN_QUERY.sub(_query_blanked, value)
    return _USERINFO.sub(rb"\1", b"".join(_parameters_blanked(value)))


def blank_cookie(value: bytes) -> bytes:
    """Return a ``Set-Cookie`` value with its name and attributes, the cookie's value left empty.

    A value without a name (RFC 6265 5.2, step 3) is all secret: nothing is returned.
    """
    pair, *attributes = value.split(b";")
    name, equals, _ = pair.partition(b"=")
    if not equals or not name.strip():
        return b""
    return b"; ".join((name.strip() + b"=", *_kept(attributes)))


def _query_blanked(found: re.Match[bytes]) -> bytes:
    return found[1] if found[2].lower() in _NAMES else found[0]


def _parameters_blanked(value: bytes) -> Iterator[bytes]:
    """Yield ``value`` in pieces; a value that is no secret is searched for names inside it."""
    done = at = 0
    while (found := _JOINED.search(value, at)) is not None:
        at = found.end()
        name = found[1].lower()
        if name not in _NAMES:
            continue
        secret = _QUOTED.match(value, at)
        blanked = b'""'
        if secret is None and name in _ANSWERS and value[at - 1 : at] == b"=":
            secret, blanked = _BARE.match(value, at), b""
        if secret is not None:
            yield value[done:at] + blanked
            done = at = secret.end()
    yield value[done:]


def _kept(attributes: list[bytes]) -> list[bytes]:
    kept = []
    for attribute in attributes:
        name, equals, _ = attribute.strip().partition(b"=")
        known = name.strip().lower() in _COOKIE_ATTRIBUTES
        kept.append(attribute.strip() if known or not equals else name.strip() + b"=")
    return [attribute for attribute in kept if attribute]
