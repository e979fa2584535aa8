"""MHED: the search, and announcements with places that attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.tvt_mhed.codec import (
    VERBS,
    decode_reply,
    encode_reply,
    encode_search,
)
from camaudit.sources.protocols.tvt_mhed.observe import expand_reply, read_reply
from camaudit.wirekit.record import Record

START = b"MHED\x08\0\x01\0\x02\0"


def reply(**places: bytes) -> bytes:
    at = {"name": 12, "mac": 32, "ip": 40, "password": 84, "serial": 140, "vendor": 212}
    data = bytearray(START.ljust(240, b"\0"))
    for name, value in places.items():
        data[at[name] : at[name] + len(value)] = value
    return bytes(data)


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert encode_search() == bytes.fromhex("4d48454409000100 0100") + bytes(130)
    assert list(VERBS.values()) == [1]


@pytest.mark.parametrize("command", [0x0000, 0x0001, 0x0003, 0x0010, 0x0200, 0xFFFF])
def test_a_message_of_another_command_is_refused(command: int) -> None:
    data = b"MHED\x08\0\x01\0" + command.to_bytes(2, "little") + reply(vendor=b"TVT")[10:]
    with pytest.raises(DecodeError, match="not an MHED announcement"):
        decode_reply(data)


def test_a_reply_of_nuls_only_is_refused() -> None:
    with pytest.raises(DecodeError, match="without a field"):
        decode_reply(START.ljust(240, b"\0"))


def test_one_missing_byte_is_refused() -> None:
    with pytest.raises(DecodeError, match="240 bytes, not 239"):
        decode_reply(reply(vendor=b"TVT")[:-1])


def test_a_reply_longer_than_a_datagram_is_refused() -> None:
    with pytest.raises(DecodeError, match="65535"):
        decode_reply(reply(vendor=b"TVT") + bytes(1 << 16))


def test_text_that_fills_its_place_does_not_run_into_the_next() -> None:
    message = decode_reply(reply(name=b"N" * 20, mac=b"\x58\x5b\x69\0\0\x01"))
    assert message.fields == (("name", b"N" * 20), ("mac", b"\x58\x5b\x69\0\0\x01"))


def test_what_stands_where_commands_carry_a_password_is_not_kept() -> None:
    (raw, seen) = read_reply(reply(vendor=b"TVT", password=b"not-to-be-read"))
    assert b"not-to-be" not in raw.value + seen.value
    assert raw.value.startswith(b"MHED")


@pytest.mark.parametrize("address", [bytes(4), b"\xff" * 4, b"\xe0\0\0\x01"])
def test_an_address_of_nobody_is_not_shown(address: bytes) -> None:
    seen = expand_reply(reply(ip=address, mac=b"\xff" * 6, vendor=b"TVT"))
    assert [(one.field, one.value) for one in seen] == [("vendor", b"TVT")]


def test_the_reply_that_is_kept_shows_the_same_again() -> None:
    raw, *seen = read_reply(reply(name=b"\xd6\xd0", mac=b"\x58\x5b\x69\0\0\x01", vendor=b"V\0x"))
    assert (raw.protocol, raw.field) == ("tvt-mhed", "reply")
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize(
    ("name", "value"),
    [("password", b"x"), ("name", b"n" * 21), ("name", b"a\0b"), ("mac", b"\0\0\0")],
)
def test_what_has_no_place_cannot_be_written(name: str, value: bytes) -> None:
    with pytest.raises(ValueError, match=name):
        encode_reply(Record(fields=((name, value),)))
