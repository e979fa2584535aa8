"""Draw who talks across which boundary, and which hours were watched, as inline SVG.

Each picture has a title and a description, and stands beside a table with the same facts. Lines are
told apart by pattern and words, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from camaudit.model.isolation import Contact, Separation
from camaudit.model.verification import Verified
from camaudit.reports.legible import clipped, one_line

from .wording import ANSWERS, BANDS, DESTINATIONS

#: Devices in the picture; the table below it holds all.
MOST_DEVICES: Final = 24
#: Pixels at full size.
_WIDTH: Final = 900
_BOX_HEIGHT, _GAP = 34, 10
_LEFT_WIDTH, _RIGHT_WIDTH = 290, 250
_RIGHT: Final = _WIDTH - _RIGHT_WIDTH
_HEAD: Final = 26
_LETTERS: Final = 36
#: A line of one byte is this wide, and each thousandfold adds as much again.
_THIN: Final = 1.2
_HOUR: Final = 5
_TRACK: Final = 16


@dataclass(frozen=True, slots=True)
class _Line:
    destination: str
    exchanged: int
    answered: bool


def flows(devices: Sequence[Verified]) -> Markup:
    """Draw devices at the left, with whom they talk to at the right, in bands by boundary.

    Devices that were seen on their own network only share one box: nothing of theirs crosses.
    """
    found = [(each.name, list(_lines(each))) for each in devices]
    crossing = [(name, lines) for name, lines in found if not all(map(_is_near, lines))]
    inside = [line for _, lines in found if lines and all(map(_is_near, lines)) for line in lines]
    within = sum(bool(lines) and all(map(_is_near, lines)) for _, lines in found)
    shown = crossing[:MOST_DEVICES]
    if within:
        shown.append((f"{within} on their own network only", _merged(inside)))
    lines = [(at, line) for at, (_, mine) in enumerate(shown) for line in mine]
    used = [word for word in DESTINATIONS if any(line.destination == word for _, line in lines)]
    right, bands, right_height = _places(used)
    height = max(right_height, _HEAD + len(shown) * (_BOX_HEIGHT + _GAP)) + _GAP
    told = "; ".join(
        f"{one_line(shown[at][0])} to {DESTINATIONS[line.destination][1]}"
        f"{'' if line.answered else ' (attempts only)'}"
        for at, line in lines
    )
    parts = [
        Markup(
            '<svg class="flows" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
            'focusable="false" aria-labelledby="flows-title flows-told">'
            '<title id="flows-title">Who talks across which boundary</title>'
            '<desc id="flows-told">{2}.</desc>'
        ).format(_WIDTH, height, told or "nobody was seen to talk to anybody"),
        Markup('<text class="flow-head" x="0" y="16">Devices</text>'),
    ]
    for word, top, bottom in bands:
        parts.append(
            Markup(
                '<rect class="band band-{0}" x="{1}" y="{2}" width="{3}" height="{4}" rx="4"/>'
                '<text class="flow-head" x="{5}" y="{6}">{7}</text>'
            ).format(
                *(word, _RIGHT - 14, top, _RIGHT_WIDTH + 14, bottom - top),
                *(_RIGHT - 4, top + 17, BANDS[word]),
            )
        )
    parts += [_curve(at, line, right[line.destination]) for at, line in lines]
    parts += [_device(at, name) for at, (name, _) in enumerate(shown)]
    parts += [_box(_RIGHT, y, _RIGHT_WIDTH - 8, DESTINATIONS[word][1]) for word, y in right.items()]
    return Markup("").join([*parts, Markup("</svg>")])


def hours(device: Verified) -> Markup:
    """Draw the hours of the watch: what each one shows, and where there is no proof."""
    found = device.isolation.hours
    told = "; ".join(
        f"{start:%-d %b %H:%M}: {ANSWERS[answer]}"
        for start, answer in found
        if answer is not _QUIET
    )
    parts = [
        Markup(
            '<svg class="hours" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
            'focusable="false" aria-label="{2}">'
        ).format(
            max(1, len(found)) * _HOUR,
            _TRACK,
            f"{len(found)} hours watched. {told or 'No contact in any of them'}.",
        )
    ]
    for at, (_start, answer) in enumerate(found):
        tall = _TRACK if answer is not _QUIET else _TRACK / 2
        parts.append(
            Markup('<rect class="hour hour-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                answer.value, at * _HOUR, _TRACK - tall, _HOUR - 1, tall
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])


_QUIET: Final = Separation.ISOLATED


def _lines(device: Verified) -> Iterator[_Line]:
    isolation = device.isolation
    found: dict[str, list[Contact]] = {}
    for contact in (*isolation.contacts, *isolation.attempts):
        found.setdefault(contact.destination.value, []).append(contact)
    for word, contacts in found.items():
        if word in DESTINATIONS:
            yield _Line(
                destination=word,
                exchanged=sum(each.bytes_sent + each.bytes_received for each in contacts),
                answered=any(each in isolation.contacts for each in contacts),
            )


def _is_near(line: _Line) -> bool:
    return DESTINATIONS[line.destination][0] == "near"


def _merged(lines: Sequence[_Line]) -> list[_Line]:
    return [
        _Line(
            destination=word,
            exchanged=sum(each.exchanged for each in lines if each.destination == word),
            answered=any(each.answered for each in lines if each.destination == word),
        )
        for word in dict.fromkeys(each.destination for each in lines)
    ]


def _places(used: Sequence[str]) -> tuple[dict[str, int], list[tuple[str, int, int]], int]:
    """Return the height of each box, and (band, top, bottom) of each band that has boxes."""
    places: dict[str, int] = {}
    bands: list[tuple[str, int, int]] = []
    y = 0
    for band in BANDS:
        members = [word for word in used if DESTINATIONS[word][0] == band]
        if not members:
            continue
        top = y
        y += _HEAD
        for word in members:
            places[word] = y
            y += _BOX_HEIGHT + _GAP
        bands.append((band, top, y))
        y += _GAP
    return places, bands, y


def _curve(at: int, line: _Line, y: int) -> Markup:
    start = _HEAD + at * (_BOX_HEIGHT + _GAP) + _BOX_HEIGHT / 2
    end = y + _BOX_HEIGHT / 2
    middle = (_LEFT_WIDTH + _RIGHT) / 2
    width = _THIN * (1 + math.log10(max(line.exchanged, 1)) / 3)
    return Markup(
        '<path class="flow flow-{0}{1}" stroke-width="{2:.1f}" '
        'd="M{3} {4} C{5} {4} {5} {6} {7} {6}"/>'
    ).format(
        DESTINATIONS[line.destination][0],
        "" if line.answered else " flow-attempt",
        *(width, _LEFT_WIDTH, start, middle, end, _RIGHT),
    )


def _device(at: int, name: str) -> Markup:
    return _box(0, _HEAD + at * (_BOX_HEIGHT + _GAP), _LEFT_WIDTH, name)


def _box(x: int, y: int, width: int, words: str) -> Markup:
    return Markup(
        '<rect class="flow-box" x="{0}" y="{1}" width="{2}" height="{3}" rx="3"/>'
        '<text class="flow-name" x="{4}" y="{5}">{6}</text>'
    ).format(x + 0.5, y + 0.5, width, _BOX_HEIGHT, x + 10, y + 22, clipped(words, _LETTERS))
