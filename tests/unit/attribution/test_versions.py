"""camaudit.attribution.versions: what makers write as versions, and which of two is earlier."""

from __future__ import annotations

from datetime import date

import pytest

from camaudit.attribution.versions import MAX_TEXT, Version, build_day, is_less, read_version

#: (maker, text, numbers, line, build), read by eye from device-signals 3.8 and 5.
READ: list[tuple[str, str, tuple[int, ...], str, date | int | None]] = [
    ("hikvision", "V5.4.0 build 160530", (5, 4), "", date(2016, 5, 30)),
    ("hikvision", "V5.4.0build 160530", (5, 4), "", date(2016, 5, 30)),
    ("hikvision", "v5.4.5 Build 160928", (5, 4, 5), "", date(2016, 9, 28)),
    ("hikvision", "V5.5.82", (5, 5, 82), "", None),
    ("hikvision", "V5.5.82 build 169999", (5, 5, 82), "", None),
    ("hikvision", "V2.3.8-8", (2, 3, 8, 8), "", None),
    ("dahua", "2.820.0000000.5.R.210705", (2, 820, 5), "R", date(2021, 7, 5)),
    ("dahua", "2.800.0000000.8.R, build 2020-03-31", (2, 800, 8), "R", date(2020, 3, 31)),
    ("dahua", "2.800.0000000.8.R", (2, 800, 8), "R", None),
    ("lorex", "2.800.0000000.8.R.20241111", (2, 800, 8), "R", date(2024, 11, 11)),
    ("amcrest", "V2.420.AC00.16.R.20160909", (2, 420, 16), "AC00 R", date(2016, 9, 9)),
    ("axis", "10.12.114", (10, 12, 114), "", None),
    ("uniview", "GIPC-B6215.1.68.NB.240617", (1, 68), "GIPC-B6215", date(2024, 6, 17)),
    ("uniview", "DIPC-B1211.6.11.221121", (6, 11), "DIPC-B1211", date(2022, 11, 21)),
    ("uniview", "IPC_G6103-B0009P30D1803", (30,), "IPC_G6103-B0009", None),
    ("xiongmai", "V5.00.R02.00030747.10010.346624", (5, 0, 2), "00030747.10010.346624", None),
    ("tvt", "5.1.3.0(12345)", (5, 1, 3), "", 12345),
    ("reolink", "v3.0.0.136", (3, 0, 0, 136), "", None),
    ("acme", "V6.3.40", (6, 3, 40), "", None),
    ("acme", "9", (9,), "", None),
]

#: (maker, earlier, later): the left one is less, and the right one is not.
ORDERED = [
    ("hikvision", "V5.4.0 build 160529", "V5.4.0 build 160530"),
    ("hikvision", "V5.4.0 build 170101", "V5.4.1 build 160101"),
    ("hikvision", "V5.9.9 build 200101", "V5.10.0 build 190101"),
    ("hikvision", "V2.3.8", "V2.3.8-8"),
    ("hikvision", "V5.4.0", "5.4.41"),
    ("dahua", "2.800.0000000.8.R.20241110", "2.800.0000000.8.R.20241111"),
    ("dahua", "2.800.0000000.8.R", "2.820.0000000.5.R.210705"),
    ("dahua", "2.400.0000.16.R, build 2016-01-01", "2.400.0000000.16.R, build 2016-01-02"),
    ("uniview", "DIPC-B1211.6.10.221121", "DIPC-B1211.6.11.221121"),
    ("uniview", "IPC_G6103-B0009P29D1801", "IPC_G6103-B0009P30D1803"),
    ("tvt", "1.3.3", "1.3.4"),
    ("tvt", "5.1.3.0(99)", "5.1.3.0(100)"),
    ("reolink", "v3.0.0.136_20121101", "v3.0.0.136_20121102"),
    ("reolink", "v3.0.0.136_20121199", "v3.0.0.136_20121201"),
    ("reolink", "1.0.227", "1.0.228"),
    ("axis", "9.80.3.4", "10.12.114"),
    ("acme", "1.0", "1.0.1"),
]

#: (maker, one, other): neither way round can it be told.
UNKNOWN = [
    ("hikvision", "V5.4.0", "V5.4.0 build 160530"),
    ("hikvision", "V5.4.0 build 160530", "digicap"),
    ("hikvision", "V5.4.0 build 169999", "V5.4.0 build 160530"),
    ("dahua", "2.800.0000000.8.R", "2.800.0000000.8.R.20241111"),
    ("dahua", "2.420.AC00.16.R.20160909", "2.800.0000000.8.R.20241111"),
    ("dahua", "2.800.0000000.8.R", "2.800.0000000.8.T"),
    ("uniview", "GIPC-B6215.1.68.NB.240617", "DIPC-B1211.6.11.221121"),
    ("uniview", "DIPC-B1211.6.11", "DIPC-B1211.6.11.221121"),
    ("xiongmai", "V5.00.R02.00030747.10010", "V4.02.R11.00006510.10010"),
    ("tvt", "5.1.3.0", "5.1.3.0(7)"),
    ("reolink", "v3.0.0.136", "v3.0.0.136_20121102"),
    ("acme", "1.06.01 Hotfix", "1.06.02"),
    ("acme", "1.1", "one point one"),
    ("acme", "\uff11.1", "1.1"),
]


@pytest.mark.parametrize(("maker", "text", "numbers", "line", "build"), READ)
def test_versions_are_read_as_their_maker_writes_them(
    maker: str, text: str, numbers: tuple[int, ...], line: str, build: date | int | None
) -> None:
    found = read_version(text, maker)
    assert (found.numbers, found.line, found.build) == (numbers, line, build)
    assert found.grammar != "text"


@pytest.mark.parametrize(("maker", "earlier", "later"), ORDERED)
def test_the_earlier_is_less_and_the_later_is_not(maker: str, earlier: str, later: str) -> None:
    one, other = read_version(earlier, maker), read_version(later, maker)
    assert is_less(one, other) is True
    assert is_less(other, one) is False


@pytest.mark.parametrize(("maker", "one", "other"), UNKNOWN)
def test_what_is_not_comparable_cannot_be_told(maker: str, one: str, other: str) -> None:
    left, right = read_version(one, maker), read_version(other, maker)
    assert is_less(left, right) is None
    assert is_less(right, left) is None


def test_a_build_date_from_elsewhere_fills_in() -> None:
    told = date(2016, 5, 30)
    found = read_version("V5.4.0", "hikvision", told)
    assert found == read_version("V5.4.0 build 160530", "hikvision")
    assert build_day(found) == told
    # the text's own outranks it, and a maker whose versions have no build date gets none
    own = read_version("V5.4.0 build 160101", "hikvision", told)
    assert build_day(own) == date(2016, 1, 1)
    assert read_version("10.12.114", "axis", told).build is None


def test_one_and_the_same_version_in_two_spellings() -> None:
    one = read_version("1.3", "axis")
    assert one == read_version(" V1.3.0 ", "axis")
    assert is_less(one, one) is False


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "V", "..", "1." * 500, "9" * 5000, "\ud800", "\u0663.\u0661"]
)
def test_hostile_text_is_a_version_that_equals_itself(text: str) -> None:
    found = read_version(text, "hikvision")
    assert isinstance(found, Version)
    assert is_less(found, found) is False
    assert is_less(found, read_version("V5.4.0", "hikvision")) is None


def test_two_long_texts_with_one_beginning_are_not_the_same() -> None:
    start = "x" * MAX_TEXT
    assert is_less(read_version(start + "a"), read_version(start + "b")) is None


def test_a_long_text_is_not_cut_into_a_version() -> None:
    assert read_version("1." * (MAX_TEXT // 2 - 1) + "10 and more").grammar == "text"
    assert read_version("1.2" + " " * MAX_TEXT + "rc1").grammar == "text"
