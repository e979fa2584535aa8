"""Match observations against the index: batches in, batches out, each distinct value once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.batches import Rows, rows_by_field
from camaudit.model.schemas import OCCURRENCES, SIGNALS

from .index import Index

#: A value is matched on its first 64 KiB; what is cut is counted.
MAX_VALUE: Final = 64 * 1024
#: A captured text is a model, a version or a serial number; longer ones are cut.
MAX_CAPTURE: Final = 120
#: Digital video surveillance is younger than this; earlier "dates" are other digits.
FIRST_YEAR: Final = 1995
LAST_YEAR: Final = 2079


class Hit(NamedTuple):
    """One signature that matched one value of a field."""

    signature: int
    field: str
    value: bytes
    doubted: bool
    model: str | None
    version: str | None
    serial: str | None
    made_on: date | None
    built_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What one batch holds: its distinct signals, where they occur, and how many values were cut.

    ``signals`` has the schema ``SIGNALS``, ``occurrences`` has ``OCCURRENCES``, ordered by row.
    """

    signals: pa.RecordBatch
    occurrences: pa.RecordBatch
    cut: int


def match(observations: pa.RecordBatch, index: Index) -> Matches:
    """Match a batch of ``model.schemas.OBSERVATIONS``; each distinct value is matched once."""
    rows: list[Rows] = []
    picks: list[Rows] = []
    hits: list[Hit] = []
    cut = 0
    for protocol, name, where in rows_by_field(observations):
        key = index.key(protocol, name)
        if key not in index.fields:
            continue
        encoded = pc.dictionary_encode(observations.column("value").take(pa.array(where)))
        starts = [len(hits)]
        for value in encoded.dictionary.to_pylist():
            cut += len(value) > MAX_VALUE
            hits.extend(match_value(value, key, index))
            starts.append(len(hits))
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        first, counts = np.array(starts[:-1]), np.diff(starts)
        chosen = counts[codes]
        rows.append(np.repeat(where, chosen))
        picks.append(_ranges(first[codes], chosen))
    return Matches(signals=_signals(hits), occurrences=_occurrences(rows, picks), cut=cut)


def match_value(value: bytes, key: str, index: Index) -> Iterator[Hit]:
    """Yield the signatures that match one value of the field ``key``."""
    head = value[:MAX_VALUE]
    doubted = index.doubts(key, head)
    for number in index.candidates(head, index.fields[key]):
        found = index.confirm(number, head)
        if found is not None:
            groups = found.groupdict()
            yield Hit(number, key, value, doubted, *(_captures(groups) if groups else _NOTHING))


_NOTHING: Final = (None, None, None, None, None)
_Captures = tuple[str | None, str | None, str | None, date | None, date | None]


def _captures(groups: dict[str, bytes | None]) -> _Captures:
    return (
        _text(groups.get("model")),
        _text(groups.get("version")),
        _text(groups.get("serial")),
        parse_date(groups.get("made")),
        parse_date(groups.get("built")),
    )


def _text(captured: bytes | None) -> str | None:
    if not captured:
        return None
    return captured[:MAX_CAPTURE].decode("utf-8", "replace").strip() or None


def parse_date(captured: bytes | None) -> date | None:
    """Read ``YYYYMMDD``, ``yymmdd`` or ``YYYY-MM-DD``; ``None`` where it is no plausible day."""
    if not captured:
        return None
    digits = captured.decode("ascii", "ignore").replace("-", "")
    if len(digits) == 6:
        digits = f"20{digits}"
    if len(digits) != 8 or not digits.isdigit():
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ranges(first: Rows, counts: Rows) -> Rows:
    """Return ``first[i], first[i]+1, ...`` for ``counts[i]`` steps, for each ``i`` in turn."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - counts, counts) + np.repeat(first, counts)


def _signals(hits: list[Hit]) -> pa.RecordBatch:
    columns = list(zip(*hits, strict=True)) if hits else [()] * len(Hit._fields)
    arrays = [pa.array(column, each.type) for column, each in zip(columns, SIGNALS, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SIGNALS)


def _occurrences(rows: list[Rows], picks: list[Rows]) -> pa.RecordBatch:
    row = np.concatenate(rows) if rows else np.empty(0, np.int64)
    pick = np.concatenate(picks) if picks else np.empty(0, np.int64)
    order = np.argsort(row, kind="stable")
    arrays = [pa.array(row[order], pa.int32()), pa.array(pick[order], pa.int32())]
    return pa.RecordBatch.from_arrays(arrays, schema=OCCURRENCES)
