"""Read classic capture files: micro- and nanoseconds, both byte orders.

The form is that of draft-ietf-opsawg-pcap: a header of 24 bytes, then for each packet its seconds,
fraction, captured and real length. Nothing marks where a record begins, so a damaged length is
noticed by what follows it, and the next run of headers that agree is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

import numpy as np

from .damage import Tally
from .window import MAX_PACKET_BYTES, Bits, Chunk, Octets, Whole, Window

_FILE_HEADER: Final = 24
_HEADER: Final = 16
#: The magic number as it lies in the file: little endian?, ticks in a second.
MAGICS: Final = {
    b"\xd4\xc3\xb2\xa1": (True, 1_000_000),
    b"\xa1\xb2\xc3\xd4": (False, 1_000_000),
    b"\x4d\x3c\xb2\xa1": (True, 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (False, 1_000_000_000),
}
#: The upper bits of the link type say how long the frame check sequence is.
_LINK_BITS: Final = 0xFFFF
#: Ours. A packet longer than this on the wire is none (jumbograms are not sent on these links).
_MAX_WIRE: Final = 16 << 20
_MICRO: Final = 1_000_000
_TEN_YEARS_S: Final = 10 * 366 * 86400
_YEAR_S: Final = 366 * 86400
#: Ours. How far a search for the next record looks at first and at most, and headers that must
#: then agree.
_LOOKED: Final = 1 << 12
_SEARCHED: Final = 1 << 20
_AGREEING: Final = 3
_MAX_CANDIDATES: Final = 256
#: Ours. Searches in one file; where more are needed the rest is noise.
MAX_SEARCHES: Final = 1000

CUT: Final = "the file ends within a record"
ABSURD: Final = "records whose header cannot be right"
PASSED_OVER: Final = "bytes passed over to find the next record"
LONGER: Final = "records that keep more than the packet had"
FRACTION: Final = "times with more than a second in their fraction"
GIVEN_UP: Final = "the rest of the file was not read: too much of it is damaged"


def read_pcap(window: Window, tally: Tally) -> Iterator[Chunk]:
    """Yield the packets of the file that ``window`` shows from its magic number on."""
    if not window.need(_FILE_HEADER):
        tally.count(CUT, window.place(window.at))
        return
    little, unit = MAGICS[bytes(window.memory[window.at : window.at + 4])]
    link = Struct("<I" if little else ">I").unpack_from(window.memory, window.at + 20)[0]
    window.at += _FILE_HEADER
    yield from _Records(window, tally, little, unit, link & _LINK_BITS).chunks()


class Headers(NamedTuple):
    """Where records begin, and what their headers say."""

    start: Whole
    seconds: Whole
    fraction: Whole
    kept: Whole
    wire: Whole


class _Records:
    """The records of one file, window after window."""

    def __init__(self, window: Window, tally: Tally, little: bool, unit: int, link: int) -> None:  # noqa: FBT001
        self._window, self._tally = window, tally
        self._little, self._unit, self._link = little, unit, link
        self._unpack = Struct("<4I" if little else ">4I").unpack_from
        self._length = Struct("<I" if little else ">I").unpack_from
        #: Seconds of the last record; ``None`` before the first.
        self._last: int | None = None
        self._number = 1
        self._searches = 0

    def chunks(self) -> Iterator[Chunk]:
        """Yield the packets of each window."""
        window = self._window
        while window.need(_HEADER):
            starts, broken = self._walk()
            headers = self._headers(np.array(starts, np.int64))
            headers, broken = self._checked(headers, broken)
            if len(headers.start):
                yield self._chunk(headers)
            if broken is not None:
                self._tally.hide(ABSURD, window.place(broken))
                self._searches += 1
                if self._searches > MAX_SEARCHES:
                    self._tally.hide(GIVEN_UP, window.place(broken))
                    return
                self._find_next(broken, headers.start)
            elif not window.fill() and not self._found_in_rest():
                break
        if window.left:
            self._tally.count(CUT, window.place(window.at))

    def _walk(self) -> tuple[list[int], int | None]:
        """Return where records begin, and where one begins that cannot be that long.

        This loop is the only one that runs for each packet, so it does as little as it can.
        """
        window, length = self._window, self._length
        memory, at, last = window.memory, window.at, window.end - _HEADER
        starts: list[int] = []
        add, most = starts.append, MAX_PACKET_BYTES
        broken = None
        while at <= last:
            (kept,) = length(memory, at + 8)
            if kept > most:
                broken = at
                break
            add(at)
            at += kept + _HEADER
        if at > window.end:
            at = starts.pop()
        window.at = at
        return starts, broken

    def _checked(self, headers: Headers, broken: int | None) -> tuple[Headers, int | None]:
        """Cut the headers before the first that is empty, or wrong in two ways at once."""
        if not len(headers.start):
            return headers, broken
        seconds = headers.seconds
        before = np.empty_like(seconds)
        before[0] = seconds[0] if self._last is None else self._last
        before[1:] = seconds[:-1]
        wrong = (np.abs(seconds - before) > _TEN_YEARS_S).astype(np.int8)
        wrong += headers.fraction >= self._unit
        wrong += (headers.wire < headers.kept) | (headers.wire > _MAX_WIRE)
        # a record without a byte may be one; a run of zeros is a hole in the file
        empty = (headers.kept == 0) & (headers.wire == 0)
        bad = np.flatnonzero((wrong > 1) | empty)
        self._tell_odd(headers, int(bad[0]) if len(bad) else len(wrong))
        if not len(bad):
            self._last = int(seconds[-1])
            return headers, broken
        first = int(bad[0])
        if first:
            self._last = int(seconds[first - 1])
        return Headers(*(column[:first] for column in headers)), int(headers.start[first])

    def _tell_odd(self, headers: Headers, count: int) -> None:
        """Count what is wrong in one way only: the packet is kept all the same."""
        for what, odd in (
            (LONGER, headers.wire[:count] < headers.kept[:count]),
            (FRACTION, headers.fraction[:count] >= self._unit),
        ):
            where = np.flatnonzero(odd)
            if len(where):
                place = self._window.place(int(headers.start[where[0]]))
                self._tally.count(what, place, len(where))

    def _headers(self, start: Whole) -> Headers:
        octets, little = self._window.octets, self._little
        return Headers(start, *(octets.four(start + at, little=little) for at in (0, 4, 8, 12)))

    def _chunk(self, headers: Headers) -> Chunk:
        micros = headers.fraction // (self._unit // _MICRO)
        chunk = Chunk(
            octets=self._window.octets,
            memory=self._window.memory,
            first=self._number,
            start=headers.start + _HEADER,
            kept=headers.kept,
            wire=np.maximum(headers.wire, headers.kept),
            at=headers.seconds * _MICRO + micros,
            link=np.full(len(headers.start), self._link, np.int64),
        )
        self._number += len(headers.start)
        return chunk

    def _found_in_rest(self) -> bool:
        """Look for records in the bytes of a last one that is too long for the file.

        It may have been cut with the file, and then there are none; or its length is wrong.
        """
        window, start = self._window, self._window.at
        end = window.end - _HEADER
        while start + 1 < end:
            place = self._search(start + 1, min(start + 1 + _SEARCHED, end))
            if place is not None:
                self._tally.hide(ABSURD, window.place(window.at))
                self._tally.hide(PASSED_OVER, window.place(window.at), place - window.at)
                window.at = place
                return True
            start += _SEARCHED
        return False

    def _find_next(self, broken: int, found: Whole) -> None:
        """Move the window to the next record after a broken one, or to the end of the file."""
        window = self._window
        # the record before may be the one whose length is wrong, and hold others
        window.at = int(found[-1]) + _HEADER + 1 if len(found) else broken + 1
        start, step = window.origin + broken, _LOOKED
        while True:
            window.need(step + _AGREEING * (_HEADER + MAX_PACKET_BYTES))
            end = min(window.at + step, window.end - _HEADER)
            place = self._search(window.at, end) if end > window.at else None
            if place is not None:
                window.at = place
                break
            window.at = max(window.at, end)
            if window.ended and window.left <= _HEADER:
                window.at = window.end
                break
            step = min(step * 4, _SEARCHED)
        skipped = window.origin + window.at - start
        self._tally.hide(PASSED_OVER, f"byte {start}", max(skipped, 0))

    def _search(self, start: int, end: int) -> int | None:
        octets, little = self._window.octets, self._little
        likely = _likely(octets, start, end, little, self._unit)
        if self._last is not None:
            seconds = octets.every_four(start, end, little=little)
            likely &= np.abs(seconds - self._last) <= _YEAR_S
        for place in (np.flatnonzero(likely)[:_MAX_CANDIDATES] + start).tolist():
            if self._agree(place):
                return int(place)
        return None

    def _agree(self, place: int) -> bool:
        """Tell whether several headers follow one another from here, or the file ends right."""
        at, last = place, self._last
        for agreeing in range(_AGREEING):
            if at + _HEADER > self._window.end:
                return self._window.ended and agreeing > 0
            seconds, fraction, kept, wire = self._unpack(self._window.memory, at)
            fits = fraction < self._unit and 0 < kept <= wire <= _MAX_WIRE
            near = last is None or abs(seconds - last) <= _YEAR_S
            if not (fits and near and kept <= MAX_PACKET_BYTES):
                return False
            at, last = at + _HEADER + kept, seconds
        return True


def _likely(octets: Octets, start: int, end: int, little: bool, unit: int) -> Bits:  # noqa: FBT001
    """Tell of each place whether a header might begin there."""
    fraction = octets.every_four(start + 4, end + 4, little=little)
    kept = octets.every_four(start + 8, end + 8, little=little)
    wire = octets.every_four(start + 12, end + 12, little=little)
    return np.asarray(
        (fraction < unit)
        & (kept > 0)
        & (kept <= MAX_PACKET_BYTES)
        & (kept <= wire)
        & (wire <= _MAX_WIRE)
    )
