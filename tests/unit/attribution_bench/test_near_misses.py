"""What resembles a known maker's signal, and is not one, names nobody."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from camaudit.app.packset import load_packs
from camaudit.model.words import OUTSIDE_KINDS, Kind
from tests.bench.attribution.measure import Answer, answers
from tests.bench.attribution.sets import HERE, named_slugs, read_rows

SETS = ("near_misses.jsonl", "generic.jsonl", "not_cameras.jsonl", "quiet.jsonl", "platforms.jsonl")


def told(found: list[Answer]) -> list[str]:
    return [
        f"{one.row.protocol}.{one.row.field} {one.row.value!r}: {one.line.kind}, "
        f"{one.line.maker} {one.line.maker_confidence}, "
        + ", ".join(sorted({each.signature for each in one.line.evidence}))
        for one in found
    ]


@pytest.mark.parametrize("name", SETS)
def test_the_sets_hold_no_string_twice(name: str) -> None:
    rows = [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
    counted = Counter((row["protocol"], row["field"], row["value"]) for row in rows)
    assert [key for key, count in counted.items() if count > 1] == []


def test_the_sets_are_as_large_and_varied_as_promised() -> None:
    near = read_rows("near_misses.jsonl")
    assert sum(row.maker is None for row in near) >= 500
    assert all(row.why for row in near)
    assert len({(row.protocol, row.field) for row in near}) >= 25
    assert len(read_rows("generic.jsonl")) >= 40
    others = read_rows("not_cameras.jsonl")
    assert len(others) >= 1500
    assert {row.kind for row in others} == {"not_surveillance", "network", "display", "accessory"}
    assert {row.maker for row in others} - {None} < set(named_slugs(load_packs()).values())


def test_no_near_miss_names_a_maker_that_it_is_not_from() -> None:
    found = answers(read_rows("near_misses.jsonl"))
    loud = [
        one
        for one in found
        if one.row.maker is None
        and (
            one.line.maker
            or one.line.brand
            # whose chip it is says nothing of who made the device
            or any(a.maker for aspect, a in one.line.aspects.items() if aspect != "silicon")
        )
    ]
    assert told(loud) == []
    assert told([one for one in found if one.wrong]) == []


def test_generic_strings_stay_weak_or_name_nobody() -> None:
    found = answers(read_rows("generic.jsonl"))
    assert told([one for one in found if (one.line.maker_confidence or 0.0) >= 0.8]) == []
    # Some of them do name somebody, weakly: else this would not be a test of weight.
    assert sum(one.line.maker is not None for one in found) >= 5


def test_things_that_are_no_cameras_get_their_kind_and_no_camera_maker() -> None:
    found = answers(read_rows("not_cameras.jsonl"))
    assert told([one for one in found if one.line.kind != one.row.kind]) == []
    assert told([one for one in found if one.wrong]) == []


def test_what_is_no_camera_is_never_taken_for_one() -> None:
    # Strings too plain to tell what the thing is; their kinds are what it was.
    found = answers(read_rows("quiet.jsonl"))
    assert len(found) >= 1000
    inside = set(Kind) - OUTSIDE_KINDS - {Kind.UNKNOWN, Kind.SERVICE}
    assert told([one for one in found if one.line.kind in inside]) == []
    assert told([one for one in found if one.wrong]) == []
