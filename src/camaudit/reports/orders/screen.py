"""Lines of an order on a terminal: one row each, then what stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from camaudit.model.orders import ItemAnswer, LineAnswer
from camaudit.model.words import VerdictCode
from camaudit.reports.legible import one_line

#: Ours. Longer descriptions are cut; the order has them.
_SHOWN: Final = 60
_WORDS: Final = {
    VerdictCode.BREACHES: ("refused", "bold red"),
    VerdictCode.CANNOT_TELL: ("cannot tell", "yellow"),
    VerdictCode.MEETS: ("passes", "green"),
    VerdictCode.NOT_APPLICABLE: ("not concerned", "dim"),
}


def render(answers: Sequence[LineAnswer], console: Console) -> None:
    """Print every line, its reasons and the questions, and how many there are of each answer."""
    for answer in answers:
        console.print(_heading(answer))
        console.print(_items(answer))
        for text in _below(answer):
            console.print(Text(f"  {text}"))
        console.print()
    for policy in answers[0].verdicts if answers else ():
        counts = Counter(answer.verdicts[policy] for answer in answers)
        said = ", ".join(f"{counts[code]} {word}" for code, (word, _) in _WORDS.items())
        console.print(Text(f"{policy}: {said}, of {len(answers)} lines"))


def _heading(answer: LineAnswer) -> Text:
    line = answer.line
    text = Text(f"{one_line(line.line)[:_SHOWN]}  {one_line(line.description)[:_SHOWN]}  ")
    for policy, code in answer.verdicts.items():
        word, style = _WORDS[code]
        text.append(f"{policy}: " if len(answer.verdicts) > 1 else "")
        text.append(f"{word}  ", style=style)
    return text


def _items(answer: LineAnswer) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for item in answer.items:
        table.add_row(*(Text(one_line(cell)[:_SHOWN]) for cell in _item(item)))
    return table


def _item(item: ItemAnswer) -> tuple[str, str, str]:
    maker = (
        f"likely {item.maker} ({item.maker_confidence:.2f})"
        if item.maker and item.maker_confidence is not None
        else "maker not known"
    )
    what = item.kind.value.replace("_", " ")
    return (item.item.text, what, maker)


def _below(answer: LineAnswer) -> Iterator[str]:
    yield from (one_line(each) for each in answer.reasons)
    if answer.not_examined:
        yield f"Not examined: {', '.join(answer.not_examined)}."
    for question in answer.ask_supplier:
        yield f"Ask the supplier: {one_line(question)}"
