"""Draw bars as inline SVG: widths in per cent and text at its own size, so any screen fits.

Each chart has a title and a description that say what it shows, and stands beside a table with the
same numbers. Patterns, not only colours, tell the parts apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from camaudit.model.snapshot import Count, DutyCount
from camaudit.reports import phrases
from camaudit.reports.grounds import judged
from camaudit.reports.legible import one_line

#: Bars in a chart; the table beside it holds the rest.
MOST_BARS: Final = 15
#: Pixels: a line of text, a bar, and the space below it.
_LINE: Final = 21
_BAR: Final = 20
_SPACE: Final = 11
#: A share narrower than this (per cent) has no room for its number.
_ROOM: Final = 7.0

#: (tone, label), in the order drawn.
PARTS: Final = (
    ("breaches", "breaches"),
    ("outstanding", "decision outstanding"),
    ("cannot_tell", "cannot tell"),
    ("meets_declared", "meets (declared)"),
    ("meets_presumed", "meets (presumed)"),
    ("meets_evidenced", "meets (evidenced)"),
    ("not_applicable", "not applicable"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    label: str
    #: (tone, number)
    parts: tuple[tuple[str, int], ...]
    of: int
    #: A second line; a narrow screen has no room for both on one.
    note: str = ""

    @property
    def head(self) -> int:
        """Return how high the text above the bar is."""
        return _LINE * (2 if self.note else 1)

    @property
    def height(self) -> int:
        """Return how much of the chart it takes."""
        return self.head + _BAR + _SPACE


def duties(counts: Sequence[DutyCount]) -> Markup:
    """Draw how the devices stand towards each clause."""
    bars = [
        _Bar(
            label=f"Clause {duty.clause}: {phrases.plain(duty.strength)}",
            note=phrases.described_as(duty.described_as),
            parts=tuple((tone, getattr(duty, tone)) for tone, _ in PARTS),
            of=judged(duty),
        )
        for duty in counts
        if not duty.manual
    ]
    words = dict(PARTS)
    told = ". ".join(
        f"{bar.label}{f' ({bar.note})' if bar.note else ''}, of {bar.of:,}: "
        + ", ".join(f"{words[tone]} {number:,}" for tone, number in bar.parts if number)
        for bar in bars
    )
    return _chart("duties", "How the devices stand towards each clause", told, bars, patterns=True)


def makers(counts: Sequence[Count], what: str) -> Markup:
    """Draw how many devices each likely producer has."""
    total = sum(each.devices for each in counts)
    bars = [
        _Bar(
            label=f"{one_line(each.label)}: {each.devices:,} of {total:,}",
            parts=(("unknown" if not each.word else "plain", each.devices),),
            of=total,
        )
        for each in counts[:MOST_BARS]
    ]
    told = "; ".join(bar.label for bar in bars)
    return _chart("makers", f"Likely producers of {what}", told, bars, patterns=False)


def swatch(tone: str) -> Markup:
    """Draw the key of one part of the chart of duties."""
    return Markup(
        '<svg class="swatch" width="22" height="14" aria-hidden="true" focusable="false">'
        '<rect class="fill-{0}" width="22" height="14"/>'
        '<rect fill="url(#pattern-{0})" width="22" height="14"/></svg>'
    ).format(tone)


def meter(confidence: float) -> Markup:
    """Draw a probability; the number itself stands beside it."""
    return Markup(
        '<svg class="meter" width="72" height="8" aria-hidden="true" focusable="false">'
        '<rect class="fill-track" width="72" height="8" rx="4"/>'
        '<rect class="fill-plain" width="{:.0f}" height="8" rx="4"/></svg>'
    ).format(max(0.0, min(1.0, confidence)) * 72)


def _chart(name: str, title: str, told: str, bars: Sequence[_Bar], *, patterns: bool) -> Markup:
    head = Markup(
        '<svg class="chart" width="100%" height="{height}" role="img" focusable="false" '
        'aria-labelledby="chart-{name}-title chart-{name}-told">'
        '<title id="chart-{name}-title">{title}</title>'
        '<desc id="chart-{name}-told">{told}.</desc>'
    ).format(height=sum(bar.height for bar in bars), name=name, title=title, told=told)
    drawn, top = [], 0
    for bar in bars:
        drawn.append(_bar(bar, top, patterns))
        top += bar.height
    return head + Markup("").join(drawn) + Markup("</svg>")


def _bar(bar: _Bar, top: int, patterns: bool) -> Markup:  # noqa: FBT001 - handed through
    text = Markup('<text class="{}" x="0" y="{}">{}</text>')
    bar_top = top + bar.head
    drawn = [text.format("bar-label", top + 15, bar.label)]
    if bar.note:
        drawn.append(text.format("bar-note", top + _LINE + 13, bar.note))
    drawn.append(
        Markup('<rect class="fill-track" x="0" y="{}" width="100%" height="{}"/>').format(
            bar_top, _BAR
        )
    )
    at = 0.0
    for tone, number in bar.parts:
        if number:
            share = 100 * number / bar.of
            drawn.append(_part(tone, number, at, share, bar_top, patterns))
            at += share
    return Markup("").join(drawn)


def _part(tone: str, number: int, at: float, share: float, top: int, patterns: bool) -> Markup:  # noqa: FBT001
    place = Markup('x="{:.2f}%" y="{}" width="{:.2f}%" height="{}"').format(at, top, share, _BAR)
    drawn = Markup('<rect class="fill-{}" {}/>').format(tone, place)
    if not patterns:
        return drawn
    drawn += Markup('<rect class="edge" fill="url(#pattern-{})" {}/>').format(tone, place)
    if share >= _ROOM:
        drawn += Markup('<text class="bar-number on-{}" x="{:.2f}%" y="{}">{}</text>').format(
            tone, at + share / 2, top + 15, f"{number:,}"
        )
    return drawn
