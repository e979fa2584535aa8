"""Find the lines of a quote in pages of text that is laid out in columns of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .columns import TELLING, WORDS, is_line_number, settle
from .lines import is_sum

#: Ours. A description that goes on for longer is none.
_MAX_MORE: Final = 8
#: Longer rows of text are no row of a table.
_MAX_CHARS: Final = 4096

#: What stands apart from its neighbours by two blanks or more.
_CELL: Final = re.compile(r"\S+(?: \S+)*")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
#: Headers of columns that hold no word of ours, and still make a row a header.
_MONEY: Final = re.compile(
    r"(?i).{0,20}\b(?:price|total|amount|net|vat|unit|uom|discount|preis|betrag|summe|einheit|prix|"
    r"montant|p\.?u\.?|ht|ttc)\b.{0,20}"
)
#: ``2``, ``2 pcs``, ``10,5 m``: not ``612.00``, which is a price.
_QUANTITY: Final = re.compile(
    r"(?i)\d{1,6}(?:[.,]\d)?(?:\s?(?:x|m|pcs?|pieces?|ea|each|units?|no|off|sets?|st|stk|st\u00fcck|"
    r"pce|u)\.?)?"
)
#: ``3  AXIS P3265-LVE  2  612.00  1,224.00``: a number and what it is.
_NUMBERED: Final = re.compile(
    r"\s{0,40}(?P<line>\d{1,4}(?:\.\d{1,3})?)[.):]?\s{1,40}(?P<rest>\S.*)"
)
#: Figures at the end of a row whose columns one blank parts.
_FIGURE: Final = re.compile(r"[\u20ac$\u00a3]?-?\d[\d.,']{0,15}(?:\u20ac|EUR|USD|GBP|CHF)?")
_MONEY_SIGNS: Final = frozenset({"\u20ac", "$", "\u00a3", "EUR", "USD", "GBP", "CHF"})


class _Cell(NamedTuple):
    """A text, and the columns of characters that it covers."""

    start: int
    end: int
    text: str


class _Head(NamedTuple):
    """One column of a table: its header, and its word or ""."""

    cell: _Cell
    word: str


class PdfRows:
    """Rows of all pages, gathered first: whether there is a header is known at the end."""

    def __init__(self) -> None:
        #: Where rows of text stand that are no part of a table.
        self.beside: list[str] = []
        self._rows: list[tuple[str, str]] = []

    def page(self, number: int, text: str) -> None:
        """Add a page; a blank row parts what stands around it, and is not counted."""
        at = 0
        for row in text.splitlines():
            at += bool(row.strip())
            self._rows.append((f"page {number}, line {at}", row.expandtabs()[:_MAX_CHARS]))

    def found(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the position and the texts of each line."""
        if any(_heads(row) for _, row in self._rows):
            yield from self._below_headers()
        else:
            yield from self._numbered()

    def _below_headers(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        heads: Sequence[_Head] = ()
        open_row: _Row | None = None
        for position, row in self._rows:
            if new_heads := _heads(row):
                heads = new_heads
                continue
            if not heads:
                self._leave(position, row)
                continue
            texts = _by_head(row, heads)
            if open_row is not None and open_row.goes_on(texts):
                continue
            if open_row is not None:
                yield open_row.position, open_row.texts
            open_row = _Row(position, texts) if _is_line(texts, heads) else None
            if open_row is None:
                self._leave(position, row)
        if open_row is not None:
            yield open_row.position, open_row.texts

    def _numbered(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        for position, row in self._rows:
            found = _NUMBERED.fullmatch(row)
            texts = _numbered(found["rest"]) if found else None
            if found is None or texts is None:
                self._leave(position, row)
                continue
            yield position, {"line": found["line"], **texts}

    def _leave(self, position: str, row: str) -> None:
        if row.strip():
            self.beside.append(position)


class _Row:
    """A row of a table that may go on in the next rows of text."""

    def __init__(self, position: str, texts: dict[str, str]) -> None:
        self.position, self.texts = position, texts
        self._more = 0

    def goes_on(self, texts: Mapping[str, str]) -> bool:
        """Take a row that only says more of what is ordered."""
        if not texts or not texts.keys() <= TELLING or self._more >= _MAX_MORE:
            return False
        if any(map(is_sum, texts.values())):
            return False
        self._more += 1
        for word, text in texts.items():
            self.texts[word] = f"{self.texts[word]} {text}" if word in self.texts else text
        return True


def _cells(row: str) -> list[_Cell]:
    return [_Cell(found.start(), found.end(), found[0]) for found in _CELL.finditer(row)]


def _heads(row: str) -> list[_Head]:
    """Return the columns that a row heads; none where it is no header of an order."""
    cells = _cells(row)
    matches = [WORDS.match(cell.text) for cell in cells]
    exact = [match.word if match and match.score == 100 else "" for match in matches]
    words: list[str] = []
    for word in exact:
        # No values are known yet; "Item" beside a description heads numbers.
        sample = ["1"] if word == "item" and TELLING & set(exact) else ["words"]
        words.append(settle(word, sample, frozenset(filter(None, words))) if word else "")
    others = sum(
        bool(word and word not in TELLING) or bool(_MONEY.fullmatch(cell.text))
        for word, cell in zip(words, cells, strict=True)
    )
    if not TELLING & set(words) or not others:
        return []
    return [_Head(cell, word) for cell, word in zip(cells, words, strict=True)]


def _by_head(row: str, heads: Sequence[_Head]) -> dict[str, str]:
    """Return the texts of a row by column word; "" gathers what no column of ours holds."""
    texts: dict[str, str] = {}
    for cell in _cells(row):
        word = _head_of(cell, heads).word
        texts[word] = f"{texts[word]} {cell.text}" if word in texts else cell.text
    return texts


def _head_of(cell: _Cell, heads: Sequence[_Head]) -> _Head:
    """Return the column that a cell stands in: below its header, else as it is aligned."""
    below = max(heads, key=lambda head: _overlap(cell, head.cell))
    if _overlap(cell, below.cell) > 0:
        return below
    if _LETTERS.search(cell.text):
        left = [head for head in heads if head.cell.start <= cell.start]
        return left[-1] if left else heads[0]
    return min(heads, key=lambda head: _distance(cell, head.cell))


def _overlap(one: _Cell, other: _Cell) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _distance(one: _Cell, other: _Cell) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _is_line(texts: Mapping[str, str], heads: Sequence[_Head]) -> bool:
    """Tell a line of the table from text below it: it has its number, or figures beside it."""
    if not TELLING & texts.keys():
        return False
    if any(head.word == "line" for head in heads) and is_line_number(texts.get("line", "")):
        return True
    if any(is_sum(text) for word, text in texts.items() if word in TELLING):
        return False
    figures = [text for word, text in texts.items() if word in ("", "quantity")]
    return any(any(map(str.isdigit, text)) for text in figures)


def _numbered(rest: str) -> dict[str, str] | None:
    """Return what the rest of a numbered row says, or ``None`` where it names nothing."""
    first, *others = [cell.text for cell in _cells(rest)]
    words = first.split(" ")
    figures: list[str] = []
    while len(words) > 1 and not others and _is_figure(words[-1]):
        figures.insert(0, words.pop())
    description = " ".join(words)
    if not _LETTERS.search(description):
        return None
    quantity = next((text for text in [*figures, *others] if _QUANTITY.fullmatch(text)), "")
    # One figure alone at the end of a text may be part of it.
    if len(figures) == 1:
        description, quantity = first, ""
    more = [text for text in others if _LETTERS.search(text) and not _QUANTITY.fullmatch(text)]
    texts = {"description": ", ".join([description, *more]), "quantity": quantity}
    return {word: text for word, text in texts.items() if text}


def _is_figure(word: str) -> bool:
    return word in _MONEY_SIGNS or _FIGURE.fullmatch(word) is not None
