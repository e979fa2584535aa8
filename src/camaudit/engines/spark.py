"""Bulk work on a Spark cluster that exists: rows in order of their device to each worker.

1. Rows are divided by ranges of the device, so that all rows of a device are in one part, and the
   parts, one after the other, are in order as a whole: byte by byte, as Spark compares text.
2. Within a part rows are sorted. Arrow batches still end anywhere: the work carries over.
3. What the work gives is opaque here. It is kept on the workers' disks until all parts are done,
   since Spark would else run one part after the other, and then fetched part by part.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from camaudit.errors import CamauditError, SourceError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: What rows hold when they come to the work; all but ``value`` are text. Any may be null.
COLUMNS: Final = ("device", "protocol", "field", "value")
ROWS: Final = pa.schema(
    [(name, pa.binary() if name == "value" else pa.string()) for name in COLUMNS]
)
#: Rows of a batch, and its bytes where Spark knows that limit (4.1): a value may be large.
_BATCH: Final = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(16 * 2**20),
}

#: Sees the file that was shared and the rows of whole devices, gives bytes.
Work = Callable[[Path, Iterator[pa.RecordBatch]], Iterator[bytes]]
#: Turns batches of lines (one binary column, ``value``) into batches of ``ROWS``.
Read = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


@contextmanager
def connected(master: str | None, name: str) -> Iterator[SparkSession]:
    """Give a session on the cluster at ``master``, by default the one that the environment names.

    Raises:
        CamauditError: Spark cannot be started or reached, or what is done with it fails.
    """
    from pyspark.sql import SparkSession

    # else Spark would take the first python3, which is seldom the one that has camaudit
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(name).config("spark.ui.enabled", "false")
    bar = str(sys.stderr.isatty()).lower()
    builder = builder.config("spark.ui.showConsoleProgress", bar)
    if master:
        builder = builder.master(master)
        if master.startswith("local"):
            builder = builder.config("spark.driver.host", "127.0.0.1")
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    with _errors_told():
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def run(
    session: SparkSession,
    sources: Sequence[str],
    work: Work,
    *,
    shared: Path,
    read: Read | None = None,
    partitions: int | None = None,
) -> Iterator[bytes]:
    """Yield what ``work`` gives, in the order of devices.

    Args:
        session: See ``connected``.
        sources: Paths or URLs, as Spark understands them, of Parquet; with ``read`` of lines.
        work: A function of a module that the workers can import.
        shared: A file that every worker shall have; ``work`` is told where.
        read: What to make of lines.
        partitions: Parts to divide the rows into, by default ``spark.sql.shuffle.partitions``.
    """
    from pyspark import SparkFiles, StorageLevel

    given = session.sparkContext.getConf()
    for key, value in _BATCH.items():
        if not given.contains(key):
            session.conf.set(key, value)
    session.sparkContext.addFile(str(shared))
    name = shared.name

    def worked(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part in work(Path(SparkFiles.get(name)), batches):
            yield pa.RecordBatch.from_pydict({"part": pa.array([part], pa.binary())})

    rows = _lines(session, sources, read) if read else _table(session, sources)
    count = partitions or int(session.conf.get("spark.sql.shuffle.partitions", "200") or 200)
    ordered = rows.repartitionByRange(count, "device").sortWithinPartitions(*COLUMNS)
    parts = ordered.mapInArrow(worked, "part binary").persist(StorageLevel.DISK_ONLY)
    parts.count()
    # one part at a time: the driver holds all of what it fetches
    for row in parts.toLocalIterator():
        yield bytes(row[0])


def _table(session: SparkSession, sources: Sequence[str]) -> DataFrame:
    from pyspark.sql import functions

    table = session.read.parquet(*sources)
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        has = ", ".join(table.columns[:20])
        raise SourceError(
            f"{sources[0]}: there is no column {', '.join(missing)}; its columns are {has}"
        )
    return table.select(
        *(
            functions.col(name).cast("binary" if name == "value" else "string").alias(name)
            for name in COLUMNS
        )
    )


def _lines(session: SparkSession, sources: Sequence[str], read: Read) -> DataFrame:
    # Spark decodes nothing: its text is the bytes as they are
    lines = session.read.text(list(sources), lineSep="\n")
    lines = lines.selectExpr("cast(value as binary) as value")
    return lines.mapInArrow(read, "device string, protocol string, field string, value binary")


@contextmanager
def _errors_told() -> Iterator[None]:
    """Say in one line what Spark says in fifty."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise CamauditError(_told(error)) from error


def _told(error: Any) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if "JAVA_GATEWAY_EXITED" in str(error):
        return (
            "Spark did not start: it needs Java 17 or later (Debian: apt-get install "
            "default-jre-headless), and a master that it can reach"
        )
    for line in reversed(lines):
        # the last line of a Python traceback: module.Error: words
        head, colon, words = line.partition(": ")
        if colon and head.startswith("camaudit.errors."):
            return words
    return f"Spark: {lines[0] if lines else type(error).__name__}"
