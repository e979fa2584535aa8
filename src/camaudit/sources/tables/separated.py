"""Read comma-, semicolon- and tab-separated text as rows, and survive its usual damage."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from statistics import mode
from typing import BinaryIO, Final

from camaudit.model.observation import Problem

from .encoding import Encoding, detect, text_lines

#: A quoted cell with more lines than this has lost its closing quote.
MAX_RECORD_LINES: Final = 100

#: What a spreadsheet program can show (ECMA-376 part 1, 18.3.1.73: columns to XFD).
MAX_COLUMNS: Final = 16_384

_SEPARATORS: Final = (",", ";", "\t", "|")
_SAMPLE_LINES: Final = 60


def separated_rows(
    stream: BinaryIO, declared: str | None
) -> Iterator[tuple[int, list[str]] | Problem]:
    """Yield numbered rows as a spreadsheet program would number them, and problems.

    Raises:
        SourceError: The stream is no text.
    """
    encoding = detect(stream, declared)
    if encoding.remark:
        yield Problem(position="", field="", message=encoding.remark, rejected=False)
    separator = _separator(stream, encoding)
    stream.seek(0)
    feeder = _Feeder(text_lines(stream, encoding))
    # Strict: a quote that closes in the middle of a word was opened by mistake, lines above.
    reader = csv.reader(feeder, delimiter=separator, strict=True)
    number = 0
    while True:
        feeder.record.clear()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            yield from feeder.drain()
            return
        except (_EndlessQuoteError, csv.Error):
            cells = feeder.first_line_alone(separator)
            yield _unclosed(number)
        yield from feeder.drain()
        if number == 1 and _is_separator_line(cells):
            continue
        if len(cells) > MAX_COLUMNS:
            yield _too_wide(number, len(cells))
            continue
        # A NUL is in no text: what stands around it cannot be trusted either.
        if any("\0" in cell for cell in cells):
            yield _nul(number)
            continue
        yield number, cells


def _unclosed(number: int) -> Problem:
    return Problem(
        position=f"row {number}",
        field="",
        message="the quotation marks do not pair up; the line was read as it stands",
        rejected=False,
    )


def _too_wide(number: int, width: int) -> Problem:
    return Problem(
        position=f"row {number}",
        field="",
        message=f"the row has {width:,} columns and was not taken; at most {MAX_COLUMNS:,} are",
    )


def _nul(number: int) -> Problem:
    return Problem(
        position=f"row {number}",
        field="",
        message="the row holds NUL bytes and was not taken; save the file again as CSV (UTF-8)",
    )


def _is_separator_line(cells: list[str]) -> bool:
    """Excel writes ``sep=;`` above a table to tell itself the separator."""
    return "".join(cells).lower() == "sep=" or (
        len(cells) == 1 and cells[0].lower().startswith("sep=") and len(cells[0]) == len("sep=;")
    )


class _EndlessQuoteError(Exception):
    """A record has more lines than a cell ever has."""


class _Feeder:
    """Lines for ``csv.reader``, remembered until their record is whole, so they can be reread."""

    def __init__(self, lines: Iterator[tuple[int, str] | Problem]) -> None:
        self.record: list[str] = []
        self._lines = lines
        self._again: list[str] = []
        self._problems: list[Problem] = []

    def __iter__(self) -> _Feeder:
        return self

    def __next__(self) -> str:
        if len(self.record) >= MAX_RECORD_LINES:
            raise _EndlessQuoteError
        if self._again:
            line = self._again.pop()
            self.record.append(line)
            return line
        for item in self._lines:
            if isinstance(item, Problem):
                self._problems.append(item)
                continue
            line = item[1] + "\n"
            self.record.append(line)
            return line
        raise StopIteration

    def first_line_alone(self, separator: str) -> list[str]:
        """Split the record's first line at every separator, and give the rest back."""
        first, *rest = self.record
        self._again.extend(reversed(rest))
        return [cell.strip().strip('"') for cell in first.split(separator)]

    def drain(self) -> list[Problem]:
        """Return and forget the problems of the lines read so far."""
        drained, self._problems = self._problems, []
        return drained


def _separator(stream: BinaryIO, encoding: Encoding) -> str:
    """Choose the separator that gives the most columns in the most lines."""
    texts = (item[1] for item in text_lines(stream, encoding) if not isinstance(item, Problem))
    sample = [text for text in islice(texts, _SAMPLE_LINES) if text.strip()]
    if sample and sample[0].lower().startswith("sep=") and sample[0][4:5] in _SEPARATORS:
        return sample[0][4:5]
    return max(_SEPARATORS, key=lambda separator: _regularity(sample, separator))


def _regularity(sample: list[str], separator: str) -> float:
    """Return how many columns this separator gives, weighed by how many lines agree."""
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=separator) if row]
    except csv.Error:
        widths = [text.count(separator) + 1 for text in sample]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0.0
    usual = mode(wide)
    return (usual - 1) * sum(width == usual for width in wide) / len(widths)
