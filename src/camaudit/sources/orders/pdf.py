"""Read a quote that is a PDF with text.

A PDF knows no rows: its text is laid out in columns of characters, and the row that heads a table
is looked for as in any other table. Without one, what is numbered line by line is read. Pages that
are pictures have no text and are named: nothing is recognised in pictures.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.tables import Remarks

from . import pdf_text
from .lines import order_line
from .pdf_rows import PdfRows

#: Ours. A quote with pictures of everything in it stays below.
MAX_BYTES: Final = 32 << 20
#: Beyond the processor time that the program may take, for waiting.
_MAX_SECONDS: Final = 2 * pdf_text.MAX_CPU_SECONDS


def read(stream: BinaryIO) -> Iterator[OrderLine | Problem]:
    """Yield the lines of a quote.

    Raises:
        SourceError: The file is no PDF that can be read, or what reads PDFs is not installed.
    """
    remarks = Remarks()
    rows = PdfRows()
    for number, text in _pages(_bounded(stream), remarks):
        if text.strip():
            rows.page(number, text)
        else:
            message = "holds no text, perhaps a picture; ask for the quote as a table"
            remarks.add(f"page {number}", "", message, rejected=True)
    for position, texts in rows.found():
        line = order_line(texts, position, remarks)
        if line is not None:
            yield line
        yield from remarks.drain()
    if rows.beside:
        count = len(rows.beside)
        message = f"text beside the lines of the quote was not read ({count} times, first here)"
        remarks.add(rows.beside[0], "", message, rejected=False)
    yield from remarks.close()


def _bounded(stream: BinaryIO) -> bytes:
    if importlib.util.find_spec("pypdf") is None:
        raise SourceError(
            "reading a PDF needs the package pypdf, which is not installed: pip install pypdf, or "
            "ask for the quote as CSV, XLSX or UBL"
        )
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(f"the PDF is larger than {MAX_BYTES >> 20} MiB; a quote is smaller")
    return data


def _pages(data: bytes, remarks: Remarks) -> Iterator[tuple[int, str]]:
    told, status = _run(data)
    page = 0
    for row in told.splitlines():
        try:
            found = json.loads(row)
        except ValueError:
            break  # it was ended while it wrote
        if "error" in found:
            # Surely said, and by us: as a whole where no page came, else as where it stopped.
            if not page:
                raise SourceError(found["error"])
            message = f"{found['error']}; what follows page {page} is not read"
            remarks.add(f"page {page + 1}", "", message, rejected=True)
            return
        page = found["page"]
        yield page, found["text"]
    if status:
        message = "taking its text out needs more time or memory than a quote may take"
        if not page:
            raise SourceError(f"the PDF cannot be read: {message}; ask for it as CSV or XLSX")
        remarks.add(f"page {page + 1}", "", f"{message}; not read from here", rejected=True)


def _run(data: bytes) -> tuple[bytes, int]:
    """Return what the program wrote, and 0 if it came to its end."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, and no text of anybody else
            [sys.executable, "-I", str(Path(pdf_text.__file__))],
            input=data,
            capture_output=True,
            timeout=_MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", 1
    return done.stdout, done.returncode
