"""Lay out boxes and arrows in columns, left to right, the same for the same ties.

1. A name stands one column to the right of whatever leads to it.
2. Each tie leaves its box beside its own words, so that its words need no room between columns.
3. A tie that passes over a column keeps a lane in it free, so that no line runs behind a box.
4. Boxes of a column are ordered by where their ties come from, then by name.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

#: Pixels. As wide as a narrow telephone, so that three columns are read there at their own size.
PAGE: Final = 364
BETWEEN: Final = 26
APART: Final = 12
#: A box is no wider than its words need, and no narrower than a word.
WIDEST, NARROWEST = 168, 104
PAD: Final = 6
NAME_LINE, TIE_LINE = 15, 13
#: Guesses of the mean width of a letter in each size; words are broken by them.
NAME_LETTER, TIE_LETTER = 7.2, 5.9
LANE: Final = 10
#: Arrows that meet one box keep this much apart.
ENTRY: Final = 6
#: Labels in one drawing; more are drawn in further ones.
MOST_LABELS: Final = 6
#: Passes over the columns that put boxes near what they are tied to.
_SWEEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Arrow:
    """A tie to be drawn: from one name to another, and the words beside its beginning."""

    start: str
    end: str
    words: str


@dataclass(slots=True)
class Box:
    """A name with its place, or (without lines) a lane that a tie passes through."""

    name: str
    column: int
    lines: list[str] = field(default_factory=list)
    #: The wrapped words of each tie that leaves it, with the tie's number.
    ports: list[tuple[int, list[str]]] = field(default_factory=list)
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = LANE
    into: list[Box] = field(default_factory=list)
    out: list[Box] = field(default_factory=list)

    def port(self, number: int) -> float:
        """Return at which height a tie leaves."""
        if not self.lines:
            return self.y + self.height / 2
        top = self.y + PAD + NAME_LINE * len(self.lines)
        for each, words in self.ports:
            if each == number:
                return top + TIE_LINE * len(words) / 2
            top += TIE_LINE * len(words)
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes with their places, and for each arrow by number the boxes that it passes."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[tuple[int, tuple[Box, ...]], ...]


def drawings(arrows: Sequence[Arrow], names: dict[str, str]) -> list[Drawing]:
    """Return drawings that hold every arrow at least once; ``names`` are those to write."""
    result = []
    for labels in _groups(arrows):
        reached = _reached(labels, arrows)
        numbers = [n for n, each in enumerate(arrows) if each.start in reached]
        result.append(_draw(numbers, arrows, names))
    return result


def _groups(arrows: Sequence[Arrow]) -> list[list[str]]:
    """Return the names to start from, those that lead to the same ones together."""
    ends = {each.end for each in arrows}
    starts = sorted({each.start for each in arrows})
    roots = [each for each in starts if each not in ends]
    covered = _reached(roots, arrows)
    for each in starts:  # names that lead to each other in a circle have no beginning
        if each not in covered:
            roots.append(each)
            covered |= _reached([each], arrows)
    families: list[tuple[list[str], set[str]]] = []
    for root in roots:
        labels, reached = [root], _reached([root], arrows)
        for other in [each for each in families if each[1] & reached]:
            families.remove(other)
            labels, reached = other[0] + labels, other[1] | reached
        families.append((labels, reached))
    first = {each.start: each.end for each in reversed(arrows)}
    chunks = []
    for labels, _ in families:
        ordered = sorted(labels, key=lambda each: (first[each], each))
        chunks += [ordered[at : at + MOST_LABELS] for at in range(0, len(ordered), MOST_LABELS)]
    return sorted(chunks, key=lambda each: (-len(each), each))


def _reached(labels: Iterable[str], arrows: Sequence[Arrow]) -> set[str]:
    reached: set[str] = set()
    waiting = list(labels)
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [each.end for each in arrows if each.start == here]
    return reached


def _draw(numbers: Sequence[int], arrows: Sequence[Arrow], names: dict[str, str]) -> Drawing:
    columns_of = _columns([arrows[n] for n in numbers])
    count = max(columns_of.values()) + 1
    width = min(WIDEST, max(NARROWEST, (PAGE - BETWEEN * (count - 1)) // count))
    boxes = {name: _box(name, at, names[name], width) for name, at in columns_of.items()}
    for number in numbers:
        box = boxes[arrows[number].start]
        box.ports.append((number, wrapped(arrows[number].words, width, TIE_LETTER)))
    for box in boxes.values():
        texts = NAME_LINE * len(box.lines) + TIE_LINE * sum(len(w) for _, w in box.ports)
        box.height = 2 * PAD + texts
    columns: list[list[Box]] = [[] for _ in range(count)]
    for name in sorted(boxes):
        columns[boxes[name].column].append(boxes[name])
    routes = tuple((n, _route(arrows[n], boxes, columns, width)) for n in numbers)
    for box in boxes.values():
        box.height = max(box.height, ENTRY * (len(box.into) + 1))
    _order(columns)
    _place(columns, routes, width)
    everything = tuple(box for column in columns for box in column)
    return Drawing(
        width=width * count + BETWEEN * (count - 1),
        height=max(box.y + box.height for box in everything),
        boxes=everything,
        routes=routes,
    )


def wrapped(text: str, width: float, letter: float) -> list[str]:
    """Break words into lines that a box has room for; a wide letter counts as two."""
    wide = any(unicodedata.east_asian_width(each) in "WF" for each in text)
    letters = int((width - 2 * PAD) / letter) // (2 if wide else 1)
    return textwrap.wrap(text, letters) or ["?"]


def _box(name: str, column: int, text: str, width: float) -> Box:
    return Box(name=name, column=column, width=width, lines=wrapped(text, width, NAME_LETTER))


def _columns(arrows: Sequence[Arrow]) -> dict[str, int]:
    """Return each name's column: one right of the last that leads to it; circles are cut."""
    leading: dict[str, list[str]] = {}
    for each in arrows:
        leading.setdefault(each.start, [])
        leading.setdefault(each.end, []).append(each.start)
    columns: dict[str, int] = {}

    def column(name: str, above: frozenset[str]) -> int:
        if name not in columns:
            before = [column(n, above | {name}) for n in leading[name] if n not in above | {name}]
            columns[name] = 1 + max(before, default=-1)
        return columns[name]

    for name in sorted(leading):
        column(name, frozenset())
    return columns


def _route(
    arrow: Arrow, boxes: dict[str, Box], columns: list[list[Box]], width: float
) -> tuple[Box, ...]:
    """Return the boxes that an arrow passes, with new lanes in the columns between."""
    start, end = boxes[arrow.start], boxes[arrow.end]
    route = [start]
    for at in range(start.column + 1, end.column):
        lane = Box(name=f"{arrow.start}\0{arrow.end}", column=at, width=width)
        columns[at].append(lane)
        route.append(lane)
    route.append(end)
    for one, other in pairwise(route):
        one.out.append(other)
        other.into.append(one)
    return tuple(route)


def _order(columns: list[list[Box]]) -> None:
    """Order the boxes of each column by the mean place of what they are tied to, then by name."""
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        places = {id(box): at for column in columns for at, box in enumerate(column)}
        for column in columns if rightwards else reversed(columns):
            ranks = {id(box): _rank(box, places, rightwards=rightwards) for box in column}
            ordered = sorted((ranks[id(box)], box.name, at) for at, box in enumerate(column))
            column[:] = [column[at] for *_, at in ordered]
            places |= {id(box): at for at, box in enumerate(column)}


def _rank(box: Box, places: dict[int, int], *, rightwards: bool) -> float:
    near = (box.into if rightwards else box.out) or [box]
    return sum(places[id(each)] for each in near) / len(near)


def _place(
    columns: list[list[Box]], routes: Sequence[tuple[int, tuple[Box, ...]]], width: float
) -> None:
    """Put each box as near as may be to where its ties come from, and below the one above."""
    numbers: dict[tuple[int, int], list[int]] = {}
    for number, route in routes:
        for one, other in pairwise(route):
            numbers.setdefault((id(one), id(other)), []).append(number)
    for at, column in enumerate(columns):
        below = 0.0
        for box in column:
            box.x = at * (width + BETWEEN)
            ports = [
                one.port(n)
                for one in {id(each): each for each in box.into if each.column < at}.values()
                for n in numbers[id(one), id(box)]
            ]
            wanted = sum(ports) / len(ports) - box.height / 2 if ports else 0.0
            box.y = max(below, wanted)
            below = box.y + box.height + APART
