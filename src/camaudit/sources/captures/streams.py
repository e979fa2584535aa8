"""Put together the first bytes of each direction of a TCP connection, and no more of it.

1. Segments are put in order by sequence number, whatever was sent twice or in the wrong order. What
   is missing ends what is handed on: nothing is guessed.
2. A direction ends when its first ``MAX_STREAM_BYTES`` are there, when it is closed, when others
   need its place, or with the capture.
3. Packets past that are passed over a chunk at a time, so that video costs next to nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

import numpy as np

from .addresses import moment, text_of
from .datagrams import mac_bytes, of_ports
from .flows import HOUR, Flows
from .grouping import group
from .network import TCP, Packets
from .payload import MAX_STREAM_BYTES, Payload
from .watching import Passive
from .window import Bits, Chunk, Whole, Words

#: Ours. Directions that are remembered, and bytes that they may hold together.
MAX_DIRECTIONS: Final = 1 << 15
MAX_HELD_BYTES: Final = 16 << 20
#: Ours. Pieces that one direction may come in; single bytes would be as many.
_MAX_PIECES: Final = 4096
#: Ours. Segments that are numbers of Python at once: of each these take half a KiB.
_AT_ONCE: Final = 1 << 12
#: A direction that is this far past its start will not send its first bytes again.
_PASSED: Final = MAX_STREAM_BYTES + (1 << 17)

_LEAST_TCP: Final = 20
_FIN, _SYN, _RST = 0x01, 0x02, 0x04
_SEQUENCE: Final = 0xFFFFFFFF
#: What a chunk does not know of a direction.
_UNKNOWN, _DONE = -1, -2
#: Bytes that tell what begins; shorter beginnings wait for more.
_TELLING: Final = 8
_BEGINNINGS: Final = (
    *(b"HTTP/", b"RTSP/", b"SSH-"),
    *(b"GET ", b"POST ", b"PUT ", b"HEAD ", b"OPTIONS ", b"DELETE ", b"PATCH ", b"CONNECT "),
    *(b"NOTIFY ", b"M-SEARCH ", b"SUBSCRIBE ", b"UNSUBSCRIBE "),
    *(b"DESCRIBE ", b"SETUP ", b"PLAY ", b"PAUSE ", b"TEARDOWN ", b"ANNOUNCE ", b"RECORD "),
    *(b"GET_PARAMETER ", b"SET_PARAMETER ", b"REDIRECT "),
    # RFC 8446 5.1: a handshake record of any version so far
    *(bytes((22, 3, minor)) for minor in range(5)),
)


class _Direction:
    """The start of one direction, as far as it was seen."""

    __slots__ = ("about", "base", "closing", "first", "held", "known", "pieces")

    def __init__(self, base: int, about: tuple[int, ...], *, known: bool) -> None:
        self.base, self.about = base, about
        #: By their place in the stream.
        self.pieces: dict[int, bytes] = {}
        self.held = 0
        #: Number and time of the first packet with data.
        self.first: tuple[int, int] = (0, 0)
        #: Whether any beginning is wanted here, and this is the beginning.
        self.known = known
        self.closing = False

    def add(self, place: int, data: bytes, number: int, at: int) -> int:
        """Add a piece; return how many bytes more are held."""
        data = data[: MAX_STREAM_BYTES - place]
        before = self.pieces.get(place, b"")
        if len(data) <= len(before) or len(self.pieces) >= _MAX_PIECES:
            return 0
        if not self.pieces:
            self.first = number, at
        self.pieces[place] = data
        self.held += len(data) - len(before)
        return len(data) - len(before)

    def start(self) -> bytes:
        """Return the bytes from the first one to the first that is missing."""
        if len(self.pieces) == 1:
            return self.pieces.get(0, b"")
        found = bytearray()
        for place in sorted(self.pieces):
            if place > len(found):
                break
            piece = self.pieces[place]
            if place + len(piece) > len(found):
                found += piece[len(found) - place :]
        return bytes(found[:MAX_STREAM_BYTES])


class Streams:
    """The directions of a capture whose start is not all there yet."""

    def __init__(self, passive: Passive) -> None:
        self._passive = passive
        self._wanted = of_ports(passive.tcp_ports)
        #: By their keys; ``None`` is one that is done with.
        self._table: OrderedDict[bytes, _Direction | None] = OrderedDict()
        self._held = 0

    def take(self, chunk: Chunk, packets: Packets, flows: Flows) -> None:
        """Take what a chunk has of the starts of connections."""
        tcp = (
            (packets.protocol == TCP) & ~packets.later & (packets.body + _LEAST_TCP <= packets.end)
        )
        rows = np.flatnonzero(tcp)
        if not len(rows):
            return
        order, starts = group(flows.keys[:HOUR, rows], flows.hashed[rows])
        rows = rows[order]
        segments = _Segments(chunk, packets, rows, starts)
        self._take(chunk, packets, segments, flows.keys[:HOUR, rows[starts]])

    def close(self) -> None:
        """Hand on everything that is left."""
        for key in list(self._table):
            self._end(key)

    def _take(self, chunk: Chunk, packets: Packets, segments: _Segments, keys: Words) -> None:
        names, bases = self._known(segments, keys)
        chosen = segments.choose(bases)
        touched: dict[int, None] = {}
        columns = segments.columns(packets, chosen)
        memory = chunk.memory
        for which, flags, place, base, begin, end, number, at, *about in columns:
            found = self._found(names[which], flags, base, about)
            if found is None:
                continue
            touched[which] = None
            if begin < end and place < MAX_STREAM_BYTES:
                data = memory[begin : min(end, begin + MAX_STREAM_BYTES)].tobytes()
                self._held += found.add(place, data, number, at)
            found.closing |= flags & (_FIN | _RST) > 0
        for which in touched:
            self._settle(names[which], bool(segments.passed[which]))
        while self._table and (len(self._table) > MAX_DIRECTIONS or self._held > MAX_HELD_BYTES):
            self._end(next(iter(self._table)))

    def _known(self, segments: _Segments, keys: Words) -> tuple[dict[int, bytes], Whole]:
        """Return the key of each direction that matters, and the sequence number of its start."""
        bases = np.full(keys.shape[1], _DONE, np.int64)
        names: dict[int, bytes] = {}
        matters = np.flatnonzero(segments.matters)
        rows = np.ascontiguousarray(keys[:, matters].T)
        table = self._table
        for which, row in zip(matters.tolist(), rows, strict=True):
            name = row.tobytes()
            names[which] = name
            found = table.get(name)
            if found is not None:
                bases[which] = found.base
            elif name not in table:
                bases[which] = _UNKNOWN
        return names, bases

    def _found(self, name: bytes, flags: int, base: int, about: list[int]) -> _Direction | None:
        """Return the direction that a segment belongs to; ``None`` for one that is done with."""
        found = self._table.get(name)
        if flags & _SYN == 0:
            if found is None and name not in self._table:
                return self._open(name, base, about, known=False)
            return found
        if found is not None:
            if found.base == base:
                return found
            self._end(name)
        return self._open(name, base, about, known=True)

    def _open(self, name: bytes, base: int, about: list[int], *, known: bool) -> _Direction:
        wanted = bool(self._wanted[about[7]] or self._wanted[about[8]])
        direction = _Direction(base, tuple(about), known=known and wanted)
        self._table.pop(name, None)
        self._table[name] = direction
        return direction

    def _settle(self, name: bytes, passed: bool) -> None:  # noqa: FBT001
        """End a direction that is whole, closed, or nothing for us."""
        found = self._table.get(name)
        if found is None:
            return
        begins = found.pieces.get(0, b"")
        nothing = not found.known and len(begins) >= _TELLING and not _telling(begins)
        if nothing:
            self._forget(name, found)
        elif found.closing or passed or found.held >= MAX_STREAM_BYTES:
            self._end(name, stays=True)

    def _forget(self, name: bytes, found: _Direction) -> None:
        self._held -= found.held
        self._table[name] = None

    def _end(self, name: bytes, *, stays: bool = False) -> None:
        """Hand on what there is of a direction; ``stays`` remembers that it was done."""
        found = self._table[name] if stays else self._table.pop(name)
        if found is None:
            return
        if stays:
            self._table[name] = None
        self._held -= found.held
        data = found.start()
        if data and (found.known or _telling(data)):
            mac, peer_mac, high, low, to_high, to_low, six, port, peer_port = found.about
            number, at = found.first
            self._passive.take(
                Payload(
                    mac=mac_bytes(mac),
                    peer_mac=mac_bytes(peer_mac),
                    source=text_of(high, low, bool(six)),
                    target=text_of(to_high, to_low, bool(six)),
                    protocol=TCP,
                    source_port=port,
                    target_port=peer_port,
                    at=moment(at),
                    position=number,
                    data=data,
                )
            )


def _telling(data: bytes) -> bool:
    return data.startswith(_BEGINNINGS)


class _Segments:
    """The TCP segments of a chunk, those of one direction together and in the file's order."""

    def __init__(self, chunk: Chunk, packets: Packets, rows: Whole, starts: Whole) -> None:
        octets, body = chunk.octets, packets.body[rows]
        self._rows, self._starts = rows, starts
        self._flags = packets.flags[rows]
        self._sequence = octets.four(body + 4)
        self._end = packets.end[rows]
        self._begin = np.minimum(body + (octets.one(body + 12) >> 4) * 4, self._end)
        self._syn: Bits = self._flags & _SYN > 0
        self._data: Bits = self._begin < self._end
        self._which = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
        #: Whether a direction has a SYN or data, and whether it is past its start.
        self.matters: Bits = np.logical_or.reduceat(self._syn | self._data, starts)
        self.passed: Bits = np.zeros(len(starts), np.bool_)
        self._place = self._base = np.zeros(0, np.int64)

    def choose(self, bases: Whole) -> Whole:
        """Return the segments that belong to the start of a direction, in the file's order."""
        count = len(self._rows)
        number = np.arange(count)
        # one that is not known, and does not begin here, is taken from its first data on
        first = np.minimum.reduceat(np.where(self._data, number, count - 1), self._starts)
        bases = np.where(bases == _UNKNOWN, self._sequence[first], bases)
        begins = self._syn.copy()
        begins[self._starts] = True
        source = np.maximum.accumulate(np.where(begins, number, 0))
        base = np.where(
            self._syn[source], self._sequence[source] + 1 & _SEQUENCE, bases[self._which]
        )
        self._base = base
        self._place = (self._sequence + self._syn - base) & _SEQUENCE
        live = base >= 0
        near = self._data & (self._place < MAX_STREAM_BYTES)
        last = self._flags & (_FIN | _RST) > 0
        far = live & self._data & (self._place > _PASSED) & (self._place < 1 << 31)
        self.passed = np.logical_or.reduceat(far, self._starts)
        chosen = np.flatnonzero(live & (near | last | self._syn) & self.matters[self._which])
        return chosen[np.argsort(self._rows[chosen], kind="stable")]

    def columns(self, packets: Packets, chosen: Whole) -> Iterator[tuple[int, ...]]:
        """Yield which direction, flags, place, base, data, packet and addresses of each."""
        for start in range(0, len(chosen), _AT_ONCE):
            part = chosen[start : start + _AT_ONCE]
            rows = self._rows[part]
            columns = (
                *(self._which[part], self._flags[part], self._place[part], self._base[part]),
                *(self._begin[part], self._end[part], packets.number[rows], packets.at[rows]),
                *(packets.mac[rows], packets.peer_mac[rows]),
                *(packets.source_high[rows], packets.source_low[rows]),
                *(packets.target_high[rows], packets.target_low[rows], packets.six[rows]),
                *(packets.source_port[rows], packets.target_port[rows]),
            )
            yield from zip(*(column.tolist() for column in columns), strict=True)
