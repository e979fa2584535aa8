"""Dates as registers give them."""

from __future__ import annotations

import pytest

from camaudit.sources.tables.dates import Doubt, Order, read_date, swaps

YEAR_2021 = "2021-01-01/2021-12-31"

PLAIN = {
    "2021-03-04": "2021-03-04",
    "2021/3/4": "2021-03-04",
    "2021-03-04 00:00:00": "2021-03-04",
    "2021-03-04T10:11:12Z": "2021-03-04",
    "20210304": "2021-03-04",
    "25/03/2021": "2021-03-25",
    "25.3.2021": "2021-03-25",
    "03/25/2021": "2021-03-25",
    "25-03-2021 14:30": "2021-03-25",
    "04/04/2021": "2021-04-04",
    "4 March 2021": "2021-03-04",
    "4th March 2021": "2021-03-04",
    "Mar 4, 2021": "2021-03-04",
    "4-Mar-2021": "2021-03-04",
    "4. März 2021": "2021-03-04",
    "1er février 2021": None,
    "2021": YEAR_2021,
    "03/2021": "2021-03-01/2021-03-31",
    "2021-02": "2021-02-01/2021-02-28",
    "March 2021": "2021-03-01/2021-03-31",
    "Q2 2021": "2021-04-01/2021-06-30",
    "2019-2021": "2019-01-01/2021-12-31",
    "pre 2018": "1950-01-01/2017-12-31",
    "before 2018-06-01": "1950-01-01/2018-05-31",
    "since 2019": "2019-01-01/9999-12-31",
    "31/02/2021": None,
    "1900-01-00": None,
    "01/01/1900": None,
    "soon": None,
    "12": None,
    "192.0.2.1": None,
    "": None,
}

DOUBTFUL = {
    "03/04/2021": ("2021-04-03", Doubt.ORDER),
    "25/03/21": ("2021-03-25", Doubt.CENTURY),
    "Mar-21": ("2021-03-01/2021-03-31", Doubt.CENTURY),
    "Spring 2021": (YEAR_2021, Doubt.SEASON),
    "late 2021": (YEAR_2021, Doubt.SEASON),
    "2021/22": ("2021-04-01/2022-03-31", Doubt.FINANCIAL),
    "FY 2021-22": ("2021-04-01/2022-03-31", Doubt.FINANCIAL),
    # December 2011, or the financial year: the span holds both.
    "2011-12": ("2011-04-01/2012-03-31", Doubt.FINANCIAL),
    "2000-01": ("2000-01-01/2001-03-31", Doubt.FINANCIAL),
    "44287": ("2021-04-01", Doubt.SERIAL),
    "c. 2015": ("2014-01-01/2016-12-31", Doubt.ABOUT),
    "about 29/02/2016": ("2015-02-28/2017-02-28", Doubt.ABOUT),
    "2015?": ("2014-01-01/2016-12-31", Doubt.ABOUT),
}


@pytest.mark.parametrize(("text", "expected"), PLAIN.items())
def test_a_date_without_doubt(text: str, expected: str | None) -> None:
    read = read_date(text)
    assert (read.text() if read else None) == expected
    assert read is None or not read.doubts


@pytest.mark.parametrize(("text", "expected", "doubt"), [(k, *v) for k, v in DOUBTFUL.items()])
def test_a_date_with_an_assumption(text: str, expected: str, doubt: Doubt) -> None:
    read = read_date(text)
    assert read is not None
    assert (read.text(), read.doubts) == (expected, (doubt,))


def test_the_order_can_be_turned_and_a_number_above_twelve_cannot() -> None:
    turned = read_date("03/04/2021", Order.MONTH_FIRST)
    fixed = read_date("25/03/2021", Order.MONTH_FIRST)
    assert turned is not None
    assert fixed is not None
    assert (turned.text(), fixed.text()) == ("2021-03-04", "2021-03-25")


@pytest.mark.parametrize(
    ("text", "proves"),
    [
        ("25/03/2021", Order.DAY_FIRST),
        ("03/25/2021", Order.MONTH_FIRST),
        ("03/04/2021", None),
        ("2021", None),
    ],
)
def test_what_a_date_proves_of_its_column(text: str, proves: Order | None) -> None:
    assert swaps(text) is proves
