"""Lay the report out for a terminal of 80 columns or more, with rich renderables.

Whatever comes from outside passes through ``legible``: a device's name cannot move the cursor.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from camaudit.model.snapshot import Count, DeviceRow, DutyCount, Figure, Snapshot
from camaudit.reports import phrases
from camaudit.reports.grounds import insist, judged, verdicts_given
from camaudit.reports.legible import one_line
from camaudit.reports.standing import groups, worst_first

from . import supposing, verdicts, weaknesses

#: The terminal is for a first look; the other reports hold them all.
MOST_DEVICES: Final = 25
MOST_MAKERS: Final = 12
MOST_WEAKNESSES: Final = 12
#: Columns of the report when it goes to a file.
WIDTH: Final = 80

_GAP: Final = Text("")


def build(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the report as plain text of 80 columns, one part a chunk."""
    insist(snapshot)
    return _chunks(snapshot)


def show(snapshot: Snapshot, console: Console, most: int = MOST_DEVICES) -> None:
    """Print the report on a console, with no more than ``most`` devices in full."""
    insist(snapshot)
    for part in render(snapshot, most):
        console.print(part)


def render(snapshot: Snapshot, most: int = MOST_DEVICES) -> Iterator[RenderableType]:
    """Yield the report's parts, in order."""
    yield head(snapshot, [snapshot.policy.title])
    if snapshot.what_if is not None:
        yield section("What if", *supposing.parts(snapshot, snapshot.what_if))
    yield section("The answer", _figures(snapshot.figures))
    yield section("By clause", _duties(snapshot.duties))
    yield section("What we do not know", _figures(snapshot.unknowns), _questions(snapshot))
    yield section("Likely producers", _makers(snapshot.makers))
    if snapshot.weakness_figures:
        yield section("Known weaknesses, from version facts", _weaknesses(snapshot))
    yield from _devices(snapshot, most)
    yield foot([snapshot])


def device_card(device: DeviceRow) -> RenderableType:
    """Return one device: who made it, why, and what each clause asks of it."""
    return Group(*verdicts.card(device, worst_first(device.verdicts)))


def weakness_summary(snapshot: Snapshot) -> RenderableType:
    """Return the estate's published weaknesses: the figures, then each record."""
    table = weaknesses.table(snapshot.weaknesses, len(snapshot.devices))
    return Group(
        _figures(snapshot.weakness_figures), *([_GAP, table] if snapshot.weaknesses else [])
    )


def weakness_card(device: DeviceRow) -> RenderableType:
    """Return one device's published weaknesses, each with its reason and source."""
    return Group(*weaknesses.card(device, every=True))


def _chunks(snapshot: Snapshot) -> Iterator[bytes]:
    sink = io.StringIO()
    console = Console(
        file=sink, width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False
    )
    for part in render(snapshot):
        console.print(part)
        text = "".join(f"{line.rstrip()}\n" for line in sink.getvalue().splitlines())
        yield text.encode()
        sink.seek(0)
        sink.truncate()


def head(snapshot: Snapshot, titles: Sequence[str]) -> RenderableType:
    """Return what stands above everything: the marking, the estate, the rules, the dates."""
    banner = one_line(phrases.banner(snapshot)).upper()
    lines: list[RenderableType] = [
        Text(f" {banner} ", style="bold reverse", justify="center"),
        _GAP,
        Text("Surveillance equipment on the estate", style="bold"),
        Text(one_line(snapshot.estate)),
        *(Text(one_line(each), style="dim") for each in titles),
        Text(
            phrases.dates(snapshot),
            style="dim",
        ),
    ]
    if snapshot.what_if is not None:
        lines.append(Text(one_line(phrases.supposed(snapshot.what_if.overridden)), style="bold"))
    if snapshot.redacted:
        lines.append(Text(f"Redacted: {phrases.redacted(snapshot)}", style="bold"))
    return Group(*lines)


def section(title: str, *parts: RenderableType) -> RenderableType:
    """Return parts under a heading."""
    return Group(_GAP, Rule(title, align="left", style="dim"), *parts)


def _figures(figures: Sequence[Figure]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(ratio=1)
    for each in figures:
        text = Text(f"{one_line(each.label)}, {one_line(phrases.out_of(each))}")
        if each.note:
            text.append(f"\n{one_line(each.note)}", style="dim")
        table.add_row(phrases.count(each.value, approximate=each.approximate), text)
    return table


def _duties(duties: Sequence[DutyCount]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("clause", ratio=1)
    for heading in (
        "breaches",
        "out-\nstanding",
        "cannot\ntell",
        "meets",
        "not ap-\nplicable",
        "of",
    ):
        table.add_column(heading, justify="right", no_wrap=True, vertical="top")
    for duty in duties:
        meets = duty.meets_declared + duty.meets_presumed + duty.meets_evidenced
        title = Text(f"{duty.clause}: {one_line(duty.title)}")
        title.append(f"\n{phrases.strength(duty.strength, duty.described_as)}", style="dim")
        if meets:
            title.append(f"\n{_meets(duty)}", style="dim")
        table.add_row(
            title,
            Text(f"{duty.breaches:,}", style="bold red" if duty.breaches else "dim"),
            Text(f"{duty.outstanding:,}", style="magenta" if duty.outstanding else "dim"),
            Text(f"{duty.cannot_tell:,}", style="yellow" if duty.cannot_tell else "dim"),
            Text(f"{meets:,}", style="green" if meets else "dim"),
            Text(f"{duty.not_applicable:,}", style="dim"),
            Text(f"{judged(duty):,}", style="dim"),
        )
    return table


def _meets(duty: DutyCount) -> str:
    parts = (
        ("evidenced", duty.meets_evidenced),
        ("presumed", duty.meets_presumed),
        ("declared", duty.meets_declared),
    )
    return "meets: " + ", ".join(f"{number:,} {word}" for word, number in parts if number)


def _questions(snapshot: Snapshot) -> RenderableType:
    if not snapshot.questions:
        return _GAP
    total = verdicts_given(snapshot)
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold")
    table.add_column(ratio=1)
    for number, each in enumerate(snapshot.questions, 1):
        text = Text(one_line(each.question))
        text.append(f"\nTo find out: {one_line(each.obtain)}", style="dim")
        text.append(
            f"\n{each.verdicts:,} of {total:,} verdicts wait for it; it would settle "
            f"{each.settles:,} of these {each.verdicts:,} by itself",
            style="dim",
        )
        table.add_row(f"{number}.", text)
    return Group(_GAP, Text("The questions that would settle most", style="bold"), table)


def _makers(counts: Sequence[Count]) -> RenderableType:
    if not counts:
        return Text("No device is on record.")
    total = sum(each.devices for each in counts)
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=28, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for each in counts[:MOST_MAKERS]:
        bar = "█" * max(1, round(24 * each.devices / total))
        table.add_row(
            Text(one_line(each.label)), f"{each.devices:,} of {total:,}", Text(bar, style="cyan")
        )
    left = sum(each.devices for each in counts[MOST_MAKERS:])
    more = Text(f"and {left:,} of {total:,} by other makers") if left else _GAP
    return Group(table, more) if left else table


def _weaknesses(snapshot: Snapshot) -> RenderableType:
    open_ = [each for each in snapshot.weaknesses if each.affected or each.cannot_tell]
    parts = [_figures(snapshot.weakness_figures)]
    if open_:
        parts += [_GAP, weaknesses.table(open_[:MOST_WEAKNESSES], len(snapshot.devices))]
    if len(open_) > MOST_WEAKNESSES:
        left = len(open_) - MOST_WEAKNESSES
        parts.append(Text(f"{left:,} of {len(open_):,} records are left to `camaudit advisories`."))
    return Group(*parts)


def _devices(snapshot: Snapshot, most: int) -> Iterator[RenderableType]:
    total = len(snapshot.devices)
    yield section("Devices, worst first")
    if not total:
        yield Text("No device is on record. That does not show that there is none.")
    left = 0
    for group in groups(snapshot.devices, most):
        if group.devices:
            yield Text(f"\n{group.heading}: {group.total:,} of {total:,}", style="bold underline")
        for device in group.devices:
            yield Group(_GAP, *verdicts.brief(device, worst_first(device.verdicts)))
        left += group.left
    if left:
        yield Text(
            f"\n{left:,} of {total:,} device records are not shown here; the HTML, CSV and JSON "
            "Lines reports hold more."
        )


def foot(snapshots: Sequence[Snapshot]) -> RenderableType:
    """Return which rules were applied by what, and the marking once more."""
    snapshot = snapshots[0]
    rules = ", ".join(
        f"{each.policy.id} {each.policy.version} ({each.policy.digest[:16]})" for each in snapshots
    )
    lines: Iterable[RenderableType] = (
        _GAP,
        Rule(style="dim"),
        Text(
            f"{rules}, {one_line(snapshot.collector)}. "
            "This indicates; it is not legal advice, and it accuses no company.",
            style="dim",
        ),
        Padding(
            Text(
                f" {one_line(phrases.banner(snapshot)).upper()} ",
                style="bold reverse",
                justify="center",
            ),
            (1, 0, 0, 0),
        ),
    )
    return Group(*lines)
