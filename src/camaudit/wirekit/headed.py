"""Messages of a start line, header fields and a body: the grammar of HTTP, RTSP and SIP.

RTSP (RFC 2326 4, RFC 7826 5) and SIP (RFC 3261 7) took it from HTTP (RFC 9112 2). Readers follow
what devices send, not what they should send; each departure is counted as an anomaly.

1. A message is read in one pass; nothing here knows what a field means beyond its framing.
2. Values keep a leading blank beyond the usual one: it tells firmware families apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from camaudit.errors import DecodeError

from .anomaly import Anomaly, Tally
from .codec import Buffer
from .content import dechunk
from .limits import (
    MAX_BODY_BYTES,
    MAX_HEADER_LINES,
    MAX_HEADER_NAME_BYTES,
    MAX_LINE_BYTES,
    MAX_MESSAGES,
)

#: RFC 9112 2.2: a lone LF may stand for CRLF. Some firmware doubles the CR.
_HEAD_END: Final = re.compile(rb"\n\r*+\n")
#: RFC 9110 5.6.2, token.
_NAME: Final = re.compile(
    rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1," + str(MAX_HEADER_NAME_BYTES).encode() + rb"}"
)
_LENGTH: Final = re.compile(rb"[0-9]{1,10}")
_BLANK: Final = b" \t\r"
#: Fields that only a header block has; they tell one without a start line from any "word: text".
_LANDMARKS: Final = frozenset(
    b"server date content-type content-length www-authenticate connection set-cookie location"
    b" cseq public user-agent etag x-powered-by p3p last-modified cache-control via".split()
)
#: RFC 9112 6.3: these never have a body, whatever their fields say.
_BODILESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What sets the protocols apart.

    Attributes:
        protocol: The word before the slash of the version.
        requests: Whether a request may stand where a reply is expected.
        needs_length: Whether no ``Content-Length`` means no body (RFC 2326 4.4, RFC 3261 18.3)
            and not "until the connection closes" (RFC 9112 6.3).
        compact: One-letter names of fields (RFC 3261 7.3.3) and what they stand for.
    """

    protocol: bytes
    requests: bool = False
    needs_length: bool = False
    compact: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """The first line of a reply."""

    version: bytes
    status: int
    reason: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """The first line of a request."""

    method: bytes
    target: bytes
    version: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadedMessage:
    """A start line (``None`` where only header fields were kept), fields in order, a body."""

    start: StatusLine | RequestLine | None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    @property
    def status(self) -> int | None:
        """Return the status code of a reply."""
        return self.start.status if isinstance(self.start, StatusLine) else None

    def values(self, name: bytes) -> tuple[bytes, ...]:
        """Return the values of the field ``name`` (lower case), blanks around them cut."""
        return tuple([value.strip(_BLANK) for key, value in self.headers if key.lower() == name])

    def raw_values(self, name: bytes) -> tuple[bytes, ...]:
        """Return the values of ``name`` with leading blanks beyond the first."""
        return tuple(value for key, value in self.headers if key.lower() == name)


def decode_headed(data: bytes, grammar: Grammar) -> HeadedMessage:
    """Read one message; everything after its header is its body."""
    tally = Tally()
    head, body = _split_head(data, tally)
    lines = head.split(b"\n", MAX_HEADER_LINES + 1)
    if len(lines) > MAX_HEADER_LINES + 1:
        raise DecodeError(f"more than {MAX_HEADER_LINES} header lines")
    start = _start_line(lines[0], grammar)
    if start is None:
        tally.add("start_line_missing")
    headers = _fields(lines if start is None else lines[1:], grammar, tally)
    if start is None and not any(name.lower() in _LANDMARKS for name, _ in headers):
        raise DecodeError(f"neither a {grammar.protocol.decode()} start line nor header fields")
    tally.add("body_cut", int(len(body) > MAX_BODY_BYTES))
    length = declared_length(headers, tally)
    if length is None:
        tally.add("length_missing", int(grammar.needs_length and body != b""))
    elif length != len(body):
        tally.add("body_unfinished" if len(body) < length else "body_surplus")
    return HeadedMessage(
        start=start, headers=headers, body=body[:MAX_BODY_BYTES], anomalies=tally.result()
    )


def encode_headed(message: HeadedMessage, grammar: Grammar) -> bytes:
    """Write one message in the canonical form: CRLF, one blank after each colon."""
    lines = [name + b": " + value for name, value in message.headers]
    if isinstance(message.start, StatusLine):
        start = message.start
        first = b"%s/%s %03d %s" % (grammar.protocol, start.version, start.status, start.reason)
        lines.insert(0, first)
    elif isinstance(message.start, RequestLine):
        parts = message.start.method, message.start.target, message.start.version
        lines.insert(0, b"%s %s %s/%s" % (*parts[:2], grammar.protocol, parts[2]))
    return b"\r\n".join((*lines, b"", message.body))


def headed_parts(message: HeadedMessage) -> tuple[object, ...]:
    """Return the parts of a message in the order of its bytes."""
    return (message.start, *message.headers, message.body)


def headed_end(data: Buffer, grammar: Grammar) -> int | None:
    """Return where the first message in ``data`` ends; ``None`` where that cannot be told yet."""
    lead = len(data) - len(data.lstrip(b"\r\n"))
    found = _HEAD_END.search(data, lead)
    if found is None:
        return None
    message = decode_headed(bytes(data[: found.end()]), grammar)
    at = found.end()
    if grammar.protocol == b"HTTP" and has_no_body(message):
        return at
    if b"chunked" in b",".join(message.values(b"transfer-encoding")).lower():
        end = dechunk(bytes(data[at:])).end
        return None if end is None else at + end
    length = declared_length(message.headers, Tally())
    if length is None:
        return at if grammar.needs_length else None
    return at + length if len(data) >= at + length else None


def split_headed(data: bytes, grammar: Grammar) -> tuple[bytes, ...]:
    """Cut a recorded conversation into its messages; the first must be readable.

    What follows a message without being another one is left with it: much firmware forgets
    ``Content-Length``, or gets it wrong.
    """
    parts: list[bytes] = []
    while len(parts) < MAX_MESSAGES - 1 and _may_go_on(data, grammar):
        end = headed_end(data, grammar)
        if end is None or not _starts_message(data[end:], grammar):
            break
        parts.append(data[:end])
        data = data[end:]
    return (*parts, data)


def decode_conversation(data: bytes, grammar: Grammar) -> tuple[HeadedMessage, ...]:
    """Read every message of a recorded conversation; only the first may spoil the whole."""
    messages: list[HeadedMessage] = []
    for part in split_headed(data, grammar):
        try:
            messages.append(decode_headed(part, grammar))
        except DecodeError:
            if not messages:
                raise
    return tuple(messages)


def _may_go_on(data: bytes, grammar: Grammar) -> bool:
    """Tell whether a second message can follow: its first line names the protocol.

    Most conversations are one message, whose head need not be read twice.
    """
    found = _HEAD_END.search(data, len(data) - len(data.lstrip(b"\r\n")))
    return found is not None and grammar.protocol + b"/" in data[found.end() :].upper()


def _split_head(data: bytes, tally: Tally) -> tuple[bytes, bytes]:
    # RFC 9112 2.2: empty lines before a start line are to be ignored.
    text = data.lstrip(b"\r\n")
    tally.add("leading_blank_line", int(len(text) < len(data)))
    found = _HEAD_END.search(text)
    if found is None:
        tally.add("head_unfinished")
        return text.rstrip(b"\r\n"), b""
    return text[: found.start()], text[found.end() :]


def _start_line(line: bytes, grammar: Grammar) -> StatusLine | RequestLine | None:
    """Return the start line; ``None`` where the line is a header field, else ``DecodeError``."""
    line = line[: 2 * MAX_LINE_BYTES].strip(_BLANK)
    version = rb"([0-9]{1,3}(?:\.[0-9]{1,3})?)"
    status = re.match(
        rb"(?i:%s)/%s[ \t]++([0-9]{3})(?![0-9])[ \t]*+" % (grammar.protocol, version), line
    )
    if status is not None:
        reason = line[status.end() :][:MAX_LINE_BYTES].strip(_BLANK)
        return StatusLine(version=status[1], status=int(status[2]), reason=reason)
    request = re.fullmatch(
        rb"([A-Z][A-Z_-]{0,31}) ([^\s]{1,%d}) %s/%s" % (MAX_LINE_BYTES, grammar.protocol, version),
        line,
    )
    if request is not None and grammar.requests:
        return RequestLine(method=request[1], target=request[2], version=request[3])
    name, colon, _ = line.partition(b":")
    if colon and _NAME.fullmatch(name.rstrip(_BLANK)):
        return None
    raise DecodeError(f"no {grammar.protocol.decode()} start line")


def _fields(lines: list[bytes], grammar: Grammar, tally: Tally) -> tuple[tuple[bytes, bytes], ...]:
    compact = dict(grammar.compact)
    fields: list[tuple[bytes, list[bytes]]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:
            # RFC 9112 5.2, obs-fold: the line continues the value before it.
            tally.add("folded_line")
            fields[-1][1].append(line.strip(_BLANK))
            continue
        written, colon, value = line.partition(b":")
        name = written.rstrip(_BLANK)
        if not colon or _NAME.fullmatch(name) is None:
            tally.add("malformed_header", int(line.strip(_BLANK) != b""))
            continue
        tally.add("space_before_colon", int(name != written))
        fields.append((compact.get(name.lower(), name), [value.removeprefix(b" ").rstrip(_BLANK)]))
    return tuple((name, _value(parts, tally)) for name, parts in fields)


def _value(parts: list[bytes], tally: Tally) -> bytes:
    value = b" ".join(part for part in parts if part)
    if len(value) > MAX_LINE_BYTES:
        tally.add("value_cut")
        value = value[:MAX_LINE_BYTES].rstrip(_BLANK)
    return value


def declared_length(headers: tuple[tuple[bytes, bytes], ...], tally: Tally) -> int | None:
    """Return what ``Content-Length`` says; ``None`` where it is missing or makes no sense."""
    values = {value.strip(_BLANK) for key, value in headers if key.lower() == b"content-length"}
    if not values:
        return None
    if len(values) > 1:
        # RFC 9112 6.3, 5: no way to know which one is meant.
        tally.add("length_conflict")
        return None
    (value,) = values
    if _LENGTH.fullmatch(value) is None:
        tally.add("length_malformed")
        return None
    return int(value)


def has_no_body(message: HeadedMessage) -> bool:
    """Tell whether the status alone says that no body follows (RFC 9112 6.3, 1)."""
    status = message.status
    return status is not None and (status < 200 or status in _BODILESS)


def _starts_message(data: bytes, grammar: Grammar) -> bool:
    line, newline, _ = data.lstrip(b"\r\n").partition(b"\n")
    try:
        return bool(newline) and _start_line(line, grammar) is not None
    except DecodeError:
        return False
