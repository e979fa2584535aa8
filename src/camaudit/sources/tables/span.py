"""Measure the rectangle that a sheet spans, in the XML of its part, before it is laid out."""

from __future__ import annotations

import re
from typing import Final, Protocol

#: What may be held back so that a tag cut in two is seen whole.
_MAX_TAIL_BYTES: Final = 1 << 16

#: A workbook may keep its sheets under any name below ``xl``.
_SHEET_PART: Final = re.compile(r"(?i)^[/\\]?xl[/\\].*\.xml$")
_REFERENCE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,9})[\"']")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ODS_TAG: Final = re.compile(rb"<(?:\w+:)?(table-row|table-cell|covered-table-cell)\b([^>]*)>")
_ODS_REPEAT: Final = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,12})[\"']")


class Span(Protocol):
    """A rectangle that grows as the part is read."""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the part."""

    @property
    def cells(self) -> int:
        """Return the cells of the rectangle so far."""


def span_of(part: str) -> Span | None:
    """Return the measure for a part of a workbook, or ``None`` where it is no sheet."""
    if _SHEET_PART.match(part):
        return OoxmlSpan()
    return OdsSpan() if part == "content.xml" else None


class OoxmlSpan:
    """Corners by cell references (ECMA-376 part 1, 18.3.1.4), or counted where there are none."""

    def __init__(self) -> None:
        self._rows = self._widest = self._in_row = 0
        self._counted_rows = 0
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the part."""
        data = self._tail + piece
        cut = data.rfind(b"<")
        data, self._tail = (data, b"") if len(data) - cut > _MAX_TAIL_BYTES else _split(data, cut)
        letters: set[bytes] = set()
        for column, row in _REFERENCE.findall(data):
            letters.add(column)
            self._rows = max(self._rows, int(row))
        self._widest = max([self._widest, *map(_column_number, letters)])
        before, *rows = _ROW.split(data)
        self._in_row += len(_CELL.findall(before))
        self._widest = max(self._widest, self._in_row)
        for row in rows:
            self._in_row = len(_CELL.findall(row))
            self._widest = max(self._widest, self._in_row)
        self._counted_rows += len(rows)

    @property
    def cells(self) -> int:
        """Return the cells of the rectangle so far."""
        return max(self._rows, self._counted_rows) * self._widest


class OdsSpan:
    """Corners by repeat counts (OpenDocument 1.3 part 3, 19.676); empty ends are free."""

    def __init__(self) -> None:
        self._rows = self._rows_to_last = self._widest = 0
        self._columns = 0
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the part."""
        data = self._tail + piece
        cut = data.rfind(b"<")
        data, self._tail = (data, b"") if len(data) - cut > _MAX_TAIL_BYTES else _split(data, cut)
        for tag, attributes in _ODS_TAG.findall(data):
            found = _ODS_REPEAT.search(attributes) if b"-repeated" in attributes else None
            repeat = int(found[1]) if found else 1
            if tag == b"table-row":
                self._rows += repeat
                self._columns = 0
                continue
            self._columns += repeat
            if b"value-type" in attributes or b"formula" in attributes:
                self._widest = max(self._widest, self._columns)
                self._rows_to_last = self._rows

    @property
    def cells(self) -> int:
        """Return the cells of the rectangle so far."""
        return self._rows_to_last * self._widest


def _split(data: bytes, cut: int) -> tuple[bytes, bytes]:
    return (data[:cut], data[cut:]) if cut >= 0 else (data, b"")


def _column_number(letters: bytes) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
