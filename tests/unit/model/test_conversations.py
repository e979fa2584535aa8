"""Flows become conversations: who is the client, and what is added up."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from camaudit.model.conversations import is_group, merged, of_flows, summarise
from tests.flow_rows import at, conversations, flow, flows, short, whole


def test_the_side_with_the_higher_port_is_the_client() -> None:
    batch = flows(
        flow("192.0.2.10:50000", "192.0.2.1:443", packets=3, bytes=300),
        flow("192.0.2.1:443", "192.0.2.10:50000", packets=2, bytes=900),
    )
    assert short(summarise(batch)) == {("192.0.2.10", "192.0.2.1", 6, 443, 3, 2, 300, 900)}


def test_of_equal_ports_the_address_that_sorts_first_is_the_client() -> None:
    batch = flows(
        flow("192.0.2.9:123", "192.0.2.1:123", proto=17),
        flow("192.0.2.1:123", "192.0.2.9:123", proto=17),
    )
    assert short(summarise(batch)) == {("192.0.2.1", "192.0.2.9", 17, 123, 1, 1, 100, 100)}


def test_what_is_sent_to_a_group_was_sent_by_its_client() -> None:
    batch = flows(flow("192.0.2.9:1900", "239.255.255.250:3702", proto=17))
    assert short(of_flows(batch)) == {("192.0.2.9", "239.255.255.250", 17, 3702, 1, 0, 100, 0)}


def test_a_protocol_without_ports_has_port_nought() -> None:
    batch = flows(flow("192.0.2.1:0", "192.0.2.9:2048", proto=1))
    assert short(of_flows(batch)) == {("192.0.2.1", "192.0.2.9", 1, 0, 1, 0, 100, 0)}


def test_nobody_is_said_to_have_opened() -> None:
    assert of_flows(flows(flow("192.0.2.1:50000", "192.0.2.9:80")))["opened"].to_pylist() == [False]


def test_each_hour_has_a_row_of_its_own() -> None:
    rows = [
        {"client": "a", "server": "b", "first": at(s), "last": at(s + 1), "packets_out": 1}
        for s in (0, 3599, 3600)
    ]
    found = merged(pa.Table.from_batches([conversations(*rows)]))
    spans = [(row["first"], row["last"], row["packets_out"]) for row in found.to_pylist()]
    assert spans == [(at(0), at(3600), 2), (at(3600), at(3601), 1)]
    assert merged(found, by_hour=False).num_rows == 1


def test_who_was_seen_to_open_once_has_opened() -> None:
    rows = [{"client": "a", "server": "b", "opened": opened} for opened in (False, True, False)]
    (row,) = merged(pa.Table.from_batches([conversations(*rows)])).to_pylist()
    assert row["opened"] is True


def test_hardware_addresses_and_networks_keep_rows_apart() -> None:
    rows: list[dict[str, Any]] = [
        {"client": "a", "server": "b", "client_mac": b"\0\0\x5e\0\x53\1"},
        {"client": "a", "server": "b", "client_mac": b"\0\0\x5e\0\x53\2"},
        {"client": "a", "server": "b", "vlan": 7},
        {"client": "a", "server": "b"},
        {"client": "a", "server": "b"},
    ]
    assert merged(pa.Table.from_batches([conversations(*rows)])).num_rows == 4


def test_what_was_summarised_may_be_put_in_again() -> None:
    parts = [
        flows(*(flow(f"192.0.2.{n % 3}:{40000 + n}", "192.0.2.9:80", n * 600) for n in numbers))
        for numbers in (range(10), range(5, 20))
    ]
    at_once = summarise(pa.concat_batches(parts))
    by_parts = summarise(pa.concat_batches([summarise(part) for part in parts]))
    assert whole(at_once) == whole(by_parts)


def test_nothing_comes_of_nothing() -> None:
    assert summarise(conversations()).num_rows == 0
    assert summarise(flows()).num_rows == 0


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("224.0.0.251", True), ("239.255.255.250", True), ("255.255.255.255", True),
        ("ff02::fb", True), ("223.255.255.255", False), ("240.0.0.1", False), ("23.64.0.1", False),
        ("ff::1", False), ("2001:db8::ff02", False), ("255.255.255.0", False), ("22.4.0.1", False),
    ],
)  # fmt: skip
def test_addresses_of_many(address: str, group: bool) -> None:  # noqa: FBT001
    assert is_group(pa.array([address])).to_pylist() == [group]
