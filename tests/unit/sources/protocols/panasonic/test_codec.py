"""Panasonic: the search, and answers whose lengths and tags attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.panasonic.codec import MAX_VALUE, VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.panasonic.observe import expand_reply, read_reply
from camaudit.sources.protocols.panasonic.probe import SEARCH
from camaudit.wirekit.record import Record

HEADER = bytes.fromhex("00010000 000e d42dc5000001") + bytes(36)
BARE = bytes.fromhex("00010000 000e 000000000000") + bytes(36)


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    (request,) = SEARCH.requests(bytes(16))
    assert len(request) == 0x34
    assert request[:12] == bytes.fromhex("00010000 000d0000 00000000")
    assert request[12:22] == b"\xff" * 10
    assert request[0x16:0x32] == bytes.fromhex(
        "00012011 1e11231f 1e191300 00020000 00000000 00000000 0000ffff"
    )
    assert list(VERBS.values()) == [0x0D]


def test_the_sum_is_of_all_bytes_before_it_and_one() -> None:
    """Added by hand: command 14, nobody's addresses 2550, marks 239, end 510, and 1."""
    (request,) = SEARCH.requests(bytes(16))
    assert int.from_bytes(request[-2:], "big") == 14 + 2550 + 239 + 510 + 1


@pytest.mark.parametrize("command", [0, 1, 2, 3, 4, 0x0D, 0x0F, 0x11, 0x21, 0x0E00])
def test_a_message_of_another_command_is_refused(command: int) -> None:
    with pytest.raises(DecodeError, match="not the answer"):
        decode_reply(HEADER[:4] + command.to_bytes(2, "big") + HEADER[6:])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEADER[:47],
        b"\0\2" + HEADER[2:],
        BARE,
        BARE + b"\0\xa8\xff\xffshort",
        BARE + b"\0\xa8\0\x04\0\0\0\0",
        BARE + b"\0\x20\0\0" * 15_000,
        BARE + b"\xff\xff" + b"\0\xa8\0\x01A",
        BARE + b"\0\xc0\0\x01A",
        BARE + bytes(1 << 16),
    ],
)
def test_what_shows_no_device_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_a_loop_of_fields_gives_one() -> None:
    message = decode_reply(BARE + b"\0\xa8\0\x01A" * 1000 + b"\xff\xff")
    assert message.fields == (("short_name", b"A"),)
    assert ("field_repeated", 999) in message.anomalies


def test_an_inflated_length_ends_the_reading() -> None:
    message = decode_reply(HEADER + b"\0\xa8\0\x01A\0\xa7\xff\xffname")
    assert [name for name, _ in message.fields] == ["mac", "short_name"]
    assert ("unfinished", 1) in message.anomalies


def test_an_endless_name_is_cut_at_its_ceiling() -> None:
    message = decode_reply(BARE + b"\0\xa7\xc0\x00" + b"N" * 0xC000)
    assert message.fields == (("full_name", b"N" * MAX_VALUE),)


def test_a_recorder_says_how_many_cameras_it_has_and_may_have() -> None:
    seen = expand_reply(BARE + b"\0\xc0\0\2\0\x15\0\xc1\0\2\0\x40\xff\xff")
    assert [(one.field, one.value) for one in seen] == [("channels", b"21"), ("capacity", b"64")]


def test_addresses_of_a_wrong_length_are_not_read() -> None:
    message = decode_reply(BARE + b"\0\x20\0\x03\xc0\0\x02\0\x20\0\x04\xc0\0\x02\x07\xff\xff")
    assert message.fields == (("ip", b"\xc0\0\x02\x07"),)


def test_the_reply_that_is_kept_shows_the_same_again_and_names_no_asker() -> None:
    asker = bytes.fromhex("02005e000001c0000209")
    raw, *seen = read_reply(HEADER[:12] + asker + HEADER[22:] + b"\0\xa8\0\x03\xd6\0B")
    assert asker not in raw.value
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize(
    "field", [("password", b"x"), ("mac", b"x"), ("ip", b"x"), ("channels", b"x"), ("serial", b"")]
)
def test_what_has_no_tag_or_length_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
