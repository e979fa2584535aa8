"""Two forms of capture files, as they are written: pcap, and pcapng.

Offsets are those of draft-ietf-opsawg-pcap (classic, microseconds, Ethernet) and
draft-ietf-opsawg-pcapng (one section, one interface; statistics of the interface now and then).
"""

from __future__ import annotations

import struct
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

Octets = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

_ETHERNET: Final = 1
_MILLION: Final = 1_000_000


class Form(Protocol):
    """How one form of file lays out its records."""

    #: Octets before the frame, and the sum of those and what follows it.
    before: int

    def header(self, snaplen: int) -> bytes:
        """Return how the file begins."""

    def around(self, kept: int, size: int) -> tuple[bytes, bytes]:
        """Return what stands before and after a frame, without its time."""

    def stamp(self, rows: Octets, column: int, at: Numbers) -> None:
        """Write the times of records that begin at a column of each row."""

    def statistics(self, at: int, received: int, dropped: int, /) -> bytes:
        """Return what tells how much the sensor took and lost; nothing where there is no place."""


class Classic:
    """pcap."""

    before = 16

    def header(self, snaplen: int) -> bytes:
        """Return the header of the file."""
        return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snaplen, _ETHERNET)

    def around(self, kept: int, size: int) -> tuple[bytes, bytes]:
        """Return the header of a record."""
        return struct.pack("<IIII", 0, 0, kept, size), b""

    def stamp(self, rows: Octets, column: int, at: Numbers) -> None:
        """Write seconds and microseconds."""
        rows[:, column : column + 4] = _little(at // _MILLION)
        rows[:, column + 4 : column + 8] = _little(at % _MILLION)

    def statistics(self, _at: int, _received: int, _dropped: int, /) -> bytes:
        """Return nothing: there is no place for it."""
        return b""


class NextGeneration:
    """pcapng: enhanced packet blocks of one interface."""

    before = 28

    def header(self, snaplen: int) -> bytes:
        """Return the section header and the description of the interface."""
        section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
        interface = struct.pack("<HHI", _ETHERNET, 0, snaplen)
        interface += _option(2, b"pretend0") + _option(9, b"\x06") + bytes(4)
        return _block(0x0A0D0D0A, section) + _block(1, interface)

    def around(self, kept: int, size: int) -> tuple[bytes, bytes]:
        """Return the beginning of a block, and its padding and length."""
        padding = -kept % 4
        whole = self.before + kept + padding + 4
        first = struct.pack("<IIIIIII", 6, whole, 0, 0, 0, kept, size)
        return first, bytes(padding) + struct.pack("<I", whole)

    def stamp(self, rows: Octets, column: int, at: Numbers) -> None:
        """Write the time as two halves."""
        rows[:, column + 12 : column + 16] = _little(at >> 32)
        rows[:, column + 16 : column + 20] = _little(at & 0xFFFFFFFF)

    def statistics(self, at: int, received: int, dropped: int, /) -> bytes:
        """Return a block of interface statistics."""
        body = struct.pack("<III", 0, at >> 32, at & 0xFFFFFFFF)
        body += _option(4, struct.pack("<Q", received)) + _option(5, struct.pack("<Q", dropped))
        return _block(5, body + bytes(4))


def one_record(form: Form, at: int, frame: bytes, snaplen: int) -> bytes:
    """Return the record of one frame."""
    kept = min(len(frame), snaplen)
    before, after = form.around(kept, len(frame))
    row = np.frombuffer(before, np.uint8).copy().reshape(1, -1)
    form.stamp(row, 0, np.array([at], np.int64))
    return row.tobytes() + frame[:kept] + after


def _little(values: Numbers) -> Octets:
    return values.astype("<u4").view(np.uint8).reshape(-1, 4)


def _option(code: int, data: bytes) -> bytes:
    return struct.pack("<HH", code, len(data)) + data + bytes(-len(data) % 4)


def _block(kind: int, body: bytes) -> bytes:
    whole = 12 + len(body)
    return struct.pack("<II", kind, whole) + body + struct.pack("<I", whole)
