"""A file seen through a window of fixed size, and the packets that lie in it.

No file, however long, costs more memory than the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Words = NDArray[np.uint64]
Bits = NDArray[np.bool_]

#: Ours. Long enough that work on whole arrays outweighs the calls, short enough for caches.
WINDOW_BYTES: Final = 4 << 20
#: Ours. What is read more at a time where a record is longer than that.
_MORE: Final = 1 << 16
#: Bytes after the last one of a window that may be read (and are then not used): the fixed part of
#: every header, beyond a place that was itself found within a packet.
PADDING: Final = 512
#: Ours. The longest that a record or block may say it is, which is libpcap's limit for blocks.
MAX_BLOCK_BYTES: Final = 16 << 20
#: libpcap and Wireshark hold no packet longer than this (MAXIMUM_SNAPLEN).
MAX_PACKET_BYTES: Final = 1 << 18


class Octets:
    """Numbers at many places of a buffer at once; the places need no alignment."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._one = data
        self._two = _view(data, ">u2")
        self._four = _view(data, ">u4")
        self._eight = _view(data, ">u8")
        self._four_little = _view(data, "<u4")

    def one(self, at: Whole) -> Whole:
        """Return the octets at these places."""
        return self._one[at].astype(np.int64)

    def two(self, at: Whole) -> Whole:
        """Return the 16-bit numbers that begin at these places, in network order."""
        return self._two[at].astype(np.int64)

    def four(self, at: Whole, *, little: bool = False) -> Whole:
        """Return the 32-bit numbers that begin at these places."""
        return (self._four_little if little else self._four)[at].astype(np.int64)

    def eight(self, at: Whole) -> Words:
        """Return the 64-bit numbers that begin at these places, in network order."""
        return self._eight[at].astype(np.uint64)

    def every_four(self, start: int, end: int, *, little: bool) -> Whole:
        """Return the 32-bit number at each place from ``start`` to before ``end``."""
        return (self._four_little if little else self._four)[start:end].astype(np.int64)


def _view(data: NDArray[np.uint8], kind: str) -> NDArray[np.unsignedinteger]:
    word = np.dtype(kind)
    return np.ndarray((len(data) - word.itemsize + 1,), word, data, strides=(1,))


@dataclass(slots=True, kw_only=True)
class Chunk:
    """Packets of one stretch of a file; valid until the next one is asked for.

    ``start`` and ``kept`` say where the captured bytes of each packet lie in the window, ``wire``
    how long it was, ``at`` its time in microseconds since 1970, ``link`` its link type (-1: not
    known). ``first`` is the number of the first packet, from 1.
    """

    octets: Octets
    memory: memoryview
    first: int
    start: Whole
    kept: Whole
    wire: Whole
    at: Whole
    link: Whole

    def __len__(self) -> int:
        return len(self.start)

    @property
    def numbers(self) -> Whole:
        """Return the packets' numbers in the file."""
        return np.arange(self.first, self.first + len(self.start), dtype=np.int64)


class Window:
    """Bytes ``at`` to ``end`` of a buffer that moves along a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        # room for what was kept of the window before: less than one whole block. What is not used
        # of it is never touched, so costs no memory.
        buffer = np.empty(WINDOW_BYTES + MAX_BLOCK_BYTES + PADDING, np.uint8)
        self.memory = memoryview(buffer)  # type: ignore[arg-type]
        self.octets = Octets(buffer)
        self.at = self.end = 0
        #: Where in the file the buffer begins.
        self.origin = 0
        self.ended = False

    @property
    def left(self) -> int:
        """Return how many bytes lie before the end of the window."""
        return self.end - self.at

    def place(self, at: int) -> str:
        """Say where in the file a place of the buffer is."""
        return f"byte {self.origin + at}"

    def fill(self) -> bool:
        """Move ``at`` to the front and read on; tell whether anything came."""
        left = self.left
        if self.at:
            self.memory[:left] = self.memory[self.at : self.end]
            self.origin += self.at
            self.at, self.end = 0, left
        # one record may be longer than the window
        limit = WINDOW_BYTES if left < WINDOW_BYTES else left + _MORE
        while self.end < limit and not self.ended:
            count = _read_into(self._stream, self.memory[self.end : limit])
            self.ended = count == 0
            self.end += count
        return self.end > left

    def need(self, size: int) -> bool:
        """Have ``size`` bytes from ``at`` in the window; tell whether there are so many."""
        while self.left < size and not self.ended:
            self.fill()
        return self.left >= size


def _read_into(stream: BinaryIO, target: memoryview) -> int:
    readinto = getattr(stream, "readinto", None)
    if readinto is not None:
        return int(readinto(target) or 0)
    piece = stream.read(len(target))
    target[: len(piece)] = piece
    return len(piece)
