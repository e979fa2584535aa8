"""Read observations, one JSON object a line, a block of lines at a time.

A line is ``{"device", "protocol", "field", "value"}``; ``value_b64`` may stand for ``value``, and
``seen_at`` (RFC 3339) may be added. Other members are left alone. The stream need not be seekable.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import (
    MAX_BATCH_ROWS,
    MAX_LINE_BYTES,
    LineBlock,
    LongLine,
    line_blocks,
    strip_userinfo_all,
)
from camaudit.sources.tables.lines import chunks

from .diagnose import diagnose, is_blank_line

_STRING: Final = pa.string()
_WORD: Final = OBSERVATIONS.field("protocol").type
_TIME: Final = OBSERVATIONS.field("seen_at").type

#: RFC 8259 section 8.1 forbids the mark; programs write it all the same.
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Line(msgspec.Struct, gc=False):
    device: str
    protocol: str
    field: str
    value: str | None = None
    value_b64: bytes | None = None
    seen_at: datetime | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)

#: What decoding a block, or laying it out, raises where some line is not as it should be.
_BAD: Final = (msgspec.DecodeError, ValueError, OverflowError, pa.ArrowException)


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file holds observations."""
    first, _, rest = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if _is_ours(first):
        return 95
    if any(map(_is_ours, rest.split(b"\n"))):
        return 93  # the first line is damaged
    named = name.lower().endswith((".jsonl", ".ndjson"))
    return 40 if named and first.startswith(b"{") else 0


def _is_ours(line: bytes) -> bool:
    return line.startswith(b"{") and b'"device"' in line and b'"protocol"' in line


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the observations of a file.

    Raises:
        SourceError: The file is empty, or is not UTF-8 from its first byte.
    """
    _ = options
    empty = True
    for item in read_lines(stream):
        empty = False
        yield item
    if empty:
        raise SourceError("the file holds no line; write one JSON object a line")


def read_lines(stream: BinaryIO) -> Iterator[pa.RecordBatch | Problem]:
    """Yield batches and problems of a stream that may be a pipe.

    Raises:
        SourceError: The stream is UTF-16.
    """
    first = True
    for block in line_blocks(chunks(stream)):
        if isinstance(block, LongLine):
            yield Problem(
                position=f"line {block.number}",
                field="",
                message=f"the line is {block.size:,} bytes long and was not read; at most "
                f"{MAX_LINE_BYTES:,} are",
            )
        else:
            if first and block.data.startswith(_UTF16):
                raise SourceError("the file is UTF-16; save it as UTF-8 (JSON Lines are UTF-8)")
            yield from _read_block(block)
        first = False


def _read_block(block: LineBlock) -> Iterator[pa.RecordBatch | Problem]:
    data = block.data
    if block.first == 1:
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        lines = _DECODER.decode_lines(data)
        count = data.count(b"\n") + (not data.endswith(b"\n"))
        if len(lines) == count:
            numbers = np.arange(block.first, block.first + count)
            yield from _batches(lines, numbers)
            return
    except _BAD:
        pass
    yield from _one_by_one(data, block.first)


def _batches(
    lines: list[_Line], numbers: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[pa.RecordBatch]:
    """Lay out checked lines.

    Raises:
        ValueError: A line has no device, protocol or field, or not exactly one value.
    """
    values = [line.value for line in lines]
    coded = [line.value_b64 for line in lines]
    texts = pa.array(values, _STRING)
    both = len(lines) - texts.null_count + len(lines) - coded.count(None)
    if both != len(lines):
        raise ValueError("a line has no value, or two")
    raw = texts.cast(pa.binary())
    if texts.null_count:
        raw = pc.coalesce(raw, pa.array(coded, pa.binary()))
    devices = pa.array([line.device for line in lines], _STRING)
    protocols = pa.array([line.protocol for line in lines], _STRING).dictionary_encode()
    fields = pa.array([line.field for line in lines], _STRING).dictionary_encode()
    for words in (devices, protocols.dictionary, fields.dictionary):
        if pc.any(pc.equal(words, "")).as_py():
            raise ValueError("a line leaves device, protocol or field empty")
    batch = pa.RecordBatch.from_arrays(
        [
            devices,
            protocols,
            fields,
            strip_userinfo_all(raw),
            _times([line.seen_at for line in lines]),
            pa.nulls(len(lines), OBSERVATIONS.field("artefact").type),
            pc.binary_join_element_wise("line", pa.array(numbers).cast(_STRING), " "),
        ],
        schema=OBSERVATIONS,
    )
    for start in range(0, len(lines), MAX_BATCH_ROWS):
        yield batch.slice(start, MAX_BATCH_ROWS)


def _times(times: list[datetime | None]) -> pa.Array:
    if times.count(None) == len(times):
        return pa.nulls(len(times), _TIME)
    return pa.array([_utc(time) for time in times], _TIME)


def _utc(time: datetime | None) -> datetime | None:
    """Return the time in UTC; the last hours of the calendar do not exist in every zone.

    A time without an offset is taken as UTC: RFC 3339 asks for one, many collectors forget it.
    """
    if time is None or time.tzinfo is None:
        return time.replace(tzinfo=UTC) if time else None
    return time.astimezone(UTC)


def _one_by_one(data: bytes, first: int) -> Iterator[pa.RecordBatch | Problem]:
    """Take the good lines of a block that holds bad ones, and say what is wrong with the rest."""
    good: list[_Line] = []
    numbers: list[int] = []
    for number, raw in enumerate(data.removesuffix(b"\n").split(b"\n"), start=first):
        if is_blank_line(raw):
            continue
        try:
            line = _DECODER.decode(raw)
            _require_whole(line)
        except _BAD as error:
            yield diagnose(raw, number, error)
            continue
        good.append(line)
        numbers.append(number)
    if good:
        yield from _batches(good, np.array(numbers))


def _require_whole(line: _Line) -> None:
    if not (line.device and line.protocol and line.field):
        raise ValueError("device, protocol or field is empty")
    if (line.value is None) == (line.value_b64 is None):
        raise ValueError("no value, or two")
    _utc(line.seen_at)
