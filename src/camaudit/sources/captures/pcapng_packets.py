"""Read the packets of many pcapng blocks at once: enhanced, simple, and those of old files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from .window import Bits, Chunk, Whole, Window, Words

OLD, SIMPLE, ENHANCED = 2, 3, 6

#: The highest bit of a resolution says that the rest is a power of two, not of ten.
_BINARY: Final = 0x80
#: Bits of a fraction of a second that are kept: a millionth of each still fits 64 bits.
_FRACTION_BITS: Final = 40
#: 64 bits hold no higher power of ten.
_MOST_DIGITS: Final = 19
_MICRO: Final = 1_000_000
_MICRO_DIGITS: Final = 6
#: Ours. No clock shows a time past the year 2200.
_LAST_S: Final = 7_258_118_400
#: An old block whose writer does not know what was lost before it.
_UNKNOWN_DROPS: Final = 0xFFFF
#: What a block holds besides the data of its packet, in bytes.
_AROUND: Final = 32
_AROUND_SIMPLE: Final = 16

TOO_LONG: Final = "packets that say they are longer than their block"
DISAGREE: Final = "packets whose block has two lengths"
UNDESCRIBED: Final = "packets of an interface that is not described"
#: Of these it is not certain what the packet is, or that it is all of it.
HIDING: Final = (TOO_LONG, DISAGREE, UNDESCRIBED)
NO_TIME: Final = "packets without a time, taken as that of the packet before"
NO_CLOCK: Final = "packets with a time that no clock shows, taken as that of the packet before"


class Interface(NamedTuple):
    """What an interface description says."""

    link: int
    snap: int
    resolution: int
    offset: int


class Section(NamedTuple):
    """Where among gathered packets a section begins, and which interface is its first."""

    start: int
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The packets, what is wrong with which of them, and what old blocks say was lost."""

    chunk: Chunk
    damage: Mapping[str, Bits]
    drops: int | None


def packets(
    window: Window,
    starts: Whole,
    sections: Sequence[Section],
    interfaces: Sequence[Interface],
    little: bool,  # noqa: FBT001
    number: int,
    last: int,
) -> Found:
    """Read the packet blocks at ``starts``; ``last`` is the time of the packet before them."""
    octets = window.octets
    kind, length = octets.four(starts, little=little), octets.four(starts + 4, little=little)
    simple, old = kind == SIMPLE, kind == OLD
    word = octets.four(starts + 8, little=little)
    first_half, second_half = (word & 0xFFFF, word >> 16) if little else (word >> 16, word & 0xFFFF)
    local = np.where(simple, 0, np.where(old, first_half, word))
    which, described = _interfaces(local, sections, len(interfaces))

    room = length - np.where(simple, _AROUND_SIMPLE, _AROUND)
    said = np.where(simple, word, octets.four(starts + 20, little=little))
    wire = np.where(simple, word, octets.four(starts + 24, little=little))
    table = np.array([*interfaces, Interface(-1, 0, _MICRO_DIGITS, 0)], np.int64).reshape(-1, 4)
    snap = table[which, 1]
    short = simple & (snap > 0)
    said = np.where(short, np.minimum(said, snap), said)
    kept = np.minimum(said, room)

    ticks = octets.four(starts + 12, little=little).astype(np.uint64) << np.uint64(32)
    ticks |= octets.four(starts + 16, little=little).astype(np.uint64)
    offset = np.clip(table[which, 3], -_LAST_S, _LAST_S)
    at = _microseconds(ticks, table[which, 2]) + offset * _MICRO
    no_clock = ~simple & ((at < 0) | (at > _LAST_S * _MICRO))

    known = second_half[old & (second_half != _UNKNOWN_DROPS)]
    return Found(
        chunk=Chunk(
            octets=octets,
            memory=window.memory,
            first=number,
            start=starts + np.where(simple, 12, 28),
            kept=kept,
            wire=np.maximum(wire, kept),
            at=_filled(at, simple | no_clock, last),
            link=table[which, 0],
        ),
        damage={
            TOO_LONG: ~simple & (said > room),
            DISAGREE: octets.four(starts + length - 4, little=little) != length,
            UNDESCRIBED: ~described,
            NO_TIME: simple,
            NO_CLOCK: no_clock,
        },
        drops=int(known.sum()) if len(known) else None,
    )


def _interfaces(local: Whole, sections: Sequence[Section], count: int) -> tuple[Whole, Bits]:
    """Return each packet's interface among all of the file (the last: none), and whether it is."""
    begins = np.array([each.start for each in sections], np.int64)
    base = np.array([each.base for each in sections], np.int64)
    end = np.append(base[1:], count)
    section = np.searchsorted(begins, np.arange(len(local)), side="right") - 1
    described = local < (end - base)[section]
    return np.where(described, base[section] + local, count), described


def _microseconds(ticks: Words, resolution: Whole) -> Whole:
    at = np.zeros(len(ticks), np.int64)
    for each in np.unique(resolution).tolist():
        chosen = resolution == each
        at[chosen] = _of_resolution(ticks[chosen], each)
    return at


def _of_resolution(ticks: Words, resolution: int) -> Whole:
    """Return microseconds; what is past all clocks stays past them, and never overflows."""
    digits = resolution & ~_BINARY
    if resolution & _BINARY:
        return _of_power_of_two(ticks, digits)
    if digits <= _MICRO_DIGITS:
        factor = 10 ** (_MICRO_DIGITS - digits)
        most = np.uint64(_LAST_S * _MICRO // factor + 1)
        return np.asarray(np.minimum(ticks, most).astype(np.int64) * factor)
    if digits - _MICRO_DIGITS > _MOST_DIGITS:
        return np.zeros(len(ticks), np.int64)
    return _bounded(ticks // np.uint64(10 ** (digits - _MICRO_DIGITS)))


def _of_power_of_two(ticks: Words, bits: int) -> Whole:
    if bits >= 64:
        return np.zeros(len(ticks), np.int64)
    seconds = np.minimum(ticks >> np.uint64(bits), np.uint64(_LAST_S + 1)).astype(np.int64)
    fraction = ticks & np.uint64((1 << bits) - 1)
    kept = min(bits, _FRACTION_BITS)
    fraction = (fraction >> np.uint64(bits - kept)) * np.uint64(_MICRO) >> np.uint64(kept)
    return np.asarray(seconds * _MICRO + fraction.astype(np.int64))


def _bounded(at: Words) -> Whole:
    return np.minimum(at, np.uint64(_LAST_S * _MICRO + 1)).astype(np.int64)


def _filled(at: Whole, missing: Bits, last: int) -> Whole:
    """Give those without a time that of the packet before them."""
    if not missing.any():
        return at
    before = np.maximum.accumulate(np.where(missing, -1, np.arange(len(at))))
    return np.where(before < 0, last, at[before])
