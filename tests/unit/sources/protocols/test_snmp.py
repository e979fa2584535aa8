"""SNMP: what is asked, that tables end, and that the community stays where it belongs."""

from __future__ import annotations

import json

import pytest

from camaudit.errors import DecodeError, LineError
from camaudit.model.scan import Outcome
from camaudit.sources.protocols.snmp import codec
from camaudit.sources.protocols.snmp.codec import (
    Binding,
    Response,
    ValueKind,
    decode_response,
    encode_get,
    encode_response,
)
from camaudit.sources.protocols.snmp.observe import ARP, FORWARDING, LLDP
from camaudit.sources.protocols.snmp.probe import NEIGHBOURS, SYSTEM_DIALOGUE
from camaudit.sources.spec import Transport
from tests.lines import FakeLine, hold

COMMUNITY = b"very-s3cret"
END = Binding("1.9", ValueKind.END, b"")


def answer(*bindings: Binding) -> bytes:
    return encode_response(Response(request=1, error=0, bindings=bindings))


def asking(*replies: bytes | LineError) -> FakeLine:
    given = {"snmp.community": COMMUNITY}
    return FakeLine(*replies, transport=Transport.UDP, port=161, given=given)


def row(table: str, index: str, value: bytes, kind: ValueKind = ValueKind.TEXT) -> Binding:
    return Binding(f"{table}.{index}", kind, value)


def entries(line: FakeLine) -> list[dict[str, str]]:
    return [json.loads(seen.value) for seen in hold(NEIGHBOURS, line)]


def test_the_system_group_is_read_with_the_community_that_was_given() -> None:
    line = asking(answer(Binding("1.3.6.1.2.1.1.1.0", ValueKind.TEXT, b"Linux camera")))
    (seen,) = hold(SYSTEM_DIALOGUE, line)
    assert (seen.field, seen.value) == ("sysDescr", b"Linux camera")
    # RFC 3416, BER: SEQUENCE, version 1 (v2c), the community, GetRequest
    (sent,) = line.sent
    assert sent[2:5] == b"\x02\x01\x01"
    assert sent[5:7] + COMMUNITY == b"\x04\x0b" + COMMUNITY
    assert sent[7 + len(COMMUNITY)] == 0xA0


def test_neighbours_come_from_three_tables() -> None:
    mac = bytes.fromhex("00408c000001")
    line = asking(
        answer(row(ARP, "3.192.0.2.9", mac), END),
        answer(row(FORWARDING, "0.64.140.0.0.1", b"7", ValueKind.INTEGER), END),
        answer(
            row(LLDP, "5.0.2.1", mac),
            row(LLDP, "7.0.2.1", b"eth0"),
            row(LLDP, "9.0.2.1", b"cam-1"),
            row(LLDP, "10.0.2.1", b"AXIS P0000"),
            END,
        ),
    )
    assert entries(line) == [
        {"ip": "192.0.2.9", "mac": "00:40:8c:00:00:01", "source": "snmp-arp"},
        {"mac": "00:40:8c:00:00:01", "port": "7", "source": "snmp-fdb"},
        {
            "mac": "00:40:8c:00:00:01",
            "port": "eth0",
            "system_name": "cam-1",
            "system_description": "AXIS P0000",
            "source": "snmp-lldp",
        },
    ]


def test_an_agent_that_goes_round_in_circles_is_left() -> None:
    again = answer(row(ARP, "3.192.0.2.9", bytes.fromhex("00408c000001")))
    line = asking(*[again] * 500)
    assert len(entries(line)) == 1
    assert len(line.sent) <= 4


def test_an_agent_without_an_end_costs_the_ceiling_of_steps() -> None:
    endless = [
        answer(row(ARP, f"3.10.0.{n >> 8}.{n & 255}", bytes.fromhex("00408c000001")))
        for n in range(500)
    ]
    line = asking(*endless)
    hold(NEIGHBOURS, line)
    assert len(line.sent) <= NEIGHBOURS.requests


@pytest.mark.parametrize(
    "value", [b"", b"short", b"\x01\x00\x5e\x00\x00\x01", bytes(6), b"too long a value"]
)
def test_what_is_no_hardware_address_is_no_neighbour(value: bytes) -> None:
    assert entries(asking(answer(row(ARP, "3.192.0.2.9", value), END))) == []


def test_silence_and_noise_show_nothing() -> None:
    assert entries(asking(LineError(Outcome.SILENT), b"noise", b"")) == []


def test_the_community_is_in_nothing_that_is_kept() -> None:
    reply = encode_get(("1.3.6.1.2.1.1.1.0",), 1, COMMUNITY)
    with pytest.raises(DecodeError) as caught:
        decode_response(reply)
    assert COMMUNITY.decode() not in str(caught.value)
    shown = answer(Binding("1.3.6.1.2.1.1.1.0", ValueKind.TEXT, b"x"))
    assert COMMUNITY.decode() not in repr(decode_response(shown))


def test_nothing_that_sets_can_be_written() -> None:
    assert set(codec.VERBS.values()) == {"GetRequest-PDU", "GetBulkRequest-PDU"}
    with pytest.raises(ValueError, match="object id"):
        encode_get(("not.an.oid",), 1, b"")
