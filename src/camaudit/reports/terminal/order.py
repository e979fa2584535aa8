"""Lay the answers to an order out for a terminal of 80 columns or more: one row a line.

Beside the number of a line stand its items with their likely makers, and what each policy says;
below it the reasons and the questions. Lines keep the order that they have in the file.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from camaudit.model.orders import LineAnswer
from camaudit.model.words import VerdictCode
from camaudit.reports import orders, phrases
from camaudit.reports.legible import clipped
from camaudit.reports.orders import OrderAbout

from .build import WIDTH

#: Columns of a line's number, which wraps beyond them.
NUMBER_WIDTH: Final = 8
#: Characters of a line's number and of a quantity.
LONGEST_NUMBER: Final = 40
#: Reasons and questions of a line that are shown; the rest is counted.
MOST_SHOWN: Final = 8

#: (mark, style): the mark says the verdict where there is no colour.
_MARKS: Final = {
    VerdictCode.BREACHES: ("\u00d7", "bold red"),
    VerdictCode.CANNOT_TELL: ("?", "yellow"),
    VerdictCode.MEETS: ("✓", "green"),
    VerdictCode.NOT_APPLICABLE: ("\u2013", "dim"),
}


def build(answers: Sequence[LineAnswer], about: OrderAbout) -> Iterator[bytes]:
    """Yield the answers as plain text of 80 columns, one part a chunk."""
    orders.insist_on(answers)
    return _chunks(answers, about)


def show(answers: Sequence[LineAnswer], about: OrderAbout, console: Console) -> None:
    """Print the answers on a console."""
    orders.insist_on(answers)
    for part in render(answers, about):
        console.print(part)


def render(answers: Sequence[LineAnswer], about: OrderAbout) -> Iterator[RenderableType]:
    """Yield the parts, in order: what the policies say of all lines, then each line."""
    yield _head(about)
    yield from _counts(answers, about)
    for answer in answers:
        yield Group(Text(""), _row(answer, about), *_below(answer))
    yield _foot(about)


def _chunks(answers: Sequence[LineAnswer], about: OrderAbout) -> Iterator[bytes]:
    sink = io.StringIO()
    console = Console(
        file=sink, width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False
    )
    for part in render(answers, about):
        console.print(part)
        yield "".join(f"{line.rstrip()}\n" for line in sink.getvalue().splitlines()).encode()
        sink.seek(0)
        sink.truncate()


def _head(about: OrderAbout) -> RenderableType:
    lines = [Text(f"Order {clipped(about.order, orders.LONGEST_TITLE)}", style="bold")]
    if about.redacted:
        told = phrases.left_out(sorted(about.redacted))
        lines.append(Text(f"Redacted: {told}", style="bold"))
    return Group(*lines)


def _counts(answers: Sequence[LineAnswer], about: OrderAbout) -> Iterator[RenderableType]:
    if not answers:
        yield Text("No line was read. That does not show that nothing is wrong.")
        return
    policies = orders.policies_of(answers)
    if not policies:
        yield Text("No policy was asked, so nothing can be told.")
    for policy in policies:
        found = Counter(orders.verdict_on(answer, policy) for answer in answers)
        text = Text(f"{clipped(about.policies.get(policy, policy), orders.LONGEST_TITLE)}: ")
        for number, (code, (mark, style)) in enumerate(_MARKS.items()):
            text.append("; " if number else "")
            text.append(
                f"{mark} {phrases.plain(code)} {found[code]:,}", style if found[code] else "dim"
            )
        yield text.append(f", of {len(answers):,} lines")


def _row(answer: LineAnswer, about: OrderAbout) -> RenderableType:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=NUMBER_WIDTH, overflow="fold")
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=2, overflow="fold")
    number = Text(clipped(answer.line.line, LONGEST_NUMBER), style="bold cyan")
    table.add_row(number, _items(answer, about), _verdicts(answer))
    return table


def _items(answer: LineAnswer, about: OrderAbout) -> Text:
    text = Text(orders.line_text(answer, orders.LONGEST_TITLE), style="bold")
    if answer.line.quantity:
        quantity = clipped(answer.line.quantity, LONGEST_NUMBER)
        text.append(f", quantity {quantity}", style="default")
    for item in answer.items:
        text.append(f"\n{orders.item_text(item)}: ", style="default")
        text.append(orders.maker_text(item, about), style="default")
    if not answer.items:
        text.append("\nno item was recognised", style="yellow")
    return text


def _verdicts(answer: LineAnswer) -> Text:
    text = Text()
    policies = orders.policies_of((answer,))
    codes = {policy: orders.verdict_on(answer, policy) for policy in policies}
    told = [policy for policy in policies if codes[policy] is not VerdictCode.NOT_APPLICABLE]
    for policy in told:
        mark, style = _MARKS[codes[policy]]
        word = phrases.answered(codes[policy], orders.rests_on(answer, policy)[0], ())
        text.append(f"{mark} {word}", style=style)
        text.append(f" {clipped(policy, orders.LONGEST_TITLE)}\n", style="default")
    if outside := [policy for policy in policies if policy not in told]:
        named = clipped(", ".join(outside), orders.LONGEST)
        text.append(f"\u2013 not applicable: {named}\n", style="dim")
    if not policies:
        text.append("? no policy was asked", style="yellow")
    text.rstrip()
    return text


def _below(answer: LineAnswer) -> Iterator[RenderableType]:
    if answer.line.position:
        place = clipped(answer.line.position, orders.LONGEST_TITLE)
        yield _indented(Text(place, style="dim"))
    yield from _list("why", orders.listed(answer.reasons))
    if answer.not_examined:
        missed = ", ".join(map(phrases.plain, answer.not_examined))
        yield _indented(Text(f"not examined: {clipped(missed, orders.LONGEST)}", style="dim"))
    yield from _list("ask the supplier", orders.listed(answer.ask_supplier))


def _list(word: str, texts: Sequence[str]) -> Iterator[RenderableType]:
    for text in texts[:MOST_SHOWN]:
        yield _indented(Text.assemble((f"{word}: ", "dim"), text))
    if len(texts) > MOST_SHOWN:
        yield _indented(Text(f"{word}: and {len(texts) - MOST_SHOWN:,} more", style="dim"))


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, NUMBER_WIDTH + 2))


def _foot(about: OrderAbout) -> RenderableType:
    told = (
        f"camaudit {about.version}. This indicates; it is not legal advice, and it accuses no "
        "company."
    )
    return Group(Text(""), Rule(style="dim"), Text(told, style="dim"))
