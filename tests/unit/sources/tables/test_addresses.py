"""Addresses and networks as people write them."""

from __future__ import annotations

import pytest

from camaudit.sources.tables.addresses import (
    MAX_PER_CELL,
    Addresses,
    Networks,
    parse_addresses,
    parse_ip,
    parse_mac,
    parse_networks,
)

MAC = "44:19:b6:0a:0b:0c"


@pytest.mark.parametrize(
    "text",
    [
        "44:19:B6:0A:0B:0C",
        "44-19-b6-0a-0b-0c",
        "4419.b60a.0b0c",
        "4419B60A0B0C",
        "44 19 B6 0A 0B 0C",
        "0x4419b60a0b0c",
        "44:19:b6:a:b:c",
    ],
)
def test_a_hardware_address_in_any_form(text: str) -> None:
    assert parse_mac(text) == MAC


@pytest.mark.parametrize(
    "text",
    [
        "44:19:b6:0a:0b",
        "44:19-b6:0a:0b:0c",
        "44:19:b6:0a:0b:0g",
        "00:00:00:00:00:00",
        "FF-FF-FF-FF-FF-FF",
        "0:0:0:0:0:0",
        "000000-000000",
        "44:19:b6::b:c",
        "44:19:b6:a:b:c:d",
        "192.0.2.1",
        "",
    ],
)
def test_no_hardware_address(text: str) -> None:
    assert parse_mac(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.5", "192.0.2.5"),
        ("192.000.002.005", "192.0.2.5"),
        ("192.0.2.5/24", "192.0.2.5"),
        ("192.0.2.5:8000", "192.0.2.5"),
        ("http://192.0.2.5:80/index.htm", "192.0.2.5"),
        ("rtsp://admin:x@192.0.2.5/live", "192.0.2.5"),
        ("2001:DB8::1", "2001:db8::1"),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ("192.0.2.256", None),
        ("192.0.2.x", None),
        ("192.0.2.5-10", None),
        ("192.0.2", None),
        ("000.0.0.0", None),
        ("http://camera.example/", None),
        ("", None),
    ],
)
def test_a_network_address(text: str, expected: str | None) -> None:
    assert parse_ip(text) == expected


def test_a_cell_with_several_addresses_and_a_word() -> None:
    found = parse_addresses("192.0.2.5 / 192.0.2.6, 44:19:B6:0A:0B:0C spare")
    assert found == Addresses((MAC,), ("192.0.2.5", "192.0.2.6"), ("spare",))


def test_padding_is_told() -> None:
    assert parse_addresses("192.000.002.005").padded
    assert not parse_addresses("192.0.2.50").padded


def test_networks() -> None:
    found = parse_networks(
        "10.1.0.0/16; 192.168.4.7/24, 192.0.2.9 2001:DB8::/32 10.1.0.0/16 x ::/0"
    )
    assert found == Networks(
        ("10.1.0.0/16", "192.168.4.0/24", "192.0.2.9/32", "2001:db8::/32"),
        ("x", "::/0"),
        ("192.168.4.7/24",),
    )


def test_a_cell_that_is_no_list_is_refused_in_one_piece() -> None:
    many = " ".join(["192.0.2.5"] * (MAX_PER_CELL + 3))
    assert parse_addresses(many).others == (" ".join(["192.0.2.5"] * 3),)
    assert parse_addresses("x " * 2000) == Addresses(others=("x " * 2000,))
