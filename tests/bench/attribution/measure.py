"""Run `classify` over labelled strings, and say how near a count is to the truth."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import PackSet, load_packs
from camaudit.model.observation import Problem
from camaudit.model.words import OUTSIDE_KINDS, Kind
from camaudit.sources import importers
from camaudit.sources.spec import ReadOptions

from .sets import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A labelled string and what `classify` said of it."""

    row: Row
    line: DeviceLine

    @property
    def right(self) -> bool:
        return self.line.maker == self.row.maker

    @property
    def wrong(self) -> bool:
        """Tell whether a maker was named that is not the one; silence is never wrong."""
        return self.line.maker is not None and not self.right

    @property
    def judged(self) -> bool:
        """Tell whether it counts; a service or a chip that a string tells of made no device."""
        return self.row.aspect is None

    @property
    def false_camera(self) -> bool:
        """Tell whether what is labelled as something else is taken for a surveillance device."""
        inside = set(Kind) - OUTSIDE_KINDS - {Kind.UNKNOWN, Kind.SERVICE}
        return self.row.kind in OUTSIDE_KINDS and self.line.kind in inside


def mutated(rows: Iterable[Row], change: Callable[[str], str]) -> list[Row]:
    """Return the rows with their values changed."""
    return [replace(row, value=change(row.value)) for row in rows]


def answers(rows: Sequence[Row], packs: PackSet | None = None) -> list[Answer]:
    """Classify each row as a device of its own, through the reader that the command uses."""
    lines = classify_devices([[row] for row in rows], packs or load_packs())
    return [Answer(row=row, line=line) for row, line in zip(rows, lines, strict=True)]


def classify_devices(devices: Sequence[Sequence[Row]], packs: PackSet) -> list[DeviceLine]:
    """Classify devices, each given by its strings; they come back in the order given."""
    lines = {line.device: line for line in classify(read_devices(devices), packs)}
    return [lines[str(at)] for at in range(len(devices))]


def read_devices(devices: Sequence[Sequence[Row]]) -> Iterator[pa.RecordBatch | Problem]:
    """Read devices as observations; a device is called by its place."""
    written = "".join(
        json.dumps({"device": str(at), "protocol": r.protocol, "field": r.field, "value": r.value})
        + "\n"
        for at, rows in enumerate(devices)
        for r in rows
    )
    reader = importers.registry()["observations"]
    return iter(reader.read(io.BytesIO(written.encode()), ReadOptions(name="benchmark")))


def wilson(right: float, count: float, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), which behaves near 0 and 1."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, z * z
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    half /= 1 + square / count
    return max(0.0, centre - half), min(1.0, centre + half)
