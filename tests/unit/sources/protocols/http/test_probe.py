"""The web dialogue: what it asks for, in which order, and what it never asks for."""

from __future__ import annotations

import base64
import hashlib
import zlib

import mmh3
import pytest

from camaudit.errors import LineError
from camaudit.model.scan import Outcome
from camaudit.sources.protocols.http.codec import VERBS, encode_page_request
from camaudit.sources.protocols.http.paths import VENDOR_PATHS
from camaudit.sources.protocols.http.probe import ROOT, ROOT_TLS
from camaudit.sources.spec import Transport
from camaudit.wirekit.http_client import is_askable
from tests.lines import FakeLine, hold

ICO = b"\0\0\1\0\1\0\x10\x10" + bytes(range(200))
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def reply(body: bytes = b"", *fields: bytes, status: bytes = b"200 OK") -> bytes:
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields, b"", body)
    return b"\r\n".join(lines)


def asked(line: FakeLine) -> list[str]:
    assert all(request.startswith(b"GET ") for request in line.sent)
    return [request.split(b" ", 2)[1].decode() for request in line.sent]


def shown(line: FakeLine) -> list[tuple[str, bytes]]:
    dialogue = ROOT_TLS if line.transport is Transport.TLS else ROOT
    return [(f"{seen.protocol}.{seen.field}", seen.value) for seen in hold(dialogue, line)]


def values(line: FakeLine, key: str) -> list[bytes]:
    return [value for name, value in shown(line) if name == key]


def test_the_page_and_its_icon_are_asked_for_and_nothing_else() -> None:
    line = FakeLine(reply(b"<title>Printer</title>", b"Server: lp/1"), reply(ICO))
    assert shown(line) == [
        ("http.status", b"200"),
        ("http.server", b"lp/1"),
        ("http.title", b"Printer"),
        ("http.body", b"<title>Printer</title>"),
        ("http.favicon_mmh3", b"%d" % mmh3.hash(base64.encodebytes(ICO), 0, signed=True)),
        ("http.favicon_md5", hashlib.md5(ICO).hexdigest().encode()),  # noqa: S324 - a key
    ]
    assert asked(line) == ["/", "/favicon.ico"]


def test_the_hash_is_that_of_base64_in_lines_of_76_with_an_end_of_line() -> None:
    """Lines and sign are held against the published algorithm, written out below."""
    icon = b"GIF89a" + b"\xff" * 100
    text = base64.b64encode(icon).decode()
    lines = "".join(text[at : at + 76] + "\n" for at in range(0, len(text), 76)).encode()
    line = FakeLine(reply(), reply(icon))
    assert values(line, "http.favicon_mmh3") == [b"%d" % murmur3(lines)]


def murmur3(data: bytes) -> int:
    """MurmurHash3_x86_32, seed 0, as published by its author; signed."""

    def mixed(word: int) -> int:
        word = word * 0xCC9E2D51 & 0xFFFFFFFF
        word = (word << 15 | word >> 17) & 0xFFFFFFFF
        return word * 0x1B873593 & 0xFFFFFFFF

    value = 0
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        value ^= mixed(int.from_bytes(data[at : at + 4], "little"))
        value = (value << 13 | value >> 19) & 0xFFFFFFFF
        value = (value * 5 + 0xE6546B64) & 0xFFFFFFFF
    if data[whole:]:
        value ^= mixed(int.from_bytes(data[whole:], "little"))
    value ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        value = (value ^ value >> shift) * factor & 0xFFFFFFFF
    value ^= value >> 16
    return value - (1 << 32) if value >> 31 else value


@pytest.mark.parametrize(
    "first",
    [
        reply(b"", b"Location: /login.html", status=b"302 Found"),
        reply(b"", b"Location: http://192.0.2.7/login.html", status=b"301 Moved"),
        reply(b"<META HTTP-EQUIV='Refresh' CONTENT='0; URL=/login.html'>"),
        reply(b'<meta content="0;url=login.html" http-equiv=refresh />'),
        reply(b'<script>window.location = "/login.html";</script>'),
        reply(b"<script>window.location.href='login.html'</script>"),
        reply(b'<script>location.href="/login.html" + x</script>'),
    ],
)
def test_a_redirect_on_the_server_is_followed(first: bytes) -> None:
    line = FakeLine(first, reply(b"<title>Log in</title>"), NOT_FOUND)
    assert (b"Log in") in values(line, "http.title")
    assert asked(line) == ["/", "/login.html", "/favicon.ico"]


@pytest.mark.parametrize(
    "target",
    [
        "https://192.0.2.7/",
        "http://192.0.2.7:8080/",
        "http://192.0.2.8/",
        "//192.0.2.8/x",
        "http://vendor.example/",
        "http://root:pass@192.0.2.7/",
        "/reboot.html",
        "/snapshot.html",
        "/a\rX-Injected: 1",
        "/a\x00b",
        "/",
        "/" + "a" * 600,
    ],
)
def test_a_redirect_elsewhere_or_to_what_acts_is_told_and_not_followed(target: str) -> None:
    first = reply(b"", b"Location: " + target.encode(), status=b"302 Found")
    line = FakeLine(first, NOT_FOUND, NOT_FOUND)
    assert len(values(line, "http.location")) == 1
    assert asked(line) == ["/", "/favicon.ico"]
    assert b"Injected" not in b"".join(line.sent)


def test_credentials_in_a_redirect_are_not_told() -> None:
    first = reply(b"<script>location='http://root:pass@192.0.2.8/'</script>")
    assert values(FakeLine(first, NOT_FOUND), "http.location") == [b"http://192.0.2.8/"]


def test_a_redirect_by_script_to_another_host_is_told() -> None:
    line = FakeLine(reply(b"<script>location.href = 'https://192.0.2.7/'</script>"), NOT_FOUND)
    assert values(line, "http.location") == [b"https://192.0.2.7/"]
    assert asked(line) == ["/", "/favicon.ico"]


@pytest.mark.parametrize(
    "page",
    [
        b"<script>if (location.href == '/x.html') {}</script>",
        b"<script>mylocation = '/x.html'; a.location.href = '/x.html'</script>",
        b"<script>location.href = '/x.html'</script>" + b" " * 5000,
        b"<meta http-equiv='refresh' content='30'>",
        b"<meta name='description' content='0;url=/x.html'>",
    ],
)
def test_what_only_looks_like_a_redirect_is_none(page: bytes) -> None:
    line = FakeLine(reply(page), NOT_FOUND)
    shown(line)
    assert asked(line) == ["/", "/favicon.ico"]


def test_at_most_two_redirects_are_followed_and_no_loop() -> None:
    steps = [reply(b"", b"Location: /%d" % step, status=b"302 Found") for step in range(1, 9)]
    line = FakeLine(*steps)
    shown(line)
    assert asked(line) == ["/", "/1", "/2", "/favicon.ico"]
    line = FakeLine(*(reply(b"", b"Location: /", status=b"302 Found") for _ in range(9)))
    shown(line)
    assert asked(line) == ["/", "/favicon.ico"]


@pytest.mark.parametrize("status", [b"401 Unauthorized", b"403 Forbidden", b"407 Proxy"])
@pytest.mark.parametrize("before", [[], [reply(b"<script>location='/a'</script>")], [reply()]])
def test_a_request_to_log_in_ends_it(status: bytes, before: list[bytes]) -> None:
    challenge = reply(b"", b'WWW-Authenticate: Digest realm="x"', status=status)
    line = FakeLine(*before, challenge, reply(ICO), reply(ICO))
    shown(line)
    assert len(line.sent) == len(before) + 1
    assert line.locked == []


@pytest.mark.parametrize(
    "locked",
    [
        reply(status=b"423 Locked"),
        reply(status=b"429 Too Many Requests"),
        reply(status=b"490 Account Blocked"),
        reply(b"Your IP address has been temporarily blocked", status=b"403 Forbidden"),
        reply(b"Too many failed login attempts", status=b"503 Busy"),
        reply(b"<userCheck><lockStatus>lock</lockStatus>", status=b"401 Unauthorized"),
        reply(b"<title>The account is locked</title>"),
    ],
)
def test_a_sign_of_a_lockout_is_told_to_the_line(locked: bytes) -> None:
    line = FakeLine(locked, reply(ICO))
    shown(line)
    assert len(line.locked) == 1
    assert len(line.sent) == 1


@pytest.mark.parametrize(
    "free",
    [
        reply(b"<script>var texts = {a: 'The account is locked'}</script>"),
        reply(b"<title>Door lock: locked</title>"),
        reply(b"The door is locked", status=b"404 Not Found"),
        reply(b"<lockStatus>unlock</lockStatus>", status=b"404 Not Found"),
    ],
)
def test_words_about_locks_are_no_lockout(free: bytes) -> None:
    line = FakeLine(free, reply(ICO))
    shown(line)
    assert line.locked == []


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (b"<link rel='shortcut icon' href='/img/a.ico?v=1'>", "/img/a.ico?v=1"),
        (b'<LINK type="image/png" HREF="b.png" REL="icon">', "/b.png"),
        (b"<link rel=icon href=http://192.0.2.7/c.gif />", "/c.gif"),
        (b"<link rel='icon' href='http://192.0.2.8/d.ico'>", "/favicon.ico"),
        (b"<link rel='icon' href='/snapshot.png'>", "/favicon.ico"),
        (b"<link rel='icon' href='/page.html'>", "/favicon.ico"),
        (b"<link rel='icon' href='data:image/png;base64,AAAA'>", "/favicon.ico"),
        (b"<link rel='stylesheet' href='/icon.css'>", "/favicon.ico"),
    ],
)
def test_the_icon_is_the_one_that_the_page_names_on_its_server(link: bytes, target: str) -> None:
    line = FakeLine(reply(link), reply(ICO))
    assert len(values(line, "http.favicon_md5")) == 1
    assert asked(line) == ["/", target]


@pytest.mark.parametrize(
    "icon",
    [
        NOT_FOUND,
        reply(b"<html>Log in</html>", b"Content-Type: image/x-icon"),
        reply(ICO, status=b"404 Not Found"),
        reply(ICO)[:-1],
        reply(b""),
        reply(b"\0\0\1\0" + bytes(1 << 18)),
        b"no reply at all",
    ],
)
def test_what_is_no_whole_image_has_no_hash(icon: bytes) -> None:
    line = FakeLine(reply(b"x"), icon)
    assert [name for name, _ in shown(line) if "favicon" in name] == []


def test_an_icon_in_chunks_or_compressed_is_hashed_as_it_is_drawn() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
    packed = zlib.compress(ICO)
    for icon in (chunked % (len(ICO), ICO), reply(packed, b"Content-Encoding: deflate")):
        found = values(FakeLine(reply(), icon), "http.favicon_md5")
        assert found == [hashlib.md5(ICO).hexdigest().encode()]  # noqa: S324 - a key


def test_a_maker_s_page_is_asked_for_where_the_page_hints_at_it() -> None:
    page = b"<script>var a = 'doc/page/login.asp'; go(a)</script>"
    description = b"<root xmlns='urn:schemas-upnp-org:device-1-0'><device/></root>"
    line = FakeLine(
        reply(page, b"Server: App-webs/"),
        NOT_FOUND,
        reply(b"<title>DS</title>"),
        reply(description),
    )
    assert ("upnp.device_description", description) in (found := shown(line))
    assert ("http.title", b"DS") in found
    assert asked(line) == ["/", "/favicon.ico", "/doc/page/login.asp", "/upnpdevicedesc.xml"]


def test_the_login_page_is_not_asked_for_twice() -> None:
    page = b'<script>window.location.href = "doc/page/login.asp?_" + (new Date())</script>'
    line = FakeLine(reply(page), reply(b"x"), NOT_FOUND, NOT_FOUND)
    shown(line)
    assert asked(line) == [
        "/",
        "/doc/page/login.asp?_",
        "/favicon.ico",
        "/upnpdevicedesc.xml",
    ]


def test_over_tls_the_origin_is_https() -> None:
    first = reply(b"", b"Location: https://192.0.2.7/a", status=b"302 Found")
    line = FakeLine(first, reply(), NOT_FOUND, transport=Transport.TLS, port=443)
    shown(line)
    assert asked(line) == ["/", "/a", "/favicon.ico"]
    assert b"\r\nHost: 192.0.2.7\r\n" in line.sent[0]


def test_an_ipv6_device_is_asked_by_its_address() -> None:
    line = FakeLine(reply(), NOT_FOUND, address="2001:db8::7", port=8080)
    shown(line)
    assert b"\r\nHost: [2001:db8::7]:8080\r\n" in line.sent[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\0\1\2",
        b"SSH-2.0-dropbear\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 40_000,
        b"Server: x\r\n\r\n",
        LineError(Outcome.SILENT),
    ],
)
def test_what_is_no_web_server_is_asked_once(data: bytes | LineError) -> None:
    line = FakeLine(data, reply(ICO))
    assert shown(line) == []
    assert len(line.sent) == 1


def test_a_compressed_bomb_shows_64_kib_and_the_exchange_is_bounded() -> None:
    bomb = zlib.compress(b"<title>big</title>" + bytes(64 << 20))
    line = FakeLine(reply(bomb, b"Content-Encoding: deflate"), NOT_FOUND)
    (body,) = values(line, "http.body")
    assert len(body) == 1 << 16


def test_what_was_shown_before_the_line_fails_is_kept() -> None:
    line = FakeLine(reply(b"", b"Server: x"), LineError(Outcome.RESET))
    assert values(line, "http.server") == [b"x"]


def test_only_get_can_be_written() -> None:
    assert dict(VERBS) == {"page": b"GET"}
    assert encode_page_request(b"/", b"192.0.2.7").startswith(b"GET / HTTP/1.1\r\n")


def test_the_reviewed_addresses_may_be_asked_for_and_say_why() -> None:
    assert all(is_askable(path.target) and path.reason for path in VENDOR_PATHS)
    printer = b"Server: Virata-EmWeb/R6_2_1 <title>LaserJet</title>"
    assert not any(path.sign.search(printer) for path in VENDOR_PATHS)
