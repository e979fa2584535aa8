"""Split a byte stream into lines, never holding more than one bounded line and one chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, NamedTuple

#: How much is read at once.
CHUNK_BYTES: Final = 1 << 20

#: A longer line is skipped and named. Raw web pages in observation files stay well below.
MAX_LINE_BYTES: Final = 1 << 20


class LineBlock(NamedTuple):
    """Whole lines, each ended by a line feed, the last one of the stream perhaps not."""

    first: int
    data: bytes


class LongLine(NamedTuple):
    """A line that was too long to take; its bytes were not kept."""

    number: int
    size: int


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream in pieces of about ``CHUNK_BYTES``, also from a pipe that gives less."""
    while True:
        parts: list[bytes] = []
        size = 0
        while size < CHUNK_BYTES and (part := stream.read(CHUNK_BYTES - size)):
            parts.append(part)
            size += len(part)
        if not parts:
            return
        yield b"".join(parts)


def line_blocks(
    pieces: Iterable[bytes], limit: int = MAX_LINE_BYTES
) -> Iterator[LineBlock | LongLine]:
    """Yield the lines of ``pieces`` in blocks; each piece is at most ``CHUNK_BYTES`` long.

    ``limit`` is the length of the longest line that is taken, at least ``CHUNK_BYTES``.
    """
    splitter = _Splitter(limit)
    for piece in pieces:
        yield from splitter.feed(piece)
    yield from splitter.end()


class _Splitter:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._number = 1
        self._tail = b""
        #: Bytes of an over-long line that have gone by, or 0.
        self._skipped = 0

    def feed(self, piece: bytes) -> Iterator[LineBlock | LongLine]:
        if self._skipped:
            cut = piece.find(b"\n")
            if cut < 0:
                self._skipped += len(piece)
                return
            yield self._long(self._skipped + cut)
            self._skipped, piece = 0, piece[cut + 1 :]
        end = piece.rfind(b"\n") + 1
        if end:
            yield from self._whole(self._tail + piece[:end])
            self._tail = piece[end:]
        else:
            self._tail += piece
        if len(self._tail) > self._limit:
            self._skipped, self._tail = len(self._tail), b""

    def _whole(self, data: bytes) -> Iterator[LineBlock | LongLine]:
        # Only the first line can be too long: the others came in one piece.
        first_end = data.find(b"\n")
        if first_end > self._limit:
            yield self._long(first_end)
            data = data[first_end + 1 :]
        if data:
            yield LineBlock(self._number, data)
            self._number += data.count(b"\n")

    def _long(self, size: int) -> LongLine:
        self._number += 1
        return LongLine(self._number - 1, size)

    def end(self) -> Iterator[LineBlock | LongLine]:
        if self._skipped:
            yield self._long(self._skipped)
        elif self._tail:
            yield LineBlock(self._number, self._tail)
