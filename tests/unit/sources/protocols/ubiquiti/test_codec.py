"""Ubiquiti: the search, and answers whose lengths and tags attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.ubiquiti.codec import MAX_VALUE, VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.ubiquiti.observe import expand_reply, read_reply
from camaudit.sources.protocols.ubiquiti.probe import SEARCH
from camaudit.wirekit.record import Record

START = b"\x01\0\0\0"


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert SEARCH.requests(bytes(16)) == (b"\x01\0\0\0",)
    assert list(VERBS.values()) == [0x0100]


@pytest.mark.parametrize("start", [b"\x01\x01", b"\x01\x02", b"\x02\x00", b"\x02\x08", b"\x03\x06"])
def test_a_message_of_another_command_is_refused(start: bytes) -> None:
    with pytest.raises(DecodeError, match="not the answer"):
        decode_reply(start + b"\0\x04\x0b\0\x01A")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        START,
        START + b"\x0b",
        START + b"\x0b\xff\xffA",
        START + b"\x0b\0\0" * 20_000,
        START + b"\x0b\0\x04\0\0\0\0",
        START + b"\x01\0\x05\x01\x02\x03\x04\x05",
        START + b"\0" * 60_000,
        START + b"\x0b\0\x01A" + bytes(1 << 16),
    ],
)
def test_what_shows_no_device_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_a_loop_of_fields_gives_one() -> None:
    message = decode_reply(START + b"\x0b\0\x01A" * 1000)
    assert message.fields == (("name", b"A"),)
    assert ("field_repeated", 999) in message.anomalies


def test_an_inflated_length_ends_the_reading() -> None:
    message = decode_reply(START + b"\x0b\0\x01A\x0c\xff\xffname")
    assert message.fields == (("name", b"A"),)
    assert ("unfinished", 1) in message.anomalies


def test_an_endless_name_is_cut_at_its_ceiling() -> None:
    message = decode_reply(START + b"\x0b\xf0\0" + b"N" * 0xF000)
    assert message.fields == (("name", b"N" * MAX_VALUE),)


@pytest.mark.parametrize("tag", [0x05, 0x06, 0x07, 0x08, 0x09, 0x0D])
def test_users_salts_challenges_and_networks_are_neither_read_nor_kept(tag: int) -> None:
    raw, *seen = read_reply(START + bytes((tag,)) + b"\0\x06secret\x0b\0\x01A")
    assert b"secret" not in raw.value
    assert [one.field for one in seen] == ["name"]


def test_a_device_with_one_address_shows_it_once() -> None:
    mac = bytes.fromhex("dc9fdb000001")
    seen = expand_reply(START + b"\x01\0\x06" + mac + b"\x02\0\x0a" + mac + b"\xc0\0\x02\x07")
    assert [one.value for one in seen] == [b"dc:9f:db:00:00:01", b"192.0.2.7"]


@pytest.mark.parametrize(
    "field", [("salt", b"x"), ("mac", b"x"), ("name", b""), ("name", b"n" * 257)]
)
def test_what_has_no_tag_or_length_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
