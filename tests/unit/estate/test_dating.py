"""camaudit.estate.dating: when was it put there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from camaudit.estate import Dating, date_installation
from camaudit.model.observation import Interval

D18, D19, D20, D21, D22 = (date(year, 6, 1) for year in range(2018, 2023))


def on(day: date, until: date | None = None) -> Interval:
    return Interval(not_before=day, not_after=until or day)


def seen(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)


def dated(**given: Any) -> Dating:
    nothing = dict.fromkeys(
        ("installed", "invoiced", "first_seen", "listed_on", "made_on", "built_on", "serial_doubt")
    )
    return date_installation(**(nothing | given))


@pytest.mark.parametrize(
    ("given", "low", "high", "says"),
    [
        ({}, None, None, ""),
        ({"installed": on(D20)}, D20, D20, "the register says installed on 2020-06-01"),
        ({"installed": on(D20, D21)}, D20, D21, "between 2020-06-01 and 2021-06-01"),
        ({"installed": Interval(not_after=D20)}, None, D20, "says installed by 2020-06-01"),
        ({"installed": Interval(not_before=D20)}, D20, None, "installed not before 2020-06-01"),
        ({"invoiced": on(D19, D20)}, D19, None, "invoiced from 2019-06-01"),
        ({"first_seen": seen(D20)}, None, D20, "first seen on 2020-06-01"),
        ({"listed_on": D20}, None, D20, "known to the estate since 2020-06-01"),
        ({"made_on": D19}, D19, None, "made on 2019-06-01 (serial number)"),
        # what bounds more closely holds
        ({"made_on": D19, "invoiced": on(D20)}, D20, None, "invoiced from 2020-06-01"),
        ({"made_on": D20, "invoiced": on(D19)}, D20, None, "made on 2020-06-01"),
        ({"first_seen": seen(D21), "listed_on": D22}, None, D21, "first seen on 2021-06-01"),
        ({"first_seen": seen(D22), "listed_on": D21}, None, D21, "known to the estate since"),
        ({"made_on": D19, "first_seen": seen(D21)}, D19, D21, "first seen on 2021-06-01"),
        ({"installed": on(D19, D22), "made_on": D20, "first_seen": seen(D21)}, D20, D21, "between"),
        # firmware is updated in place
        ({"built_on": D22}, None, None, "firmware built on 2022-06-01: bounds nothing"),
        ({"built_on": D22, "installed": on(D20)}, D20, D20, "bounds nothing"),
        # made, or bought, after the register says that it was there
        ({"made_on": D21, "installed": on(D20)}, D21, None, "before the unit can have been there"),
        ({"invoiced": on(D21), "installed": on(D20)}, D21, None, "not used"),
        ({"made_on": D20, "installed": on(D20)}, D20, D20, "installed on 2020-06-01"),
        # a serial number that is not to be trusted decides nothing
        (
            {"made_on": D21, "serial_doubt": "40 devices have that number", "installed": on(D20)},
            D20, D20, "40 devices have that number: not used",
        ),
    ],
)  # fmt: skip
def test_what_bounds_an_installation(
    given: dict[str, Any], low: date | None, high: date | None, says: str
) -> None:
    found = dated(**given)
    assert (found.interval.not_before, found.interval.not_after) == (low, high)
    assert says in "; ".join(found.reasons)
    assert not found.doubtful


def test_a_doubt_without_a_production_date_says_nothing() -> None:
    assert dated(serial_doubt="2 devices have that number").reasons == ()


@pytest.mark.parametrize(
    "given",
    [
        {"installed": on(D21), "first_seen": seen(D20)},
        {"invoiced": on(D21), "first_seen": seen(D20)},
        {"made_on": D21, "listed_on": D20},
    ],
)
def test_dates_that_contradict_each_other_leave_the_lower_bound_open(given: dict[str, Any]) -> None:
    found = dated(**given)
    assert found.doubtful
    assert found.interval == Interval(not_before=None, not_after=D20)
    assert "contradict each other: not before 2021-06-01, not after 2020-06-01" in found.reasons[-1]
