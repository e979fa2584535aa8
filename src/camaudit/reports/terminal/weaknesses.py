"""Published weaknesses on a terminal: counted over the estate, and of one device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from camaudit.model.advisories import Answer, Known
from camaudit.model.snapshot import DeviceRow, WeaknessCount, WeaknessLine
from camaudit.reports import phrases
from camaudit.reports.legible import one_line

_STYLES = {
    Answer.AFFECTED.value: "bold red",
    Answer.CANNOT_TELL.value: "yellow",
    Answer.NOT_AFFECTED.value: "green",
}


def table(counts: Sequence[WeaknessCount], devices: int) -> RenderableType:
    """Return the records with how many device records each is, or may be, about."""
    result = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    result.add_column("weakness", ratio=1)
    for heading in ("affected", "cannot\ntell", "not\naffected", "of"):
        result.add_column(heading, justify="right", no_wrap=True, vertical="top")
    for each in counts:
        record = each.record
        text = Text(f"{phrases.weakness_name(record)}: {one_line(record.title)}")
        text.append(f"\n{one_line(record.maker_name)}; ", style="dim")
        exploited = record.exploited == Known.YES
        text.append(phrases.exploited(record), style="bold" if exploited else "dim")
        text.append(f"; {record.confidence}", style="dim")
        result.add_row(
            text,
            Text(f"{each.affected:,}", style="bold red" if each.affected else "dim"),
            Text(f"{each.cannot_tell:,}", style="yellow" if each.cannot_tell else "dim"),
            Text(f"{each.not_affected:,}", style="dim"),
            Text(f"{devices:,}", style="dim"),
        )
    return result


def brief(device: DeviceRow) -> Iterator[RenderableType]:
    """Yield one line where a device's version has, or may have, a published weakness."""
    affected = [each for each in device.weaknesses if each.answer == Answer.AFFECTED]
    open_ = [each for each in device.weaknesses if each.answer == Answer.CANNOT_TELL]
    if not affected and not open_:
        return
    total = len(device.weaknesses)
    words = (
        f"by its version: affected {len(affected)}, cannot tell {len(open_)}, of {total} records"
    )
    if exploited := phrases.exploited_ids(device):
        words += f"; known to be exploited: {', '.join(exploited)}"
    yield _indented(Text(words, style="bold" if affected else "dim"))


def card(device: DeviceRow, *, every: bool = False) -> Iterator[RenderableType]:
    """Yield each record on a device, most urgent first; what it does not have only by ``every``."""
    if not device.weaknesses:
        return
    yield Text("")
    yield _indented(Text("Known weaknesses, from version facts:", style="bold"))
    for line in device.weaknesses:
        if every or line.answer != Answer.NOT_AFFECTED:
            yield from _line(line)
    free = phrases.weakness_ids(device, Answer.NOT_AFFECTED)
    if free and not every:
        yield _indented(Text(f"Not affected, by its version: {', '.join(free)}", style="dim"))


def _line(line: WeaknessLine) -> Iterator[RenderableType]:
    record = line.record
    head = Text(phrases.weakness(line), style=_STYLES[line.answer])
    head.append(f"  {phrases.weakness_name(record)}: {one_line(record.title)}", style="default")
    yield _indented(head)
    yield _indented(Text(one_line(line.reason)), 4)
    if line.settle:
        yield _indented(Text(f"to settle it: {one_line(line.settle)}", style="dim"), 4)
    known = phrases.exploited(record)
    yield _indented(
        Text(
            f"{known[:1].upper()}{known[1:]}. {one_line(record.source)} ({record.confidence}).",
            style="dim",
        ),
        4,
    )
    if record.note:
        yield _indented(Text(one_line(record.note), style="dim"), 4)


def _indented(text: Text, columns: int = 2) -> RenderableType:
    return Padding(text, (0, 0, 0, columns))
