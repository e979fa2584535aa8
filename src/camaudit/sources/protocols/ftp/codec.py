"""Bytes and messages of FTP replies: a code and its lines of text (RFC 959 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Buffer, Codec
from camaudit.wirekit.limits import MAX_MESSAGES

#: Ours. A greeting with a legal notice has about 20 lines.
MAX_LINES: Final = 128
#: Ours. RFC 959 sets no length; RFC 5321 4.5.3.1.5 allows 512 octets for the like in SMTP.
MAX_LINE_BYTES: Final = 2048
#: RFC 959 4.2.1: the first digit is 1 to 5, the second 0 to 5.
_FIRST: Final = re.compile(rb"([1-5][0-5][0-9])(-|[ \t]|\r*+$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FtpReply:
    """One reply; a reply of several lines is one message."""

    code: int
    lines: tuple[bytes, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    @property
    def text(self) -> bytes:
        """Return the lines without their codes, folded into one."""
        return b" ".join(part for line in self.lines if (part := line.strip()))


def decode_reply(data: bytes) -> FtpReply:
    """Read the first reply; raise ``DecodeError`` where no reply code begins it."""
    tally = Tally()
    data = data.lstrip(b"\r\n")
    # What follows the ceiling is no line of this reply.
    lines = data.removesuffix(b"\n").split(b"\n", MAX_LINES)[:MAX_LINES]
    first = _FIRST.match(lines[0])
    if first is None:
        raise DecodeError("no FTP reply code")
    texts = [_text(lines[0][first.end() :], tally)]
    if first[2] == b"-":
        texts.extend(_further(lines[1:], first[1], tally))
    return FtpReply(code=int(first[1]), lines=tuple(texts), anomalies=tally.result())


def decode_replies(data: bytes) -> tuple[FtpReply, ...]:
    """Read the replies of one recorded connection; only the first may spoil the whole."""
    replies = [decode_reply(data)]
    while len(replies) < MAX_MESSAGES and (end := reply_end(data)) is not None:
        data = data[end:]
        try:
            replies.append(decode_reply(data))
        except DecodeError:
            break
    return tuple(replies)


def encode_reply(message: FtpReply) -> bytes:
    """Write one reply, each line with its code."""
    *before, last = message.lines
    text = b"".join(b"%03d-%s\r\n" % (message.code, line) for line in before)
    return text + b"%03d %s\r\n" % (message.code, last)


def reply_parts(message: FtpReply) -> tuple[object, ...]:
    """Return the parts of a reply in the order of its bytes."""
    return (message.code, *message.lines)


def reply_end(data: Buffer) -> int | None:
    """Return where the first reply ends; ``None`` where more bytes are needed."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    at = data.find(b"\n", start) + 1
    if not at:
        return None
    first = _FIRST.match(bytes(data[start : at - 1]))
    if first is None or first[2] != b"-":
        return at
    last = re.compile(rb"\n%s(?:[ \t][^\n]*+|\r*+)\n" % first[1])
    found = last.search(data, at - 1)
    return None if found is None else found.end()


def _further(lines: list[bytes], code: bytes, tally: Tally) -> list[bytes]:
    texts: list[bytes] = []
    for line in lines:
        if line.startswith(code) and line[len(code) :].rstrip(b"\r")[:1] in (b" ", b"\t", b""):
            texts.append(_text(line[len(code) + 1 :], tally))
            return texts
        # RFC 959 4.2 lets middle lines begin with anything; many servers repeat the code.
        texts.append(_text(line.removeprefix(code + b"-"), tally))
    tally.add("reply_unfinished")
    return texts


def _text(line: bytes, tally: Tally) -> bytes:
    line = line.rstrip(b"\r")
    tally.add("line_cut", int(len(line) > MAX_LINE_BYTES))
    return line[:MAX_LINE_BYTES].rstrip(b"\r")


#: Nothing is ever sent: the server speaks first.
VERBS: Final[Mapping[str, object]] = {}

CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=reply_parts, end=reply_end)
}
