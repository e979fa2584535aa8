"""Searches, announcements, and the description that follows."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError, LineError
from camaudit.model.scan import Outcome
from camaudit.sources.protocols.ssdp.codec import (
    VERBS,
    decode_announcement,
    encode_announcement,
    encode_search,
)
from camaudit.sources.protocols.ssdp.probe import DESCRIPTION, SEARCH, SEARCH_IPV6
from camaudit.wirekit.headed import HeadedMessage, RequestLine
from tests.lines import FakeLine, hold

ROOT = b"<root><device><manufacturer>AXIS</manufacturer><UDN>uuid:1</UDN></device></root>"


def reply(body: bytes, status: bytes = b"200 OK", *fields: bytes) -> bytes:
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields, b"", body)
    return b"\r\n".join(lines)


@pytest.mark.parametrize(
    ("search", "host"), [(SEARCH, b"239.255.255.250:1900"), (SEARCH_IPV6, b"[FF02::C]:1900")]
)
def test_a_search_asks_for_everything_and_for_root_devices(search: object, host: bytes) -> None:
    chosen = SEARCH if search is SEARCH else SEARCH_IPV6
    assert chosen.requests(b"\0" * 16) == tuple(
        b'M-SEARCH * HTTP/1.1\r\nHOST: %b\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: %b\r\n'
        b"USER-AGENT: camaudit UPnP/1.1\r\n\r\n" % (host, target)
        for target in (b"ssdp:all", b"upnp:rootdevice")
    )


def test_its_own_search_is_not_read_as_a_device() -> None:
    for request in SEARCH.requests(b"\0" * 16):
        with pytest.raises(DecodeError, match="another device"):
            SEARCH.read(request)


@pytest.mark.parametrize("method", [b"SUBSCRIBE", b"POST", b"M-SEARCH"])
def test_no_other_method_can_be_read_or_written(method: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_announcement(method + b" * HTTP/1.1\r\nST: x\r\n\r\n")
    with pytest.raises(ValueError, match="not an announcement"):
        encode_announcement(
            HeadedMessage(start=RequestLine(method=method, target=b"*", version=b"1.1"))
        )
    with pytest.raises(ValueError, match="searched for"):
        encode_search(b"upnp:other", b"239.255.255.250:1900")
    assert dict(VERBS) == {"search": b"M-SEARCH", "description": b"GET"}


def test_a_datagram_beyond_its_ceiling_is_refused() -> None:
    with pytest.raises(DecodeError, match="at most 16384 bytes"):
        SEARCH.read(b"HTTP/1.1 200 OK\r\nST: " + b"a" * (1 << 14))


def test_the_announced_description_is_fetched() -> None:
    line = FakeLine(reply(ROOT, b"200 OK", b"Server: Linux, UPnP/1.0"), port=49152)
    seen = [(f"{one.protocol}.{one.field}", one.value) for one in hold(DESCRIPTION, line, "/d.xml")]
    assert seen == [
        ("http.server", b"Linux, UPnP/1.0"),
        ("upnp.manufacturer", b"AXIS"),
        ("upnp.udn", b"uuid:1"),
    ]
    (request,) = line.sent
    assert request.startswith(b"GET /d.xml HTTP/1.1\r\nHost: 192.0.2.7:49152\r\n")


@pytest.mark.parametrize(
    "path", ["/a\r\nX: y", "/reboot", "//192.0.2.8/x", "", "/a b", "/d.xml?user=a&pwd=b", "/ä"]
)
def test_an_address_that_may_not_be_asked_for_is_not(path: str) -> None:
    line = FakeLine(reply(ROOT))
    assert hold(DESCRIPTION, line, path) == []
    assert line.sent == []


@pytest.mark.parametrize(
    "data",
    [
        reply(ROOT, b"404 Not Found"),
        reply(ROOT, b"401 Unauthorized"),
        reply(b"<html>"),
        reply(b'<!DOCTYPE r [<!ENTITY a "ha">]><root><device><UDN>&a;</UDN></device></root>'),
        reply(b"<a>" * 100_000),
        b"\0" * 100,
        LineError(Outcome.REFUSED),
    ],
)
def test_what_is_no_description_shows_nothing(data: bytes | LineError) -> None:
    line = FakeLine(data)
    assert hold(DESCRIPTION, line, "/d.xml") == []
    assert line.locked == []


def test_a_lockout_is_told_to_the_line() -> None:
    line = FakeLine(reply(b"", b"429 Too Many Requests"))
    hold(DESCRIPTION, line, "/d.xml")
    assert line.locked == ["HTTP 429"]
