"""Read a register into observations, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO, Final

import pyarrow as pa

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import Column, Layout, Row, RowBatch, Table, TableKind, open_tables
from camaudit.sources.tables.cells import cell_text
from camaudit.sources.tables.dates import Order, swaps
from camaudit.sources.tables.layout import quoted

from . import columns as cells
from .headers import WORDS

#: Rows taken together; a row gives its columns, and a few more where cells hold several values.
_BLOCK_ROWS: Final = 2000

#: Results remembered per column: registers repeat themselves.
_MAX_REMEMBERED: Final = 4096

#: Words that make a row a device; the rest only says more about one.
_USABLE: Final = frozenset(
    {
        "asset_id", "mac", "ip", "hostname", "serial", "manufacturer", "model", "make_model",
        "text", "kind", "firmware", "recorder",
    }
)  # fmt: skip

_DATES: Final = ("installed_on", "invoiced_on")

#: An asset column that holds a word without a digit, alone in its row, is a heading.
_MIN_COLUMNS_FOR_HEADINGS: Final = 3

LAYOUT: Final = Layout(
    kind=TableKind.INVENTORY,
    words=WORDS,
    enough=frozenset({"asset_id", "mac", "ip", "serial", "make_model"}),
    once=frozenset(
        {
            "asset_id", "site", "installed_on", "invoiced_on", "status", "in_use", "zone",
            "recorder", "channel", "networked", "quantity",
        }
    ),
    instead={"site": "location"},
    looks={
        "mac": cells.looks_like_address,
        "ip": cells.looks_like_address,
        "installed_on": cells.looks_like_date,
        "invoiced_on": cells.looks_like_date,
        "zone": cells.looks_like_zone,
        "networked": cells.looks_like_networked,
        "quantity": cells.looks_like_quantity,
    },
    guessed=("mac",),
    merged=frozenset({"site", "location", "owner", "operator", "maintainer"}),
)  # fmt: skip


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the devices of every sheet whose header is understood.

    Raises:
        SourceError: The file cannot be read, or no header in it is understood.
    """
    for table in open_tables(stream, options, LAYOUT):
        if isinstance(table, Problem):
            yield table
        else:
            yield from _Register(table).items()


class _Reader:
    """A column with the function that reads its cells, which remembers what it has read."""

    def __init__(self, column: Column, read: cells.Reader) -> None:
        self.column = column
        self._read = read
        self._known: dict[str, cells.Reading] = {}

    def read(self, cell: object) -> cells.Reading:
        """Read one cell."""
        # 1, 1.0 and True are one key to a dictionary, and three texts to us.
        if type(cell) is not str:
            return self._read(cell)
        found = self._known.get(cell)
        if found is None:
            found = self._read(cell)
            if len(self._known) < _MAX_REMEMBERED:
                self._known[cell] = found
        return found


class _Register:
    """One table on its way into batches."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._prefix = f"row:{table.name or 'csv'}:"
        ranked = sorted(table.columns, key=lambda column: column.word not in _USABLE)
        self._columns = [
            _Reader(column, cells.reader_for(column.word, self._order(column))) for column in ranked
        ]

    def _order(self, column: Column) -> Order:
        """Return day first, unless the column proves the other and nothing speaks against it."""
        if column.word not in _DATES:
            return Order.DAY_FIRST
        proofs = {
            swaps(cell_text(row[column.at])) for row in self._table.sample if column.at < len(row)
        }
        only_months = Order.MONTH_FIRST in proofs and Order.DAY_FIRST not in proofs
        return Order.MONTH_FIRST if only_months else Order.DAY_FIRST

    def items(self) -> Iterator[pa.RecordBatch | Problem]:
        """Yield batches and problems."""
        rows = self._table.rows()
        while block := list(islice(rows, _BLOCK_ROWS)):
            yield from self._take(block)
            yield from self._table.remarks.drain()
        yield from self._table.remarks.close()

    def _take(self, block: Sequence[Row]) -> Iterator[pa.RecordBatch]:
        numbers = [row.number for row in block]
        batch = RowBatch(
            [f"{self._prefix}{number}" for number in numbers],
            [f"{self._table.place}row {number}" for number in numbers],
        )
        headings = self._headings(block)
        # Where False, nothing has said yet that the row is a device; headings never are one.
        usable = [False] * len(block)
        for reader in self._columns:
            self._take_column(reader, block, batch, usable, headings)
        self._refuse_unusable(block, usable, headings)
        yield from batch.flush()

    def _take_column(
        self,
        reader: _Reader,
        block: Sequence[Row],
        batch: RowBatch,
        usable: list[bool],
        headings: frozenset[int],
    ) -> None:
        column, read = reader.column, reader.read
        at, name, says_device = column.at, f"column {column.letter}", column.word in _USABLE
        last = ""
        rows: list[int] = []
        values: list[bytes] = []
        for index, row in enumerate(block):
            cell = row.cells[at]
            if cell == "" or not (says_device or usable[index]) or index in headings:
                continue
            reading = read(cell)
            for key, value in reading.pairs:
                if key is not last:
                    last = key
                    rows, values = batch.gather(key, name)
                rows.append(index)
                values.append(value)
                usable[index] = True
            if reading.assumed or reading.refused:
                self._remark(row, column, reading)

    def _remark(self, row: Row, column: Column, reading: cells.Reading) -> None:
        place = f"{self._table.place}row {row.number}"
        for message in reading.assumed:
            self._table.remarks.assume(place, column.label, message)
        for message, reason in reading.refused:
            self._table.remarks.refuse(place, column.label, message, reason)

    def _headings(self, block: Sequence[Row]) -> frozenset[int]:
        """Return the rows that hold a group's heading in the asset column and nothing else."""
        if len(self._columns) < _MIN_COLUMNS_FOR_HEADINGS:
            return frozenset()
        first = min(column.at for column in self._table.columns)
        assets = [
            column.at
            for column in self._table.columns
            if column.word == "asset_id" or (column.word == "text" and column.at == first)
        ]
        return frozenset(
            index
            for index, row in enumerate(block)
            if len(row.cells) - row.cells.count("") == 1
            and any(_is_heading(cell_text(row.cells[at])) for at in assets)
        )

    def _refuse_unusable(
        self, block: Sequence[Row], usable: Sequence[bool], headings: frozenset[int]
    ) -> None:
        remarks = self._table.remarks
        for index, row in enumerate(block):
            place = f"{self._table.place}row {row.number}"
            if index in headings:
                texts = ", ".join(quoted(text) for cell in row.cells if (text := cell_text(cell)))
                remarks.refuse(
                    place, "", f"holds only {texts}: read as a heading, not as a device", "headings"
                )
            elif not usable[index]:
                reason = "nothing in the row says what or which device it is; not taken"
                remarks.refuse(place, "", reason, reason)


def _is_heading(text: str) -> bool:
    return bool(text) and not any(map(str.isdigit, text))
