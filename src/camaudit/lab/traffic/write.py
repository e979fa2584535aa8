"""Write a capture of a site's life, in stretches of time, so that memory stays bounded."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Final, cast

import msgspec
import numpy as np

from camaudit.packs.lab import load_personas

from .bulk import (
    BURST_FRAMES,
    BURST_US,
    GAP_US,
    LARGE,
    SMALL_BYTES,
    Flow,
    Part,
    Press,
    Sort,
)
from .files import Classic, Form, NextGeneration, Numbers, Octets, one_record
from .life import Life, live
from .site import SEGMENTS, Settings, Site, make_site
from .talk import Frame
from .telling import tell
from .truth import Diary, Interval, Truth, moment

#: Bursts that are made at a time: with frames of 1,500 octets about 50 MB.
_BURSTS: Final = 4_096
_HOUR_US: Final = 3_600_000_000
#: Bursts do not touch each other, so that what lies between them keeps its order.
_ROOM_US: Final = BURST_US + GAP_US
#: Ours. What the last stretch has beyond need where the sensor loses some.
_MARGIN: Final = 1.1
_BUFFER: Final = 1 << 22

Progress = Callable[[int], None]


@dataclass(slots=True)
class Writer:
    """Writes one capture."""

    settings: Settings
    site: Site
    diary: Diary
    life: Life
    form: Form
    press: Press
    out: BinaryIO
    written: int = 0
    lost: int = 0
    _told: int = 0
    _last: int = 0
    _turn: int = 0

    def write(self, progress: Progress | None) -> None:
        """Write it all."""
        self.out.write(self.form.header(self.settings.snaplen))
        for start, end in self._stretches():
            self._stretch(start, end)
            if progress is not None:
                progress(self.written)
        self._statistics(self.settings.end)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the time in pieces that begin and end with outages, none too full."""
        settings = self.settings
        seen = sum(last - first for first, last in self._watched())
        full = max(1, settings.packets // BURST_FRAMES)
        longest = max(1_000_000, min(_HOUR_US, seen * _BURSTS // full))
        edges = sorted(
            {settings.start, settings.end, *(e for pair in settings.outages for e in pair)}
        )
        for first, last in pairwise(edges):
            for at in range(first, last, longest):
                yield at, min(at + longest, last)

    def _watched(self) -> Iterator[tuple[int, int]]:
        settings = self.settings
        at = settings.start
        for first, last in sorted(settings.outages):
            if first > at:
                yield at, first
            at = max(at, last)
        if at < settings.end:
            yield at, settings.end

    def _stretch(self, start: int, end: int) -> None:
        events = self.life.between(start, end)
        if not self.settings.watched(start):
            return
        parts, starts = self._bursts(start, end, len(events))
        for part in parts:
            _count(part, starts, self.diary)
        rows = self.press.rows(parts, starts)
        self._weave(rows, starts, events)
        if start // _HOUR_US != self._told // _HOUR_US:
            self._statistics(start)
            self._told = start

    # -------------------------------------------------------------------------------- the mass

    def _bursts(self, start: int, end: int, events: int) -> tuple[list[Part], Numbers]:
        """Return which flow has how many bursts in a stretch, and when each begins."""
        wanted = self._wanted(start, end, events)
        active = [each for each in self.life.flows if each.start < end and each.end > start]
        if wanted <= 0 or not active:
            return [], np.empty(0, np.int64)
        found = self._shared(active, wanted, start, end)
        times = np.concatenate([times for _, _, times in found])
        order = np.argsort(times, kind="stable")
        # no burst begins before the one before it is over
        room = np.arange(len(times), dtype=np.int64) * _ROOM_US
        starts = np.maximum.accumulate(times[order] - room) + room
        kept = self._taken(len(starts))
        place = np.empty(len(times), np.int64)
        place[order] = np.arange(len(times))
        self.lost += int((~kept).sum()) * BURST_FRAMES
        row = np.cumsum(kept) - 1
        parts, at = [], 0
        for flow, first, own in found:
            places = place[at : at + len(own)]
            at += len(own)
            parts += _runs(flow, first, kept[places], row[places])
        return parts, starts[kept]

    def _wanted(self, start: int, end: int, events: int) -> int:
        """Return how many bursts a stretch needs, so that in the end there are enough frames."""
        rest = sum(
            max(0, last - max(first, start)) for first, last in self._watched() if last > start
        )
        later = int(self.life.per_second * (rest - (end - start)) / 1e6)
        missing = self.settings.packets - self.written - events - later
        share = missing * (end - start) / max(rest, 1)
        if end - start >= rest:  # the last one: chance may take a few more than its share
            share = missing * (_MARGIN if self.settings.lost else 1.0)
        frames = share / max(1e-3, 1.0 - self.settings.lost)
        return -int(-frames // BURST_FRAMES)

    def _shared(
        self, active: list[Flow], wanted: int, start: int, end: int
    ) -> list[tuple[Flow, int, Numbers]]:
        """Share bursts among flows: so many to video, the others to downloads."""
        video = [each for each in active if each.sort is not Sort.TLS]
        others = [each for each in active if each.sort is Sort.TLS]
        share = self.settings.video if video and others else float(bool(video))
        counts: list[tuple[Flow, int, int]] = []
        for flows, part in ((video, share), (others, 1.0 - share)):
            spans = [min(each.end, end) - max(each.start, start) for each in flows]
            for flow, span in zip(flows, spans, strict=True):
                flow.owed += wanted * part * span / max(1, sum(spans))
                count = max(0, round(flow.owed))
                flow.owed -= count
                counts.append((flow, count, span))
        # what rounding has left over or taken too much goes to the busiest
        flow, count, span = busiest = max(counts, key=lambda each: each[1])
        over = wanted - sum(each[1] for each in counts)
        counts[counts.index(busiest)] = (flow, max(0, count + over), span)
        flow.owed -= max(0, count + over) - count
        return [self._spread(*each, start) for each in counts]

    def _spread(self, flow: Flow, count: int, span: int, start: int) -> tuple[Flow, int, Numbers]:
        """Return bursts of a flow, spread over the time that it has of a stretch."""
        phase = self.site.chance.number(1_000_000, "phase", flow.ports) / 1e6
        steps = (np.arange(count) + phase) * (span / max(1, count))
        first = flow.bursts
        flow.bursts += count
        return flow, first, max(flow.start, start) + steps.astype(np.int64)

    def _taken(self, count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which bursts the sensor takes."""
        self._turn += 1
        if not self.settings.lost:
            return np.ones(count, np.bool_)
        seed = self.site.chance.number(1 << 32, "lost", self._turn)
        raw = np.random.PCG64(seed).random_raw(count) >> np.uint64(32)
        return np.asarray(raw >= self.settings.lost * (1 << 32))

    # ------------------------------------------------------------------------------- the file

    def _weave(self, rows: Octets, starts: Numbers, events: list[Frame]) -> None:
        """Write bursts and single frames in the order of time."""
        done = 0
        places = np.searchsorted(starts, [each.at for each in events], side="right").tolist()
        begins = starts.tolist()
        for frame, place in zip(events, places, strict=True):
            if place > done:
                self._put(rows[done:place], begins[place - 1], place - done)
                done = place
            self._single(frame)
        if done < len(starts):
            self._put(rows[done:], begins[-1], len(starts) - done)

    def _put(self, rows: Octets, last: int, count: int) -> None:
        self.out.write(rows.data)
        self.written += count * BURST_FRAMES
        self._last = last + BURST_US

    def _single(self, frame: Frame) -> None:
        if not self.settings.watched(frame.at):
            return
        self._last = max(frame.at, self._last)
        self.out.write(one_record(self.form, self._last, frame.data, self.settings.snaplen))
        self.written += 1
        self.diary.sent[frame.data[6:12]] += 1
        self.diary.cut += len(frame.data) > self.settings.snaplen

    def _statistics(self, at: int) -> None:
        self.out.write(self.form.statistics(at, self.written + self.lost, self.lost))


def write_capture(path: Path, settings: Settings, progress: Progress | None = None) -> Truth:
    """Write a capture and, beside it, ``<name>.truth.json``; return the truth."""
    site = make_site(settings, load_personas())
    diary = Diary(settings)
    form: Form = NextGeneration() if settings.pcapng else Classic()
    press = Press(form=form, size=settings.size, snaplen=settings.snaplen, chance=site.chance)
    life = live(site, diary)
    with _opened(path, compress=settings.compress) as out:
        writer = Writer(settings, site, diary, life, form, press, out)
        writer.write(progress)
    for piece in press.media[:, 32:48]:
        diary.media.add(piece.tobytes().hex())
    truth = Truth(
        file=path.name,
        format="pcapng" if settings.pcapng else "pcap",
        settings=asdict(settings),
        start=moment(settings.start),
        end=moment(settings.end),
        packets=writer.written,
        lost=writer.lost,
        lost_told=settings.pcapng,
        cut=diary.cut + _cut_of_mass(life.flows, settings),
        outages=[Interval(start=moment(a), end=moment(b)) for a, b in settings.outages],
        networks={e.name: [str(e.network), str(e.network6)] for e in SEGMENTS.values()},
        **tell(site, life, diary, press),
    )
    beside = truth_path(path)
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1))
    return truth


def truth_path(path: Path) -> Path:
    """Return where the truth of a capture stands."""
    return path.with_name(f"{path.name}.truth.json")


@contextmanager
def _opened(path: Path, *, compress: bool) -> Iterator[BinaryIO]:
    with path.open("wb", buffering=_BUFFER) as raw:
        if not compress:
            yield raw
            return
        with gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:
            yield cast(BinaryIO, packed)


def _runs(
    flow: Flow, first: int, kept: np.ndarray[tuple[int], np.dtype[np.bool_]], rows: Numbers
) -> list[Part]:
    """Return the bursts of a flow as parts whose numbers run without a gap."""
    if kept.all():
        return [Part(flow, first, rows)]
    found = np.flatnonzero(kept)
    if not len(found):
        return []
    edges = np.flatnonzero(np.diff(found) > 1) + 1
    return [Part(flow, first + int(run[0]), rows[run]) for run in np.split(found, edges)]


def _count(part: Part, starts: Numbers, diary: Diary) -> None:
    """Take down what of a flow is in the capture."""
    if not len(part.rows):
        return
    flow = part.flow
    sent, back = flow.packets_out, flow.packets_back
    flow.bursts_seen += len(part.rows)
    diary.sent[flow.link.client.mac] += flow.packets_out - sent
    diary.sent[flow.link.server.mac] += flow.packets_back - back
    first, last = int(starts[part.rows[0]]), int(starts[part.rows[-1]]) + BURST_US - GAP_US
    flow.first = first if flow.first is None else min(flow.first, first)
    flow.last = last if flow.last is None else max(flow.last, last)


def _cut_of_mass(flows: list[Flow], settings: Settings) -> int:
    large = (
        sum(each.bursts_seen * LARGE for each in flows) if settings.size > settings.snaplen else 0
    )
    small = sum(each.bursts_seen for each in flows) if settings.snaplen < SMALL_BYTES else 0
    return large + small
