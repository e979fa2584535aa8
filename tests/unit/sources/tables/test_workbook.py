"""Spreadsheet files: what is in them, and what must not be laid out."""

from __future__ import annotations

import io
import zipfile

import pytest

from camaudit.errors import SourceError
from camaudit.sources.tables.workbook import MAX_SHEET_CELLS, workbook_sheets
from tests.workbooks import ods, ods_cell, ods_row, with_part, workbook

PLAIN = workbook({"A": [["x", "y"], [1, 2.5]], "Empty": [], "B": [[True]]}, hidden=["B"])


def read(data: bytes, only: str | None = None) -> dict[str, list[list[object]]]:
    sheets = workbook_sheets(io.BytesIO(data), only)
    return {sheet.name: [row for _, row in sheet.rows] for sheet in sheets}


def test_sheets_and_cells() -> None:
    assert read(PLAIN) == {"A": [["x", "y"], [1, 2.5]], "B": [[True]]}
    assert read(PLAIN, "B") == {"B": [[True]]}


def test_rows_and_columns_count_from_the_corner() -> None:
    book = workbook({"A": [[], [], [None, None, "x"]]})
    (sheet,) = workbook_sheets(io.BytesIO(book), None)
    assert [(number, row) for number, row in sheet.rows if any(row)] == [(3, ["", "", "x"])]


def test_a_hidden_sheet_says_so() -> None:
    assert [sheet.hidden for sheet in workbook_sheets(io.BytesIO(PLAIN), None)] == [False, True]


def test_a_sheet_that_is_not_there() -> None:
    with pytest.raises(SourceError, match="its sheets are: A, Empty, B"):
        read(PLAIN, "C")


@pytest.mark.parametrize("corner", ["XFD1048576", "A1048577", "xfd1048576"])
def test_two_far_corners_do_not_end_the_process(corner: str) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>1</v></c></row>'
        f"<row><c r = '{corner}'><v>1</v></c></row></sheetData></worksheet>"
    )
    with pytest.raises(SourceError, match="cells"):
        read(with_part(PLAIN, "xl/worksheets/sheet1.xml", sheet.encode()))


def test_cells_without_references_are_counted() -> None:
    wide = "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>"
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + wide
        + "<row><c><v>1</v></c></row>" * (MAX_SHEET_CELLS // 16_000 + 1)
        + "</sheetData></worksheet>"
    )
    with pytest.raises(SourceError, match="cells"):
        read(with_part(PLAIN, "xl/worksheets/sheet1.xml", sheet.encode()))


def test_an_archive_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camaudit.sources.tables.workbook.MAX_UNPACKED_BYTES", 1 << 20)
    with pytest.raises(SourceError, match="unpacks to more than 1 MiB"):
        read(with_part(PLAIN, "xl/styles.xml", b" " * (2 << 20)))


def test_an_open_document_sheet() -> None:
    data = ods(
        ods_row(ods_cell("a"), ods_cell("b", 2)),
        ods_row('<table:table-cell table:number-columns-repeated="16384"/>', repeated=1_048_575),
    )
    assert read(data) == {"Cameras": [["a", "b", "b"]]}


def test_an_open_document_that_repeats_itself_too_often() -> None:
    with pytest.raises(SourceError, match="cells"):
        read(ods(ods_row(ods_cell("a", 16_384), repeated=1_048_576)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (PLAIN[:-40], "damaged or cut off"),
        (b"PK\x03\x04 and nothing", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing", "cannot be read"),
    ],
)
def test_a_damaged_file(data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(data)


def test_a_binary_workbook_is_sent_back() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    with pytest.raises(SourceError, match="xlsb"):
        read(stream.getvalue())


def test_an_archive_that_is_no_spreadsheet() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", b"x")
    with pytest.raises(SourceError, match="cannot be read"):
        read(stream.getvalue())
