"""``classify`` on a Spark cluster: the same function over the same batches, elsewhere."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.engines import spark
from camaudit.errors import CamauditError
from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS
from camaudit.sources.importers.observations import read_lines
from camaudit.sources.tables import without_userinfo

from .classifier import Tally
from .classify import classify_batches
from .classify_to import write_lines
from .packset import PackSet, carried, unpacked

#: Endings of files that Spark reads as lines; whatever else it is given is Parquet.
LINES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")
#: Names without which a row says nothing of anything.
_NAMES: Final = ("device", "protocol", "field")
#: How the value of a row begins that tells a ``Problem``; such a row has no device.
_MARK: Final = b"camaudit problem: "


class _Part(msgspec.Struct, omit_defaults=True):
    """What a worker sends: lines of devices, or, as the last of its part, what it counted."""

    lines: bytes = b""
    tally: Tally | None = None


def classify_on_spark(
    source: str,
    packs: PackSet,
    tally: Tally,
    *,
    master: str | None = None,
    partitions: int | None = None,
) -> Iterator[bytes]:
    """Yield canonical JSON Lines, many at once, in the order of devices, byte by byte.

    Raises:
        CamauditError: Spark or a worker failed, or the source cannot be read.
    """
    decode = msgspec.msgpack.Decoder(_Part).decode
    with tempfile.TemporaryDirectory(prefix="camaudit-") as folder:
        data = carried(packs)
        shared = Path(folder) / f"packs-{hashlib.sha256(data).hexdigest()}.bin"
        shared.write_bytes(data)
        read = rows_of_lines if source.lower().endswith(LINES) else None
        with spark.connected(master, "camaudit classify") as session:
            for each in spark.run(
                session, source, classify_part, shared=shared, read=read, partitions=partitions
            ):
                part = decode(each)
                if part.tally is not None:
                    tally.merge(part.tally)
                if part.lines:
                    yield part.lines


# ------------------------------------------------------------------------------- on the workers


def classify_part(shared: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """Yield encoded ``_Part``s for rows of ``spark.ROWS`` in the order of their device."""
    encode = msgspec.msgpack.Encoder().encode
    packs = _packs(shared.name, shared)
    tally = Tally()
    for found in classify_batches(_checked(batches, tally), packs, tally, clustered=True):
        lines: list[bytes] = []
        write_lines([found], packs.makers, lines.append)
        yield from (encode(_Part(lines=each)) for each in lines)
    yield encode(_Part(tally=tally))


@functools.lru_cache(maxsize=1)
def _packs(name: str, path: Path) -> PackSet:
    """Return the packs that were sent: unpacked once a worker, not once a task."""
    data = path.read_bytes()
    if name != f"packs-{hashlib.sha256(data).hexdigest()}.bin":
        raise CamauditError("a worker got damaged packs; run the command again")
    return unpacked(data)


def _checked(batches: Iterator[pa.RecordBatch], tally: Tally) -> Iterator[pa.RecordBatch | Problem]:
    """Yield observations, and what is none."""
    for batch in batches:
        usable = _usable(batch)
        if not pc.all(usable).as_py():
            yield from _problems(batch.filter(pc.invert(usable)), tally)
        yield _observations(batch.filter(usable))


def _usable(batch: pa.RecordBatch) -> pa.Array:
    """Return which rows have all that an observation needs."""
    usable = pc.is_valid(batch.column("value"))
    for name in _NAMES:
        column = batch.column(name)
        usable = pc.and_(usable, pc.fill_null(pc.not_equal(column, ""), False))
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:  # not UTF-8, though the column says so
            whole = [_is_text(value) for value in column.cast(pa.binary()).to_pylist()]
            usable = pc.and_(usable, pa.array(whole))
    return usable


def _is_text(value: bytes | None) -> bool:
    try:
        (value or b"").decode()
    except UnicodeDecodeError:
        return False
    return True


def _observations(batch: pa.RecordBatch) -> pa.RecordBatch:
    rest = [pa.nulls(batch.num_rows, each.type) for each in list(OBSERVATIONS)[4:]]
    return pa.RecordBatch.from_arrays(
        [
            batch.column("device"),
            batch.column("protocol").dictionary_encode(),
            batch.column("field").dictionary_encode(),
            without_userinfo(batch.column("value")),
            *rest,
        ],
        schema=OBSERVATIONS,
    )


def _problems(rows: pa.RecordBatch, tally: Tally) -> Iterator[Problem]:
    """Yield what ``rows_of_lines`` could not read, and count rows that lack something."""
    told = [_told(value) for value in rows.column("value").to_pylist()]
    yield from filter(None, told)
    lacking = told.count(None)
    if lacking:
        tally.rejected += lacking - 1  # all but the one that is yielded
        message = f"{lacking:,} rows lack device, protocol, field or value, or it is not UTF-8"
        yield Problem(position="", field="", message=message)


def _told(value: bytes | None) -> Problem | None:
    if value is not None and value.startswith(_MARK):
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.json.decode(value.removeprefix(_MARK), type=Problem)
    return None


def rows_of_lines(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield rows of ``spark.ROWS`` for batches of lines; a problem is a row without a device."""
    for batch in batches:
        data = b"\n".join(line or b"" for line in batch.column(0).to_pylist())
        for item in read_lines(io.BytesIO(data)):
            if isinstance(item, Problem):
                yield _row_of(item)
            else:
                yield item.select(spark.COLUMNS).cast(spark.ROWS)


def _row_of(problem: Problem) -> pa.RecordBatch:
    # the number of the line is that within a batch, which nobody knows
    told = _MARK + msgspec.json.encode(dataclasses.replace(problem, position=""))
    return pa.RecordBatch.from_arrays([*[pa.array([""])] * 3, pa.array([told])], schema=spark.ROWS)
