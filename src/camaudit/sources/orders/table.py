"""Read an order that is a table: CSV, TSV, XLSX and their kin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.spec import ReadOptions
from camaudit.sources.tables import Layout, TableKind, open_tables
from camaudit.sources.tables.records import records

from .columns import WORDS, order_line

LAYOUT: Final = Layout(
    kind=TableKind.INVENTORY,
    named="order",
    words=WORDS,
    enough=frozenset({"description", "model"}),
    once=frozenset({"line", "brand", "model", "supplier", "quantity", "site", "event", "purpose",
                    "body", "attestation"}),
    instead={"model": "description"},
)  # fmt: skip

#: What a line needs to say.
_NOTHING: Final = "nothing in the row says what is ordered; not taken"


def read(stream: BinaryIO, name: str) -> Iterator[OrderLine | Problem]:
    """Yield the lines of every sheet that lists some."""
    for table in open_tables(stream, ReadOptions(name=name), LAYOUT):
        if isinstance(table, Problem):
            yield table
            continue
        for record in records(table):
            line = order_line(record.texts, record.place, str(record.number))
            if line is None:
                table.remarks.refuse(record.place, "", _NOTHING, _NOTHING)
            else:
                yield line
        yield from table.remarks.close()
