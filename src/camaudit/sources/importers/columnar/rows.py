"""Turn rows of other schemas into observations; a row that cannot be one is named.

Text from such files need not be UTF-8, and offsets from IPC files need not be right: both are
checked before anything else looks at them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS
from camaudit.sources.tables import MAX_BATCH_ROWS, strip_userinfo_all

_WORDS: Final = ("device", "protocol", "field")
_TIME: Final = OBSERVATIONS.field("seen_at").type

#: Ours. Values of one batch together, unless one alone is larger: 2 GiB is all that Arrow's
#: ``binary`` can address.
_BATCH_BYTES: Final = 64 << 20

#: The years that Python's ``datetime`` has, in microseconds.
_FIRST_TIME: Final = -62_135_596_800_000_000
_LAST_TIME: Final = 253_402_300_799_999_999
_PER_SECOND: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def check_columns(schema: pa.Schema) -> list[str]:
    """Return the columns to read.

    Raises:
        SourceError: One is missing, is there twice, or has a type that cannot hold what it should.
    """
    values = [name for name in ("value", "value_b64") if name in schema.names]
    missing = [name for name in _WORDS if name not in schema.names]
    if missing or not values:
        wanted = ", ".join(missing or ["value (or value_b64)"])
        has = ", ".join(schema.names[:20]) or "none"
        raise SourceError(f"the file has no column {wanted}; its columns are {has}")
    if len(values) > 1:
        raise SourceError("the file has both value and value_b64; give one of them")
    names = [*_WORDS, *values, *(name for name in ("seen_at",) if name in schema.names)]
    for name in names:
        if len(schema.get_all_field_indices(name)) > 1:
            raise SourceError(f"the file has more than one column {name}")
        kind = schema.field(name).type
        if not (_is_time(kind) if name == "seen_at" else _is_text(kind)):
            asked = "timestamps, or text in RFC 3339" if name == "seen_at" else "text or bytes"
            raise SourceError(f"the column {name} is {str(kind)[:80]}; it must be {asked}")
    return names


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        test(kind)
        for test in (
            pa.types.is_string,
            pa.types.is_binary,
            pa.types.is_large_string,
            pa.types.is_large_binary,
            pa.types.is_string_view,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
            pa.types.is_null,
        )
    )


def _is_time(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) or _is_text(kind)


def observations(first: int, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch | Problem]:
    """Yield the rows of a batch whose first is row ``first`` of its file."""
    try:
        columns = {
            name: _raw(column)
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
    except (pa.ArrowException, ValueError, IndexError) as error:
        yield Problem(
            position=f"row {first}",
            field="",
            message=f"{batch.num_rows} rows are damaged and were not read: {str(error)[:200]}",
        )
        return
    for start, count in _portions(columns):
        part = {name: column.slice(start, count) for name, column in columns.items()}
        yield from _portion(first + start, part)


def _raw(column: pa.Array) -> pa.Array:
    """Return a column as bytes (or times), its layout checked."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column.validate(full=True)
        return column
    if pa.types.is_dictionary(kind):
        words = _raw(column.dictionary)
        coded = pa.DictionaryArray.from_arrays(column.indices, words)
        coded.validate(full=True)
        return coded
    if pa.types.is_null(kind):
        return column.cast(pa.large_binary())
    column.validate()  # of text the whole check would refuse what is not UTF-8
    raw = column.cast(pa.binary() if pa.types.is_string(kind) else kind).cast(pa.large_binary())
    raw.validate(full=True)
    return raw


def _portions(columns: dict[str, pa.Array]) -> Iterator[tuple[int, int]]:
    """Yield where to cut, so that no portion has too many rows or bytes."""
    values = columns.get("value", columns.get("value_b64"))
    assert values is not None  # noqa: S101  check_columns has seen to it
    sizes = pc.binary_length(values.dictionary if _is_coded(values) else values)
    if _is_coded(values):
        sizes = sizes.take(values.indices)
    ends = np.cumsum(sizes.fill_null(0).to_numpy(zero_copy_only=False))
    start, before = 0, 0
    while start < len(ends):
        stop = int(np.searchsorted(ends, before + _BATCH_BYTES, side="right"))
        stop = min(max(stop, start + 1), start + MAX_BATCH_ROWS)
        yield start, stop - start
        start, before = stop, int(ends[stop - 1])


def _is_coded(column: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _portion(first: int, columns: dict[str, pa.Array]) -> Iterator[pa.RecordBatch | Problem]:
    rows = len(columns["device"])
    wrong: dict[int, tuple[str, str]] = {}
    times = _times(columns.get("seen_at"), rows, wrong)
    values = _values(columns, wrong)
    words = [_words(name, columns[name], wrong) for name in reversed(_WORDS)][::-1]
    batch = pa.RecordBatch.from_arrays(
        [
            words[0],
            words[1],
            words[2],
            values,
            times,
            pa.nulls(rows, OBSERVATIONS.field("artefact").type),
            pc.binary_join_element_wise(
                "row", pa.array(np.arange(first, first + rows)).cast(pa.string()), " "
            ),
        ],
        names=OBSERVATIONS.names,
    )
    if wrong:
        for row, (field, message) in sorted(wrong.items()):
            yield Problem(position=f"row {first + row}", field=field, message=message)
        kept = np.ones(rows, np.bool_)
        kept[list(wrong)] = False
        batch = batch.filter(pa.array(kept))
    if batch.num_rows:
        yield pa.RecordBatch.from_arrays(batch.columns, schema=OBSERVATIONS)


def _words(name: str, column: pa.Array, wrong: dict[int, tuple[str, str]]) -> pa.Array:
    """Return a column of words as text, or as codes of texts; what is no word is marked."""
    coded = _is_coded(column)
    texts, foreign = _texts(column.dictionary if coded else column)
    empty = pc.equal(texts, "")
    if not coded:
        _mark(wrong, foreign, name, "is not UTF-8")
        _mark(wrong, empty, name, "must not be empty")
        _mark(wrong, pc.is_null(texts), name, "is missing")
        return texts if name == "device" else texts.dictionary_encode()
    codes = column.indices
    _mark(wrong, foreign.take(codes), name, "is not UTF-8")
    _mark(wrong, empty.take(codes), name, "must not be empty")
    _mark(wrong, pc.is_null(texts.take(codes)), name, "is missing")
    if name == "device":
        return texts.take(codes)
    distinct = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(distinct.indices.take(codes), distinct.dictionary)


def _texts(raw: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return bytes as text, and which of them are none; those are given as "?"."""
    try:
        return raw.cast(pa.string()), pa.array(np.zeros(len(raw), np.bool_))
    except pa.ArrowException:
        texts = [_text(value) for value in raw.to_pylist()]
        foreign = [text is None and value.is_valid for text, value in zip(texts, raw, strict=True)]
        return pc.if_else(pa.array(foreign), "?", pa.array(texts, pa.string())), pa.array(foreign)


def _text(raw: bytes | None) -> str | None:
    try:
        return None if raw is None else raw.decode()
    except UnicodeDecodeError:
        return None


def _mark(wrong: dict[int, tuple[str, str]], bad: pa.Array, name: str, message: str) -> None:
    if bad.true_count:
        for row in np.flatnonzero(
            pc.fill_null(bad, fill_value=False).to_numpy(zero_copy_only=False)
        ):
            wrong[int(row)] = (name, message)


def _values(columns: dict[str, pa.Array], wrong: dict[int, tuple[str, str]]) -> pa.Array:
    """Return the values as bytes; base 64 is undone, once for each distinct text."""
    name = "value" if "value" in columns else "value_b64"
    column = columns[name]
    _mark(wrong, _missing(column), name, "is missing")
    if name == "value":
        dense = column.dictionary.take(column.indices) if _is_coded(column) else column
        return strip_userinfo_all(pc.fill_null(dense, b"").cast(pa.binary()))
    coded = column if _is_coded(column) else column.dictionary_encode()
    known = [_from_base64(text) for text in coded.dictionary.to_pylist()]
    bad = pa.array([value is None for value in known], pa.bool_()).take(coded.indices)
    _mark(wrong, pc.and_not(bad, _missing(column)), name, "is not base64 (RFC 4648 section 4)")
    values = pa.array([value or b"" for value in known], pa.binary()).take(coded.indices)
    return strip_userinfo_all(pc.fill_null(values, b""))


def _missing(column: pa.Array) -> pa.Array:
    """Tell which rows are null; a code that is there may still stand for nothing."""
    if _is_coded(column) and column.dictionary.null_count:
        return pc.is_null(column.dictionary.take(column.indices))
    return pc.is_null(column)


def _from_base64(text: bytes | None) -> bytes | None:
    try:
        return None if text is None else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _times(column: pa.Array | None, rows: int, wrong: dict[int, tuple[str, str]]) -> pa.Array:
    """Return the times in UTC; a time without a zone is taken as UTC."""
    if column is None or column.null_count == rows:
        return pa.nulls(rows, _TIME)
    if not pa.types.is_timestamp(column.type):
        return _written_times(column, wrong)
    unit = _PER_SECOND[column.type.unit]
    counts = column.cast(pa.timestamp(column.type.unit)).cast(pa.int64())
    low, high = (edge * unit // _PER_SECOND["us"] for edge in (_FIRST_TIME, _LAST_TIME))
    if unit > _PER_SECOND["us"]:  # 64 bits of nanoseconds end before the calendar does
        low, high = -(1 << 63), (1 << 63) - 1
    good = pc.and_(pc.greater_equal(counts, low), pc.less_equal(counts, high))
    _mark(wrong, pc.invert(good), "seen_at", "lies outside the years 1 to 9999")
    kept = pc.if_else(pc.fill_null(good, fill_value=False), counts, None)
    return kept.cast(pa.timestamp(column.type.unit, "UTC")).cast(_TIME, safe=False)


def _written_times(column: pa.Array, wrong: dict[int, tuple[str, str]]) -> pa.Array:
    dense = column.dictionary.take(column.indices) if _is_coded(column) else column
    known: dict[bytes | None, datetime | None] = {None: None}
    for raw in pc.unique(dense).to_pylist():
        known[raw] = _written_time(raw)
    texts = dense.to_pylist()
    bad = [raw is not None and known[raw] is None for raw in texts]
    message = "is not a time such as 2026-11-22T09:30:00Z (RFC 3339)"
    _mark(wrong, pa.array(bad, pa.bool_()), "seen_at", message)
    return pa.array([known[raw] for raw in texts], _TIME)


def _written_time(raw: bytes | None) -> datetime | None:
    try:
        found = None if raw is None else msgspec.convert(raw.decode(), datetime)
    except (msgspec.ValidationError, UnicodeDecodeError):
        return None
    if found is None or found.tzinfo is None:
        return found.replace(tzinfo=UTC) if found else None
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None
