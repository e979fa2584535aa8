"""Strings of professional makers, written before their signatures, lead to those makers."""

from __future__ import annotations

from collections import Counter

from camaudit.model.words import OUTSIDE_KINDS, Kind
from tests.bench.attribution.measure import Answer, answers
from tests.bench.attribution.sets import NEAR_MISS, read_rows

from .test_near_misses import told

SET = "professional.jsonl"


def divided() -> tuple[list[Answer], list[Answer]]:
    """Return the strings of devices, and those that only resemble them."""
    found = answers(read_rows(SET))
    near = [one for one in found if one.row.source == NEAR_MISS]
    return [one for one in found if one.row.source != NEAR_MISS], near


def test_the_set_is_as_large_and_varied_as_promised() -> None:
    rows = read_rows(SET)
    counted = Counter((row.protocol, row.field, row.value) for row in rows)
    assert [key for key, count in counted.items() if count > 1] == []
    assert all(row.source for row in rows)
    devices = [row for row in rows if row.source != NEAR_MISS]
    assert len(devices) >= 500
    assert len(rows) - len(devices) >= 150
    assert len({row.maker for row in devices}) >= 80
    assert len({(row.protocol, row.field) for row in devices}) >= 20


def test_devices_are_given_their_maker_and_kind() -> None:
    devices, _ = divided()
    assert told([one for one in devices if one.wrong]) == []
    silent = [one for one in devices if one.line.maker is None]
    assert len(silent) <= len(devices) // 50, told(silent)
    other = [one for one in devices if one.row.kind not in {None, one.line.kind}]
    assert len(other) <= len(devices) // 50, told(other)


def test_near_misses_are_given_no_other_maker_and_are_no_cameras() -> None:
    _, near = divided()
    assert told([one for one in near if one.wrong]) == []
    outside = {str(kind) for kind in OUTSIDE_KINDS}
    cameras = [
        one
        for one in near
        if one.row.kind in outside and one.line.kind not in {*outside, str(Kind.UNKNOWN)}
    ]
    assert told(cameras) == []
