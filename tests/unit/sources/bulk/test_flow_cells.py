"""Cells of flow logs: what they may hold, and what is refused."""

from __future__ import annotations

import pytest

from camaudit.sources.bulk import RecordError
from camaudit.sources.bulk.flow_cells import (
    address,
    count,
    duration,
    hardware,
    host_name,
    micros,
    port,
    protocol,
)
from tests.flow_rows import MICROS


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("1793520000", 0), ("1793520000.250000", 250_000), ("1793520000.1234567", 123_456),
        ("1793520000500", 500_000), ("1793520000000001", 1), ("1793520000000001999", 1),
        ("2026-11-01T08:00:00Z", 0), ("2026-11-01 08:00:00", 0), ("2026-11-01 08:00:00.5", 500_000),
        ("2026-11-01T10:00:00.000001+0200", 1),
    ],
)  # fmt: skip
def test_times(text: str, offset: int) -> None:
    assert micros(text, "ts") == MICROS + offset


@pytest.mark.parametrize("text", ["", "never", "1e9", "-5", "9" * 40, "1969-12-31T23:59:59Z", "."])
def test_no_times(text: str) -> None:
    with pytest.raises(RecordError) as found:
        micros(text, "ts")
    assert found.value.field == "ts"


def test_a_duration_is_exact_and_may_be_missing() -> None:
    assert (duration("0.1", "d"), duration("", "d"), duration("3", "d")) == (100_000, 0, 3_000_000)
    with pytest.raises(RecordError):
        duration("-1", "d")


def test_addresses_have_one_form() -> None:
    assert address("2001:DB8:0::1") == "2001:db8::1"
    assert address("fe80::1%eth0") == "fe80::1"
    assert address("192.0.2.256") is None


def test_hardware_addresses_of_nobody_are_none() -> None:
    assert hardware("00-00-5E-00-53-01") == b"\0\0\x5e\0\x53\1"
    assert hardware("00:00:00:00:00:00") is None
    assert hardware("") is None


@pytest.mark.parametrize("text", ["-1", "1.5", "x", str((1 << 53) + 1), "9" * 30, "\u0661"])
def test_no_counts(text: str) -> None:
    with pytest.raises(RecordError):
        count(text, "n")


def test_counts_and_ports() -> None:
    assert (count("", "n"), count("-", "n"), count(" 7 ", "n")) == (0, 0, 7)
    assert (port("", "p"), port("65535", "p")) == (0, 65535)
    for text in ("65536", "x", "-1", "8.0"):
        with pytest.raises(RecordError):
            port(text, "p")


def test_protocols() -> None:
    assert [protocol(word, "p") for word in ("TCP", "17", "icmp", "ICMP6")] == [6, 17, 1, 58]
    assert protocol("icmp", "p", of_v6=True) == 58
    for word in ("", "256", "nonsense"):
        with pytest.raises(RecordError):
            protocol(word, "p")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Cam.Example.COM.", "cam.example.com"), ("a.example:8080", "a.example"), ("", ""),
        ("192.0.2.1:80", ""), ("[2001:db8::1]:80", ""), ("2001:db8::1", ""), ("a/b", None),
        ("user@host", None), ("a?b=c", None), ("a b", None), ("x" * 256, None),
        ("_http._tcp.local", "_http._tcp.local"), ("käse.example", "käse.example"),
    ],
)  # fmt: skip
def test_names_of_hosts(text: str, name: str | None) -> None:
    assert host_name(text) == name
