"""Take JSON apart into its records: one a line, or one after the other in one large array.

What programs add around records is passed over: brackets, commas at the end of lines, the comma
after the last record.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.tables import LongLine, line_blocks
from camaudit.sources.tables.lines import chunks

#: Ours. One record is one host with all that it answered; pages in it are cut long before.
MAX_RECORD_BYTES: Final = 16 << 20

#: Ours. How far the first record is looked at to tell how the file is laid out.
_HEAD_BYTES: Final = 1 << 16

#: RFC 8259 section 7: a string has no bare line end. A quotation mark alone opens one that does
#: not end here.
_TOKEN: Final = re.compile(rb'"(?:[^"\\\n]++|\\.)*+"|["{}\n]')
_BLANK: Final = b" \t\r\n"
#: What older versions of masscan end with; it is no JSON.
_END_MARK: Final = b"{finished: 1}"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Record(NamedTuple):
    """The text of one object, and the line that it starts on."""

    line: int
    data: bytes


def looks_like(head: bytes, *names: bytes) -> bool:
    """Tell whether ``head`` is JSON whose members have all the names."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(_BLANK)[:1]
    return start in (b"{", b"[") and all(
        re.search(rb'"%s"\s{0,8}:' % re.escape(name), head) for name in names
    )


def json_records(stream: BinaryIO) -> Iterator[Record | Problem]:
    """Yield the records of a file.

    Raises:
        SourceError: The file is empty, UTF-16, or no JSON from its first byte.
    """
    head = b""
    while len(head) < _HEAD_BYTES and (piece := stream.read(_HEAD_BYTES - len(head))):
        head += piece
    if head.startswith(_UTF16):
        raise SourceError("the file is UTF-16; save it as UTF-8 (JSON is UTF-8)")
    head = head.removeprefix(codecs.BOM_UTF8)
    start = head.lstrip(_BLANK)
    if not start:
        raise SourceError("the file holds no record")
    if not start.startswith((b"{", b"[")):
        raise SourceError("the file is not JSON: it starts with neither a brace nor a bracket")
    pieces = _rejoined(head, stream)
    yield from _by_line(pieces) if _one_a_line(start) else _by_brace(pieces)


def _rejoined(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    yield from chunks(stream)


def _one_a_line(start: bytes) -> bool:
    """Tell whether each record stands on a line of its own."""
    if start.startswith(b"["):
        start = start[1:].lstrip(b" \t\r")
        if not start.startswith(b"\n"):
            return False
    line, end, _ = start.lstrip(b"\n\r\t ,").partition(b"\n")
    return line.rstrip(b" \t\r,]").endswith(b"}") or (not end and line.startswith(b"{"))


def _by_line(pieces: Iterator[bytes]) -> Iterator[Record | Problem]:
    for block in line_blocks(pieces, MAX_RECORD_BYTES):
        if isinstance(block, LongLine):
            yield Problem(
                position=f"line {block.number}",
                field="",
                message=f"the record is {block.size:,} bytes long and was not read; at most "
                f"{MAX_RECORD_BYTES:,} are",
            )
            continue
        for number, line in enumerate(block.data.split(b"\n"), block.first):
            data = line.strip(b" \t\r,").removeprefix(b"[").strip(b" \t\r,")
            if data.startswith(b"{"):
                data = data.rstrip(b" ],")
            if data.strip(b" ]") and data != _END_MARK:
                yield Record(number, data)


def _by_brace(pieces: Iterator[bytes]) -> Iterator[Record | Problem]:
    splitter = _Braces()
    for piece in pieces:
        yield from splitter.feed(piece)
        if splitter.stopped:
            return
    if splitter.depth or splitter.waits:
        yield splitter.problem("the file is cut off here")


class _Braces:
    """Find where records begin and end by counting braces outside of strings."""

    def __init__(self) -> None:
        self.depth = 0
        self.stopped = False
        #: Whether a string has begun that did not end yet.
        self.waits = False
        self._line = self._first = 1
        #: From the start of the record that is open, or from what was not looked at yet.
        self._data = b""
        self._at = 0

    def feed(self, piece: bytes) -> Iterator[Record | Problem]:
        """Yield the records that end in ``piece``; after a problem no more is taken."""
        self._data += piece
        self.waits = False
        start, at = (0, self._at) if self.depth else (self._at, self._at)
        while not self.stopped and (found := _TOKEN.search(self._data, at)):
            token, at = found[0], found.end()
            if token == b'"':
                at, self.waits = found.start(), True
                break
            if token == b"{" and not self.depth:
                start, self._first = found.start(), self._line
            yield from self._count(token)
            if token == b"}" and not self.depth and not self.stopped:
                yield Record(self._first, self._data[start:at])
        yield from self._keep(start, at if self.waits else len(self._data))

    def _keep(self, start: int, at: int) -> Iterator[Problem]:
        """Keep what is not finished; say so where it never will be."""
        if self.waits and b"\n" in self._data[at:]:
            yield self._stop("a text does not end on its line")
        keep = start if self.depth else at
        self._data, self._at = self._data[keep:], at - keep
        if len(self._data) > MAX_RECORD_BYTES and not self.stopped:
            yield self._stop(f"a record is longer than {MAX_RECORD_BYTES:,} bytes")

    def _count(self, token: bytes) -> Iterator[Problem]:
        if token == b"\n":
            self._line += 1
        elif token == b"{":
            self.depth += 1
        elif token == b"}" and self.depth:
            self.depth -= 1
        elif token == b"}":
            yield self._stop("a brace closes that was never opened")

    def problem(self, what: str) -> Problem:
        """Return what to say of a record that has begun and does not end."""
        return Problem(
            position=f"line {self._line}",
            field="",
            message=f"{what}; the record that starts on line {self._first} and what follows it "
            "were not read",
        )

    def _stop(self, what: str) -> Problem:
        self.stopped = True
        return self.problem(what)
