"""Records of single directions become conversations: who opened is told by flags and times."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from camaudit.sources.bulk.pairing import ACK, ONE_WAY, SYN, paired
from tests.flow_rows import MICROS

BOTH = SYN | ACK


def record(source: str, target: str, at: int = 0, **others: Any) -> dict[str, Any]:
    (src, _, sport), (dst, _, dport) = (end.rpartition(":") for end in (source, target))
    row = {"src": src, "dst": dst, "sport": int(sport), "dport": int(dport), "proto": 6}
    row |= {"flags": 0, "packets": 1, "bytes": 100, "start": MICROS + at, "end": MICROS + at}
    return row | others


def sides(*rows: dict[str, Any]) -> list[tuple[str, str, int, bool, int, int]]:
    found = paired(pa.Table.from_pylist(list(rows), schema=ONE_WAY)).to_pylist()
    return [
        (r["client"], r["server"], r["port"], r["opened"], r["packets_out"], r["packets_back"])
        for r in found
    ]


def test_the_side_that_began_first_opened_if_both_have_a_syn() -> None:
    # The client has the lower port: the rule of ports alone would be wrong
    rows = [
        record("192.0.2.9:60000", "192.0.2.1:22", 5, flags=BOTH),
        record("192.0.2.1:22", "192.0.2.9:60000", 0, flags=BOTH),
    ]
    assert sides(*rows) == [
        ("192.0.2.1", "192.0.2.9", 60000, True, 0, 1),
        ("192.0.2.1", "192.0.2.9", 60000, True, 1, 0),
    ]


def test_a_bare_syn_tells_more_than_times() -> None:
    rows = [
        record("192.0.2.9:60000", "192.0.2.1:22", 0, flags=BOTH),
        record("192.0.2.1:22", "192.0.2.9:60000", 5, flags=SYN),
    ]
    assert {row[:4] for row in sides(*rows)} == {("192.0.2.1", "192.0.2.9", 60000, True)}


def test_without_a_syn_on_both_sides_ports_decide_and_it_is_not_opened() -> None:
    rows = [
        record("192.0.2.1:443", "192.0.2.9:60000", 0, flags=ACK),
        record("192.0.2.9:60000", "192.0.2.1:443", 5, flags=BOTH),
    ]
    assert {row[:4] for row in sides(*rows)} == {("192.0.2.9", "192.0.2.1", 443, False)}


def test_a_lone_direction_of_tcp_with_syn_and_ack_may_be_either() -> None:
    assert sides(record("192.0.2.1:443", "192.0.2.9:60000", flags=BOTH)) == [
        ("192.0.2.9", "192.0.2.1", 443, False, 0, 1)
    ]


def test_the_first_datagram_opens() -> None:
    rows = [
        record("192.0.2.9:123", "192.0.2.1:123", 5, proto=17),
        record("192.0.2.1:123", "192.0.2.9:123", 0, proto=17),
    ]
    assert {row[:4] for row in sides(*rows)} == {("192.0.2.1", "192.0.2.9", 123, True)}


def test_a_lone_datagram_opens_unless_its_port_says_that_it_answers() -> None:
    assert sides(record("192.0.2.9:123", "192.0.2.1:123", proto=17)) == [
        ("192.0.2.9", "192.0.2.1", 123, True, 1, 0)
    ]
    assert sides(record("192.0.2.1:53", "192.0.2.9:50000", proto=17)) == [
        ("192.0.2.9", "192.0.2.1", 53, False, 0, 1)
    ]


def test_at_the_same_moment_nobody_is_said_to_have_opened() -> None:
    rows = [
        record("192.0.2.9:50000", "192.0.2.1:53", proto=17),
        record("192.0.2.1:53", "192.0.2.9:50000", proto=17),
    ]
    assert {row[:4] for row in sides(*rows)} == {("192.0.2.9", "192.0.2.1", 53, False)}


def test_other_ports_and_protocols_are_other_conversations() -> None:
    rows = [
        record("192.0.2.9:50000", "192.0.2.1:53", 5, proto=17),
        record("192.0.2.1:53", "192.0.2.9:50001", 0, proto=17),
        record("192.0.2.1:53", "192.0.2.9:50000", 0, proto=6),
    ]
    assert [row[3] for row in sides(*rows)] == [True, False, False]


def test_hardware_addresses_turn_with_their_ends() -> None:
    mac, other = b"\0\0\x5e\0\x53\1", b"\0\0\x5e\0\x53\2"
    rows = [record("192.0.2.1:53", "192.0.2.9:50000", proto=17, src_mac=mac, dst_mac=other)]
    (row,) = paired(pa.Table.from_pylist(rows, schema=ONE_WAY)).to_pylist()
    assert (row["client_mac"], row["server_mac"]) == (other, mac)
