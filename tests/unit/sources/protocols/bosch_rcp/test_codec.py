"""Bosch: the search, and answers in bytes and in XML that attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.bosch_rcp.codec import (
    VERBS,
    decode_binary,
    decode_xml,
    encode_binary,
    encode_xml,
)
from camaudit.sources.protocols.bosch_rcp.observe import expand_reply, read_reply
from camaudit.sources.protocols.bosch_rcp.probe import SEARCH
from camaudit.wirekit.record import Record

START = bytes.fromhex("9939a427")


def xml(elements: bytes, root: bytes = b'<root xmlns="OEMExt00:device-1-0">') -> bytes:
    return root + b"<device>" + elements + b"</device></root>"


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert SEARCH.requests(b"\1\2\3\4" * 4) == (bytes.fromhex("9939a427 01020304 ff0006de"),)
    assert list(VERBS.values()) == [0xFF0006DE]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        START,
        START + b"\1\2\3\4\xff\0\6\xde",
        START.ljust(31, b"\1"),
        START.ljust(32, b"\0"),
        START[::-1].ljust(32, b"\1"),
        START.ljust(1 << 16, b"\1"),
    ],
)
def test_bytes_that_are_no_answer_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_binary(data)
    with pytest.raises(DecodeError):
        expand_reply(data)


@pytest.mark.parametrize(
    "data",
    [
        xml(b""),
        xml(b"<App>1</App>"),
        xml(b"<friendlyName>x</friendlyName>", b"<root>"),
        xml(b"<friendlyName>x</friendlyName>", b'<root xmlns="urn:schemas-upnp-org:device-1-0">'),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml(b"<friendlyName>&b;</friendlyName>"),
        b'<root xmlns="OEMExt00:device-1-0">' + b"<device>" * 5000,
        b'<root xmlns="OEMExt00:device-1-0"' + b" a" * 30_000,
        xml(b"<friendlyName>" + b"x" * 66_000 + b"</friendlyName>"),
        xml(b"<friendlyName>x</unitName>"),
    ],
)
def test_xml_that_attacks_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_xml(data)


def test_xml_that_is_cut_gives_its_whole_elements() -> None:
    data = xml(b"<unitName>Gate</unitName><serialNumber>12345")[: -len("</device></root>")]
    message = decode_xml(data)
    assert message.fields == (("xmlns", b"OEMExt00:device-1-0"), ("unit_name", b"Gate"))
    assert message.anomalies == (("xml_unfinished", 1),)


def test_a_name_deeper_than_the_device_is_not_its_own() -> None:
    data = xml(b"<users><unitName>x</unitName></users><unitName>Gate</unitName>")
    assert dict(decode_xml(data).fields)["unit_name"] == b"Gate"


def test_a_session_key_is_neither_read_nor_kept() -> None:
    raw, *seen = read_reply(xml(b"<sessionKey>0badcafe</sessionKey><unitName>Gate</unitName>"))
    assert b"0badcafe" not in raw.value
    assert b'xmlns="OEMExt00:device-1-0"' in raw.value
    assert list(expand_reply(raw.value)) == seen


def test_the_binary_reply_that_is_kept_shows_the_same_again() -> None:
    data = START + b"\1\2\3\4\0\x04\x63\0\0\x01\xee\xee\xc0\0\x02\x07" + bytes(12)
    raw, *seen = read_reply(data)
    assert [one.value for one in seen] == [b"00:04:63:00:00:01", b"192.0.2.7"]
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize("field", [("sessionKey", b"x"), ("xmlns", b"x")])
def test_what_is_no_field_cannot_be_written(field: tuple[str, bytes]) -> None:
    for encode in (encode_binary, encode_xml):
        with pytest.raises(ValueError, match=field[0]):
            encode(Record(fields=(field,)))
