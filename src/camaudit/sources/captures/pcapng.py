"""Read pcapng captures: any byte order, several sections, interfaces and link types.

The form is that of draft-ietf-opsawg-pcapng. Every block says its length at both ends, which is how
the next block is found after damage. Sections, interfaces and statistics are read; names, secrets
and blocks of others are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from struct import Struct
from typing import Final

import numpy as np

from .damage import Tally
from .pcap import GIVEN_UP, MAX_SEARCHES
from .pcapng_packets import ENHANCED, HIDING, OLD, SIMPLE, Interface, Section, packets
from .window import MAX_BLOCK_BYTES, Chunk, Window

MAGIC: Final = b"\x0a\x0d\x0d\x0a"

_SECTION: Final = 0x0A0D0D0A
_INTERFACE, _STATISTICS = 1, 5
_PACKETS: Final = frozenset({OLD, SIMPLE, ENHANCED})
#: Blocks by which the next one is found again: those that are read, names, secrets and custom ones.
_KNOWN: Final = (_SECTION, 1, 2, 3, 4, 5, 6, 10, 0xBAD, 0x40000BAD)
#: Type, length, and the length again.
_LEAST: Final = 12
#: Each block without its options and data.
_FIXED: Final = {_SECTION: 28, _INTERFACE: 20, SIMPLE: 16, OLD: 32, _STATISTICS: 24, ENHANCED: 32}

_ORDER: Final = 0x1A2B3C4D
_ORDER_TURNED: Final = 0x4D3C2B1A
#: Options of an interface (tsresol, tsoffset) and of its statistics (ifdrop, osdrop).
_RESOLUTION, _OFFSET, _DROPPED, _DROPPED_BY_SYSTEM = 9, 14, 5, 7
_LONG: Final = 8
#: Ours. More no sensor loses in a life; a sum of such counts still fits in 64 bits.
_MOST_DROPPED: Final = 1 << 44
#: Without a resolution, times count microseconds.
_MICROSECONDS: Final = 6
#: Ours. Interfaces of a file, and options of a block, that are kept.
_MAX_INTERFACES: Final = 1 << 16
_MAX_OPTIONS: Final = 64
#: Ours. How far a search for the next block looks at first and at most.
_LOOKED: Final = 1 << 12
_SEARCHED: Final = 1 << 20
_MAX_CANDIDATES: Final = 256

CUT: Final = "the file ends within a block"
ABSURD: Final = "blocks whose length cannot be right"
DISAGREE: Final = "blocks whose two lengths disagree"
PASSED_OVER: Final = "bytes passed over to find the next block"
SHORT: Final = "blocks that are too short for what they are"


class _Stop(Enum):
    """Why passing over blocks stopped."""

    MORE = "the window ends"
    TURN = "the byte order turns"
    BROKEN = "no block begins here"


class Blocks:
    """The blocks of the file that a window shows from its first block on."""

    def __init__(self, window: Window, tally: Tally) -> None:
        self._window, self._tally = window, tally
        self._little = True
        self._set_order()
        self._interfaces: list[Interface] = []
        self._sections = [Section(0, 0)]
        self._starts: list[int] = []
        self._number, self._last = 1, 0
        self._drops: dict[tuple[int, int], int] = {}
        self._old_drops: int | None = None

    @property
    def lost(self) -> int | None:
        """Return how many packets the sensor says it lost so far; ``None``: it says nothing."""
        return sum(self._drops.values()) if self._drops else self._old_drops

    def chunks(self) -> Iterator[Chunk]:
        """Yield the packets of each window, in the order of the file."""
        window, searches = self._window, 0
        while window.need(_LEAST):
            stop = self._walk()
            yield from self._flush()
            if stop is _Stop.MORE and not window.fill():
                break
            if stop is _Stop.TURN:
                self._little = not self._little
                self._set_order()
            elif stop is _Stop.BROKEN:
                self._tally.hide(ABSURD, window.place(window.at))
            searches += stop is not _Stop.MORE
            if searches > MAX_SEARCHES:
                self._tally.hide(GIVEN_UP, window.place(window.at))
                return
            if stop is _Stop.BROKEN:
                self._find_next()
        if window.left:
            self._tally.count(CUT, window.place(window.at))

    def _set_order(self) -> None:
        mark = "<" if self._little else ">"
        self._words = Struct(f"{mark}2I").unpack_from
        self._word = Struct(f"{mark}I").unpack_from
        self._shorts = Struct(f"{mark}2H").unpack_from
        self._long = Struct(f"{mark}Q").unpack_from
        self._signed = Struct(f"{mark}q").unpack_from

    def _walk(self) -> _Stop:
        """Pass over the whole blocks of the window."""
        window, words, add = self._window, self._words, self._starts.append
        buffer, at, end = window.memory, window.at, window.end
        stop = _Stop.MORE
        while at + _LEAST <= end:
            kind, length = words(buffer, at)
            if kind == _SECTION and (turned := self._turned(at)) is not None:
                stop = turned
                break
            if length < _LEAST or length & 3 or length > MAX_BLOCK_BYTES:
                stop = _Stop.BROKEN
                break
            if at + length > end:
                break
            if kind == ENHANCED and length >= _FIXED[ENHANCED]:
                add(at)
            else:
                self._take(kind, at, length)
            at += length
        window.at = at
        return stop

    def _turned(self, at: int) -> _Stop | None:
        """Tell whether the section that begins here is in the other byte order, or is none."""
        (order,) = self._word(self._window.memory, at + 8)
        if order == _ORDER:
            return None
        return _Stop.TURN if order == _ORDER_TURNED else _Stop.BROKEN

    def _take(self, kind: int, at: int, length: int) -> None:
        """Take one whole block that is no enhanced packet."""
        if length < _FIXED.get(kind, _LEAST):
            self._tally.hide(SHORT, self._window.place(at))
            return
        if kind in _PACKETS:
            self._starts.append(at)
            return
        end = at + length - 4
        if self._word(self._window.memory, end)[0] != length:
            self._tally.hide(DISAGREE, self._window.place(at))
        if kind == _SECTION:
            self._sections.append(Section(len(self._starts), len(self._interfaces)))
        elif kind == _INTERFACE and len(self._interfaces) < _MAX_INTERFACES:
            self._interfaces.append(self._interface(at, end))
        elif kind == _STATISTICS:
            self._statistics(at, end)

    def _options(self, at: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield code, place and length of the options up to ``end``."""
        for _ in range(_MAX_OPTIONS):
            if at + 4 > end:
                return
            code, length = self._shorts(self._window.memory, at)
            if not code or at + 4 + length > end:
                return
            yield code, at + 4, length
            at += 4 + (length + 3 & ~3)

    def _interface(self, at: int, end: int) -> Interface:
        buffer = self._window.memory
        (link, _), (snap,) = self._shorts(buffer, at + 8), self._word(buffer, at + 12)
        resolution, offset = _MICROSECONDS, 0
        for code, place, length in self._options(at + 16, end):
            if code == _RESOLUTION and length == 1:
                resolution = buffer[place]
            elif code == _OFFSET and length == _LONG:
                (offset,) = self._signed(buffer, place)
        return Interface(link, snap, resolution, offset)

    def _statistics(self, at: int, end: int) -> None:
        """Keep the last word on what an interface lost: its counts run from the start."""
        number = self._sections[-1].base + self._word(self._window.memory, at + 8)[0]
        if number >= len(self._interfaces):
            return
        for code, place, length in self._options(at + 20, end):
            if code in (_DROPPED, _DROPPED_BY_SYSTEM) and length == _LONG:
                told = self._long(self._window.memory, place)[0]
                self._drops[number, code] = min(told, _MOST_DROPPED)

    def _flush(self) -> Iterator[Chunk]:
        """Yield the packets gathered since the last time."""
        starts, sections = np.array(self._starts, np.int64), self._sections
        self._starts, self._sections = [], [Section(0, sections[-1].base)]
        if not len(starts):
            return
        found = packets(
            self._window, starts, sections, self._interfaces, self._little, self._number, self._last
        )
        for what, marked in found.damage.items():
            add = self._tally.hide_packets if what in HIDING else self._tally.count_packets
            add(what, found.chunk.numbers[marked])
        if found.drops is not None:
            self._old_drops = (self._old_drops or 0) + found.drops
        self._number += len(starts)
        self._last = int(found.chunk.at[-1])
        yield found.chunk

    def _find_next(self) -> None:
        """Move the window to the next block whose two lengths agree, or to the end of the file."""
        window, step = self._window, _LOOKED
        start = window.origin + window.at
        window.at += 4
        while True:
            window.need(step + MAX_BLOCK_BYTES // 4)
            end = min(window.at + step, window.end - _LEAST + 1)
            place = self._search(window.at, end) if end > window.at else None
            if place is not None:
                window.at = place
                break
            window.at = max(window.at, end)
            if window.ended and window.left < _LEAST:
                window.at = window.end
                break
            step = min(step * 4, _SEARCHED)
        self._tally.hide(PASSED_OVER, f"byte {start}", window.origin + window.at - start)

    def _search(self, start: int, end: int) -> int | None:
        octets = self._window.octets
        kinds = octets.every_four(start, end, little=self._little)
        lengths = octets.every_four(start + 4, end + 4, little=self._little)
        likely = np.isin(kinds, _KNOWN) & (lengths >= _LEAST) & (lengths <= MAX_BLOCK_BYTES)
        likely &= (lengths & 3) == 0
        for place in (np.flatnonzero(likely)[:_MAX_CANDIDATES] + start).tolist():
            length = self._words(self._window.memory, place)[1]
            after = place + length
            if after > self._window.end:
                continue
            if self._word(self._window.memory, after - 4)[0] == length:
                return int(place)
        return None
