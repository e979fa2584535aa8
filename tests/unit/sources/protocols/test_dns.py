"""camaudit.sources.protocols.dns: names and addresses, and what hostile messages cost."""

from __future__ import annotations

import struct

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.dns.codec import (
    MAX_QUESTIONS,
    MAX_RECORDS,
    DnsMessage,
    Kind,
    Question,
    Record,
    addresses_by_name,
    decode_message,
    stream_end,
)
from tests.payloads import dns_answer, dns_query, name, record


def head(questions: int, answers: int = 0, flags: int = 0x8180) -> bytes:
    return struct.pack("!HHHHHH", 1, flags, questions, answers, 0, 0)


def test_names_are_compressed_as_the_standard_shows() -> None:
    """RFC 1035 4.1.4: F.ISI.ARPA, then FOO before a pointer to it, then a pointer to ARPA."""
    data = (
        head(3) + name("F.ISI.ARPA") + b"\0\1\0\1" + b"\3FOO\xc0\x0c\0\1\0\1" + b"\xc0\x12\0\1\0\1"
    )
    asked = decode_message(data).questions
    assert [each.name for each in asked] == ["f.isi.arpa", "foo.f.isi.arpa", "arpa"]


def test_records_of_three_kinds_are_read_and_others_stepped_over() -> None:
    at = b"\xc0\x0c"
    data = dns_answer(
        "cam.example",
        record(at, 16, b"\4text"),
        record(at, 5, name("lb.example")),
        record(name("lb.example"), 28, bytes.fromhex("20010db8" + "00" * 11 + "07")),
        record(name("lb.example"), 1, bytes((192, 0, 2, 7))),
        record(name("lb.example"), 1, b"\1"),
    )
    message = decode_message(data)
    assert message.records == (
        Record("cam.example", Kind.CNAME, "lb.example"),
        Record("lb.example", Kind.AAAA, "2001:db8::7"),
        Record("lb.example", Kind.A, "192.0.2.7"),
    )
    assert set(addresses_by_name(message)) == {
        (each, address)
        for each in ("cam.example", "lb.example")
        for address in ("2001:db8::7", "192.0.2.7")
    }


def test_aliases_in_a_circle_end() -> None:
    message = DnsMessage(
        is_response=True,
        questions=(Question("a", 1),),
        records=(
            Record("a", Kind.CNAME, "b"),
            Record("b", Kind.CNAME, "a"),
            Record("b", Kind.A, "192.0.2.7"),
        ),
    )
    assert set(addresses_by_name(message)) == {("a", "192.0.2.7"), ("b", "192.0.2.7")}


def test_a_record_of_another_name_is_nobody_s_address() -> None:
    data = dns_answer("cam.example", record(name("evil.example"), 1, bytes((192, 0, 2, 7))))
    assert list(addresses_by_name(decode_message(data))) == []


@pytest.mark.parametrize(
    "loop",
    [
        b"\xc0\x0c",
        b"\1a\xc0\x0c",
        b"\xc0\x0e\xc0\x0c",
        b"\xc0\xff",
        b"\x40a",
        b"\x80a",
        b"\x3fa",
    ],
)
def test_a_name_that_does_not_end_is_refused(loop: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_message(head(1) + loop + b"\0\1\0\1")


def test_a_chain_of_pointers_has_a_ceiling() -> None:
    chain = b"".join((0xC000 | (10 + 2 * at)).to_bytes(2, "big") for at in range(1, 2000))
    data = head(1, 1) + b"\0" + b"\0\1\0\1" + chain
    message = decode_message(data)
    assert message.questions == (Question("", 1),)
    assert [each.code for each in message.anomalies] == ["message_unfinished"]


def test_labels_and_names_have_the_standard_s_ceilings() -> None:
    """RFC 1035 2.3.4: 63 octets a label, 255 a name with its lengths."""
    longest = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    assert decode_message(dns_query(longest)).questions[0].name == longest
    with pytest.raises(DecodeError):
        decode_message(dns_query(longest + "d"))


def test_questions_and_records_have_ceilings() -> None:
    one = record(b"\xc0\x0c", 1, bytes((192, 0, 2, 7)))
    message = decode_message(dns_answer("a.example", *(one,) * (MAX_RECORDS + 5)))
    assert len(message.records) == MAX_RECORDS
    with pytest.raises(DecodeError):
        decode_message(head(MAX_QUESTIONS + 1, flags=0) + b"\0\0\1\0\1" * (MAX_QUESTIONS + 1))


def test_where_a_message_of_a_stream_ends() -> None:
    assert stream_end(b"\0") is None
    assert stream_end(b"\0\3ab") is None
    assert stream_end(b"\0\3abcd") == 5
