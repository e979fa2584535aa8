"""SSH identification strings, and lines before them."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.ssh.codec import (
    MAX_PREAMBLE_LINE_BYTES,
    decode_greeting,
    encode_greeting,
    greeting_end,
)


def test_the_longest_string_is_read_and_a_longer_one_refused() -> None:
    line = b"SSH-2.0-" + b"a" * 245
    assert decode_greeting(line + b"\r\n").identification == line
    with pytest.raises(DecodeError, match="longer than 255"):
        decode_greeting(line + b"a\r\n")


def test_notice_flood_is_refused() -> None:
    assert len(decode_greeting(b"x\r\n" * 64 + b"SSH-2.0-a\r\n").preamble) == 64
    with pytest.raises(DecodeError, match="more than 64 lines"):
        decode_greeting(b"x\r\n" * 65 + b"SSH-2.0-a\r\n")


def test_an_overlong_line_before_it_is_cut() -> None:
    message = decode_greeting(b"x" * 5000 + b"\nSSH-1.99-a b c")
    assert message.preamble == (b"x" * MAX_PREAMBLE_LINE_BYTES,)
    assert [anomaly.code for anomaly in message.anomalies] == ["line_unfinished", "line_cut"]
    assert decode_greeting(encode_greeting(message)) == message


@pytest.mark.parametrize(
    "data", [b"", b"SSH", b" SSH-2.0-a", b"SSH-2-a", b"SSH-2.0", b"SSH-2.0-a\rb"]
)
def test_what_is_no_identification(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_greeting(data)


@pytest.mark.parametrize(
    ("data", "end"),
    [(b"", None), (b"notice\n", None), (b"SSH-2.0-a", None), (b"x\nSSH-2.0-a\nkey", 12)],
)
def test_the_end_of_the_greeting_is_found(data: bytes, end: int | None) -> None:
    assert greeting_end(data) == end
