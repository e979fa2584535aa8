r"""Take Zeek's files apart into rows of text by field, whichever way they are written.

TSV has a head of ``#`` lines (``#separator``, ``#set_separator``, ``#empty_field``,
``#unset_field``, ``#path``, ``#fields``, ``#types``), which comes again where files were joined.
Bytes that would break a line stand as ``\xNN``. JSON has one object a line, without unset fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.bulk import json_records
from camaudit.sources.tables import LongLine, line_blocks
from camaudit.sources.tables.lines import chunks

#: Ours. The widest log of Zeek has some 60 fields; packages add a few.
MAX_FIELDS: Final = 1024
#: Ours. Values of a vector or set that are looked at.
MAX_VALUES: Final = 256

_ESCAPED: Final = re.compile(r"\\x([0-9a-fA-F]{2})")


class Row(NamedTuple):
    """One record: its log (if the file says so), its line, and its fields that are set."""

    path: str
    line: int
    cells: Mapping[str, str]
    lists: Mapping[str, list[str]]


class _Head:
    """What the lines at the start say of those that follow."""

    def __init__(self) -> None:
        self.separator, self.within = "\t", ","
        self.unset, self.empty = "-", "(empty)"
        self.path = ""
        self.fields: list[str] = []
        self.lists: frozenset[str] = frozenset()

    def take(self, line: str) -> None:
        """Take a line that starts with ``#``; one that is not known says nothing to us."""
        if line.startswith("#separator "):
            self.separator = _plain(line.removeprefix("#separator ").strip())[:1] or "\t"
            return
        name, _, value = line.partition(self.separator)
        if name == "#fields":
            self.fields = value.split(self.separator)[:MAX_FIELDS]
        elif name == "#types":
            types = value.split(self.separator)
            self.lists = frozenset(
                field
                for field, kind in zip(self.fields, types, strict=False)
                if kind.startswith(("vector[", "set["))
            )
        else:
            self._settings(name, value)

    def _settings(self, name: str, value: str) -> None:
        if name == "#path":
            self.path, self.fields = value, []
        elif name == "#set_separator":
            self.within = _plain(value) or ","
        elif name == "#unset_field":
            self.unset = value
        elif name == "#empty_field":
            self.empty = value


def tsv_rows(stream: BinaryIO) -> Iterator[Row | Problem]:
    """Yield the rows of a tab-separated log.

    Raises:
        SourceError: It has no line ``#fields`` before its first row.
    """
    head = _Head()
    for block in line_blocks(chunks(stream)):
        if isinstance(block, LongLine):
            message = f"the line is {block.size:,} bytes long and was not read"
            yield Problem(position=f"line {block.number}", field="", message=message)
            continue
        lines = block.data.decode("utf-8", "replace").split("\n")
        for number, raw in enumerate(lines, block.first):
            line = raw.removesuffix("\r")
            if line.startswith("#"):
                head.take(line)
            elif line.strip():
                yield _row(head, line, number)


def _row(head: _Head, line: str, number: int) -> Row | Problem:
    if not head.fields:
        raise SourceError(
            f"line {number}: no line '#fields' stands above the first row; give the log as Zeek "
            "wrote it, with its head"
        )
    cells = line.split(head.separator)
    if len(cells) != len(head.fields):
        message = f"has {len(cells)} fields and not {len(head.fields)}; the row was not taken"
        return Problem(position=f"line {number}", field="", message=message)
    found: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for field, cell in zip(head.fields, cells, strict=True):
        if cell in (head.unset, ""):
            continue
        if field in head.lists:
            values = [] if cell == head.empty else cell.split(head.within, MAX_VALUES)
            lists[field] = [_plain(value) for value in values[:MAX_VALUES]]
        else:
            found[field] = "" if cell == head.empty else _plain(cell)
    return Row(head.path, number, found, lists)


def _plain(text: str) -> str:
    r"""Undo ``\xNN``."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "\\x" in text else text


def json_rows(stream: BinaryIO) -> Iterator[Row | Problem]:
    """Yield the rows of a JSON log.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    for record in json_records(stream):
        if isinstance(record, Problem):
            yield record
            continue
        where = f"line {record.line}"
        try:
            found = msgspec.json.decode(record.data)
        except (msgspec.DecodeError, RecursionError, ValueError) as error:
            yield Problem(position=where, field="", message=f"not JSON: {error}"[:200])
            continue
        if not isinstance(found, dict):
            yield Problem(position=where, field="", message="not a JSON object")
            continue
        yield _of_object(found, record.line)


def _of_object(found: Mapping[str, Any], line: int) -> Row:
    cells: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for name, value in found.items():
        if isinstance(value, list):
            lists[name] = [_text(one) for one in value[:MAX_VALUES]]
        elif value is not None and not isinstance(value, dict):
            cells[name] = _text(value)
    return Row(cells.get("_path", ""), line, cells, lists)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    # repr of a double is the shortest text that is the same double
    return f"{value:.6f}" if isinstance(value, float) else str(value)
