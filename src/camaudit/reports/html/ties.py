"""Draw who makes which label on record, and who owns whom, as inline SVG beside its table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from markupsafe import Markup

from camaudit.model.snapshot import Snapshot, TieLine
from camaudit.reports.legible import one_line

from .layout import NAME_LINE, PAD, TIE_LINE, Arrow, Box, Drawing, drawings

#: Drawings on a page; the table holds every tie.
MOST_DRAWINGS: Final = 24
#: Larger than on the layout's page by this much where there is room.
_SCALE: Final = 1.15
_HEAD: Final = 5

WORDS: Final = {
    "made_by": "made by",
    "owned_by": "owned by",
    "silicon_by": "uses chips of",
    "taken_over_from": "took over from",
}
_STANDING: Final = {"holds": "", "ended": "ended", "not_yet": "not yet"}


def words(line: TieLine) -> str:
    """Return what stands beside the beginning of an arrow: what, how firm, from when to when."""
    firmness = line.firmness if line.tie == "made_by" else ""
    head = f"{WORDS.get(line.tie, line.tie)} {one_line(line.to_name)}"
    return ", ".join(filter(None, (head, firmness, line.when, _STANDING[line.standing])))


def on_record(snapshot: Snapshot) -> frozenset[str]:
    """Return the names that a device on record bears, or is likely produced by."""
    names = {name for row in snapshot.devices for name in (row.brand, row.maker_name)}
    return frozenset(filter(None, names))


def pictures(lines: Sequence[TieLine], recorded: Collection[str]) -> list[Markup]:
    """Draw the ties; empty where there are none."""
    names = {line.of: one_line(line.of_name) for line in lines}
    names |= {line.to: one_line(line.to_name) for line in lines}
    arrows = [Arrow(line.of, line.to, words(line)) for line in lines]
    made = drawings(arrows, names)[:MOST_DRAWINGS]
    return [_picture(n, each, lines, names, recorded) for n, each in enumerate(made, 1)]


def _picture(
    number: int,
    drawing: Drawing,
    lines: Sequence[TieLine],
    names: dict[str, str],
    recorded: Collection[str],
) -> Markup:
    told = ". ".join(f"{names[lines[n].of]}: {words(lines[n])}" for n, _ in drawing.routes)
    labels = [names[box.name] for box in drawing.boxes if box.lines and box.column == 0]
    head = Markup(
        '<svg class="ties" viewBox="-2 -2 {w:.0f} {h:.0f}" width="{fit:.0f}" '
        'preserveAspectRatio="xMinYMin" role="img" '
        'focusable="false" aria-labelledby="ties-{n}-title ties-{n}-told">'
        '<title id="ties-{n}-title">Ties of {labels}</title>'
        '<desc id="ties-{n}-told">{told}.</desc>'
    ).format(
        w=drawing.width + 4,
        h=drawing.height + 4,
        fit=(drawing.width + 4) * _SCALE,
        n=number,
        labels=", ".join(labels),
        told=told,
    )
    entries = _entries(drawing)
    drawn = [_arrow(lines[n], n, route, entries[n]) for n, route in drawing.routes]
    drawn += [
        _box(box, lines, recorded=names[box.name] in recorded) for box in drawing.boxes if box.lines
    ]
    return head + Markup("").join(drawn) + Markup("</svg>")


def _entries(drawing: Drawing) -> dict[int, float]:
    """Return at which height each arrow meets its end: spread over the side, in order."""
    meeting: dict[int, list[tuple[float, int, Box]]] = {}
    for number, route in drawing.routes:
        before, end = route[-2], route[-1]
        meeting.setdefault(id(end), []).append((before.port(number), number, end))
    return {
        number: end.y + end.height * (at + 1) / (len(group) + 1)
        for group in meeting.values()
        for at, (_, number, end) in enumerate(sorted(group, key=lambda each: each[:2]))
    }


def _arrow(line: TieLine, number: int, route: Sequence[Box], entry: float) -> Markup:
    x, y = route[0].x + route[0].width, route[0].port(number)
    path = f"M{x:.1f} {y:.1f}"
    for box in route[1:]:
        last = box is route[-1]
        to_x, to_y = box.x - (_HEAD if last else 0), entry if last else box.port(number)
        bend = max(abs(to_x - x) / 2, 8)
        path += f"C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
        if not last:
            x += box.width
            path += f"H{x:.1f}"
    head = f"M{x:.1f} {y - 3:.1f}l{_HEAD} 3l{-_HEAD} 3z"
    kind = line.firmness if line.tie == "made_by" else "other"
    return Markup('<path class="tie tie-{} tie-{}" d="{}"/><path class="tie-head" d="{}"/>').format(
        kind, line.standing, path, head
    )


def _box(box: Box, lines: Sequence[TieLine], *, recorded: bool) -> Markup:
    drawn = [
        Markup(
            '<rect class="tie-box{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3"/>'
        ).format(" tie-box-recorded" if recorded else "", box.x, box.y, box.width, box.height)
    ]
    text = Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>')
    y = box.y + PAD
    for each in box.lines:
        drawn.append(text.format("tie-name", box.x + PAD, y + NAME_LINE - 4, each))
        y += NAME_LINE
    for number, texts in box.ports:
        for each in texts:
            tone = "tie-words tie-words-ended" if lines[number].standing == "ended" else "tie-words"
            drawn.append(text.format(tone, box.x + PAD, y + TIE_LINE - 3.5, each))
            y += TIE_LINE
    return Markup("").join(drawn)
