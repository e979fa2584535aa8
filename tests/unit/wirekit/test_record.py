"""Replies whose fields have fixed places."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.limits import MAX_DATAGRAM_BYTES
from camaudit.wirekit.record import Layout, Place, Record, finished, read_places, write_places

LAYOUT = Layout(
    start=b"\x0b",
    size=8,
    least=6,
    places={"raw": Place(1, 2, is_text=False), "text": Place(3, 3)},
)


def test_fields_are_read_from_their_places_and_written_back() -> None:
    record = read_places(b"\x0b\0\x01abc\0\0", LAYOUT)
    assert record == Record(fields=(("raw", b"\0\x01"), ("text", b"abc")))
    assert record.anomalies == ()
    assert write_places(record, LAYOUT) == b"\x0b\0\x01abc\0\0"


def test_a_shorter_or_longer_reply_is_read_and_the_difference_counted() -> None:
    for data in (b"\x0b\0\0a\0c", b"\x0b\0\0a\0c" + bytes(20)):
        record = read_places(data, LAYOUT)
        assert record.fields == (("text", b"a"),)
        assert record.anomalies == (("length_mismatch", 1),)


@pytest.mark.parametrize("data", [b"", b"\x0b\0\x01ab", bytes(8), bytes(MAX_DATAGRAM_BYTES + 1)])
def test_too_short_too_long_and_empty_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read_places(data, LAYOUT)


@pytest.mark.parametrize(
    "field", [("other", b"x"), ("raw", b"x"), ("raw", b"xyz"), ("text", b"abcd"), ("text", b"\0")]
)
def test_what_has_no_place_is_refused(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        write_places(Record(fields=(field,)), LAYOUT)


def test_the_first_of_repeated_fields_stands() -> None:
    record = finished([("a", b"1"), ("b", b"2"), ("a", b"3")], Tally())
    assert record.fields == (("a", b"1"), ("b", b"2"))
    assert record.anomalies == (("field_repeated", 1),)
