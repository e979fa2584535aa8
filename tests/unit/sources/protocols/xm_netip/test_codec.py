"""NetIP: the search, and answers that lie about their length or bring JSON that attacks."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.xm_netip.codec import (
    MAX_TEXT,
    VERBS,
    NetIpReply,
    decode_reply,
    encode_reply,
    encode_search,
)
from camaudit.sources.protocols.xm_netip.observe import expand_reply, read_reply


def answer(body: bytes, message: int = 1531, size: int | None = None) -> bytes:
    size = len(body) if size is None else size
    head = b"\xff" + bytes(13) + message.to_bytes(2, "little") + size.to_bytes(4, "little")
    return head + body


def section(members: bytes) -> bytes:
    return answer(b'{"NetWork.NetCommon":{' + members + b"}}")


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert encode_search() == bytes.fromhex("ff00000000000000000000000000fa0500000000")
    assert list(VERBS.values()) == [1530]


@pytest.mark.parametrize("message", [0, 999, 1000, 1020, 1040, 1450, 1530, 1532, 1533, 0xFFFF])
def test_a_message_of_another_id_is_refused(message: int) -> None:
    with pytest.raises(DecodeError, match="not the answer"):
        decode_reply(answer(b'{"NetWork.NetCommon":{"SN":"1"}}', message))


@pytest.mark.parametrize("size", [0, 1, 0xFFFFFFFF])
def test_an_inflated_length_costs_nothing_and_is_counted(size: int) -> None:
    message = decode_reply(answer(b'{"NetWork.NetCommon":{"SN":"1"}}', size=size))
    assert message.fields == (("SN", "1"),)
    assert message.anomalies == (("length_mismatch", 1),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 60_000,
        b"[" * 60_000,
        b'{"NetWork.NetCommon":' * 3000,
        b'{"NetWork.NetCommon":{"ChannelNum":' + b"9" * 5000 + b"}}",
        b'{"NetWork.NetCommon":[]}',
        b'{"NetWork.NetCommon":{}}',
        b'{"NetWork.NetCommon":{"SN":"1"}} {}',
        b"null",
        b'"NetWork.NetCommon"',
    ],
)
def test_json_that_attacks_is_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(answer(body))


def test_a_reply_longer_than_a_datagram_is_refused() -> None:
    with pytest.raises(DecodeError, match="65535"):
        decode_reply(section(b'"SN":"' + b"1" * 66_000 + b'"'))


def test_numbers_that_no_recorder_has_are_left_out_and_counted() -> None:
    message = decode_reply(
        section(b'"ChannelNum":65536,"DeviceType":-1,"SN":true,"Version":1.5,"HostName":"x"')
    )
    assert message.fields == (("HostName", "x"),)
    assert message.anomalies == (("field_unreadable", 4),)


def test_a_recorder_says_how_many_channels_it_has() -> None:
    (seen,) = expand_reply(section(b'"ChannelNum":32'))
    assert seen == ("xm-netip", "ChannelNum", b"32")


def test_text_is_cut_at_its_ceiling() -> None:
    message = decode_reply(section(b'"HostName":"' + b"\\u0001" * 2000 + b'"'))
    assert message.fields == (("HostName", "\x01" * MAX_TEXT),)
    assert decode_reply(encode_reply(message)) == message


@pytest.mark.parametrize("value", ["0x00000000", "0xFFFFFFFF", "0x1", "x", "0x0a01a8c0ff", ""])
def test_an_address_of_nobody_is_not_shown(value: str) -> None:
    assert expand_reply(section(b'"HostIP":"' + value.encode() + b'"')) == ()


def test_users_and_passwords_are_neither_read_nor_kept() -> None:
    data = section(b'"SN":"1","Username":"someone","Password":"not-to-be-read","LoginType":"x"')
    raw, *seen = read_reply(data)
    assert b"not-to-be-read" not in raw.value
    assert b"someone" not in raw.value
    assert [one.field for one in seen] == ["SerialNo"]
    with pytest.raises(ValueError, match="Password"):
        encode_reply(NetIpReply(fields=(("Password", "x"),)))


def test_the_reply_that_is_kept_shows_the_same_again() -> None:
    raw, *seen = read_reply(section(b'"MAC":"00:12:31:00:00:01","HostName":"\xd6","ChannelNum":4'))
    assert b"NetWork.NetCommon" in raw.value
    assert list(expand_reply(raw.value)) == seen
