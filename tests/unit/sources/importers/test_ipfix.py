"""IPFIX: templates live on over messages, damage is counted, and nothing costs too much."""

from __future__ import annotations

import io
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import DecodeError, SourceError
from camaudit.model.traffic import Traffic
from camaudit.sources.importers import registry
from camaudit.sources.importers.ipfix.codec import (
    MAX_TEMPLATES,
    REVERSE,
    Field,
    Header,
    Templates,
    decode,
    encode,
    encode_template,
)
from tests.importer_examples import problems, read_all
from tests.traffic_told import told

IPFIX = registry()["ipfix"]
#: Seconds from 1900 to 1970 (RFC 5905).
NTP = 2_208_988_800
HEAD = Header(0, 1_793_520_000, 0, 1)
#: The template of RFC 7011 A.2.1, and the records of A.3 (addresses, next hop, packets, octets).
TEMPLATE = encode_template(256, tuple(Field((0, n), 4) for n in (8, 12, 15, 2, 1)))
RECORDS = bytes.fromhex(
    "C000020C C00002FE C0000201 00001391 00518C81"
    "C000021B C0000217 C0000202 000002EC 0005EF46"
    "C0000238 C0000241 C0000203 00000005 00001986"
)


def test_the_example_of_the_standard() -> None:
    # A.2: template set of 28 bytes; A.2.4: options template set of 24; A.3: data set of 64
    assert TEMPLATE.hex() == "0100000500080004000c0004000f00040002000400010004"
    templates = Templates()
    options = bytes.fromhex("0102 0003 0001 008D0004 00290002 002A0002 0000".replace(" ", ""))
    data = encode(HEAD, [(2, TEMPLATE), (3, options), (256, RECORDS)])
    message = decode(data, templates)
    assert message.header.length == len(data) == 16 + 28 + 24 + 64
    assert [int.from_bytes(each[0, 2], "big") for each in message.records] == [5009, 748, 5]
    assert message.records[0][0, 8] == bytes([192, 0, 2, 12])
    assert message.anomalies == ()
    told_by_options = encode(HEAD, [(258, bytes.fromhex("00000001 0159 27D9".replace(" ", "")))])
    assert [each.code for each in decode(told_by_options, templates).anomalies] == [
        "options_records"
    ]


def test_a_template_holds_in_later_messages_of_its_domain_only() -> None:
    templates = Templates()
    decode(encode(HEAD, [(2, TEMPLATE)]), templates)
    assert len(decode(encode(HEAD, [(256, RECORDS)]), templates).records) == 3
    other = decode(encode(HEAD._replace(domain=2), [(256, RECORDS)]), templates)
    assert [each.code for each in other.anomalies] == ["data_without_template"]


@pytest.mark.parametrize("withdrawal", ["01000000", "00020000"])
def test_a_withdrawn_template_is_gone(withdrawal: str) -> None:
    templates = Templates()
    decode(encode(HEAD, [(2, TEMPLATE), (2, bytes.fromhex(withdrawal))]), templates)
    assert templates.known == {}


def test_lengths_of_each_record_come_in_two_forms() -> None:
    template = encode_template(300, (Field((0, 460), None), Field((REVERSE, 1), 2)))
    body = b"\x03cam\x00\x07" + b"\xff\x01\x04" + b"x" * 260 + b"\x00\x08"
    message = decode(encode(HEAD, [(2, template), (300, body)]), Templates())
    assert [each[0, 460] for each in message.records] == [b"cam", b"x" * 260]
    assert [each[REVERSE, 1] for each in message.records] == [b"\0\7", b"\0\10"]


@pytest.mark.parametrize(
    ("sets", "code"),
    [
        ([(2, TEMPLATE[:-2])], "damaged_template"),
        ([(2, struct.pack("!HH", 256, 0xFFFF))], "damaged_template"),
        ([(2, struct.pack("!HHHH", 10, 1, 8, 4))], "damaged_template"),
        ([(2, struct.pack("!HHHH", 256, 1, 8, 0))], "template_not_taken"),
        ([(2, TEMPLATE), (256, RECORDS[:30])], None),
        ([(7, b"")], "unknown_set"),
        ([(2, encode_template(300, (Field((0, 1), None),))), (300, b"\xff\xff\xff")], "cut_record"),
    ],
)
def test_damage_is_counted(sets: list[tuple[int, bytes]], code: str | None) -> None:
    message = decode(encode(HEAD, sets), Templates())
    assert [each.code for each in message.anomalies] == ([code] if code else [])


def test_a_set_that_reaches_beyond_is_read_to_the_end() -> None:
    whole = encode(HEAD, [(2, TEMPLATE), (256, RECORDS)])
    cut = whole[:2] + struct.pack("!H", len(whole) - 10) + whole[4:-10]
    message = decode(cut, Templates())
    assert len(message.records) == 2
    assert [each.code for each in message.anomalies] == ["cut_set"]


@pytest.mark.parametrize(
    "data", [b"", b"\0\x0a" * 5, b"\0\x09" + bytes(30), b"\0\x0a\0\x0f" + bytes(20)]
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data, Templates())


@given(data=st.binary(max_size=200), length=st.integers(0, 300))
def test_any_bytes_behind_a_head_are_read(data: bytes, length: int) -> None:
    templates = Templates()
    decode(encode(HEAD, [(2, TEMPLATE)]), templates)
    raw = struct.pack("!HH", 10, 16 + length) + bytes(12) + data
    message = decode(raw, templates)
    assert sum(map(len, message.records)) <= len(data)


def test_templates_are_bounded_in_number_and_cost() -> None:
    templates = Templates()
    for domain in range(MAX_TEMPLATES + 5):
        message = decode(encode(HEAD._replace(domain=domain), [(2, TEMPLATE)]), templates)
    assert len(templates.known) == MAX_TEMPLATES
    assert [each.code for each in message.anomalies] == ["template_not_taken"]
    # A thousand fields without a byte each, and one with: no more work than there are bytes
    wide = encode_template(300, (*(Field((0, n), 0) for n in range(1000)), Field((0, 1), 1)))
    known = Templates()
    decode(encode(HEAD, [(2, wide)]), known)
    before = time.process_time()
    assert len(decode(encode(HEAD, [(300, bytes(60_000))]), known).records) == 60_000
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "data",
    [
        b"\x0c\xa5\x02\x00\x00\x01" + bytes(40),
        b"\0\x05\0\x01" + bytes(60),
        b"\0\x09\0\x01" + bytes(60),
    ],
)
def test_netflow_and_files_of_nfcapd_are_sent_to_nfdump(data: bytes) -> None:
    with pytest.raises(SourceError, match="nfdump -r FILE -o csv"):
        read_all(IPFIX, data)


@pytest.mark.parametrize(
    ("elements", "times"),
    [
        (((150, 4, 1_793_520_001), (151, 4, 1_793_520_003)), ("01Z", "03Z")),
        (((152, 8, 1_793_520_001_500), (161, 4, 250)), ("01.500000Z", "01.750000Z")),
        # NTP: seconds since 1900, and their fraction in 2^-32
        (((154, 8, (1_793_520_001 + NTP) << 32 | 1 << 31),), ("01.500000Z", "01.500000Z")),
        (((158, 4, 2_000_000), (159, 4, 500_000)), ("00Z", "01.500000Z")),
        (((22, 4, 1000), (21, 4, 1500), (160, 8, 1_793_520_000_000)), ("01Z", "01.500000Z")),
    ],
)  # fmt: skip
def test_each_way_to_tell_the_time(
    elements: tuple[tuple[int, int, int], ...], times: tuple[str, str]
) -> None:
    fields = [
        (8, 4, 0xC0000201),
        (12, 4, 0xC0000202),
        (4, 1, 17),
        (7, 2, 50000),
        (11, 2, 53),
        *elements,
    ]
    template = encode_template(256, tuple(Field((0, n), size) for n, size, _ in fields))
    body = b"".join(value.to_bytes(size, "big") for _, size, value in fields)
    export = HEAD._replace(export_time=1_793_520_002)
    items = read_all(IPFIX, encode(export, [(2, template), (256, body)]))
    (line,) = told(item for item in items if isinstance(item, Traffic))
    assert line["at"] == [f"2026-11-01T08:00:{time_}" for time_ in times]
    assert line["conversation"] == ["192.0.2.1", "192.0.2.2", 17, 53]


def test_what_follows_a_message_and_is_none_is_told_with_its_place() -> None:
    data = encode(HEAD, [(2, TEMPLATE)])
    (problem,) = problems(read_all(IPFIX, data + b"rubbish that is long enough"))
    assert problem.position == f"byte {len(data)}"
    assert problem.rejected


def test_it_reads_a_pipe() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.left = data

        def read(self, size: int = -1) -> bytes:
            piece, self.left = self.left[: min(size, 3)], self.left[min(size, 3) :]
            return piece

    from camaudit.sources.spec import ReadOptions

    data = encode(HEAD, [(2, TEMPLATE), (256, RECORDS)])
    items = list(IPFIX.read(Pipe(data), ReadOptions()))  # type: ignore[arg-type]  # it only reads
    assert len(problems(items)) == 3  # no protocol in any of them
