"""Undo compression while reading, and tell where a damaged or cut file stops.

What compresses is told by the first bytes, never by the name. A bomb costs time, not memory.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

import pyarrow as pa

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: RFC 1952 2.3.1: two bytes of identification, then the only method that there is.
_GZ: Final = b"\x1f\x8b\x08"
#: RFC 8878 3.1.1 and 3.1.2: a frame, and what may stand before frames and is skipped.
_ZST: Final = b"\x28\xb5\x2f\xfd"
_SKIPPED: Final = b"\x2a\x4d\x18"

#: Ours. Compressed bytes taken at once: what a damaged place can cost.
_TAKEN: Final = 1 << 14
#: Ours. zlib gives no more than this at once, however well it was packed.
_GIVEN: Final = 1 << 20
#: Ours. RFC 8878 3.1.1.2.4: blocks hold 128 KiB, so pieces of this size lose none of a cut file.
_PIECE: Final = 1 << 10
#: Enough to recognise a format by, and one read of a file.
_BUFFERED: Final = 1 << 17

_MAGIC_BYTES: Final = 4


class _DamagedError(Exception):
    """The compressed bytes end too early, or are not what they should be."""


class Packed(io.RawIOBase):
    """A stream with its compression undone; ``damage`` says what was wrong, once it was met.

    A damaged stream ends where the damage is: everything before it is given out.
    """

    def __init__(self, pieces: Iterator[bytes], packing: str) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")
        self.packing = packing
        self.damage = ""

    def readable(self) -> bool:
        """Answer yes."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the whole buffer, unless the stream ends."""
        target = memoryview(buffer).cast("B")
        done = 0
        while done < len(target):
            if not self._left and not self._take():
                break
            part = self._left[: len(target) - done]
            target[done : done + len(part)] = part
            self._left = self._left[len(part) :]
            done += len(part)
        return done

    def _take(self) -> bool:
        try:
            for piece in self._pieces:
                if piece:
                    self._left = memoryview(piece)
                    return True
        except _DamagedError as error:
            self.damage = str(error)
            self._pieces = iter(())
        return False


def open_packed(stream: BinaryIO) -> tuple[io.BufferedReader, Packed]:
    """Return ``stream`` ready to be read and peeked into, and what tells about its damage.

    ``stream`` may be a pipe. One that is not compressed passes through.
    """
    # A pipe gives what it has: the first bytes may come one by one.
    head = b""
    while len(head) < _MAGIC_BYTES and (more := stream.read(_MAGIC_BYTES - len(head))):
        head += more
    source = _Rejoined(head, stream)
    packing = _packing(head)
    raw = Packed(_READERS[packing](source), packing)
    return io.BufferedReader(raw, _BUFFERED), raw


def _packing(head: bytes) -> str:
    if head.startswith(_GZ):
        return "gz"
    if head.startswith(_ZST) or (head[1:4] == _SKIPPED and b"\x50" <= head[:1] <= b"\x5f"):
        return "zst"
    return ""


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were taken, as it was before."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        """Answer yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes; ``b""`` is the end."""
        if self._head:
            piece, self._head = self._head, b""
            return piece
        return self._rest.read(size)


def _plain(source: _Rejoined) -> Iterator[bytes]:
    while piece := source.read(_BUFFERED):
        yield piece


def _gz(source: _Rejoined) -> Iterator[bytes]:
    """Undo gzip, one member after the other (RFC 1952 2.2)."""
    engine = zlib.decompressobj(wbits=31)
    data = source.read(_TAKEN)
    while data:
        if engine.eof:
            # Tapes pad with zeros, and gzip passes over them.
            data = data.lstrip(b"\0")
            if not data:
                data = source.read(_TAKEN)
                continue
            if not data.startswith(_GZ[: len(data)]):
                raise _DamagedError("the gz data is followed by something else")
            engine = zlib.decompressobj(wbits=31)
        before = engine.copy()
        try:
            piece = engine.decompress(data, _GIVEN)
        except zlib.error as error:
            yield from _up_to_the_damage(before, data)
            raise _DamagedError(f"the gz data is damaged ({error})") from error
        yield piece
        data = engine.unconsumed_tail or engine.unused_data or source.read(_TAKEN)
    if not engine.eof:
        yield engine.flush()
        raise _DamagedError("the gz data ends too early")


def _up_to_the_damage(engine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what comes before a damaged place: all of it, where only the check sum is wrong.

    zlib gives nothing of what it took at once where something is wrong in it.
    """
    try:
        for at in range(len(data)):
            yield engine.decompress(data[at : at + 1], _GIVEN)
    except zlib.error:
        return


def _zst(source: _Rejoined) -> Iterator[bytes]:
    try:
        engine = pa.CompressedInputStream(pa.PythonFile(source, "r"), "zstd")
        while piece := engine.read(_PIECE):
            yield piece
    except (OSError, pa.ArrowException, MemoryError) as error:
        early = "Truncated" in str(error)
        what = "ends too early" if early else f"is damaged ({str(error)[:200]})"
        raise _DamagedError(f"the zst data {what}") from error


_READERS: Final[dict[str, Callable[[_Rejoined], Iterator[bytes]]]] = {
    "": _plain,
    "gz": _gz,
    "zst": _zst,
}
