"""Several policies side by side on a terminal: in counts, then device by device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from camaudit.model.snapshot import DeviceRow, Snapshot, VerdictLine
from camaudit.reports import phrases
from camaudit.reports.comparing import WORDS, Compared, compare, tallies
from camaudit.reports.grounds import insist
from camaudit.reports.legible import one_line
from camaudit.reports.standing import worst_first

from . import supposing, verdicts
from .build import MOST_DEVICES, foot, head, section

_HEADINGS: Final = (
    "breaches",
    "goes\nagainst\nadvice",
    "out-\nstanding",
    "cannot\ntell",
    "meets",
    "not ap-\nplicable",
)


def show_many(snapshots: Sequence[Snapshot], console: Console, most: int = MOST_DEVICES) -> None:
    """Print what several policies say of one estate, with no more than ``most`` devices."""
    for each in snapshots:
        insist(each)
    for part in render_many(snapshots, most):
        console.print(part)


def render_many(
    snapshots: Sequence[Snapshot], most: int = MOST_DEVICES
) -> Iterator[RenderableType]:
    """Yield the parts, in order."""
    yield head(snapshots[0], [each.policy.title for each in snapshots])
    for each in snapshots:
        if each.what_if is not None:
            parts = supposing.parts(each, each.what_if)
            yield section(f"What if, under {each.policy.id}", *parts)
    yield section(
        "Policies side by side, each device by the worst of its clauses", _table(snapshots)
    )
    found = compare(snapshots)
    conflicts = sum(each.conflict for each in found)
    yield section("Device by device")
    yield Text(
        f"Regimes disagree on {conflicts:,} of {len(found):,} devices: one is breached, and "
        "another one that applies is met."
    )
    for compared in found[:most]:
        yield Group(Text(""), *_device(compared))
    if len(found) > most:
        yield Text(
            f"\n{len(found) - most:,} of {len(found):,} device records are not shown here; --json "
            "holds them all."
        )
    yield foot(snapshots)


def _table(snapshots: Sequence[Snapshot]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("policy", ratio=1)
    for heading in (*_HEADINGS, "of"):
        table.add_column(heading, justify="right", no_wrap=True, vertical="top")
    for snapshot, counted in tallies(snapshots):
        table.add_row(
            Text(snapshot.policy.id),
            *(Text(f"{counted[word]:,}", style="" if counted[word] else "dim") for word in WORDS),
            Text(f"{len(snapshot.devices):,}", style="dim"),
        )
    return table


def _device(compared: Compared) -> Iterator[RenderableType]:
    device = compared.device
    yield verdicts.title(device)
    where = f"{one_line(phrases.place(device))}, {phrases.sensitivity(device.sensitivity)}"
    body = f"{one_line(device.body or 'no known body')} ({phrases.plain(device.body_kind or '')})"
    yield _indented(Text(f"{where}; {body}; {phrases.plain(device.state)}", style="dim"))
    yield _indented(Text(one_line(device.sentence)))
    if device.overridden:
        yield _indented(Text(one_line(phrases.supposed(device.overridden)), style="bold"))
    if compared.conflict:
        words = f"regimes disagree: breaches {phrases.join(compared.breached)}, "
        yield _indented(Text(f"{words}meets {phrases.join(compared.met)}", style="bold red"))
    for name, row, word in zip(compared.policies, compared.rows, compared.standings, strict=True):
        if word != "not_applicable":
            yield _indented(_policy(name, row))
    outside = compared.outside
    if outside:
        yield _indented(Text(f"\u2013 not applicable: {', '.join(outside)}", style="dim"))


def _policy(name: str, row: DeviceRow) -> Text:
    by_outcome: dict[str, list[VerdictLine]] = {}
    for line in worst_first(row.verdicts):
        by_outcome.setdefault(phrases.outcome(line), []).append(line)
    text = Text(f"{name}: ", style="bold")
    for number, (outcome, lines) in enumerate(by_outcome.items()):
        mark, style = verdicts.MARKS[phrases.tone(lines[0])]
        clauses = ", ".join(f"{each.clause} {phrases.plain(each.strength)}" for each in lines)
        text.append("; " if number else "", style="default")
        text.append(f"{mark} {outcome}", style=style)
        text.append(f" ({clauses})", style="default")
    return text


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 2))
