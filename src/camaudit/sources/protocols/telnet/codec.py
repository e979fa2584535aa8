"""Bytes and messages of a telnet greeting: text, and the commands woven into it (RFC 854)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec, until_close
from camaudit.wirekit.limits import MAX_VALUE_BYTES

#: RFC 854, "TELNET command structure".
_IAC: Final = 255
_SB: Final = 250
_SE: Final = 240
_NEGOTIATIONS: Final = range(251, 255)
_COMMANDS: Final = range(241, 250)

#: IANA has registered fewer than 60 options; four verbs each.
MAX_OPTIONS: Final = 240
#: Ours. Servers send no subnegotiation before the client has agreed to one.
MAX_SUBNEGOTIATIONS: Final = 16
#: Ours. Terminal types and environment variables stay below 100 bytes.
MAX_SUBNEGOTIATION_BYTES: Final = 512
#: Ours. Holds everything above, each byte escaped.
MAX_GREETING_BYTES: Final = 1 << 20


class Negotiation(NamedTuple):
    """WILL, WONT, DO or DONT (251 to 254), and the option."""

    verb: int
    option: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TelnetGreeting:
    """What a server sends before it is sent anything."""

    options: tuple[Negotiation, ...] = ()
    subnegotiations: tuple[bytes, ...] = ()
    text: bytes = b""
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_greeting(data: bytes) -> TelnetGreeting:
    """Read a greeting; raise ``DecodeError`` where there is none, or no end to it."""
    if not data or len(data) > MAX_GREETING_BYTES:
        raise DecodeError(f"a telnet greeting has 1 to {MAX_GREETING_BYTES} bytes")
    message = _Reader(data).read()
    if message == TelnetGreeting():
        raise DecodeError("neither text nor options in a telnet greeting")
    return message


def encode_greeting(message: TelnetGreeting) -> bytes:
    """Write a greeting: options, subnegotiations, then the text."""
    options = b"".join(bytes((_IAC, *option)) for option in message.options)
    subnegotiations = b"".join(
        bytes((_IAC, _SB)) + _escape(part) + bytes((_IAC, _SE)) for part in message.subnegotiations
    )
    # RFC 854, "The NVT printer and keyboard": a CR is followed by LF or, alone, by NUL.
    text = message.text.replace(b"\r", b"\r\0").replace(b"\r\0\n", b"\r\n")
    return options + subnegotiations + _escape(text)


def greeting_parts(message: TelnetGreeting) -> tuple[object, ...]:
    """Return the parts of a greeting; options come first, wherever they stood."""
    return (*message.options, *message.subnegotiations, message.text)


class _Reader:
    """One pass over a greeting, command by command."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._tally = Tally()
        self._text: list[bytes] = []
        self._options: list[Negotiation] = []
        self._subnegotiations: list[bytes] = []

    def read(self) -> TelnetGreeting:
        while self._at < len(self._data):
            found = self._data.find(bytes((_IAC,)), self._at)
            end = len(self._data) if found < 0 else found
            self._text.append(self._data[self._at : end])
            self._at = end + 1
            if found >= 0:
                self._command()
        text = b"".join(self._text).replace(b"\r\0", b"\r")
        self._tally.add("text_cut", int(len(text) > MAX_VALUE_BYTES))
        return TelnetGreeting(
            options=tuple(self._options),
            subnegotiations=tuple(self._subnegotiations),
            text=text[:MAX_VALUE_BYTES],
            anomalies=self._tally.result(),
        )

    def _command(self) -> None:
        command = self._next()
        if command is None:
            return
        if command == _IAC:
            self._text.append(bytes((_IAC,)))
        elif command in _NEGOTIATIONS:
            self._negotiation(command)
        elif command == _SB:
            self._subnegotiation()
        elif command not in _COMMANDS:
            self._tally.add("unknown_command")

    def _next(self) -> int | None:
        if self._at >= len(self._data):
            self._tally.add("command_unfinished")
            return None
        self._at += 1
        return self._data[self._at - 1]

    def _negotiation(self, verb: int) -> None:
        option = self._next()
        if option is None:
            return
        if len(self._options) < MAX_OPTIONS:
            self._options.append(Negotiation(verb, option))
        else:
            self._tally.add("option_dropped")

    def _subnegotiation(self) -> None:
        """Read up to IAC SE; a doubled IAC stands for one data byte (RFC 855)."""
        start = self._at
        while True:
            found = self._data.find(bytes((_IAC,)), self._at)
            if found < 0 or found + 1 >= len(self._data):
                self._tally.add("command_unfinished")
                self._at = len(self._data)
                return
            self._at = found + 2
            if self._data[found + 1] == _SE:
                break
        self._keep(self._data[start:found].replace(b"\xff\xff", b"\xff"))

    def _keep(self, part: bytes) -> None:
        if len(self._subnegotiations) >= MAX_SUBNEGOTIATIONS:
            self._tally.add("option_dropped")
            return
        self._tally.add("text_cut", int(len(part) > MAX_SUBNEGOTIATION_BYTES))
        self._subnegotiations.append(part[:MAX_SUBNEGOTIATION_BYTES])


def _escape(data: bytes) -> bytes:
    return data.replace(b"\xff", b"\xff\xff")


#: Nothing is ever sent: the server speaks first.
VERBS: Final[Mapping[str, object]] = {}

CODECS: Final[Mapping[str, Codec[Any]]] = {
    "greeting": Codec(
        decode=decode_greeting, encode=encode_greeting, parts=greeting_parts, end=until_close
    )
}
