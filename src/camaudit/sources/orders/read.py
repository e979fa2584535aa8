"""Recognise an order by its content and read it line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine

from . import json_lines, pdf, table, ubl

Read: TypeAlias = Iterator[OrderLine | Problem]


def read_order(stream: BinaryIO, name: str) -> Read:
    """Yield the lines of an order, in the order of the file.

    ``name`` is only shown. Where a line has no number or name of its own, its place stands for it.

    Raises:
        SourceError: The file is none of the known formats, or is damaged as a whole.
    """
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF-"):
        return pdf.read(stream)
    if start.startswith(b"<"):
        return ubl.read(stream)
    if start.startswith((b"{", b"[")):
        return json_lines.read(stream)
    return table.read(stream, name)
