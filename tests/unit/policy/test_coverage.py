"""Which makers the statement covers: by seat or by owner, at a date, and when that is open."""

from __future__ import annotations

from datetime import date

import pytest

from camaudit.model.packs import Maker
from camaudit.model.policy import Entities
from camaudit.model.words import Confidence, Firmness, TieKind
from camaudit.policy.coverage import covered_makers
from tests.unit.policy.rows import maker, owned_by

NO, OPEN, YES = 0, 1, 2
AT = date(2023, 8, 1)
ENTITIES = Entities(
    group="g",
    law_subject_to="L",
    interpretation="seat or owner",
    incorporated_in=("CN",),
    open_codes=(("HK", "hong_kong"),),
)
SUBJECT = maker("subject", "CN")
OTHER = maker("other", "SE")


def covered(asked: Maker, *others: Maker, at: date = AT, hong_kong: str = "unknown") -> int:
    found = covered_makers((asked, *others), ENTITIES, {"hong_kong": hong_kong}, at)
    return int(found[asked.id])


@pytest.mark.parametrize(("code", "expected"), [("CN", YES), ("SE", NO), ("TW", NO), (None, OPEN)])
def test_the_seat_decides(code: str | None, expected: int) -> None:
    assert covered(maker("x", code)) == expected


@pytest.mark.parametrize(
    ("option", "expected"), [("unknown", OPEN), ("covered", YES), ("not_covered", NO)]
)
def test_an_open_seat_is_a_choice(option: str, expected: int) -> None:
    assert covered(maker("x", "HK"), hong_kong=option) == expected


def test_a_firm_owner_covers() -> None:
    assert covered(maker("x", "GB", owned_by("subject")), SUBJECT) == YES


def test_an_owners_owner_covers() -> None:
    middle = maker("middle", "GB", owned_by("subject"))
    assert covered(maker("x", "GB", owned_by("middle")), middle, SUBJECT) == YES


def test_an_owner_elsewhere_does_not() -> None:
    assert covered(maker("x", "GB", owned_by("other")), OTHER) == NO


def test_an_owner_decides_where_the_seat_is_missing() -> None:
    assert covered(maker("x", None, owned_by("other")), OTHER) == NO
    assert covered(maker("x", None, owned_by("subject")), SUBJECT) == YES


def test_an_uncertain_owner_leaves_it_open() -> None:
    tie = owned_by("subject", firmness=Firmness.MIXED)
    assert covered(maker("x", "GB", tie), SUBJECT) == OPEN
    elsewhere = owned_by("other", firmness=Firmness.MIXED)
    assert covered(maker("x", None, elsewhere), OTHER) == OPEN


def test_an_owner_that_nobody_checked_leaves_the_answer_open() -> None:
    tie = owned_by("subject", confidence=Confidence.UNVERIFIED)
    assert covered(maker("x", "GB", tie), SUBJECT) == OPEN
    elsewhere = owned_by("other", confidence=Confidence.UNVERIFIED)
    assert covered(maker("x", "GB", elsewhere), OTHER) == NO


def test_a_tie_of_one_line_of_goods_is_not_control() -> None:
    assert covered(maker("x", "GB", owned_by("subject", models="^A")), SUBJECT) == OPEN


def test_who_made_the_goods_does_not_own_the_maker() -> None:
    assert covered(maker("x", "GB", owned_by("subject", tie=TieKind.MADE_BY)), SUBJECT) == NO


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (date(2017, 12, 31), NO),
        (date(2018, 1, 1), YES),
        (date(2022, 11, 30), YES),
        (date(2022, 12, 1), NO),
    ],
)
def test_a_tie_holds_from_its_first_to_its_last_day(at: date, expected: int) -> None:
    tie = owned_by("subject", since=date(2018, 1, 1), until=date(2022, 11, 30))
    assert covered(maker("x", "US", tie), SUBJECT, at=at) == expected


def test_an_owner_that_nobody_describes_leaves_it_open() -> None:
    assert covered(maker("x", "GB", owned_by("ghost"))) == OPEN


def test_owners_in_a_circle_leave_it_open() -> None:
    first, second = maker("x", "GB", owned_by("y")), maker("y", "GB", owned_by("x"))
    assert covered(first, second) == covered(second, first) == OPEN


def test_a_circle_with_a_covered_owner_is_covered() -> None:
    first = maker("x", "GB", owned_by("y"))
    second = maker("y", "GB", owned_by("x"), owned_by("subject"))
    assert covered(first, second, SUBJECT) == YES
