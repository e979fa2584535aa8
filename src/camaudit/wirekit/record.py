"""Fields by name, as discovery replies give them, and replies where each has a fixed place.

1. Fields are read by a closed list; bytes outside it are never looked at, so that what a device
   says of its users and passwords stays behind, and they are written as NUL.
2. Text may fill its place without a NUL at its end; what follows a NUL is not read.
3. A field of NULs only is a field that was not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from camaudit.errors import DecodeError

from .anomaly import Anomaly, Tally
from .cursor import datagram


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a device says of itself: names and bytes, in the order of the bytes."""

    fields: tuple[tuple[str, bytes], ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


class Place(NamedTuple):
    """Where a field stands; text ends at its first NUL, other bytes are kept whole."""

    at: int
    size: int
    is_text: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A reply of a fixed shape.

    Attributes:
        start: The bytes that it begins with when it is written.
        size: How many bytes are written.
        least: How many bytes must be there to be read; what is longer is read all the same.
        places: The fields that are read, in the order of their bytes.
    """

    start: bytes
    size: int
    least: int
    places: Mapping[str, Place]


def record_parts(record: Record) -> tuple[object, ...]:
    """Return the fields, the parts of a record in the order of its bytes."""
    return record.fields


def read_places(data: bytes, layout: Layout) -> Record:
    """Read the fields of a reply whose kind the caller has checked."""
    left = datagram(data).left
    if left < layout.least:
        raise DecodeError(f"a reply of this kind has {layout.least} bytes, not {left}")
    tally = Tally()
    tally.add("length_mismatch", int(left != layout.size))
    fields = []
    for name, place in layout.places.items():
        value = data[place.at : place.at + place.size]
        value = value.partition(b"\0")[0] if place.is_text else value
        if value.strip(b"\0"):
            fields.append((name, value))
    return finished(fields, tally)


def write_places(record: Record, layout: Layout) -> bytes:
    """Write the fields of a reply; one outside the layout, or too long for it, is refused."""
    written = bytearray(layout.size)
    written[: len(layout.start)] = layout.start
    for name, value in record.fields:
        place = layout.places.get(name)
        if place is None:
            raise ValueError(f"not a field of this reply: {name}")
        fits = len(value) <= place.size if place.is_text else len(value) == place.size
        if not fits or (place.is_text and b"\0" in value):
            raise ValueError(f"{name} has no place for {value!r}")
        written[place.at : place.at + len(value)] = value
    return bytes(written)


def finished(fields: list[tuple[str, bytes]], tally: Tally) -> Record:
    """Return a record in which each name stands once; one without any field is refused."""
    kept: dict[str, bytes] = {}
    for name, value in fields:
        if name in kept:
            tally.add("field_repeated")
            continue
        kept[name] = value
    if not kept:
        raise DecodeError("a reply without a field of a device")
    return Record(fields=tuple(kept.items()), anomalies=tally.result())
