"""Telnet greetings, and commands that do not end."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.protocols.telnet.codec import (
    MAX_GREETING_BYTES,
    MAX_OPTIONS,
    MAX_SUBNEGOTIATION_BYTES,
    MAX_SUBNEGOTIATIONS,
    Negotiation,
    TelnetGreeting,
    decode_greeting,
    encode_greeting,
)
from camaudit.sources.protocols.telnet.observe import expand_response


def codes(data: bytes) -> list[tuple[str, int]]:
    return [(anomaly.code, anomaly.times) for anomaly in decode_greeting(data).anomalies]


def test_a_doubled_command_byte_is_text() -> None:
    assert decode_greeting(b"a\xff\xffb").text == b"a\xffb"


@pytest.mark.parametrize("tail", [b"\xff", b"\xff\xfb", b"\xff\xfa\x18\0", b"\xff\xfa\x18\xff"])
def test_a_command_without_end_is_counted(tail: bytes) -> None:
    assert decode_greeting(b"login:" + tail).text == b"login:"
    assert codes(b"login:" + tail) == [("command_unfinished", 1)]


def test_an_unknown_command_is_counted() -> None:
    assert codes(b"a\xff\x01b\xff\xf0c\xff\xf9") == [("unknown_command", 2)]


def test_option_flood_stops_at_the_ceiling() -> None:
    message = decode_greeting(b"\xff\xfb\x01" * 1000)
    assert message.options == (Negotiation(251, 1),) * MAX_OPTIONS
    assert message.anomalies == (("option_dropped", 1000 - MAX_OPTIONS),)


def test_subnegotiation_flood_stops_at_the_ceiling() -> None:
    message = decode_greeting(b"\xff\xfa\x18" + b"v" * 600 + b"\xff\xf0" + b"\xff\xfa\xff\xf0" * 20)
    assert len(message.subnegotiations) == MAX_SUBNEGOTIATIONS
    assert len(message.subnegotiations[0]) == MAX_SUBNEGOTIATION_BYTES
    assert message.anomalies == (("text_cut", 1), ("option_dropped", 5))
    assert decode_greeting(encode_greeting(message)) == message


def test_endless_text_is_cut_and_an_endless_greeting_refused() -> None:
    message = decode_greeting(b"\xff\xff" * 70_000)
    assert message.text == b"\xff" * (1 << 16)
    assert decode_greeting(encode_greeting(message)) == message
    with pytest.raises(DecodeError):
        decode_greeting(b"a" * (MAX_GREETING_BYTES + 1))


@pytest.mark.parametrize("text", [b"a\rb", b"a\r\nb", b"a\r\0b", b"\r\0\n", b"\r\r\n", b"\r"])
def test_carriage_returns_survive(text: bytes) -> None:
    message = TelnetGreeting(text=text)
    assert decode_greeting(encode_greeting(message)) == message


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"\r\n   centred  \r\n", (Seen("telnet", "banner", b"   centred  "),)),
        (b" \r\n\0", ()),
        (b"\xff\xfd\x1f", (Seen("telnet", "options", b"fd1f"),)),
    ],
)
def test_text_and_options_are_shown_where_there_are_any(
    data: bytes, seen: tuple[Seen, ...]
) -> None:
    assert expand_response(data) == seen
