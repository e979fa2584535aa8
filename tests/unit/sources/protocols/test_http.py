"""HTTP replies: titles, bodies, and what is not shown."""

from __future__ import annotations

import gzip

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.http.codec import MAX_TITLE_BYTES, title
from camaudit.sources.protocols.http.observe import expand_response


def fields(data: bytes) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for seen in expand_response(data):
        assert seen.protocol == "http"
        found.setdefault(seen.field, []).append(seen.value)
    return found


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"<title>NETSurveillance WEB</title>", "NETSurveillance WEB"),
        (b"<TITLE lang='en'>\r\n A&nbsp;&amp;\tB </Title>", "A & B"),
        (b"<titlebar>x</titlebar><title/>y</title>", "y"),
        (b"<!-- <title>old</title> --><title>new</title>", "new"),
        (b"<title>a</title><title>b</title>", "a"),
        (b"<title></title>", ""),
        (b"<!-- <title>never closed</title>", ""),
        (b"<title>cut off", ""),
        (b"<title cut off", ""),
        (b"no title", ""),
        (b"", ""),
        (b"<title>caf\xc3\xa9</title>", "café"),
        (b"<meta charset='gb2312'><title>\xd6\xd0</title>", "中"),
    ],
)
def test_the_first_title_is_read(page: bytes, text: str) -> None:
    assert title(page) == text


def test_the_charset_of_the_header_outranks_that_of_the_page() -> None:
    page = b"<meta charset='utf-8'><title>\xd6\xd0</title>"
    assert title(page, b"text/html; charset=GBK") == "中"


def test_a_number_reference_too_long_for_an_integer_is_harmless() -> None:
    page = b"<title>&#" + b"9" * 5000 + b";</title>"
    assert title(page)


def test_a_long_title_is_cut() -> None:
    assert title(b"<title>" + b"a" * 5000 + b"</title>") == "a" * MAX_TITLE_BYTES


def test_a_compressed_page_is_read() -> None:
    body = gzip.compress(b"<title>WEB</title>")
    found = fields(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body)
    assert found["title"] == [b"WEB"]
    assert found["body"] == [b"<title>WEB</title>"]


def test_a_decompression_bomb_shows_64_kib() -> None:
    bomb = gzip.compress(b"a" * (32 << 20))
    (body,) = fields(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb)["body"]
    assert len(body) == 1 << 16


def test_a_long_body_shows_64_kib() -> None:
    (body,) = fields(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 70_000)["body"]
    assert body == b"a" * (1 << 16)


def test_without_a_body_there_is_no_body_field() -> None:
    assert "body" not in fields(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n")


def test_credentials_echoed_by_the_device_are_not_shown() -> None:
    page = b'<pre>Authorization: Digest username="bob", response="00ff"\r\nHost: x</pre>'
    found = fields(
        b"HTTP/1.1 400 Bad\r\nSet-Cookie: sid=s3cret\r\nAuthorization: Basic Ym9i\r\n\r\n" + page
    )
    shown = b" ".join(value for values in found.values() for value in values)
    for secret in (b"bob", b"00ff", b"s3cret", b"Ym9i"):
        assert secret not in shown


def test_the_same_field_of_two_replies_is_shown_once() -> None:
    one = b"HTTP/1.1 401 x\r\nServer: Boa\r\nContent-Length: 0\r\n\r\n"
    assert fields(one * 3) == {"status": [b"401"], "server": [b"Boa"]}


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"<html></html>", b"SSH-2.0-x\r\n"])
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        expand_response(data)
