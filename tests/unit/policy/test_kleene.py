"""Three-valued logic: Kleene's tables, written out."""

from __future__ import annotations

import numpy as np
import pytest

from camaudit.policy.kleene import (
    DECLARED,
    EVIDENCED,
    PRESUMED,
    Answer,
    Column,
    conjoin,
    constant,
    disjoin,
    negate,
)

F, U, T = 0, 1, 2
AND = {(F, F): F, (F, U): F, (F, T): F, (U, U): U, (U, T): U, (T, T): T}
OR = {(F, F): F, (F, U): U, (F, T): T, (U, U): U, (U, T): T, (T, T): T}


def answer(*truths: int, basis: np.int8 = EVIDENCED) -> Answer:
    return Answer(
        truth=np.array(truths, dtype=np.int8),
        basis=np.full(len(truths), basis, dtype=np.int8),
    )


def values(column: Column) -> list[int]:
    return [int(each) for each in column]


@pytest.mark.parametrize(("pair", "expected"), AND.items())
def test_and(pair: tuple[int, int], expected: int) -> None:
    left, right = pair
    assert values(conjoin([answer(left), answer(right)]).truth) == [expected]
    assert values(conjoin([answer(right), answer(left)]).truth) == [expected]


@pytest.mark.parametrize(("pair", "expected"), OR.items())
def test_or(pair: tuple[int, int], expected: int) -> None:
    left, right = pair
    assert values(disjoin([answer(left), answer(right)]).truth) == [expected]
    assert values(disjoin([answer(right), answer(left)]).truth) == [expected]


def test_not_leaves_unknown_unknown() -> None:
    assert values(negate(answer(F, U, T)).truth) == [T, U, F]


def test_the_tables_are_whole() -> None:
    assert len(AND) == len(OR) == 6


def test_what_is_true_together_rests_on_the_weakest() -> None:
    both = conjoin([answer(T, basis=EVIDENCED), answer(T, basis=DECLARED)])
    assert values(both.basis) == [DECLARED]


def test_what_is_false_rests_on_the_best_of_the_false_parts() -> None:
    parts = [answer(F, basis=DECLARED), answer(F, basis=PRESUMED), answer(T, basis=EVIDENCED)]
    assert values(conjoin(parts).basis) == [PRESUMED]


def test_one_of_several_rests_on_the_best_true_part() -> None:
    parts = [answer(T, basis=DECLARED), answer(T, basis=PRESUMED), answer(F, basis=EVIDENCED)]
    assert values(disjoin(parts).basis) == [PRESUMED]


def test_none_of_several_rests_on_the_weakest() -> None:
    assert values(disjoin([answer(F, basis=DECLARED), answer(F, basis=EVIDENCED)]).basis) == [
        DECLARED
    ]


def test_a_constant_fills_the_column() -> None:
    filled = constant(np.int8(T), 3, DECLARED)
    assert values(filled.truth) == [T, T, T]
    assert values(filled.basis) == [DECLARED] * 3
