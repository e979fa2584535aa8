"""Sony: the search, and answers whose marks are missing, doubled or in values."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.sony.codec import MAX_VALUE, VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.sony.observe import expand_reply, read_reply
from camaudit.sources.protocols.sony.probe import SEARCH
from camaudit.wirekit.record import Record


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert SEARCH.requests(bytes(16)) == (b"\x02ENQ:allinfo\xff\x03",)
    assert list(VERBS.values()) == [b"ENQ:allinfo"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02",
        b"\x02\x03",
        b"\x03MODEL:A\xff\x02",
        b"MODEL:A\xff\x03",
        b"\x02MODEL:A\x03",
        b"\x02MODEL:\xff\x03",
        b"\x02MODEL:\0\0\0\xff\x03",
        b"\x02MODEL\xffA\xff\x03",
        b"\x02ENQ:allinfo\xff\x03",
        b"\x02SETIP:192.0.2.1\xffPASSWORD:x\xff\x03",
        b"\x02" + b"\xff" * 60_000,
        b"\x02" + b"A:" * 30_000 + b"\xff\x03",
        b"\x02MODEL:A\xff\x03" + bytes(1 << 16),
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_a_line_that_is_cut_is_not_read() -> None:
    message = decode_reply(b"\x02MODEL:SNC-CH000\xffSERIAL:0000")
    assert message.fields == (("model", b"SNC-CH000"),)
    assert message.anomalies == (("unfinished", 1),)


def test_a_start_mark_within_a_value_is_dropped() -> None:
    message = decode_reply(b"\x02MODEL:SNC\x02-CH\xff\x03after")
    assert message.fields == (("model", b"SNC-CH"),)
    assert message.anomalies == (("length_mismatch", 1),)
    assert decode_reply(encode_reply(message)) == message


def test_a_value_with_colons_is_read_whole_and_the_first_of_two_stands() -> None:
    message = decode_reply(b"\x02MAC:08:00:46:00:00:01\xffMAC:x\xff\x03")
    assert message.fields == (("mac", b"08:00:46:00:00:01"),)
    assert message.anomalies == (("field_repeated", 1),)


def test_an_endless_value_is_cut_at_its_ceiling() -> None:
    message = decode_reply(b"\x02MODEL:" + b"M" * 50_000 + b"\xff\x03")
    assert message.fields == (("model", b"M" * MAX_VALUE),)


def test_users_are_neither_read_nor_kept() -> None:
    raw, *seen = read_reply(b"\x02USER:someone\xffPASSWORD:secret\xffMODEL:SNC-CH000\xff\x03")
    assert raw.value == b"\x02MODEL:SNC-CH000\xff\x03"
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize(
    "field", [("password", b"x"), ("model", b"a\xffSETIP:x"), ("mac", b"\x03")]
)
def test_what_would_end_its_line_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
