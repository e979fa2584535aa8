"""ONVIF scopes and envelopes."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.protocols.onvif.codec import (
    MAX_SCOPE_BYTES,
    MAX_SCOPES,
    Scope,
    decode_scopes,
    encode_scopes,
)
from camaudit.sources.protocols.onvif.observe import (
    expand_envelope,
    expand_response,
    expand_scopes,
)

NAME = b"onvif://www.onvif.org/name/"


def scope(uri: bytes) -> tuple[Scope, ...]:
    return decode_scopes(b"onvif://www.onvif.org/" + uri).onvif


@pytest.mark.parametrize(
    ("uri", "read"),
    [
        (b"name/HIKVISION%20DS-2CD", Scope("name", b"HIKVISION DS-2CD")),
        (b"Profile/Streaming", Scope("profile", b"Streaming")),
        (b"location/country/china", Scope("location", b"country/china")),
        (b"VideoSourceNumber/4", Scope("videosourcenumber", b"4")),
        (b"MAC/58:50:ed:00:00:01", Scope("mac", b"58:50:ed:00:00:01")),
        (b"register_server/0.0.0.0:5060", Scope("register_server", b"0.0.0.0:5060")),
        (b"name/%e4%b8%ad%zz%", Scope("name", "中%zz%".encode())),
        (b"name/%2541", Scope("name", b"%41")),
        (b"%6eame/x", Scope("name", b"x")),
        (b"location/", Scope("location", b"")),
        (b"Name", Scope("name", b"")),
    ],
)
def test_a_scope_has_a_category_and_a_value(uri: bytes, read: Scope) -> None:
    assert scope(uri) == (read,)


@pytest.mark.parametrize(
    "uri", [b"", b"/x", b"na-me/x", b"a" * 33 + b"/x", b"%2e%2e/x", b"\xc3\xa9/x"]
)
def test_a_category_that_is_no_word_becomes_no_field(uri: bytes) -> None:
    message = decode_scopes(b"onvif://www.onvif.org/" + uri)
    assert message.onvif == ()
    assert [anomaly.code for anomaly in message.anomalies] == ["scope_category"]


def test_scopes_of_others_are_kept_but_not_shown() -> None:
    message = decode_scopes(b"http://www.example.org/name/x ldap:///ou=x onvif://other/name/y")
    assert len(message.uris) == 3
    assert message.onvif == ()


def test_scope_flood_is_refused() -> None:
    assert len(decode_scopes((NAME + b"a ") * MAX_SCOPES).uris) == MAX_SCOPES
    with pytest.raises(DecodeError, match="more than 256 scopes"):
        decode_scopes((NAME + b"a ") * (MAX_SCOPES + 1))


def test_an_overlong_scope_is_cut() -> None:
    message = decode_scopes(NAME + b"a" * 3000)
    assert len(message.uris[0]) == MAX_SCOPE_BYTES
    assert decode_scopes(encode_scopes(message)) == message


@pytest.mark.parametrize("stump", [b"o", b"onv", b"onvif:/", b"o on"])
def test_a_scope_cut_off_at_its_beginning_is_no_part_of_the_one_before(stump: bytes) -> None:
    message = decode_scopes(NAME + b"Front door " + stump)
    assert message.uris == (NAME + b"Front door",)
    assert [anomaly.code for anomaly in message.anomalies] == [
        "unescaped_blank",
        "scope_unfinished",
    ]


def test_a_secret_in_a_scope_is_blanked() -> None:
    data = b"onvif://www.onvif.org/stream/rtsp%3A%2F%2Fadmin:12345@192.0.2.1"
    assert expand_scopes(data) == (Seen("onvif", "scope_stream", b"rtsp://192.0.2.1"),)


@pytest.mark.parametrize(
    "text",
    [
        "<tds:VideoAnalytics><tt:Model>not the device</tt:Model></tds:VideoAnalytics>",
        "<tds:User><tt:Name>a user</tt:Name></tds:User>",
        "<Manufacturer> </Manufacturer>",
    ],
)
def test_the_same_word_elsewhere_is_not_the_device(text: str) -> None:
    assert expand_envelope(text.encode()) == ()


def test_discovery_matches_and_scope_items_give_scopes() -> None:
    text = b"<d:ProbeMatch><d:Scopes>%sA %sB</d:Scopes></d:ProbeMatch>" % (NAME, NAME)
    assert [seen.value for seen in expand_response(text)] == [b"A", b"B"]
    text = b"<tt:ScopeItem>%sTwo words</tt:ScopeItem>" % NAME
    assert [seen.value for seen in expand_envelope(text)] == [b"Two words"]


def test_an_empty_list_of_scopes_costs_its_neighbours_nothing() -> None:
    text = b"<d:Scopes/><tds:Model>P1</tds:Model>"
    assert expand_envelope(text) == (Seen("onvif", "model", b"P1"),)


def test_the_envelope_of_a_chunked_reply_is_read() -> None:
    data = (
        b"HTTP/1.1 401 x\r\nContent-Length: 0\r\nServer:\r\n"
        b"WWW-Authenticate: Digest realm=x\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"10\r\n<tds:Model>P1</t\r\na\r\nds:Model> \r\n0\r\n\r\n"
    )
    assert expand_response(data) == (
        Seen("http", "www_authenticate", b"Digest realm=x"),
        Seen("onvif", "model", b"P1"),
    )
    assert expand_envelope(data) == (Seen("onvif", "model", b"P1"),)


@pytest.mark.parametrize(
    "uri",
    [
        b"MAC/58:50:ED:00:00:01",
        b"macaddr/5850ed000001",
        b"MacAddress/58-50-ed-00-00-01",
        b"MAC/58%3A50%3Aed%3A00%3A00%3A01",
    ],
)
def test_the_scope_of_the_hardware_address_gives_it(uri: bytes) -> None:
    seen = expand_scopes(b"onvif://www.onvif.org/" + uri)
    assert Seen("mac", "address", b"58:50:ed:00:00:01") in seen


@pytest.mark.parametrize(
    "uri", [b"name/58:50:ed:00:00:01", b"MAC/00:00:00:00:00:00", b"MAC/unknown", b"MAC/\xff"]
)
def test_what_no_scope_says_is_a_hardware_address_is_none(uri: bytes) -> None:
    seen = expand_scopes(b"onvif://www.onvif.org/" + uri)
    assert all(one.protocol == "onvif" for one in seen)
