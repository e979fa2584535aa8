"""Recognise an order by its content and read it line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.tables.pasted import head_text

from . import json_lines, pdf, table, ubl

_HEAD_BYTES: Final = 1 << 12
#: An array of objects, or of what is refused entry by entry; "[draft]" is a cell of a table.
_JSON: Final = re.compile(r'\s*(?:\{|\[\s*(?:[\[{"\]]|\Z))')


def read_order(stream: BinaryIO, name: str) -> Iterator[OrderLine | Problem]:
    """Yield the lines of an order, a quote or a job sheet, in the order of the file.

    The stream must be seekable; ``name`` is only shown. A file without a line says so by a
    ``Problem``: an order that nothing was read of is not one that passes.

    Raises:
        SourceError: The file is none of the known formats, or cannot be read as a whole.
    """
    taken = 0
    try:
        for item in _reader(stream, name):
            taken += isinstance(item, OrderLine)
            yield item
    except SourceError as error:
        raise SourceError(f"{name}: {error}" if name else str(error)) from error
    if not taken:
        yield Problem(position="", field="", message="the file lists no line that could be read")


def _reader(stream: BinaryIO, name: str) -> Iterator[OrderLine | Problem]:
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if not head.strip():
        raise SourceError("the file is empty; export it again")
    if head.lstrip().startswith(b"%PDF-"):
        return pdf.read(stream)
    text = head_text(head)
    if text.lstrip().startswith("<"):
        return ubl.read(stream)
    if _JSON.match(text):
        return json_lines.read(stream)
    return table.read(stream, name)
