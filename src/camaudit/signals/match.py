"""Match observations against the index: batches in, batches out, each distinct value once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.batches import Rows, rows_by_field
from camaudit.model.schemas import OCCURRENCES, SIGNALS

from .index import Candidates, Index

#: A value is matched on its first 64 KiB; what is cut is counted.
MAX_VALUE: Final = 64 * 1024
#: Ours. Signatures that are tried on one value; a text that looks like more is made to.
MAX_CANDIDATES: Final = 128
#: A captured text is a model, a version or a serial number; longer ones are cut.
MAX_CAPTURE: Final = 120
#: Digital video surveillance is younger than this; earlier "dates" are other digits.
FIRST_YEAR: Final = 1995
LAST_YEAR: Final = 2079


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What one batch holds: its distinct signals, where they occur, and how many values were cut.

    ``signals`` has the schema ``SIGNALS``, ``occurrences`` has ``OCCURRENCES``, ordered by row. A
    value is cut in its length, or in the number of signatures that are tried on it.
    """

    signals: pa.RecordBatch
    occurrences: pa.RecordBatch
    cut: int


def match(observations: pa.RecordBatch, index: Index) -> Matches:
    """Match a batch of ``model.schemas.OBSERVATIONS``; each distinct value is matched once."""
    rows: list[Rows] = []
    picks: list[Rows] = []
    hits = _Hits(index)
    cut = 0
    for protocol, name, where in rows_by_field(observations):
        key = index.key(protocol, name)
        if key not in index.fields:
            continue
        encoded = pc.dictionary_encode(observations.column("value").take(pa.array(where)))
        before = len(hits)
        cut += hits.add(encoded.dictionary, key)
        if len(hits) == before:
            continue
        counts = np.bincount(hits.places[-1], minlength=len(encoded.dictionary))
        first = before + np.cumsum(counts) - counts
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        chosen = counts[codes]
        rows.append(np.repeat(where, chosen))
        picks.append(_ranges(first[codes], chosen))
    return Matches(signals=hits.batch(), occurrences=_occurrences(rows, picks), cut=cut)


class _Hits:
    """Columns of ``SIGNALS`` as they grow, and the places of each field's values that they hit."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._signatures: list[int] = []
        #: The distinct values of each field that were hit, and which of them each signal hit.
        self._values: list[pa.Array] = [pa.array([], pa.binary())]
        self._codes: list[Rows] = []
        self._distinct = 0
        self._fields: list[tuple[str, int]] = []
        #: Places of the few that are doubted, and of those that captured something.
        self._doubted: list[int] = []
        self._captured: list[tuple[int, _Captures]] = []
        self.places: list[Rows] = []

    def __len__(self) -> int:
        return len(self._signatures)

    def add(self, values: pa.BinaryArray, key: str) -> int:
        """Match the distinct values of a field; return how many were cut."""
        heads, cut = _heads(values)
        found, crowded = _at_most(self._index.candidates(heads, key))
        likely, which = np.unique(found.values, return_inverse=True)
        texts = heads.take(pa.array(likely)).to_pylist()
        before = len(self)
        places: list[int] = []
        numbers = found.signatures.tolist()
        patterns = {number: self._index.pattern(number) for number in set(numbers)}
        search_of = {number: pattern.search for number, pattern in patterns.items()}
        capture = {number for number, pattern in patterns.items() if pattern.groupindex}
        for at, number in zip(which.tolist(), numbers, strict=True):
            hit = search_of[number](texts[at])
            if hit is None:
                continue
            if number in capture:
                self._captured.append((before + len(places), _captures(hit.groupdict())))
            places.append(at)
            self._signatures.append(number)
        hit_values, codes = np.unique(np.array(places, np.int64), return_inverse=True)
        self._values.append(values.take(pa.array(likely[hit_values])))
        self._codes.append(codes + self._distinct)
        self._distinct += len(hit_values)
        self._fields.append((key, len(places)))
        if key in self._index.doubtful:
            self._doubted += [
                before + place
                for place, at in enumerate(places)
                if self._index.doubts(key, texts[at])
            ]
        self.places.append(likely[np.array(places, np.int64)])
        return cut + crowded

    def batch(self) -> pa.RecordBatch:
        """Return the columns as a batch."""
        words = pa.array([key for key, _ in self._fields], pa.string())
        counts = np.array([count for _, count in self._fields], np.int64)
        doubted = np.zeros(len(self), bool)
        doubted[self._doubted] = True
        at = [place for place, _ in self._captured]
        captures = zip(*(read for _, read in self._captured), strict=True) if at else _NOTHING
        arrays = [
            pa.array(self._signatures, pa.int32()),
            words.take(pa.array(np.repeat(np.arange(len(counts)), counts))),
            pa.DictionaryArray.from_arrays(
                pa.array(np.concatenate([*self._codes, np.empty(0, np.int64)]), pa.int32()),
                pa.concat_arrays(self._values),
            ),
            pa.array(doubted),
            *(
                self._column(at, column, each.type)
                for column, each in zip(captures, list(SIGNALS)[4:], strict=True)
            ),
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=SIGNALS)

    def _column(self, at: list[int], values: Iterable[Any] | None, type_: pa.DataType) -> pa.Array:
        if values is None:
            return pa.nulls(len(self), type_)
        place = np.full(len(self), -1)
        place[at] = np.arange(len(at))
        return pa.array(values, type_).take(pa.array(place, mask=place < 0))


def _at_most(found: Candidates) -> tuple[Candidates, int]:
    """Return at most ``MAX_CANDIDATES`` of each value, and how many values have more."""
    first = np.searchsorted(found.values, found.values, side="left")
    kept = np.arange(len(first)) - first < MAX_CANDIDATES
    if kept.all():
        return found, 0
    crowded = len(np.unique(found.values[~kept]))
    return Candidates(found.values[kept], found.signatures[kept]), crowded


def _heads(values: pa.BinaryArray) -> tuple[pa.BinaryArray, int]:
    """Return the first 64 KiB of each value, and how many were longer."""
    cut = pc.sum(pc.greater(pc.binary_length(values), MAX_VALUE)).as_py() or 0
    return (pc.binary_slice(values, 0, MAX_VALUE) if cut else values), cut


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


def _occurrences(rows: list[Rows], picks: list[Rows]) -> pa.RecordBatch:
    row = np.concatenate(rows) if rows else np.empty(0, np.int64)
    pick = np.concatenate(picks) if picks else np.empty(0, np.int64)
    order = np.argsort(row, kind="stable")
    arrays = [pa.array(row[order], pa.int32()), pa.array(pick[order], pa.int32())]
    return pa.RecordBatch.from_arrays(arrays, schema=OCCURRENCES)
