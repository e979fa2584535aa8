"""The mass of a capture: video and downloads, many thousand frames at a time.

1. A flow sends *bursts*: some large frames and a small one. All bursts of a capture have the same
   sizes, so a window's bursts are the rows of one table, sorted as rows.
2. What differs from frame to frame (identification, sequence, times of RTP) is added to the
   checksums of one ready frame (RFC 1624); media are taken from a pool whose sums are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from . import frames, hellos
from .chance import Chance
from .files import Form, Numbers, Octets
from .frames import ACK, PSH, Link

#: Large frames in a burst.
LARGE: Final = 8
#: Octets of the small frame.
SMALL_BYTES: Final = 130
#: Where media begin in every large frame: behind the longest headers (two tags, IPv6, TCP, RTP).
MEDIA_AT: Final = 100
#: The least and the most that a large frame may have.
SIZES: Final = range(160, 1515)
#: Microseconds from one frame of a burst to the next.
GAP_US: Final = 20
BURST_FRAMES: Final = LARGE + 1
BURST_US: Final = BURST_FRAMES * GAP_US
#: Pieces of media; each is in many frames.
_POOL: Final = 1024
#: RFC 3551: the clock of video, at 25 pictures a second.
_TICKS: Final = 3_600
_WORD: Final = 0xFFFFFFFF
#: An odd number, so that a flow goes through the whole pool.
_STRIDE: Final = 389


class Sort(StrEnum):
    """What a flow carries: RTP in datagrams, RTP within RTSP, or records of TLS."""

    RTP = "rtp"
    INTERLEAVED = "interleaved"
    TLS = "tls"


@dataclass(slots=True, kw_only=True)
class Flow:
    """One conversation; the mass goes from the server to the client."""

    link: Link
    #: Of the client, of the server.
    ports: tuple[int, int]
    sort: Sort
    start: int
    end: int
    #: The next octets of client and server, where it goes on from a connection.
    sent: int = 0
    back: int = 0
    #: Whether the server began it: a stream of datagrams has no opening.
    from_server: bool = False
    #: Bursts that were sent, and those of them that are in the capture.
    bursts: int = 0
    bursts_seen: int = 0
    owed: float = 0.0
    first: int | None = None
    last: int | None = None

    @property
    def packets_back(self) -> int:
        """Return the frames of its server that are in the capture."""
        return self.bursts_seen * (BURST_FRAMES if self.sort is Sort.RTP else LARGE)

    @property
    def packets_out(self) -> int:
        """Return the frames of its client that are in the capture."""
        return 0 if self.sort is Sort.RTP else self.bursts_seen


class Part(NamedTuple):
    """Some bursts of one flow: the number of its first, and when each begins."""

    flow: Flow
    number: int
    rows: Numbers


@dataclass(frozen=True, slots=True)
class _Ready:
    """One frame of a burst with everything that stays the same, and where the rest stands."""

    data: Octets
    ip_check: int | None
    check: int
    base: int
    network: int
    transport: int
    content: int


@dataclass(kw_only=True)
class Press:
    """Makes the rows of bursts."""

    form: Form
    size: int
    snaplen: int
    chance: Chance
    _ready: dict[int, tuple[_Ready, ...]] = field(default_factory=dict)
    _kept: list[Flow] = field(default_factory=list)

    @cached_property
    def media(self) -> Octets:
        """Return the pool of media."""
        count = _POOL * (self.size - MEDIA_AT)
        raw = np.random.PCG64(self.chance.number(1 << 32, "media")).random_raw(count // 8 + 1)
        return raw.astype("<u8").view(np.uint8)[:count].reshape(_POOL, -1)

    @cached_property
    def frame_columns(self) -> list[tuple[int, int, int]]:
        """Return for each frame of a burst: its column in a row, octets kept, octets sent."""
        found, column = [], 0
        for size in (*(self.size,) * LARGE, SMALL_BYTES):
            kept = min(size, self.snaplen)
            before, after = self.form.around(kept, size)
            found.append((column, kept, size))
            column += len(before) + kept + len(after)
        return found

    @cached_property
    def blank(self) -> Octets:
        """Return a row with what stands around its frames."""
        row = b""
        for _, kept, size in self.frame_columns:
            before, after = self.form.around(kept, size)
            row += before + bytes(kept) + after
        return np.frombuffer(row, np.uint8)

    def rows(self, parts: Sequence[Part], starts: Numbers) -> Octets:
        """Return a row for each burst, in the order of time."""
        table = np.empty((len(starts), len(self.blank)), np.uint8)
        table[:] = self.blank
        for number, (column, _, _) in enumerate(self.frame_columns):
            self.form.stamp(table, column, starts + number * GAP_US)
        for part in parts:
            self._fill(table, part)
        return table

    @cached_property
    def _sums(self) -> Numbers:
        total: Numbers = self.media.view(">u2").sum(axis=1, dtype=np.int64)
        return total

    def _fill(self, table: Octets, part: Part) -> None:
        flow = part.flow
        ready = self._ready.get(id(flow))
        if ready is None:
            ready = self._ready[id(flow)] = self._prepare(flow)
            self._kept.append(flow)  # so that its identity is not given to another
        bursts = part.number + np.arange(len(part.rows), dtype=np.int64)
        scratch = np.empty((len(part.rows), self.size), np.uint8)
        for number, (column, kept, size) in enumerate(self.frame_columns):
            block = scratch[:, :size]
            block[:] = ready[number].data
            added = np.zeros(len(bursts), np.int64)
            if number < LARGE:
                piece = (bursts * LARGE + number + flow.ports[0]) * _STRIDE % _POOL
                block[:, MEDIA_AT:] = self.media[piece]
                added += self._sums[piece]
            self._count(block, ready[number], flow, bursts, number, added)
            at = column + self.form.before
            table[part.rows, at : at + kept] = block[:, :kept]

    def _count(
        self, block: Octets, ready: _Ready, flow: Flow, bursts: Numbers, number: int,
        added: Numbers,
    ) -> None:  # fmt: skip
        """Write what counts up, and the checksums."""
        if ready.ip_check is not None:
            mark = (bursts * BURST_FRAMES + number) & 0xFFFF
            _put(block, ready.network + 4, mark, 2)
            _put(block, ready.network + 10, _checksum(ready.ip_check, mark), 2)
        if flow.sort is not Sort.RTP:
            for place, value in self._places(flow, bursts, number):
                added += _put(block, ready.transport + place, value & _WORD, 4)
        if flow.sort is not Sort.TLS and (number < LARGE or flow.sort is Sort.RTP):
            turn = (bursts * BURST_FRAMES + number) & 0xFFFF
            added += _put(block, ready.content + 2, turn, 2)
            added += _put(block, ready.content + 4, bursts * _TICKS & _WORD, 4)
        total = _checksum(ready.base, added)
        if flow.sort is Sort.RTP:
            total[total == 0] = 0xFFFF
        _put(block, ready.check, total, 2)

    def _places(self, flow: Flow, bursts: Numbers, number: int) -> list[tuple[int, Numbers]]:
        """Return where sequence and acknowledgement stand in TCP, and their numbers."""
        large, small = self.octets(flow)
        back = flow.back + (bursts * LARGE + min(number, LARGE)) * large
        sent = flow.sent + bursts * small
        return [(4, back), (8, sent)] if number < LARGE else [(4, sent), (8, back)]

    def octets(self, flow: Flow) -> tuple[int, int]:
        """Return what a large and a small frame carry of TCP's stream."""
        over = _network(flow) + _internet(flow) + 20
        return self.size - over, SMALL_BYTES - over

    def _prepare(self, flow: Flow) -> tuple[_Ready, ...]:
        large = self._ready_frame(flow, self.size, small=False)
        return (*(large,) * LARGE, self._ready_frame(flow, SMALL_BYTES, small=True))

    def _ready_frame(self, flow: Flow, size: int, *, small: bool) -> _Ready:
        network = _network(flow)
        transport = network + _internet(flow)
        head = 8 if flow.sort is Sort.RTP else 20
        content = self._content(flow, size - transport - head, small=small)
        content = content[: max(0, MEDIA_AT - transport - head)].ljust(len(content), b"\0")
        if small:
            content = self._content(flow, size - transport - head, small=True)
        back = flow.link.turned()
        ports = (flow.ports[1], flow.ports[0])
        if flow.sort is Sort.RTP:
            data = frames.udp(back, *ports, content)
        elif small:
            data = frames.tcp(flow.link, flow.ports, 0, 0, PSH | ACK, content)
        else:
            data = frames.tcp(back, ports, 0, 0, ACK, content)
        check = transport + (6 if flow.sort is Sort.RTP else 16)
        ip4 = _internet(flow) == 20
        return _Ready(
            data=np.frombuffer(data, np.uint8),
            ip_check=_sum_at(data, network + 10) if ip4 else None,
            check=check,
            base=_sum_at(data, check),
            network=network,
            transport=transport,
            content=transport + head + (4 if flow.sort is Sort.INTERLEAVED else 0),
        )

    def _content(self, flow: Flow, room: int, *, small: bool) -> bytes:
        noise = self.chance.octets(room, "flow", flow.ports, flow.start, small)
        stream = self.chance.octets(4, "stream", flow.ports, flow.start)
        if flow.sort is Sort.TLS:
            return hellos.record(hellos.APPLICATION, noise[: room - 5])
        if flow.sort is Sort.INTERLEAVED and small:
            # RFC 3550 6.4.2 and 6.7: a receiver's report, and something of an application, on the
            # second channel (RFC 2326 10.12)
            report = b"\x81\xc9\x00\x07" + stream + noise[:24]
            words = (room - 4 - len(report)) // 4
            report += b"\x80\xcc" + (words - 1).to_bytes(2, "big") + stream + b"LAB0"
            return (b"$\x01" + (room - 4).to_bytes(2, "big") + report).ljust(room, b"\0")
        rtp = bytes((0x80, 0x60 | (0x80 if small else 0))) + bytes(6) + stream
        # RFC 6184 5.8: a fragment of a slice
        told = rtp + b"\x7c\x05" + noise
        if flow.sort is Sort.RTP:
            return told[:room]
        return b"$\x00" + (room - 4).to_bytes(2, "big") + told[: room - 4]


def _network(flow: Flow) -> int:
    return 14 + 4 * len(flow.link.vlans)


def _internet(flow: Flow) -> int:
    return 20 if len(flow.link.client.address) == 4 else 40


def _sum_at(data: bytes, place: int) -> int:
    """Return the sum that a checksum was made from."""
    return int.from_bytes(data[place : place + 2], "big") ^ 0xFFFF


def _put(block: Octets, column: int, values: Numbers, width: int) -> Numbers:
    """Write numbers into a column, and return what they add to a checksum."""
    octets = values.astype(f">u{width}").view(np.uint8).reshape(-1, width)
    block[:, column : column + width] = octets
    return values if width == 2 else (values >> 16) + (values & 0xFFFF)


def _checksum(base: int, added: Numbers) -> Numbers:
    total = added + base
    for _ in range(3):
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF
