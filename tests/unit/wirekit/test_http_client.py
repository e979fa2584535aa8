"""Requests hold nothing that a device chose but an address on it, and replies end where they do."""

from __future__ import annotations

import time

import pytest

from camaudit.wirekit.http_client import (
    MAX_TARGET_BYTES,
    Origin,
    ReplyEnd,
    encode_get,
    encode_post,
    is_askable,
    same_origin,
)

HERE = Origin("http", "192.0.2.7", 80)


def test_a_get_is_these_lines() -> None:
    assert encode_get(b"/doc/index.html", b"192.0.2.7:8080", b"text/html").split(b"\r\n") == [
        b"GET /doc/index.html HTTP/1.1",
        b"Host: 192.0.2.7:8080",
        b"User-Agent: camaudit (read-only inventory, no log-in)",
        b"Accept: text/html",
        b"Accept-Encoding: identity",
        b"Connection: keep-alive",
        b"",
        b"",
    ]


def test_a_post_carries_its_length_and_body() -> None:
    head, _, body = encode_post(b"/onvif/x", b"192.0.2.7", b"text/xml", b"<a/>").partition(
        b"\r\n\r\n"
    )
    assert head.startswith(b"POST /onvif/x HTTP/1.1\r\n")
    assert head.endswith(b"Content-Type: text/xml\r\nContent-Length: 4")
    assert body == b"<a/>"


@pytest.mark.parametrize(
    "target",
    [
        b"/",
        b"/doc/page/login.asp?_1",
        b"/aca/index.html",
        b"/cgi-bin/login.cgi",
        b"/information.html?charset=utf-8",
        b"/camera/index.html",
        b"/control/userimage.html",
        b"/upnpdevicedesc.xml",
        b"/a%20b",
    ],
)
def test_an_address_of_a_page_may_be_asked_for(target: bytes) -> None:
    assert is_askable(target)


@pytest.mark.parametrize(
    "target",
    [
        b"",
        b"index.html",
        b"//192.0.2.9/",
        b"/a b",
        b"/a\r\nX: y",
        b"/a\nb",
        b"/a\x00",
        b"/\xff",
        b"/a#b",
        b'/"',
        b"/" + b"a" * MAX_TARGET_BYTES,
        b"/index.html?user=admin&pwd=12345",
        b"/index.html?sid=5",
        b"/tmpfs/snap.jpg",
        b"/%73napshot",
        b"/%2573napshot",
        b"/System/configurationFile",
        b"/reboot",
        b"/cgi-bin/re-start.html",
        b"/Logout.html",
        b"/cgi-bin/system.cgi",
        b"/web/page?action=login",
        b"/a/../b",
        b"/a/%2e%2e/b",
        b"/backup.html",
        b"/log/messages.log",
        b"/video",
        b"/image1?x",
    ],
)
def test_an_address_that_acts_or_shows_more_is_refused(target: bytes) -> None:
    assert not is_askable(target)
    with pytest.raises(ValueError, match="may be asked for"):
        encode_get(target, b"192.0.2.7")


@pytest.mark.parametrize("host", [b"a\r\nb", b"a\nb", b"\xff", b"a" * 600])
def test_a_header_field_cannot_hold_another(host: bytes) -> None:
    with pytest.raises(ValueError, match="not a header field"):
        encode_get(b"/", host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (HERE, b"192.0.2.7"),
        (Origin("http", "192.0.2.7", 443), b"192.0.2.7:443"),
        (Origin("https", "192.0.2.7", 443), b"192.0.2.7"),
        (Origin("http", "2001:db8::7", 8080), b"[2001:db8::7]:8080"),
    ],
)
def test_the_host_names_the_port_unless_it_is_the_usual_one(origin: Origin, host: bytes) -> None:
    assert origin.host == host


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        (b"/login.html", b"/login.html"),
        (b" login.html ", b"/doc/login.html"),
        (b"../x", b"/x"),
        (b"http://192.0.2.7", b"/"),
        (b"HTTP://192.0.2.7:80/a?b#c", b"/a?b"),
        (b"//192.0.2.7/a", b"/a"),
        (b"?lang=en", b"/doc/page?lang=en"),
    ],
)
def test_a_reference_on_the_device_gives_its_target(reference: bytes, target: bytes) -> None:
    assert same_origin(reference, HERE, b"/doc/page") == target


@pytest.mark.parametrize(
    "reference",
    [
        b"",
        b"https://192.0.2.7/",
        b"http://192.0.2.7:8080/",
        b"http://192.0.2.8/",
        b"//192.0.2.8/",
        b"\\\\192.0.2.8\\",
        b"http://camera.example/",
        b"http://admin:x@192.0.2.7/",
        b"http://@192.0.2.7/",
        b"http://192.0.2.7:99999/",
        b"http://192.0.2.7:x/",
        b"http://[::1/",
        b"http://[192.0.2.7]/",
        b"javascript:alert(1)",
        b"data:text/html,x",
        b"/a\r\nX: y",
        b"/a\tb",
        b"/\xe4",
        b"/" + b"a" * MAX_TARGET_BYTES,
    ],
)
def test_a_reference_that_leads_away_gives_nothing(reference: bytes) -> None:
    assert same_origin(reference, HERE) is None


def test_an_ipv6_device_is_itself_in_any_spelling() -> None:
    origin = Origin("http", "2001:db8::7", 80)
    assert same_origin(b"http://[2001:DB8:0::7]/a", origin) == b"/a"


REPLIES = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    "no body": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "trailer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
    "lone line feeds": b"\r\nHTTP/1.0 200 OK\nContent-Length: 1\n\na",
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
def test_a_reply_ends_where_it_does_however_it_arrives(reply: bytes) -> None:
    assert ReplyEnd()(reply + b"HTTP/1.1 200 OK") == len(reply)
    end = ReplyEnd()
    answers = [end(bytearray(reply[:size])) for size in range(1, len(reply) + 1)]
    assert answers == [None] * (len(reply) - 1) + [len(reply)]


@pytest.mark.parametrize(
    "data",
    [b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300 + b"\r\n", b"HTTP/x\r\n\r\n"],
)
def test_what_is_no_reply_ends_at_once(data: bytes) -> None:
    assert ReplyEnd()(data) == len(data)


def test_interim_replies_without_end_are_given_up() -> None:
    flood = b"HTTP/1.1 100 Continue\r\n\r\n" * 50
    assert ReplyEnd()(flood) == len(flood)


@pytest.mark.parametrize(
    "reply",
    [b"HTTP/1.1 200 OK\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", b""],
)
def test_a_reply_without_end_needs_more(reply: bytes) -> None:
    assert ReplyEnd()(reply) is None


@pytest.mark.parametrize(
    "piece",
    [b"1\r\na\r\n", b"\r", b"a: b\r\n", b"\n"],
    ids=["chunks", "carriage returns", "fields", "line feeds"],
)
def test_a_drip_costs_time_linear_in_its_bytes(piece: bytes) -> None:
    """Twenty thousand arrivals, each looked at: quadratic reading would take minutes."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
    buffer = bytearray(head + b"\r\n" if piece[:1] == b"1" else head)
    end = ReplyEnd()
    started = time.process_time()
    for _ in range(20_000):
        buffer += piece
        if end(buffer) is not None:
            break
    assert time.process_time() - started < 5
