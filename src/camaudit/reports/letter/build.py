"""Write one letter per supplier about the lines on which something is to be asked.

1. Section 56(7) of the Procurement Act 2023 (United Kingdom) restricts naming an origin or a
   producer in procurement documents. So a letter asks for facts and functions: it names no
   producer, brand or country, says nothing about who is likely behind an item, and asks to exclude
   nobody.
2. The only names in it are the supplier's, to whom it goes, and those in the lines as they were
   ordered. Both stand as literal blocks, apart from what the letter says.
3. A question that names somebody is left out, and the caller is told so; it is not reworded.
4. The text is Markdown that reads as plain text. Sites, bodies and purposes are not told.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.orders import LineAnswer
from camaudit.reports.legible import clipped, one_line
from camaudit.reports.orders import LONGEST, LONGEST_TITLE, listed
from camaudit.reports.phrases import join

from .neutral import Names

WIDTH: Final = 80

#: What every letter asks for each line.
ASKS: Final = (
    "The full model number and the part number of each item, and of each item in a kit.",
    "Who develops the firmware or software, who supports and updates it, and until when.",
    "Which system on chip each item contains, and which radio, camera and network modules.",
    "Which services and hosts an item contacts, and whether it works without them.",
    "Where recordings, accounts and other data are stored, and from where they are administered.",
    "Which statements, certificates and test reports are held, with their numbers and dates.",
)

_OPENING: Final = (
    "We are checking the lines below before an order is placed. To do so we need facts about "
    "the items and about what they do."
)
_HOW: Final = (
    "Please answer for each line, and say what each answer rests on: a document, a statement of "
    'somebody who supplies you, or your own test. "Not known" is an answer, and is more use to '
    "us than a guess. If you would supply another item than the one in a line, please answer for "
    "that item too."
)

_TO_FILL_IN: Final = "____________________"
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to one supplier, and what was kept out of it."""

    #: ``None`` where the lines name none.
    supplier: str | None
    text: str
    #: The numbers of the lines that it is about.
    lines: tuple[str, ...]
    #: Questions that name somebody, each with the name, so that a person can ask otherwise.
    left_out: tuple[tuple[str, str], ...]


def letters(answers: Iterable[LineAnswer], names: Collection[str] = ()) -> Iterator[Letter]:
    """Yield a letter for each supplier of whom something is to be asked, in the order's order.

    ``names`` are those of all makers and brands that are known; no question may hold one of them,
    nor one that stands in any of the answers.
    """
    every = tuple(answers)
    known = Names((*names, *_names_in(every)))
    by_supplier: dict[str, list[LineAnswer]] = {}
    for answer in every:
        if answer.ask_supplier:
            key = one_line(answer.line.supplier or "").casefold()
            by_supplier.setdefault(key, []).append(answer)
    for about in by_supplier.values():
        yield _letter(about, known)


def _names_in(answers: Iterable[LineAnswer]) -> Iterator[str]:
    for answer in answers:
        yield answer.line.brand or ""
        for item in answer.items:
            yield from (item.brand or "", item.item.brand or "", item.maker or "")


def _letter(about: Sequence[LineAnswer], known: Names) -> Letter:
    asked: dict[str, list[str]] = {}
    left_out: dict[str, str] = {}
    for answer in about:
        for question in answer.ask_supplier:
            if name := known.found_in(one_line(question)):
                left_out[question] = name
            else:
                asked.setdefault(clipped(question, LONGEST), []).append(_number(answer))
    supplier = one_line(about[0].line.supplier or "") or None
    return Letter(
        supplier=supplier,
        text="\n\n".join(_parts(about, supplier, asked)) + "\n",
        lines=tuple(_number(answer) for answer in about),
        left_out=tuple(left_out.items()),
    )


def _parts(
    about: Sequence[LineAnswer], supplier: str | None, asked: dict[str, list[str]]
) -> Iterator[str]:
    yield "# Questions about items in an order"
    yield f"Date: {_TO_FILL_IN}"
    yield f"Our reference: {_TO_FILL_IN}"
    yield "To:"
    yield _literal(supplier or _TO_FILL_IN)
    yield _wrapped(_OPENING)
    yield "## The lines"
    for answer in about:
        yield _wrapped(_heading(answer))
        yield _literal(_ordered(answer))
    yield "## What we ask for each line"
    yield _numbered(ASKS)
    if asked:
        yield "## What we ask besides"
        yield _numbered(
            f"{_escaped(question)} ({_lines(numbers)})" for question, numbers in asked.items()
        )
    yield "## How to answer"
    yield _wrapped(_HOW)
    yield f"Please answer by: {_TO_FILL_IN}"
    yield f"Name and office: {_TO_FILL_IN}"


def _heading(answer: LineAnswer) -> str:
    quantity = clipped(answer.line.quantity or "", LONGEST_TITLE)
    return f"Line {_escaped(_number(answer))}" + (
        f", quantity {_escaped(quantity)}:" if quantity else ":"
    )


def _number(answer: LineAnswer) -> str:
    return clipped(answer.line.line, LONGEST_TITLE)


def _ordered(answer: LineAnswer) -> str:
    """Return the line as it was ordered: its words, and brand and model where they say more."""
    line = answer.line
    told = [line.description]
    told += [each for each in (line.brand, line.model) if each and each not in line.description]
    return clipped(" ".join(filter(None, told)), LONGEST) or "no description"


def _lines(numbers: Sequence[str]) -> str:
    every = listed(numbers)
    return f"line{'s' if len(every) > 1 else ''} {_escaped(join(every))}"


def _numbered(texts: Iterable[str]) -> str:
    return "\n".join(
        textwrap.fill(
            text,
            WIDTH,
            initial_indent=f"{number}. ",
            subsequent_indent="   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, text in enumerate(texts, 1)
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _literal(text: str) -> str:
    """Return text from outside as an indented block, in which Markdown has no meaning."""
    return f"    {one_line(text)}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
