"""``classify`` on a Spark cluster: the same function over the same batches, elsewhere."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.engines import sinks, spark
from camaudit.errors import CamauditError, UsageError
from camaudit.model.observation import Problem
from camaudit.model.schemas import DEVICES
from camaudit.sources.importers.columnar import observations
from camaudit.sources.importers.observations import read_lines

from .classifier import Classified, Tally
from .classify import classify_batches
from .classify_to import form_of, write_lines
from .device_rows import RowWriter
from .packset import PackSet, carried, unpacked
from .publish import private_file

#: Endings of files that Spark reads as lines; whatever else it is given is Parquet.
LINES: Final = tuple(
    form + packed for form in (".jsonl", ".ndjson") for packed in ("", ".gz", ".bz2", ".zst")
)
#: Rows sent together: some megabytes.
_ROWS: Final = 8192
_CODEC: Final = pa.Codec("zstd")
#: How the value of a row begins that tells a ``Problem``; such a row has no device.
_MARK: Final = b"camaudit problem: "


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkJob:
    """What is to be classified, where, and in how many parts (by default Spark's setting)."""

    sources: tuple[str, ...]
    master: str | None = None
    partitions: int | None = None

    @property
    def read(self) -> spark.Read | None:
        """Return what makes rows of the sources; nothing is needed for Parquet.

        Raises:
            UsageError: Some are lines and some are not.
        """
        lines = [name.lower().endswith(LINES) for name in self.sources]
        if any(lines) and not all(lines):
            raise UsageError("--engine spark reads lines or Parquet, not both in one run")
        return rows_of_lines if any(lines) else None


class _Part(msgspec.Struct, omit_defaults=True):
    """What a worker sends: what it found, or, as the last of its part, what it counted.

    The driver holds all that comes from one part at once, several times over; so it is compressed.
    """

    data: bytes = b""
    #: The size of ``data`` before it was compressed.
    size: int = 0
    tally: Tally | None = None


def write_lines_on_spark(
    job: SparkJob, packs: PackSet, tally: Tally, write: Callable[[bytes], object]
) -> None:
    """Write one line of JSON a device, in the order of devices, byte by byte.

    Raises:
        CamauditError: Spark or a worker failed, or a source cannot be read.
    """
    for data in _parts(job, packs, tally, lines_of_part):
        write(data)


def write_devices_on_spark(job: SparkJob, packs: PackSet, tally: Tally, path: Path) -> None:
    """Write one row or line a device to a file, by its ending, in the order of devices.

    Raises:
        CamauditError: Spark or a worker failed, or a source cannot be read.
        OSError: The disk is full or the file cannot be written; what was there stays.
    """
    form, compression = form_of(path)
    with private_file(path) as file:
        if form == "lines":
            with sinks.line_writer(file, compression) as write:
                write_lines_on_spark(job, packs, tally, write)
            return
        with sinks.row_writer(file, form, DEVICES) as write_rows:
            for data in _parts(job, packs, tally, rows_of_part):
                for batch in pa.ipc.open_stream(data):
                    write_rows(batch)


def _parts(job: SparkJob, packs: PackSet, tally: Tally, work: spark.Work) -> Iterator[bytes]:
    decode = msgspec.msgpack.Decoder(_Part).decode
    with tempfile.TemporaryDirectory(prefix="camaudit-") as folder:
        sent = carried(packs)
        shared = Path(folder) / f"packs-{hashlib.sha256(sent).hexdigest()}.bin"
        shared.write_bytes(sent)
        read = job.read
        with spark.connected(job.master, "camaudit classify") as session:
            for each in spark.run(
                session, job.sources, work, shared=shared, read=read, partitions=job.partitions
            ):
                part = decode(each)
                if part.tally is not None:
                    tally.merge(part.tally)
                if part.size:
                    yield _CODEC.decompress(part.data, part.size, asbytes=True)


# ------------------------------------------------------------------------------- on the workers


def lines_of_part(shared: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """Yield lines of JSON for rows of ``spark.ROWS`` in the order of their device."""
    packs = _packs(shared.name, shared)

    def told(found: Classified) -> list[bytes]:
        chunks: list[bytes] = []
        write_lines([found], packs.makers, chunks.append)
        return chunks

    return _worked(packs, batches, told)


def rows_of_part(shared: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """Yield Arrow streams of ``DEVICES`` for rows of ``spark.ROWS`` in that order."""
    packs = _packs(shared.name, shared)
    writer = RowWriter(packs.makers)

    def told(found: Classified) -> Iterator[bytes]:
        rows = writer.rows(found)
        for start in range(0, rows.num_rows, _ROWS):
            sink = io.BytesIO()
            with pa.ipc.new_stream(sink, DEVICES) as stream:
                stream.write_batch(rows.slice(start, _ROWS))
            yield sink.getvalue()

    return _worked(packs, batches, told)


def _worked(
    packs: PackSet,
    batches: Iterator[pa.RecordBatch],
    told: Callable[[Classified], Sequence[bytes] | Iterator[bytes]],
) -> Iterator[bytes]:
    encode = msgspec.msgpack.Encoder().encode
    tally = Tally()
    for found in classify_batches(_items(batches), packs, tally, clustered=True):
        for data in told(found):
            packed = _CODEC.compress(data, asbytes=True)
            yield encode(_Part(data=packed, size=len(data)))
    yield encode(_Part(tally=tally))


@functools.lru_cache(maxsize=1)
def _packs(name: str, path: Path) -> PackSet:
    """Return the packs that were sent: unpacked once a worker, not once a task."""
    data = path.read_bytes()
    if name != f"packs-{hashlib.sha256(data).hexdigest()}.bin":
        raise CamauditError("a worker got damaged packs; run the command again")
    return unpacked(data)


def _items(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch | Problem]:
    """Yield observations, and what is none; where it stood cannot be told after sorting."""
    for batch in batches:
        marked = pc.starts_with(batch.column("value"), _MARK)
        marked = pc.fill_null(
            pc.and_(marked, pc.equal(batch.column("device"), "")), fill_value=False
        )
        if marked.true_count:
            yield from map(_told, batch.filter(marked).column("value").to_pylist())
        for item in observations(1, batch.filter(pc.invert(marked))):
            yield replace(item, position="") if isinstance(item, Problem) else item


def _told(value: bytes) -> Problem:
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.json.decode(value.removeprefix(_MARK), type=Problem)
    return Problem(position="", field="device", message="must not be empty")


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
    told = _MARK + msgspec.json.encode(replace(problem, position=""))
    return pa.RecordBatch.from_arrays([*[pa.array([""])] * 3, pa.array([told])], schema=spark.ROWS)
