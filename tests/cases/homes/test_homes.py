"""Two lists of home devices: cameras are called so, and nothing else is.

The second list was written after the signatures and mended nothing. What may get worse is held by
floors; that nothing else is called a camera, and nobody else named, holds for each device.
"""

from __future__ import annotations

from collections import Counter

import pytest

from .device import CAMERA, HUB, OTHER, Device, told
from .first import FIRST
from .second import SECOND

LISTS = {"first": FIRST, "second": SECOND}
#: How many cameras were called so when this was written; of 41, and of 37.
FOUND = {"first": 39, "second": 30}


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_are_large_and_hold_about_as_many_cameras_as_others(name: str) -> None:
    counted = Counter(each.what for each in LISTS[name])
    assert len({each.id for each in LISTS[name]}) == len(LISTS[name]) >= 80
    assert counted[CAMERA] >= 35
    assert counted[OTHER] >= 40


def test_the_lists_share_no_device() -> None:
    assert {each.id for each in FIRST}.isdisjoint(each.id for each in SECOND)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_but_a_camera_is_called_one(name: str) -> None:
    lines = told(LISTS[name])
    wrong = [
        (each.id, lines[each.id].kind)
        for each in LISTS[name]
        if each.what in (HUB, OTHER) and each.judge(lines[each.id]) == "wrong"
    ]
    assert wrong == []


@pytest.mark.parametrize("name", LISTS)
def test_most_cameras_are_called_so(name: str) -> None:
    lines = told(LISTS[name])
    answers = Counter(each.judge(lines[each.id]) for each in LISTS[name] if each.what == CAMERA)
    assert answers["right"] >= FOUND[name]
    assert answers["wrong"] <= 1


@pytest.mark.parametrize("name", LISTS)
def test_nobody_else_is_named(name: str) -> None:
    lines = told(LISTS[name])
    wrong = [
        (each.id, lines[each.id].maker)
        for each in LISTS[name]
        if each.judge_maker(lines[each.id]) == "wrong"
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "block", ["2c:aa:8e", "70:ee:50", "00:24:e4", "18:b4:30", "34:ce:00", "74:da:38", "b0:09:da"]
)
def test_the_block_of_a_maker_of_many_things_is_no_sign_of_a_camera(block: str) -> None:
    line = told((Device("only-an-address", block, OTHER, None),))["only-an-address"]
    assert line.kind == "unknown"
    assert line.maker is not None
