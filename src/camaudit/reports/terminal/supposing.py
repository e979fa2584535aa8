"""What a supposition changes: counts on record, as supposed, and the difference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from camaudit.model.snapshot import Snapshot, WhatIf
from camaudit.model.words import Sensitivity
from camaudit.reports import phrases
from camaudit.reports.legible import one_line
from camaudit.reports.supposing import OUTCOMES, changes, extended_to

_HEADINGS: Final = ("breaches", "out-\nstanding", "cannot\ntell", "meets", "not ap-\nplicable")


def parts(snapshot: Snapshot, what_if: WhatIf) -> Iterator[RenderableType]:
    """Yield the counts by clause, then by place where a clause is supposed to be extended."""
    yield Text(one_line(phrases.supposed(what_if.overridden)), style="bold")
    yield Text("Nothing of this is stored. The exit code is that of the estate on record.")
    table = _table("clause")
    for change in changes(what_if, snapshot.duties):
        table.add_row(Text(f"{change.clause}: {one_line(change.title)}"))
        for label, counts in (("on record", change.on_record), ("what if", change.what_if)):
            table.add_row(Text(f"  {label}", style="dim"), *(f"{each:,}" for each in counts))
        differences = (_signed(each) for each in change.difference)
        table.add_row(Text("  difference", style="bold"), *differences)
    yield table
    if what_if.extended:
        yield from _extended(snapshot)


def _extended(snapshot: Snapshot) -> Iterator[RenderableType]:
    found = extended_to(snapshot)
    yield Text("\nExtended to sites that are not sensitive, by body and site", style="bold")
    if not found:
        yield Text("No device on record is at a site that is classed as not sensitive.")
    else:
        table = _table("body, site, clause")
        for (body, site), lines in groupby(found, key=lambda each: (each.body, each.site)):
            here = list(lines)
            place = f"{one_line(body)}, {one_line(site)} (devices: {here[0].devices:,})"
            table.add_row(Text(place))
            for each in here:
                counts = (_number(number) for number in each.counts)
                table.add_row(Text(f"  clause {each.clause}", style="dim"), *counts)
        for requirement in dict.fromkeys(each.requirement for each in found):
            mine = [each for each in found if each.requirement == requirement]
            sums = (sum(each.counts[at] for each in mine) for at in range(len(OUTCOMES)))
            total = sum(each.devices for each in mine)
            label = Text(f"all (devices: {total:,}), clause {mine[0].clause}", style="bold")
            table.add_row(label, *(_number(each) for each in sums))
        yield table
    open_ = sum(
        each.sensitivity not in (Sensitivity.YES, Sensitivity.NO) for each in snapshot.devices
    )
    if open_:
        yield Text(
            f"{open_:,} of {len(snapshot.devices):,} devices are at sites whose class is not "
            "known; they are left as they are.",
            style="dim",
        )


def _table(first: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(first, ratio=1)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True, vertical="top")
    return table


def _number(number: int) -> Text:
    return Text(f"{number:,}", style="" if number else "dim")


def _signed(number: int) -> Text:
    return Text(f"{number:+,}" if number else "0", style="bold" if number else "dim")
