"""Bytes and messages of the SSH greeting (RFC 4253 4.2); what follows it is not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Buffer, Codec

#: RFC 4253 4.2: 255 characters, CR and LF included.
MAX_IDENTIFICATION_BYTES: Final = 253
#: OpenSSH 9 gives up after 1024 lines of 8 KiB; greetings before the string are a few lines.
MAX_PREAMBLE_LINES: Final = 64
MAX_PREAMBLE_LINE_BYTES: Final = 1024
#: RFC 4253 4.2: protocol version, a hyphen, software version without blanks or hyphens. Firmware
#: does put hyphens there, so only blanks end it.
_IDENTIFICATION: Final = re.compile(rb"SSH-[0-9]{1,2}\.[0-9]{1,2}-[^\r\n]*+")
_BEGINS: Final = re.compile(rb"(?:\A|\n)SSH-")


@dataclass(frozen=True, slots=True, kw_only=True)
class SshGreeting:
    """The identification string, and the lines that a server may put before it."""

    identification: bytes
    preamble: tuple[bytes, ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_greeting(data: bytes) -> SshGreeting:
    """Read a greeting; raise ``DecodeError`` where no identification string is in it."""
    tally = Tally()
    found = _BEGINS.search(data)
    if found is None:
        raise DecodeError("no SSH identification string")
    at = found.end() - len(b"SSH-")
    before = data[:at].split(b"\n", MAX_PREAMBLE_LINES + 1)
    if len(before) > MAX_PREAMBLE_LINES + 1:
        raise DecodeError(f"more than {MAX_PREAMBLE_LINES} lines before the SSH identification")
    line, newline, _ = data[at:].partition(b"\n")
    tally.add("line_unfinished", int(not newline))
    line = line.rstrip(b" \t\r")
    if len(line) > MAX_IDENTIFICATION_BYTES:
        raise DecodeError("SSH identification longer than 255 bytes")
    if _IDENTIFICATION.fullmatch(line) is None:
        raise DecodeError("malformed SSH identification string")
    preamble = tuple(_preamble_line(text, tally) for text in before[:-1])
    return SshGreeting(identification=line, preamble=preamble, anomalies=tally.result())


def encode_greeting(message: SshGreeting) -> bytes:
    """Write a greeting."""
    return b"".join(line + b"\r\n" for line in (*message.preamble, message.identification))


def greeting_parts(message: SshGreeting) -> tuple[object, ...]:
    """Return the lines of a greeting."""
    return (*message.preamble, message.identification)


def greeting_end(data: Buffer) -> int | None:
    """Return where the identification line ends; ``None`` where more bytes are needed."""
    found = _BEGINS.search(data)
    if found is None:
        return None
    return data.find(b"\n", found.end()) + 1 or None


def _preamble_line(line: bytes, tally: Tally) -> bytes:
    line = line.rstrip(b"\r")
    tally.add("line_cut", int(len(line) > MAX_PREAMBLE_LINE_BYTES))
    return line[:MAX_PREAMBLE_LINE_BYTES].rstrip(b"\r")


#: Nothing is ever sent: the server speaks first.
VERBS: Final[Mapping[str, object]] = {}

CODECS: Final[Mapping[str, Codec[Any]]] = {
    "greeting": Codec(
        decode=decode_greeting, encode=encode_greeting, parts=greeting_parts, end=greeting_end
    )
}
