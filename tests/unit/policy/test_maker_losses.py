"""What a policy loses by makers of one's own: ownership, incorporation, ties, and nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camaudit.model.packs import Maker
from camaudit.model.policy import Group, Named, Policy, Reach
from camaudit.model.words import Firmness, TieKind
from camaudit.policy import makers_lost
from tests.unit.policy.rows import maker, owned_by, statement

SOLD = date(2023, 5, 1)
LISTED = maker("listed", "CN")
HELD = maker("held", "US", owned_by("listed"))
MADE_BY = owned_by("listed", tie=TieKind.MADE_BY)
BRAND = maker("brand", "US", MADE_BY)
OTHER = maker("other", "SE")
SHIPPED = (LISTED, HELD, BRAND, OTHER)

NO_LONGER = "“named” no longer covers held"
UNTIED = (
    "brand is no longer made by listed, a covered maker, or less firmly, later or for a shorter "
    "time"
)


def naming(*names: str, reach: Reach = Reach.CONTROLLED) -> Policy:
    """Return a policy whose only group names makers, and reaches what they own."""
    (only,) = statement().groups
    named = tuple(Named(maker=name, since=None, until=None) for name in names)
    group = replace(only, id="named", named=named, incorporated_in=(), open_codes=(), reach=reach)
    assert isinstance(group, Group)
    return replace(statement(), groups=(group,))


@pytest.mark.parametrize(
    ("own", "says"),
    [
        # the owner is gone, or another one, or only until some day, or not sure
        (maker("held", "US"), [NO_LONGER]),
        (maker("held", "US", owned_by("other")), [NO_LONGER]),
        (maker("held", "US", owned_by("listed", until=SOLD)), [NO_LONGER]),
        (
            maker("held", "US", owned_by("listed", firmness=Firmness.MIXED)),
            ["“named” leaves open whether it covers held"],
        ),
        # whose goods they are
        (maker("brand", "US"), [UNTIED]),
        (maker("brand", "US", owned_by("other", tie=TieKind.MADE_BY)), [UNTIED]),
        (maker("brand", "US", replace(MADE_BY, firmness=Firmness.PAST)), [UNTIED]),
        (maker("brand", "US", replace(MADE_BY, from_date=SOLD)), [UNTIED]),
        # the same in other words, or more
        (HELD, []),
        (maker("brand", "US", MADE_BY, owned_by("listed")), []),
        (replace(BRAND, names=("Another name",)), []),
        (maker("new", "US"), []),
        # a list of names does not ask where somebody is incorporated
        (maker("listed", "SE"), []),
    ],
)
def test_what_is_lost(own: Maker, says: list[str]) -> None:
    mine = tuple(own if each.id == own.id else each for each in SHIPPED)
    mine = mine if own in mine else (*mine, own)
    assert list(makers_lost(naming("listed"), SHIPPED, mine)) == says


def test_where_nothing_is_reached_nothing_is_lost() -> None:
    mine = (LISTED, maker("held", "US"), BRAND, OTHER)
    assert makers_lost(naming("listed", reach=Reach.EXACT), SHIPPED, mine) == ()
    assert makers_lost(naming("other"), SHIPPED, (LISTED, HELD, maker("brand", "US"), OTHER)) == ()


def test_incorporation_counts_where_a_group_asks_for_it() -> None:
    moved = maker("listed", "SE")
    found = makers_lost(statement(), (LISTED, HELD, OTHER), (moved, HELD, OTHER))
    assert [each.partition("” ")[2] for each in found] == [
        "no longer covers listed",
        "no longer covers held",
    ]


def test_an_owner_of_ones_own_can_settle_what_was_open() -> None:
    """Nobody described the owner, who may be incorporated anywhere; now it is Swedish."""
    held = maker("held", "US", owned_by("unheard-of"))
    found = makers_lost(statement(), (held,), (held, maker("unheard-of", "SE")))
    assert [each.partition("” ")[2] for each in found] == ["no longer covers held"]
