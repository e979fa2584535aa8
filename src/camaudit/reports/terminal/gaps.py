"""What to find out first, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from camaudit.model.snapshot import ObservationRow, Snapshot
from camaudit.reports import phrases
from camaudit.reports.legible import one_line

from .build import foot, head, section


def show_gaps(
    snapshots: Sequence[Snapshot], found: Sequence[ObservationRow], console: Console
) -> None:
    """Print the observations, best first."""
    for part in render_gaps(snapshots, found):
        console.print(part)


def render_gaps(
    snapshots: Sequence[Snapshot], found: Sequence[ObservationRow]
) -> Iterator[RenderableType]:
    """Yield the parts, in order."""
    yield head(snapshots[0], [each.policy.title for each in snapshots])
    yield section("What to find out first")
    if not found:
        yield Text("No verdict waits for a fact.")
    else:
        yield Text(
            f"{found[0].of:,} verdicts are open. Most settled for the least effort comes first; "
            "steps that settle something only together stand one below the other."
        )
        yield _table(found)
    yield foot(snapshots)


def _table(found: Sequence[ObservationRow]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold")
    table.add_column(ratio=1)
    for number, each in enumerate(found, 1):
        text = Text(one_line(f"{each.missing[:1].upper()}{each.missing[1:]}"), style="bold")
        text.append(f": {one_line(each.place)}", style="default")
        text.append(f"\n{each.fact}", style="dim")
        if each.policy:
            text.append(f", under {each.policy}", style="dim")
        text.append(f"; {_effort(each)}", style="dim")
        text.append(f"\n{one_line(each.question)}", style="default")
        text.append(f"\nTo find out: {one_line(each.obtain)}", style="dim")
        text.append(
            f"\nSettles {each.alone:,} verdicts alone, {each.after:,} after those above; "
            f"{each.settled:,} of {each.of:,} are settled then",
            style="default",
        )
        table.add_row(f"{number}.", text)
    return table


def _effort(each: ObservationRow) -> str:
    if each.each == "device":
        of = "device" if each.units == 1 else "devices"
        return f"{each.effort} for each of {phrases.count(each.units)} {of}"
    return f"{each.effort} for one {phrases.plain(each.each)}"
