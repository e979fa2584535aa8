"""Open a file as tables: rows below a header, with what had to be left out or assumed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import BinaryIO, Final, NamedTuple

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.spec import ReadOptions

from .cells import cell_text, is_blank
from .headers import normal
from .kinds import HEADER_ROWS, TableKind, kind_of
from .layout import Column, Layout, assign, column_letter, header_score, merged_pattern, quoted
from .remarks import Remarks
from .separated import separated_rows
from .workbook import Merge, is_workbook, workbook_sheets

__all__ = ["Column", "Layout", "Row", "Table", "open_tables"]

#: Data rows looked at before the first is given out.
SAMPLE_ROWS: Final = 1000

_MIN_HEADER_SCORE: Final = 0.9

#: A row of sums below the table, in the commonest languages.
_TOTAL: Final = re.compile(
    r"(?i)(?:grand |sub[ -]?)?(?:total|totals|sum|summe|gesamt|gesamtsumme|totaal|totale|razem|"
    r"suma|somme|cyfanswm)\b[^0-9]{0,40}:?"
)
_MAX_TOTAL_CELLS: Final = 4

_RawRow = tuple[int, Sequence[object]]


class Row(NamedTuple):
    """One row of data: its number in the file, and its cells from column A on."""

    number: int
    cells: list[object]


class _Source(NamedTuple):
    """One sheet, or the one table of a text file."""

    name: str
    rows: Iterator[_RawRow | Problem]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False

    @property
    def place(self) -> str:
        return f"sheet {self.name!r} " if self.name else ""


class Table:
    """Rows below a recognised header. ``remarks`` may be drained at any time."""

    def __init__(
        self,
        source: _Source,
        layout: Layout,
        asked: Mapping[str, str],
        above: Sequence[_RawRow],
        header: _RawRow,
        below: Iterator[_RawRow | Problem],
        remarks: Remarks,
    ) -> None:
        self.name = source.name
        self.place = source.place
        self.remarks = remarks
        self._row = layout.row
        headers = [cell_text(cell) for cell in header[1]]
        sample = list(islice(below, SAMPLE_ROWS))
        cells = [row[1] for row in sample if not isinstance(row, Problem)]
        columns, self._secret = assign(headers, cells, layout, asked, remarks, self.place)
        self.columns = tuple(column for column in columns if column.word)
        self.sample = [row for row in cells if not all(map(is_blank, row))]
        self.asked = {header.casefold() for header in headers} & asked.keys()
        self._headers = frozenset(headers)
        self._width = len(headers)
        self._normal = [normal(text) for text in headers]
        self._unlabelled = [column for column in columns if not column.header and not column.word]
        self._raw = chain(sample, below)
        self._counts: dict[tuple[str, str], int] = {}
        self._fill = {
            column.at: _Fill(
                column, source.merges, [row[column.at : column.at + 1] for row in cells]
            )
            for column in self.columns
            if column.word in layout.merged
        }
        if above:
            titles = ", ".join(
                quoted(text) for row in above for cell in row[1] if (text := cell_text(cell))
            )
            remarks.add(
                f"{self.place}row {above[0][0]}",
                "",
                f"above the header in row {header[0]}, read as a title: {titles}",
                rejected=False,
            )

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold data: no blank rows, repeated headers or totals."""
        width = self._width
        for raw in self._raw:
            if isinstance(raw, Problem):
                self.remarks.add(raw.position, raw.field, raw.message, rejected=raw.rejected)
                continue
            number, cells = raw[0], list(raw[1])
            if len(cells) != width:
                self._beyond(cells, width)
                cells = cells[:width] + [""] * (width - len(cells))
            lead = next((cell for cell in cells if not is_blank(cell)), None)
            if lead is None or self._is_furniture(number, cells, cell_text(lead)):
                continue
            if self._secret or self._unlabelled:
                self._take_secrets(cells)
            for fill in self._fill.values():
                fill.apply(number, cells)
            yield Row(number, cells)
        self._finish()

    def _beyond(self, cells: Sequence[object], width: int) -> None:
        for index in range(width, len(cells)):
            if not is_blank(cells[index]):
                self._count(column_letter(index), "beyond")

    def _count(self, label: str, what: str) -> None:
        self._counts[label, what] = self._counts.get((label, what), 0) + 1

    def _take_secrets(self, cells: list[object]) -> None:
        for column in self._secret:
            if not is_blank(cells[column.at]):
                cells[column.at] = ""
                self._count(column.header, "secret")
        for column in self._unlabelled:
            if not is_blank(cells[column.at]):
                self._count(column.letter, "beyond")

    def _is_furniture(self, number: int, cells: Sequence[object], lead: str) -> bool:
        """Tell a repeated header, or a row of totals, from data by its first text."""
        if lead in self._headers and self._repeats_header(cells):
            self._count("", "header")
            return True
        if _TOTAL.fullmatch(lead) and _filled(cells) <= _MAX_TOTAL_CELLS:
            message = f"a row of totals, not a {self._row}"
            self.remarks.add(f"{self.place}row {number}", "", message, rejected=False)
            return True
        return False

    def _repeats_header(self, cells: Sequence[object]) -> bool:
        texts = [normal(text) for cell in cells if (text := cell_text(cell))]
        return len(texts) > 1 and texts == [text for text in self._normal if text in texts]

    def _finish(self) -> None:
        for column in self._secret:
            count = self._counts.get((column.header, "secret"), 0)
            self.remarks.add(
                f"{self.place}column {column.letter}",
                column.header,
                f"column {column.header!r} holds credentials: {count} values not taken",
                rejected=False,
            )
        for (label, what), count in self._counts.items():
            if what == "beyond":
                self.remarks.add(
                    f"{self.place}column {label}",
                    "",
                    f"column {label} has no header: {count} values not used",
                    rejected=False,
                )
            elif what == "header":
                self.remarks.add(
                    self.place.strip(), "", f"the header is repeated {count} times", rejected=False
                )
        for fill in self._fill.values():
            if fill.filled:
                self.remarks.add(
                    f"{self.place}column {fill.column.letter}",
                    fill.column.label,
                    f"{fill.filled} blank cells took the value above them, as their cells are "
                    f"{fill.why}",
                    rejected=False,
                )


def _filled(cells: Sequence[object]) -> int:
    return sum(not is_blank(cell) for cell in cells)


class _Fill:
    """Carry a value down the cells that it is merged with."""

    def __init__(
        self, column: Column, merges: Sequence[Merge], sample: Sequence[Sequence[object]]
    ) -> None:
        self.column = column
        self.filled = 0
        self._value: object = ""
        self._first: dict[int, int] = {}
        for merge in merges:
            if merge.first_column <= column.at <= merge.last_column:
                rows = range(merge.first_row + 2, merge.last_row + 2)
                self._first.update(dict.fromkeys(rows, merge.first_row + 1))
        values = [cell for row in sample for cell in (row or [""])]
        self._grouped = not self._first and merged_pattern(values)
        self.why = "merged" if self._first else "left blank under each new value"
        self._at = 0

    def apply(self, number: int, cells: list[object]) -> None:
        """Fill the cell of one row, if it is blank and covered."""
        index = self.column.at
        if not is_blank(cells[index]):
            self._value, self._at = cells[index], number
        elif self._value and (self._grouped or self._first.get(number) == self._at):
            cells[index] = self._value
            self.filled += 1


def open_tables(
    stream: BinaryIO, options: ReadOptions, layout: Layout
) -> Iterator[Table | Problem]:
    """Yield the tables of a file; read each to its end before asking for the next.

    Raises:
        SourceError: The file cannot be read, or nothing in it looks like such a table.
    """
    asked = layout.words.asked(options.mapping)
    stream.seek(0)
    head = stream.read(8)
    if not head:
        raise SourceError("the file is empty; export it again")
    unmet, count, reason = set(asked), 0, ""
    book = is_workbook(head)
    for source in _sources(stream, options, book=book):
        table = _table(source, layout, asked, several=book)
        if isinstance(table, Problem):
            reason = reason or table.message
            yield table
            continue
        count += 1
        unmet -= table.asked
        yield table
    if not count:
        raise SourceError(
            f"no {layout.named or layout.kind} table was found "
            f"({reason or 'no sheet holds a cell'}); the header must be among "
            f"the first {HEADER_ROWS} rows: give it names such as "
            f"{', '.join(layout.words.words[:6])}, or map your column names to them"
        )
    for header in sorted(unmet):
        yield Problem(
            position="header",
            field=header,
            message="the mapping names it, but the file has no such column",
        )


def _sources(stream: BinaryIO, options: ReadOptions, *, book: bool) -> Iterator[_Source]:
    if book:
        for sheet in workbook_sheets(stream, options.sheet):
            yield _Source(sheet.name, iter(sheet.rows), sheet.merges, sheet.hidden)
        return
    if options.sheet is not None:
        raise SourceError("the file is text and has no sheets; leave the sheet's name out")
    yield _Source("", iter(separated_rows(stream, options.encoding)))


def _table(
    source: _Source, layout: Layout, asked: Mapping[str, str], *, several: bool
) -> Table | Problem:
    """Return the table of one source, or the problem that it holds none."""
    remarks = Remarks()
    first: list[_RawRow] = []
    for item in source.rows:
        if isinstance(item, Problem):
            remarks.add(item.position, item.field, item.message, rejected=item.rejected)
        elif not all(map(is_blank, item[1])):
            first.append(item)
            if len(first) == HEADER_ROWS:
                break
    scores = [header_score(cells, layout, asked) for _, cells in first]
    best = max(range(len(first)), key=scores.__getitem__, default=-1)
    if best < 0 or scores[best] < _MIN_HEADER_SCORE:
        kinds = (kind_of([cell_text(cell) for cell in cells]) for _, cells in first)
        other = next((kind for kind in kinds if kind not in (None, layout.kind)), None)
        return _unread(source, first, _reason(other))
    header = first[best]
    other = kind_of([cell_text(cell) for cell in header[1]])
    if several and not layout.named and other not in (None, layout.kind):
        return _unread(source, first, _reason(other))
    if source.hidden:
        remarks.add(
            source.place.strip(),
            "",
            "the sheet is hidden; it was read all the same",
            rejected=False,
        )
    return Table(
        source, layout, asked, first[:best], header, chain(first[best + 1 :], source.rows), remarks
    )


def _reason(other: TableKind | None) -> str:
    if other is None:
        return "no header row was recognised"
    return f"it looks like a list of {other}; import it as such"


def _unread(source: _Source, first: Sequence[_RawRow], reason: str) -> Problem:
    rows = len(first) + sum(
        1
        for item in source.rows
        if not isinstance(item, Problem) and not all(map(is_blank, item[1]))
    )
    return Problem(
        position=source.place.strip(), field="", message=f"{reason}: {rows} rows not read"
    )
