"""FTP greetings of one line and of several."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.protocols.ftp.codec import (
    MAX_LINE_BYTES,
    MAX_LINES,
    decode_reply,
    encode_reply,
    reply_end,
)
from camaudit.sources.protocols.ftp.observe import expand_response


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"220 ready\r\n", (b"ready",)),
        (b"\r\n220 ready", (b"ready",)),
        (b"220\r\n", (b"",)),
        (b"220", (b"",)),
        (b"220\tready\n", (b"ready",)),
        (
            b"220-a\r\n220-b\r\n221 not the end\r\n2200 nor this\r\n220 c\r\nx",
            (b"a", b"b", b"221 not the end", b"2200 nor this", b"c"),
        ),
        (b"220-a\r\n220\r\n", (b"a", b"")),
    ],
)
def test_a_reply_ends_at_its_own_code(data: bytes, lines: tuple[bytes, ...]) -> None:
    reply = decode_reply(data)
    assert (reply.code, reply.lines) == (220, lines)
    assert decode_reply(encode_reply(reply)) == reply


@pytest.mark.parametrize("data", [b"", b"22 x", b"220x ready", b"\r\n"])
def test_what_is_no_reply(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_line_flood_stops_at_the_ceiling() -> None:
    reply = decode_reply(b"220-a\r\n" * 1000)
    assert len(reply.lines) == MAX_LINES
    assert [anomaly.code for anomaly in reply.anomalies] == ["reply_unfinished"]
    assert decode_reply(encode_reply(reply)) == reply


def test_an_overlong_line_is_cut() -> None:
    reply = decode_reply(b"220 " + b"a" * 5000)
    assert reply.lines == (b"a" * MAX_LINE_BYTES,)
    assert [anomaly.code for anomaly in reply.anomalies] == ["line_cut"]


@pytest.mark.parametrize(
    ("data", "end"),
    [(b"220 a", None), (b"220 a\r\nx", 7), (b"220-a\r\nb\r\n", None), (b"220-a\n220\n", 10)],
)
def test_the_end_of_a_reply_is_found(data: bytes, end: int | None) -> None:
    assert reply_end(data) == end


@pytest.mark.parametrize(
    ("data", "banner"),
    [
        (b"421 Too many cameras\r\n", b"Too many cameras"),
        (b"220 a\r\ngarbage\r\n", b"a"),
        (b"421 busy\r\n220 ready\r\n", b"ready"),
    ],
)
def test_the_greeting_is_shown_without_its_code(data: bytes, banner: bytes) -> None:
    assert expand_response(data) == (Seen("ftp", "banner", banner),)


@pytest.mark.parametrize(
    "data", [b"530 Not logged in\r\n", b"331 Password for bob\r\n", b"220 \r\n"]
)
def test_what_answers_a_login_is_not_shown(data: bytes) -> None:
    assert expand_response(data) == ()
