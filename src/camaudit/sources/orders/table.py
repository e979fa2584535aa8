"""Read an order that is a table: CSV, TSV, and the sheets of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.spec import ReadOptions
from camaudit.sources.tables import Column, Layout, Table, TableKind, open_tables
from camaudit.sources.tables.cells import cell_text
from camaudit.sources.tables.records import records

from .columns import INSTEAD, TELLING, WORDS, settle
from .lines import order_line

LAYOUT: Final = Layout(
    kind=TableKind.INVENTORY,
    named="order",
    row="line",
    words=WORDS,
    enough=TELLING | {"item"},
    once=frozenset(WORDS.words),
    instead=INSTEAD,
)

_NO_TELLING: Final = "no column says what is ordered; head one `description`"


def read(stream: BinaryIO, name: str) -> Iterator[OrderLine | Problem]:
    """Yield the lines of every sheet that lists some.

    Raises:
        SourceError: The file cannot be read, or no header in it is understood.
    """
    found = False
    for table in open_tables(stream, ReadOptions(name=name), LAYOUT):
        if isinstance(table, Problem):
            yield table
            continue
        table.columns = _settled(table.columns, table.sample)
        if any(column.word in TELLING for column in table.columns):
            found = True
            yield from _lines(table)
        else:
            rows = sum(1 for _ in table.rows())
            message = f"{_NO_TELLING}: {rows} rows not read"
            yield Problem(position=f"{table.place}header", field="", message=message)
            yield from table.remarks.close()
    if not found:
        raise SourceError(f"no order was found: {_NO_TELLING}")


def _lines(table: Table) -> Iterator[OrderLine | Problem]:
    # A line may be numbered by what says nothing elsewhere: "-", "n/a".
    for record in records(table, frozenset({"line"})):
        line = order_line(record.texts, record.place, table.remarks)
        if line is not None:
            yield line
        yield from table.remarks.drain()
    yield from table.remarks.close()


def _settled(columns: Sequence[Column], sample: Sequence[Sequence[object]]) -> tuple[Column, ...]:
    """Return the columns, those that may be either of two things by their values."""
    settled: list[Column] = []
    sure = {column.word for column in columns if column.word not in ("item", "reference")}
    for column in columns:
        word = column.word
        if word not in sure:
            values = [cell_text(row[column.at]) for row in sample if column.at < len(row)]
            word = settle(word, values, frozenset(sure))
            sure.add(word)
        if word:
            settled.append(column._replace(word=word))
    return tuple(settled)
