"""What must never become an observation."""

from __future__ import annotations

import pytest

from camaudit.wirekit.secrets import blank, blank_cookie


@pytest.mark.parametrize(
    ("value", "blanked"),
    [
        (
            b'Digest username="admin", realm="x", response="0a1b"',
            b'Digest username="", realm="x", response=""',
        ),
        (b"Digest username=admin, response=0a1b", b"Digest username=, response="),
        (b"password='s3cret'", b'password=""'),
        (b'{"user":"bob","pwd": "x\\"}', b'{"user":"","pwd": ""}'),
        (b'token="never closed', b'token=""'),
        (
            b"<a onclick=\"login('x', password='s3cret')\">",
            b'<a onclick="login(\'x\', password="")">',
        ),
        (b"rtsp://admin:12345@192.0.2.1/live", b"rtsp://192.0.2.1/live"),
        (b"/cgi?user=admin&pwd=12345&x=1", b"/cgi?user=&pwd=&x=1"),
        (b"Authorization: Basic YWRtaW46MTIzNDU=\r\nHost: x", b"Authorization: Basic\r\nHost: x"),
        (b"proxy-authorization:Digest qop=auth<br>", b"proxy-authorization:Digest<br>"),
    ],
)
def test_a_secret_loses_its_value_and_keeps_its_name(value: bytes, blanked: bytes) -> None:
    assert blank(value) == blanked


@pytest.mark.parametrize(
    "value",
    [
        b'Digest realm="IP Camera(D0000)", nonce="c9f3", stale="FALSE"',
        b"Basic realm=\"Use 'live' as User Name\"",
        b'<input id="t_username" name="password">',
        b'var slct_userType = "";',
        b"http://www.hikvision.com/ver20/XMLSchema",
        b"mail: info@example.org",
        b"ResponseCode=0",
        b"AXIS P3301",
    ],
)
def test_what_is_no_secret_stays(value: bytes) -> None:
    assert blank(value) == value


@pytest.mark.parametrize(
    ("value", "blanked"),
    [
        (
            b"WebSession=abcdef; Path=/; HttpOnly; SameSite=Lax",
            b"WebSession=; Path=/; HttpOnly; SameSite=Lax",
        ),
        (b"a=b=c;Max-Age=10;", b"a=; Max-Age=10"),
        (
            b"sid=1; owner=bob; expires=Tue, 01 Nov 2022 10:00:00 GMT",
            b"sid=; owner=; expires=Tue, 01 Nov 2022 10:00:00 GMT",
        ),
        (b"abcdef; path=/", b""),
        (b"=abcdef", b""),
        (b"", b""),
    ],
)
def test_a_cookie_keeps_name_and_attributes(value: bytes, blanked: bytes) -> None:
    assert blank_cookie(value) == blanked
