"""The platforms of home and white-label cameras are told by their own words, and only by those."""

from __future__ import annotations

from tests.bench.attribution.measure import answers
from tests.bench.attribution.sets import read_rows


def test_each_platform_is_named_and_called_what_it_is() -> None:
    rows = [row for row in read_rows("platforms.jsonl") if row.kind]
    assert len(rows) >= 200
    found = answers(rows)
    assert [one.row for one in found if not one.right] == []
    assert [(one.row, one.line.kind) for one in found if one.line.kind != one.row.kind] == []


def test_a_brand_without_a_firm_tie_shows_its_badge_and_no_maker() -> None:
    rows = [row for row in read_rows("platforms.jsonl") if row.kind and row.maker is None]
    assert len(rows) >= 7
    badges = [one.line.brand for one in answers(rows)]
    assert badges == [None if row.why == "hisilicon" else row.why for row in rows]


def test_what_only_resembles_a_platform_names_nobody() -> None:
    rows = [row for row in read_rows("platforms.jsonl") if row.kind is None]
    assert len(rows) >= 40
    found = answers(rows)
    assert [(one.row, one.line.maker) for one in found if one.line.maker or one.line.brand] == []
