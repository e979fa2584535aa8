"""Addresses that one device can have, and those of nobody."""

from __future__ import annotations

import pytest

from camaudit.wirekit.addresses import usable_address


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1\r\n", "192.0.2.1"),
        ("169.254.1.2", "169.254.1.2"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_an_address_has_one_spelling(written: str, read: str) -> None:
    assert usable_address(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "0.0.0.0",  # noqa: S104
        "::",
        "127.0.0.1",
        "::1",
        "224.0.0.1",
        "ff02::c",
        "255.255.255.255",
        "",
        "/64",
        "2001:db8::1/64",
        "192.0.2.01",
        "192.0.2",
        "camera",
        "1" * 5000,
    ],
)
def test_what_is_no_devices_own_is_none(written: str) -> None:
    assert usable_address(written) is None
