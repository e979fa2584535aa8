"""Give the rows of a small table one by one, each as text by column word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .cells import cell_text, is_placeholder
from .layout import Column
from .secrets import strip_secrets
from .table import Table


class Record(NamedTuple):
    """One row: where it stands, and the texts of its known columns that are not blank."""

    number: int
    place: str
    texts: Mapping[str, str]
    columns: Mapping[str, Column]

    def get(self, word: str) -> str:
        """Return the text of a column, "" where it is blank or not there."""
        return self.texts.get(word, "")

    def label(self, word: str) -> str:
        """Return how the file heads the column."""
        column = self.columns.get(word)
        return column.label if column else word

    def position(self, word: str) -> str:
        """Return the place of a cell."""
        column = self.columns.get(word)
        return f"{self.place} column {column.letter}" if column else self.place


def records(table: Table, names: frozenset[str] = frozenset()) -> Iterator[Record]:
    """Yield the rows of a table; what says that nothing is known is blank.

    In the columns of ``names`` every text is one: a body may be called NA. Where several columns
    give one word, their texts are joined.
    """
    columns = {column.word: column for column in reversed(table.columns)}
    for row in table.rows():
        texts: dict[str, str] = {}
        place = f"{table.place}row {row.number}"
        for column in table.columns:
            text = cell_text(row.cells[column.at])
            if not text or (column.word not in names and is_placeholder(text)):
                continue
            clean = strip_secrets(text)
            if clean != text:
                message = "a user name, password or other secret in the cell was taken out"
                table.remarks.assume(place, column.label, message)
            known = texts.get(column.word)
            texts[column.word] = f"{known}; {clean}" if known else clean
        yield Record(row.number, place, texts, columns)
