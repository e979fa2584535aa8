"""The grammar that HTTP, RTSP and SIP share, under attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.wirekit.headed import (
    Grammar,
    HeadedMessage,
    RequestLine,
    StatusLine,
    decode_conversation,
    decode_headed,
    encode_headed,
    headed_end,
)
from camaudit.wirekit.limits import MAX_BODY_BYTES, MAX_LINE_BYTES

HTTP = Grammar(protocol=b"HTTP")
RTSP = Grammar(protocol=b"RTSP", needs_length=True)
SIP = Grammar(
    protocol=b"SIP", requests=True, needs_length=True, compact=((b"l", b"Content-Length"),)
)


def codes(data: bytes, grammar: Grammar = HTTP) -> list[tuple[str, int]]:
    return [(anomaly.code, anomaly.times) for anomaly in decode_headed(data, grammar).anomalies]


@pytest.mark.parametrize(
    ("line", "start"),
    [
        (b"HTTP/1.1 200 OK", StatusLine(version=b"1.1", status=200, reason=b"OK")),
        (b"http/1.0  404\tNot  here ", StatusLine(version=b"1.0", status=404, reason=b"Not  here")),
        (b"HTTP/2 000", StatusLine(version=b"2", status=0, reason=b"")),
        (b"HTTP/1.1 490Blocked", StatusLine(version=b"1.1", status=490, reason=b"Blocked")),
    ],
)
def test_a_status_line_is_read_as_devices_write_it(line: bytes, start: StatusLine) -> None:
    message = decode_headed(line + b"\r\n\r\n", HTTP)
    assert message.start == start
    assert decode_headed(encode_headed(message, HTTP), HTTP) == message


@pytest.mark.parametrize(
    "line",
    [
        b"HTTP/1.1 2000 OK",
        b"HTTP/1.1 20",
        b"HTTP/1.1",
        b"HTTP/x 200 OK",
        b"GET / HTTP/1.1",
        b"ICY 200 OK",
        b"",
        b"\x16\x03\x01",
        b"Name of no consequence: x",
    ],
)
def test_what_is_no_start_line_is_refused(line: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_headed(line + b"\r\n\r\n", HTTP)


def test_a_request_stands_where_the_protocol_lets_it() -> None:
    message = decode_headed(b"OPTIONS sip:a SIP/2.0\r\nl: 3\r\n\r\nabc", SIP)
    assert message.start == RequestLine(method=b"OPTIONS", target=b"sip:a", version=b"2.0")
    assert message.status is None
    assert message.values(b"content-length") == (b"3",)
    assert decode_headed(encode_headed(message, SIP), SIP) == message


def test_the_blank_beyond_the_usual_one_is_kept_for_who_asks() -> None:
    message = decode_headed(b"RTSP/1.0 200 OK\r\nDate:  Tue\r\nDATE:Wed\r\n\r\n", RTSP)
    assert message.raw_values(b"date") == (b" Tue", b"Wed")
    assert message.values(b"date") == (b"Tue", b"Wed")


def test_header_flood_is_refused() -> None:
    with pytest.raises(DecodeError, match="256 header lines"):
        decode_headed(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 257 + b"\r\n", HTTP)
    message = decode_headed(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 256 + b"\r\n", HTTP)
    assert len(message.headers) == 256


def test_an_overlong_value_is_cut() -> None:
    data = b"HTTP/1.1 200 OK\r\nServer: " + b"a" * (MAX_LINE_BYTES + 1) + b"\r\n\r\n"
    assert decode_headed(data, HTTP).values(b"server") == (b"a" * MAX_LINE_BYTES,)
    assert codes(data) == [("value_cut", 1)]


def test_an_overlong_name_is_no_header() -> None:
    assert codes(b"HTTP/1.1 200 OK\r\n" + b"n" * 129 + b": v\r\n\r\n") == [("malformed_header", 1)]


def test_header_smuggling_a_blank_before_the_colon_is_counted() -> None:
    assert codes(b"HTTP/1.1 200 OK\r\nServer : x\r\n\r\n") == [("space_before_colon", 1)]


def test_a_fold_before_any_header_is_no_value() -> None:
    data = b"HTTP/1.1 200 OK\r\n stray\r\n \r\nServer: a\r\n \r\n\tb\r\n\r\n"
    assert decode_headed(data, HTTP).headers == ((b"Server", b"a b"),)
    assert codes(data) == [("malformed_header", 1), ("folded_line", 2)]


@pytest.mark.parametrize("length", [b"-1", b"0x10", b"99999999999", b"1 1", b""])
def test_a_length_that_is_no_number_is_not_believed(length: bytes) -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nabc"
    assert decode_headed(data, HTTP).body == b"abc"
    assert codes(data) == [("length_malformed", 1)]


def test_response_splitting_two_lengths_are_not_believed() -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc"
    assert codes(data) == [("length_conflict", 1)]
    assert headed_end(data, HTTP) is None


@pytest.mark.parametrize(("body", "code"), [(b"ab", "body_unfinished"), (b"abcd", "body_surplus")])
def test_a_length_that_is_wrong_is_counted(body: bytes, code: str) -> None:
    assert codes(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body) == [(code, 1)]


def test_an_endless_body_is_cut() -> None:
    data = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MAX_BODY_BYTES + 1)
    assert len(decode_headed(data, HTTP).body) == MAX_BODY_BYTES
    assert codes(data) == [("body_cut", 1)]


@pytest.mark.parametrize(
    ("data", "grammar", "end"),
    [
        (b"HTTP/1.1 200 OK\r\n", HTTP, None),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", HTTP, None),
        (b"HTTP/1.1 100 Continue\r\n\r\nabc", HTTP, 25),
        (b"HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\nabc", HTTP, 37),
        (b"\r\nHTTP/1.1 200 OK\n\r\r\nabc", HTTP, None),
        (b"Server: x\r\n\r\nabc", HTTP, None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", HTTP, 40),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", HTTP, None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\nxyz", HTTP, 58),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", HTTP, None),
        (b"RTSP/1.0 200 OK\r\n\r\nabc", RTSP, 19),
    ],
)
def test_the_end_of_a_message_is_found(data: bytes, grammar: Grammar, end: int | None) -> None:
    assert headed_end(data, grammar) == end
    assert headed_end(bytearray(data), grammar) == end


def test_a_conversation_is_cut_where_its_messages_begin() -> None:
    one = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"
    messages = decode_conversation(one + b"stray" + one + one, RTSP)
    assert [message.body[:5] for message in messages] == [b"stray"]
    messages = decode_conversation(one + one + b"v=0", RTSP)
    assert [message.body for message in messages] == [b"", b"v=0"]


def test_a_message_alone_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most conversations of a capture are one message; its head is the work."""
    read: list[bytes] = []

    def counted(data: bytes, grammar: Grammar) -> HeadedMessage:
        read.append(data)
        return decode_headed(data, grammar)

    monkeypatch.setattr("camaudit.wirekit.headed.decode_headed", counted)
    one = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"
    for data in (one, one + b"v=0", b"\r\n" + one):
        read.clear()
        assert len(decode_conversation(data, RTSP)) == 1
        assert len(read) == 1
    # what is written in other letters is found all the same
    assert len(decode_conversation(one + one.replace(b"RTSP", b"rtsp"), RTSP)) == 2


def test_only_the_first_message_may_spoil_a_conversation() -> None:
    one = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"
    flood = b"RTSP/1.0 200 OK\r\n" + b"a: b\r\n" * 300
    assert len(decode_conversation(one + flood, RTSP)) == 1
    with pytest.raises(DecodeError):
        decode_conversation(flood + b"\r\n" + one, RTSP)


def test_a_conversation_without_end_stops_at_its_ceiling() -> None:
    one = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"
    messages = decode_conversation(one * 40, RTSP)
    assert len(messages) == 16
    assert messages[-1].body == one * 24
