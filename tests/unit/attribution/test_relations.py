"""camaudit.attribution.relations: along ties both ways, at a date or over all time."""

from __future__ import annotations

from datetime import date

import pytest

from camaudit.attribution import Relations, in_force
from camaudit.model.ids import MakerId
from camaudit.model.words import TieKind
from tests.small_packs import brand, maker, tie

A, B, C, D, X = map(MakerId, "abcdx")
CHANGE = date(2022, 11, 24)
AFTER = date(2022, 11, 25)


def relations() -> Relations:
    """Return a label that was B's up to the change and is C's since; C is D's; X is alone."""
    return Relations(
        [
            brand("a", tie("b", owned=True, until=CHANGE), tie("c", owned=True, since=AFTER)),
            maker("b"),
            brand("c", tie("d"), tie("d", kind=TieKind.SILICON_BY)),
            maker("d"),
            maker("x"),
        ]
    )


@pytest.mark.parametrize(
    ("at", "old", "new"),
    [(CHANGE, True, False), (AFTER, False, True), (None, True, True)],
)
def test_both_ends_of_a_tie_are_days_on_which_it_held(
    at: date | None, *, old: bool, new: bool
) -> None:
    first, second = (each.tie for each in relations().of(A))
    assert (in_force(first, at), in_force(second, at)) == (old, new)


def test_ties_are_seen_from_both_ends() -> None:
    found = relations()
    assert [each.tie.to for each in found.of(A)] == [B, C]
    assert [each.of for each in found.to(C)] == [A]
    assert found.of(X) == found.to(X) == ()


@pytest.mark.parametrize(
    ("one", "other", "at", "chain"),
    [
        (A, D, None, [A, C, D]),
        (D, A, None, [D, C, A]),
        (B, D, None, [B, A, C, D]),
        (B, D, AFTER, []),  # the label is no longer B's
        (A, B, CHANGE, [A, B]),
        (A, X, None, []),
        (A, A, None, [A]),
    ],
)
def test_a_chain_is_the_shortest_by_ties_of_that_day(
    one: MakerId, other: MakerId, at: date | None, chain: list[MakerId]
) -> None:
    assert relations().path(one, other, at) == chain


def test_two_are_joined_by_each_of_their_ties() -> None:
    kinds = [each.tie.tie for each in relations().between(D, C, None)]
    assert kinds == [TieKind.MADE_BY, TieKind.SILICON_BY]
    assert relations().between(A, B, AFTER) == ()


def test_above_holds_every_tie_upwards_once_also_in_a_circle() -> None:
    assert [(each.of, each.tie.to) for each in relations().above([A])] == [
        (A, B), (A, C), (C, D), (C, D),
    ]  # fmt: skip
    circle = Relations([brand("a", tie("b")), brand("b", tie("a", owned=True))])
    assert len(circle.above([A])) == 2
