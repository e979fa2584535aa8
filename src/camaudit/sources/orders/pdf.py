"""Read the text of a quote that is a PDF: a line of text that begins with a number is a line of it.

A PDF has no columns; what stands on a line of text is the description. Scanned pages have no text,
and are named.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine

from .columns import order_line

#: Ours. A quote is no book.
MAX_BYTES: Final = 32 << 20
MAX_PAGES: Final = 200
MAX_LINES: Final = 20_000
#: ``3  AXIS P3265-LVE  2  612.00  1,224.00``: a number, what it is, and figures behind it.
_LINE: Final = re.compile(r"^\s{0,8}(?P<line>\d{1,4})[.):]?\s+(?P<text>\S.{2,400})$")
_FIGURES: Final = re.compile(
    r"(?:\s+(?:[€$£]\s?)?-?\d[\d.,']{0,15}(?:\s?(?:€|EUR|USD|GBP|pcs|pc|ea|each|x|St(?:k|ck)?\.?))?)+\s*$"
)
_QUANTITY: Final = re.compile(r"^\s*(?P<quantity>\d{1,5})\b")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


def read(stream: BinaryIO) -> Iterator[OrderLine | Problem]:
    """Yield the numbered lines of a quote.

    Raises:
        SourceError: The file is no PDF that can be read, is protected, or holds no numbered line.
    """
    taken = 0
    for number, text in _pages(stream):
        if not text.strip():
            yield Problem(
                position=f"page {number}",
                field="",
                message="holds no text; it may be a picture: ask for the quote as a table",
            )
            continue
        for at, row in enumerate(text.splitlines()[:MAX_LINES], start=1):
            line = _line(row, f"page {number}, line {at}")
            if line is not None:
                taken += 1
                yield line
    if not taken:
        raise SourceError(
            "no numbered line was found in the PDF; ask for the quote as CSV, XLSX or UBL"
        )


def _pages(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(f"the PDF is larger than {MAX_BYTES >> 20} MiB; a quote is smaller")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise SourceError("the PDF is protected; ask for one that is not")
        count = len(reader.pages)
    except SourceError:
        raise
    except Exception as error:  # pypdf raises what its parts raise over damaged files
        raise SourceError(f"the PDF cannot be read: {str(error)[:200]}") from error
    if count > MAX_PAGES:
        raise SourceError(f"the PDF has {count} pages; a quote has at most {MAX_PAGES}")
    for number in range(count):
        try:
            yield number + 1, reader.pages[number].extract_text()
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield number + 1, ""


def _line(row: str, position: str) -> OrderLine | None:
    found = _LINE.match(row)
    if found is None:
        return None
    text = found["text"]
    figures = _FIGURES.search(text)
    description = text[: figures.start()] if figures else text
    if not _LETTERS.search(description):
        return None
    texts = {"line": found["line"], "description": description}
    if figures and (quantity := _QUANTITY.match(figures.group())):
        texts["quantity"] = quantity["quantity"]
    return order_line(texts, position, found["line"])
