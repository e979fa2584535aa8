"""Vivotek: the search, and answers whose lengths attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.vivotek.codec import VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.vivotek.observe import expand_reply, read_reply
from camaudit.sources.protocols.vivotek.probe import SEARCH
from camaudit.wirekit.record import Record

START = b"\0\x4a\x5d\x8f\x1c"


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert SEARCH.requests(b"\x07" * 16) == (b"\x07\x4a\x5d\x8f\x1c",)
    assert list(VERBS.values()) == [0x4A5D8F1C]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        START,
        START[:4],
        b"\0MO_I" + b"\x09\x01A",
        START + b"\x00\x01A",
        START + b"\x09\xff",
        START + b"\x09\x00" * 30_000,
        START + b"\x09\x04\0\0\0\0",
        START + b"\x04" * 60_000,
        START + b"\x05\x01A",
        START + b"\x09\x01A" * 30_000,
    ],
)
def test_what_shows_no_device_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_a_loop_of_fields_gives_one() -> None:
    message = decode_reply(START + b"\x09\x01A" * 1000)
    assert message.fields == (("model", b"A"),)
    assert message.anomalies == (("field_repeated", 999),)


def test_a_length_beyond_the_end_ends_the_reading() -> None:
    message = decode_reply(START + b"\x09\x01A\x01\xffname")
    assert message.fields == (("model", b"A"),)
    assert message.anomalies == (("unfinished", 1),)


def test_the_bare_tag_does_not_swallow_the_next_field() -> None:
    assert decode_reply(START + b"\x04\xff\x09\x01A").fields == (("model", b"A"),)


@pytest.mark.parametrize("size", [1, 3, 5, 16])
def test_addresses_of_a_wrong_length_are_not_shown(size: int) -> None:
    field = bytes((size,)) + b"\x01" * size
    seen = expand_reply(START + b"\x02" + field + b"\x03" + field + b"\x09\x01A")
    assert [one.field for one in seen] == ["model"]


def test_the_reply_that_is_kept_shows_the_same_again() -> None:
    raw, *seen = read_reply(START + b"\x07\x06secret\x09\x03A\0B\x02\x06\0\x02\xd1\0\0\x01")
    assert b"secret" not in raw.value
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize("field", [("password", b"x"), ("model", b""), ("model", b"m" * 256)])
def test_what_has_no_tag_or_length_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
