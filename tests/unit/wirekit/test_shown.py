"""What of a reply's bytes is shown."""

from __future__ import annotations

import pytest

from camaudit.wirekit.record import Record
from camaudit.wirekit.shown import (
    shown_fields,
    shown_ipv4,
    shown_mac,
    shown_number,
    shown_text,
    shown_version,
)


@pytest.mark.parametrize(
    "value", [bytes.fromhex("585b69000001"), b"58-5B-69-00-00-01", b"58:5b:69:00:00:01\0\0"]
)
def test_a_hardware_address_has_one_spelling(value: bytes) -> None:
    assert shown_mac(value) == b"58:5b:69:00:00:01"


@pytest.mark.parametrize("value", [b"", bytes(6), b"\xff" * 6, b"585b6", b"\x58\x5b\x69\0\0"])
def test_what_is_no_hardware_address_is_not_shown(value: bytes) -> None:
    assert shown_mac(value) == b""


@pytest.mark.parametrize("value", [b"\xc0\0\x02\x07", b"192.0.2.7", b"192.0.2.7\0\0"])
def test_an_address_has_one_spelling(value: bytes) -> None:
    assert shown_ipv4(value) == b"192.0.2.7"


@pytest.mark.parametrize(
    "value",
    [b"", bytes(4), b"\xff" * 4, b"0.0.0.0", b"239.255.255.250", b"192.0.2", b"192.0.2.07", b"::1"],
)
def test_what_is_no_address_of_a_host_is_not_shown(value: bytes) -> None:
    assert shown_ipv4(value) == b""


def test_text_is_trimmed_made_utf8_and_loses_secrets() -> None:
    assert shown_text(b" Gate 4\0\r\n") == b"Gate 4"
    assert shown_text(b"\xd6") == "\ufffd".encode()
    assert b"hunter2" not in shown_text(b"rtsp://u:hunter2@192.0.2.7/")


def test_a_record_shows_addresses_under_the_words_that_all_protocols_share() -> None:
    record = Record(
        fields=(
            ("mac", bytes.fromhex("585b69000001")),
            ("ip", bytes(4)),
            ("name", b" \0"),
            ("model", b"M\0"),
            ("channels", b"\x01\0"),
            ("version", b"\x0b\0\x02"),
        )
    )
    forms = {"channels": shown_number, "version": shown_version}
    assert list(shown_fields(record, "x", forms)) == [
        ("mac", "address", b"58:5b:69:00:00:01"),
        ("x", "model", b"M"),
        ("x", "channels", b"256"),
        ("x", "version", b"11.0.2"),
    ]
