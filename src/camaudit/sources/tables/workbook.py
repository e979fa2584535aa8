"""Read the sheets of a spreadsheet file (.xlsx, .xls, .ods) within bounded memory.

The library lays a sheet out as a full rectangle, and ends the process when that does not fit.
So the corners of the rectangle are looked up in the file before it is asked.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, Final, NamedTuple, TypeVar

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from camaudit.errors import SourceError

from .span import span_of

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: All parts of the file, unpacked. 100,000 rows of 20 columns take about 120 MiB.
MAX_UNPACKED_BYTES: Final = 1 << 30

#: Cells in the rectangle of one sheet, empty ones included: 32 bytes each in the library.
MAX_SHEET_CELLS: Final = 16_000_000

_PIECE_BYTES: Final = 1 << 20

_T = TypeVar("_T")


class Merge(NamedTuple):
    """Cells shown as one: the value stands in the first; rows and columns count from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class WorkbookSheet(NamedTuple):
    """One sheet: its rows in order from row 1, each padded from column A."""

    name: str
    rows: Iterator[tuple[int, list[object]]]
    merges: tuple[Merge, ...]
    hidden: bool


def is_workbook(head: bytes) -> bool:
    """Tell a spreadsheet program's own file from text."""
    return head.startswith((ZIP_MAGIC, OLE_MAGIC))


def workbook_sheets(stream: BinaryIO, only: str | None) -> Iterator[WorkbookSheet]:
    """Yield the sheets that hold cells.

    Raises:
        SourceError: The file is damaged, locked, too large, or has no sheet of that name.
    """
    _require_modest(stream)
    stream.seek(0)
    book = _guarded(partial(CalamineWorkbook.from_filelike, stream))
    sheets = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    if only is not None:
        sheets = [each for each in sheets if each.name == only]
        if not sheets:
            names = ", ".join(book.sheet_names)
            raise SourceError(f"the file has no sheet {only!r}; its sheets are: {names}")
    for each in sheets:
        sheet = _guarded(partial(book.get_sheet_by_name, each.name))
        if sheet.start is not None:
            yield WorkbookSheet(
                name=each.name,
                rows=_rows(sheet, sheet.start[1]),
                merges=_merges(sheet),
                hidden=each.visible is not SheetVisibleEnum.Visible,
            )


def _rows(sheet: CalamineSheet, first_column: int) -> Iterator[tuple[int, list[object]]]:
    padding: list[object] = [""] * first_column
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [*padding, *row]


def _merges(sheet: CalamineSheet) -> tuple[Merge, ...]:
    return tuple(Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ())


def _guarded(ask: Callable[[], _T]) -> _T:
    """Ask the library; whatever it says of a damaged file is said in our words."""
    try:
        return ask()
    except python_calamine.PasswordError as error:
        raise SourceError(
            "the spreadsheet is locked with a password; save a copy without one and import that"
        ) from error
    # The library's panics are no Exception; a damaged file must not end the run.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise SourceError(
            f"the spreadsheet cannot be read ({error}); open it in a spreadsheet program and save "
            "it again as .xlsx or as CSV (UTF-8)"
        ) from error


def _require_modest(stream: BinaryIO) -> None:
    """Refuse an archive that unpacks to too much, or whose sheets span too much."""
    stream.seek(0)
    if not stream.read(len(ZIP_MAGIC)).startswith(ZIP_MAGIC):
        return
    budget = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError) as error:
        raise SourceError(
            f"the spreadsheet is damaged or cut off ({error}); copy it again from where it came"
        ) from error
    for part in parts:
        if part.filename.lower().endswith("workbook.bin"):
            raise SourceError("binary workbooks (.xlsb) are not read; save it as .xlsx")
        budget = _measure(stream, part, budget)


def _measure(stream: BinaryIO, part: zipfile.ZipInfo, budget: int) -> int:
    """Return what is left of the budget after unpacking one part."""
    span = span_of(part.filename)
    for piece in _unpacked(stream, part):
        budget -= len(piece)
        if budget < 0:
            raise SourceError(
                f"the spreadsheet unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB; save the "
                "sheet as CSV (UTF-8) and import that"
            )
        if span is not None:
            span.feed(piece)
            if span.cells > MAX_SHEET_CELLS:
                raise SourceError(
                    f"a sheet of the file spans more than {MAX_SHEET_CELLS:,} cells; delete the "
                    "unused rows and columns around the table, or save it as CSV (UTF-8)"
                )
    return budget


def _unpacked(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what the part really unpacks to, whatever size its entry claims."""
    # APPNOTE 4.3.7: a local header is 30 bytes, then name and extra field.
    start = max(0, part.header_offset)
    stream.seek(start)
    local = stream.read(30)
    stream.seek(
        start + 30 + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
    )
    left = part.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (raw := stream.read(min(left, _PIECE_BYTES))):
        left -= len(raw)
        if part.compress_type != zipfile.ZIP_DEFLATED:
            yield raw
            continue
        try:
            while raw:
                yield inflate.decompress(raw, _PIECE_BYTES)
                raw = inflate.unconsumed_tail
        except zlib.error:
            return
