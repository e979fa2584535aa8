"""Write the HTTP requests that a scan may send, find where replies end, and judge addresses.

1. A request carries no credentials, no cookie and nothing that a device chose, except an address
   on that device, which must fit a closed grammar.
2. GET is safe by definition (RFC 9110 9.2.1), but not by the habit of small devices, which restart
   or answer with a picture on GET: an address that sounds like it is never asked for.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote_to_bytes, urljoin, urlsplit

from camaudit.errors import DecodeError

from .anomaly import Tally
from .codec import Buffer
from .content import skip_chunks
from .headed import Grammar, HeadedMessage, declared_length, decode_headed, has_no_body
from .limits import MAX_LINE_BYTES, MAX_MESSAGES
from .secrets import blank

HTTP: Final = Grammar(protocol=b"HTTP")

#: Who asks, so that an administrator who reads the device's log can tell (RFC 9110 10.1.5).
USER_AGENT: Final = b"camaudit (read-only inventory, no log-in)"

#: Ours. The longest address of a page or description seen has 90 characters.
MAX_TARGET_BYTES: Final = 512
#: RFC 9112 3.2.1, origin form, without what RFC 3986 3.3 and 3.4 do not allow; no empty first
#: segment, which a server might take for a host.
_TARGET: Final = re.compile(
    rb"/(?!/)[A-Za-z0-9\-._~!$&'()*+,;=:@/%%?]{0,%d}" % (MAX_TARGET_BYTES - 1)
)
#: RFC 3986 2: visible characters; a backslash means a slash to some and not to others.
_REFERENCE: Final = re.compile(rb"[!#-\[\]_a-z~]{1,%d}" % MAX_TARGET_BYTES)
#: RFC 9110 5.5, visible characters and blanks only.
_LINE: Final = re.compile(rb"[A-Za-z-]{1,32}: [ -~]{1,512}")
#: Words of addresses that act, or that give pictures, settings or logs.
_NOT_ASKED: Final = re.compile(
    rb"(?i)snap|mjpe?g|\.jpe?g|\.mp4|\.avi|stream|capture|still|back_?up|export|download"
    rb"|\.cfg|\.conf\b|\.ini\b|\.bin\b|\.dat\b|\.log\b|\.db\b|config(?:uration)?file|syslog"
    rb"|(?:log|sign)[-_]?(?:out|off)|re-?(?:boot|start|set|store)|shut_?down|power_?off"
    rb"|upgrade|upload|firmware|(?<![a-z])format(?![a-z])|delete|remove|factory|goform|ptz"
    rb"|(?<!index)(?<!login)(?<!main)(?<!home)\.cgi"
    rb"|(?<![a-z])(?:image|picture|video)[0-9]*(?:\?|\Z)"
    rb"|\.\.|(?<![a-z])(?:cmd|command|action|set|exec)="
)
_REPLY_START: Final = b"HTTP/"
_HEAD_END: Final = re.compile(rb"\n\r*+\n")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """One port of one device, as an address on the web."""

    scheme: str
    address: str
    port: int

    @property
    def host(self) -> bytes:
        """Return the ``Host`` field (RFC 9110 7.2)."""
        name = f"[{self.address}]" if ":" in self.address else self.address
        usual = self.port == _DEFAULT_PORTS.get(self.scheme)
        return (name if usual else f"{name}:{self.port}").encode("ascii")


def encode_get(target: bytes, host: bytes, accept: bytes = b"*/*") -> bytes:
    """Write a GET; an address that may not be asked for is a ``ValueError``."""
    return _request(b"GET", target, (*_fields(host, accept), b""))


def encode_post(target: bytes, host: bytes, media_type: bytes, body: bytes) -> bytes:
    """Write a POST of ``body``; an address that may not be asked for is a ``ValueError``."""
    content = (b"Content-Type: " + media_type, b"Content-Length: %d" % len(body), b"")
    return _request(b"POST", target, (*_fields(host, b"*/*"), *content)) + body


def _fields(host: bytes, accept: bytes) -> tuple[bytes, ...]:
    return (
        b"Host: " + host,
        b"User-Agent: " + USER_AGENT,
        b"Accept: " + accept,
        b"Accept-Encoding: identity",
        b"Connection: keep-alive",
    )


def _request(method: bytes, target: bytes, lines: tuple[bytes, ...]) -> bytes:
    if not is_askable(target):
        raise ValueError("not an address that may be asked for")
    if not all(line == b"" or _LINE.fullmatch(line) for line in lines):
        raise ValueError("not a header field")
    return b"\r\n".join((b"%s %s HTTP/1.1" % (method, target), *lines, b""))


def is_askable(target: bytes) -> bool:
    """Tell whether an address on a device may be asked for: well formed, no secret, no action."""
    if _TARGET.fullmatch(target) is None or blank(target) != target:
        return False
    return _NOT_ASKED.search(unquote_to_bytes(unquote_to_bytes(target))) is None


def same_origin(reference: bytes, origin: Origin, page: bytes = b"/") -> bytes | None:
    """Return the target that a reference on ``page`` leads to; ``None`` where it leads away.

    "Away" is another host, name, port or scheme, user information, or no address at all.
    """
    text = reference.strip(b" \t")
    if _REFERENCE.fullmatch(text) is None:
        return None
    base = f"{origin.scheme}://{origin.host.decode()}{page.decode('ascii', 'replace')}"
    try:
        parts = urlsplit(urljoin(base, text.decode("ascii")))
        if not _is_at(parts, origin):
            return None
    except ValueError:
        # urlsplit: a port that is no number, brackets that do not close.
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    encoded = target.encode("ascii")
    return encoded if _TARGET.fullmatch(encoded) else None


def _is_at(parts: SplitResult, origin: Origin) -> bool:
    if parts.scheme != origin.scheme or "@" in parts.netloc or parts.hostname is None:
        return False
    port = parts.port or _DEFAULT_PORTS[origin.scheme]
    return port == origin.port and ip_address(parts.hostname) == ip_address(origin.address)


class ReplyEnd:
    """Find the end of one reply in a growing buffer; what was passed is not read again.

    Interim replies (RFC 9110 15.2) belong to the reply that follows them. What cannot be a reply
    ends where it was found out. Nothing is raised.
    """

    __slots__ = ("_at", "_body", "_chunked", "_length", "_messages", "_searched")

    def __init__(self) -> None:
        self._at = self._searched = self._messages = 0
        self._body = self._chunked = False
        self._length: int | None = None

    def __call__(self, data: Buffer) -> int | None:
        """Return where the reply ends; ``None`` where more bytes are needed."""
        while not self._body:
            if not self._begins_reply(data):
                return len(data)
            found = _HEAD_END.search(data, max(self._at, data.rfind(b"\n", 0, self._searched)))
            self._searched = len(data)
            if found is None:
                return None
            if not self._read_head(bytes(data[self._at : found.end()])):
                return len(data)
            self._at, self._searched = found.end(), 0
        if self._chunked:
            self._at, ended = skip_chunks(data, self._at)
            return self._at if ended else None
        if self._length is None or len(data) < self._at + self._length:
            return None
        return self._at + self._length

    def _begins_reply(self, data: Buffer) -> bool:
        start = bytes(data[self._at : self._at + MAX_LINE_BYTES]).lstrip(b"\r\n")[:5].upper()
        return _REPLY_START.startswith(start)

    def _read_head(self, head: bytes) -> bool:
        try:
            message = decode_headed(head, HTTP)
        except DecodeError:
            return False
        self._messages += 1
        status = message.status or 0
        if 100 <= status < 200 and status != 101:
            return self._messages < MAX_MESSAGES
        self._body = True
        self._chunked = _is_chunked(message) and not has_no_body(message)
        self._length = 0 if has_no_body(message) else _length(message)
        return True


def _is_chunked(message: HeadedMessage) -> bool:
    return b"chunked" in b",".join(message.values(b"transfer-encoding")).lower()


def _length(message: HeadedMessage) -> int | None:
    return declared_length(message.headers, Tally())
