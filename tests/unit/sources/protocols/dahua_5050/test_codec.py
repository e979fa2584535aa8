"""The older Dahua search: what is sent, and answers that are cut, damaged or hostile."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.protocols.dahua_5050.codec import VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.dahua_5050.probe import SEARCH
from camaudit.wirekit.record import Record

MAC = b"90:02:a9:00:00:01"


def reply(
    section: bytes = MAC,
    lines: bytes = b"",
    *,
    kind: bytes = b"\xb3",
    packet: bytes = b"\x58",
    ip: bytes = b"\xc0\x00\x02\x40",
) -> bytes:
    head = kind + b"\0" + bytes((len(section),)) + b"\0" + packet + bytes(11) + b"\2\0\0\0"
    head += len(lines).to_bytes(2, "little") + bytes(18)
    head += b"IPC".ljust(16, b"\0") + ip
    return head.ljust(0x78, b"\0") + section + lines


def shown(data: bytes) -> dict[str, bytes]:
    return {f"{one.protocol}.{one.field}": one.value for one in SEARCH.read(data)}


def test_the_search_is_the_one_that_was_captured() -> None:
    assert SEARCH.requests(b"x" * 16) == (b"\xa3\1\0\1" + bytes(12) + b"\2\0\0\0" + bytes(12),)
    assert dict(VERBS) == {"search": 0xA3}
    assert SEARCH.groups == ("255.255.255.255",)
    assert (SEARCH.port, SEARCH.reply_port, SEARCH.unicast) == (5050, 5050, False)


def test_the_addresses_and_the_names_are_shown() -> None:
    seen = shown(reply(MAC + b"IPC-HF3100", b"Name:Front door\r\nSerialNo:PZC1AB00000001\r\n"))
    assert seen["mac.address"] == MAC
    assert seen["ip.address"] == b"192.0.2.64"
    assert seen["dahua-5050.class"] == b"IPC"
    assert seen["dahua-5050.model"] == b"IPC-HF3100"
    assert seen["dahua-5050.name"] == b"Front door"
    assert seen["dahua-5050.serial"] == b"PZC1AB00000001"


@pytest.mark.parametrize("ip", [bytes(4), b"\xff" * 4, b"\xef\xff\xff\xfa"])
def test_an_address_that_is_no_devices_own_is_not_shown(ip: bytes) -> None:
    assert "ip.address" not in shown(reply(ip=ip))


@pytest.mark.parametrize("mac", [b"00:00:00:00:00:00", b"not an address at"])
def test_a_hardware_address_of_nobody_is_not_shown(mac: bytes) -> None:
    assert "mac.address" not in shown(reply(mac))


def test_lines_that_are_not_known_never_reach_a_message() -> None:
    message = decode_reply(reply(lines=b"UserName:someone\r\nPassword:s3cret\r\nName:N\r\n"))
    assert b"s3cret" not in repr(message).encode()
    assert ("name", b"N") in message.fields


def test_a_line_that_was_cut_off_is_left_out_and_counted() -> None:
    message = decode_reply(reply(lines=b"Name:N\r\nSerialNo:PZC1"))
    assert "serial" not in dict(message.fields)
    assert [anomaly.code for anomaly in message.anomalies] == ["line_unfinished"]


def test_the_first_of_two_equal_lines_counts() -> None:
    message = decode_reply(reply(lines=b"Name:first\r\nName:second\r\n"))
    assert dict(message.fields)["name"] == b"first"


def test_a_section_longer_than_the_answer_reaches_nothing_behind_it() -> None:
    data = reply(MAC + b"IPC-HF3100")
    message = decode_reply(data[:2] + b"\xff" + data[3:])
    assert "model" not in dict(message.fields)
    assert [anomaly.code for anomaly in message.anomalies] == ["length_mismatch"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        reply()[:0x77],
        reply(kind=b"\xa3"),
        reply(kind=b"\xb4"),
        reply(packet=b"\x60"),
        SEARCH.requests(bytes(16))[0],
        b"\xa0" + bytes(31) + b"someone&&secret",
    ],
    ids=["empty", "short", "search", "other", "packet", "our own", "log-in"],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_nothing_outside_the_closed_list_can_be_written() -> None:
    with pytest.raises(ValueError, match="not a field"):
        encode_reply(Record(fields=(("password", b"x"),)))


def test_the_whole_reply_is_kept_as_it_was_read() -> None:
    data = reply(MAC, b"Password:s3cret\r\nName:N\r\n")
    first, *_ = SEARCH.read(data)
    assert isinstance(first, Seen)
    assert (first.protocol, first.field) == ("dahua-5050", "reply")
    assert b"s3cret" not in first.value
    assert decode_reply(first.value) == decode_reply(data)
