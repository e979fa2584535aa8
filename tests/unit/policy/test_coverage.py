"""Which makers the statement covers: by seat or by owner, at a date, and when that is open."""

from __future__ import annotations

from datetime import date

import pytest

from camaudit.model.packs import Maker
from camaudit.model.policy import Group, Named, Reach
from camaudit.model.words import Confidence, Firmness, TieKind
from camaudit.policy.coverage import cover
from tests.unit.policy.rows import maker, owned_by

NO, OPEN, YES = 0, 1, 2
AT = date(2023, 8, 1)
GROUP = Group(
    id="g",
    law_subject_to="L",
    says="seat or owner",
    incorporated_in=("CN",),
    open_codes=(("HK", "hong_kong"),),
)
SUBJECT = maker("subject", "CN")
OTHER = maker("other", "SE")


def covered(asked: Maker, *others: Maker, at: date = AT, hong_kong: str = "unknown") -> int:
    found = cover((asked, *others), GROUP, {"hong_kong": hong_kong}, at)
    return int(found.today[asked.id])


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


# ------------------------------------------------------------------------------ named makers


def named(
    asked: Maker, *others: Maker, reach: Reach, at: date = AT, since: date | None = None
) -> int:
    group = Group(id="g", says="named", named=(Named(maker="listed", since=since),), reach=reach)
    return int(cover((asked, *others), group, {}, at).today[asked.id])


LISTED = maker("listed", "CN", owned_by("parent"))
PARENT = maker("parent", "CN")


@pytest.mark.parametrize(
    ("asked", "exact", "controlled", "affiliated"),
    [
        (LISTED, YES, YES, YES),
        (maker("child", "GB", owned_by("listed")), NO, YES, YES),
        (maker("grandchild", "GB", owned_by("child")), NO, NO, NO),
        (maker("sibling", "CN", owned_by("parent")), NO, NO, YES),
        (PARENT, NO, NO, YES),
        (maker("perhaps", "GB", owned_by("listed", firmness=Firmness.MIXED)), NO, OPEN, OPEN),
        (maker("stranger", "CN"), NO, NO, NO),
        (maker("orphan", None), NO, NO, NO),
    ],
)
def test_a_list_reaches_as_far_as_it_says(
    asked: Maker, exact: int, controlled: int, affiliated: int
) -> None:
    others = [each for each in (LISTED, PARENT) if each.id != asked.id]
    found = [named(asked, *others, reach=reach) for reach in Reach]
    assert found == [exact, controlled, affiliated]


def test_a_name_counts_from_the_day_on_which_it_was_listed() -> None:
    day = date(2023, 8, 2)
    assert named(LISTED, reach=Reach.EXACT, since=day, at=date(2023, 8, 1)) == NO
    assert named(LISTED, reach=Reach.EXACT, since=day, at=day) == YES


def test_ownership_may_count_on_another_day() -> None:
    sold = maker("sold", "US", owned_by("listed", until=date(2022, 11, 30)))
    group = Group(id="g", says="named", named=(Named(maker="listed"),), owned_on="ownership")
    found = cover((sold, LISTED), group, {"ownership": "at_manufacture"}, AT)
    assert found.today["sold"] == NO
    assert found.during("sold", date(2021, 1, 1), date(2021, 12, 31)) == YES
    assert found.during("sold", date(2023, 1, 1), None) == NO
    assert found.during("sold", date(2022, 11, 30), date(2022, 11, 30)) == YES
    assert found.during("sold", date(2022, 12, 1), date(2022, 12, 1)) == NO
    assert found.during("sold", date(2022, 11, 1), date(2022, 12, 31)) == OPEN
    assert found.during("sold", None, None) == OPEN
    assert found.during("listed", None, None) == YES
    assert found.during("nobody", None, None) == OPEN
