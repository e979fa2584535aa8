"""camaudit.estate.serials: which numbers tell one unit from another."""

from __future__ import annotations

import pytest

from camaudit.estate.serials import implausible, names_unit, normalise_serial


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("k2039-1847", "K20391847"),
        (" K 20391847 ", "K20391847"),
        ("DS-2CD2143G0-I20190812AAWRE12849307", "E12849307"),
        ("DS-7616NI-K2/16P1620190812CCRR128493075WCVU", "128493075"),
        ("DS-2CD2143G0-I20190812AAWR", "DS2CD2143G0I20190812AAWR"),
        ("", ""),
    ],
)
def test_what_two_services_write_differently_is_one_number(text: str, serial: str) -> None:
    assert normalise_serial(text) == serial


@pytest.mark.parametrize("serial", ["K20391847", "E12849307", "ACCC8E005301", "2102351204715"])
def test_a_plausible_serial_number(serial: str) -> None:
    assert implausible(serial) is None


@pytest.mark.parametrize(
    "serial",
    [
        "",
        "K203918",
        "00000000",
        "10000000",
        "12121212",
        "12345678",
        "1234567890",
        "SN1234567890",
        "9876543210",
        "ABCDEFGH",
        "12341234",
        "TOBEFILLEDBYOEM",
    ],
)
def test_an_implausible_serial_number(serial: str) -> None:
    assert implausible(serial)


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("CN=axis-accc8e005301", set()),
        ("CN=camera, serialNumber=AB-K20391847", {"K20391847"}),
        ("CN=44:19:b6:00:53:01", {"4419B6005301"}),
        ("CN=unit-20391847", set()),
    ],
)
def test_a_certificate_that_names_its_unit(name: str, marks: set[str]) -> None:
    assert names_unit([name], marks)


@pytest.mark.parametrize(
    "name",
    ["", "CN=IPC", "CN=DS-2CD2143G0-I", "CN=192.0.2.164", "CN=2020,O=v5.7.1 build 20220530",
     "CN=0000000000", "CN=12345678"],
)  # fmt: skip
def test_a_certificate_that_names_none(name: str) -> None:
    assert not names_unit([name], {"K20391847"})
