"""Codes of columns: equal numbers for equal values, and distinct rows as they first appear."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from camaudit.policy.distinct import Codes, distinct, encode


def codes(*values: Any) -> Codes:
    return encode(pa.chunked_array([pa.array(values)]))


def test_null_is_a_value_of_its_own() -> None:
    found = codes("a", None, "b", None, "a")
    assert found.size == 3
    assert found.numbers[0] == found.numbers[4] != found.numbers[1] == found.numbers[3]


@pytest.mark.parametrize("below", [2, 2**62])
def test_rows_are_numbered_as_they_first_appear(
    monkeypatch: pytest.MonkeyPatch, below: int
) -> None:
    from camaudit.policy import distinct as module

    monkeypatch.setattr(module, "_DENSE_BELOW", below)
    first, place = distinct([codes("x", "y", "x", "x", "y"), codes(1, 1, 1, None, 1)], 5)
    assert first.tolist() == [0, 1, 3]
    assert place.tolist() == [0, 1, 0, 2, 1]


def test_without_columns_all_rows_are_one_and_without_rows_there_is_none() -> None:
    assert [each.tolist() for each in distinct([], 3)] == [[0], [0, 0, 0]]
    assert [each.tolist() for each in distinct([codes()], 0)] == [[], []]
