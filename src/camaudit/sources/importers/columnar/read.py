"""Read observations from Parquet and Arrow IPC files, a bounded number of rows at a time.

Columns are ``device``, ``protocol``, ``field`` and ``value`` (text or bytes, dictionary-encoded or
not), or ``value_b64`` instead of ``value``, and ``seen_at`` where there is one. Others are not
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS

from .rows import check_columns, observations

#: "Parquet" format, File Format; the second: with an encrypted footer.
_PARQUET: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"
#: Arrow Columnar Format, "IPC File Format" and "Encapsulated message format".
_ARROW_FILE: Final = b"ARROW1"
_ARROW_STREAM: Final = b"\xff\xff\xff\xff"

#: Ours. What the rows of one batch are meant to take; a single value may be larger.
_BATCH_BYTES: Final = 32 << 20

#: Ours. Read at once of a column; without it a whole column of a row group is.
_BUFFER: Final = 1 << 20

#: What pyarrow raises over bytes that are not what they should be; a length that was made up asks
#: for more memory than there is.
_BAD: Final = (pa.ArrowException, OSError, ValueError, MemoryError)

#: Row numbers start at 1, and are those of the whole file.
_Piece: TypeAlias = tuple[int, pa.RecordBatch] | Problem


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is Parquet or Arrow IPC, and no summary of flows."""
    if name.lower().endswith(".flows.parquet"):
        return 0
    if head.startswith((_PARQUET, _ENCRYPTED, _ARROW_FILE)):
        return 100
    named = name.lower().endswith((".arrow", ".arrows"))
    return 90 + 10 * named if head.startswith(_ARROW_STREAM) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the observations of a file.

    Raises:
        SourceError: The file is damaged where its layout is told, or has not the columns.
    """
    del options  # there is nothing to choose
    head = stream.read(len(_ARROW_FILE))
    stream.seek(0)
    for piece in _pieces(head, stream):
        if isinstance(piece, Problem):
            yield piece
        else:
            yield from observations(*piece)


def count_rows(stream: BinaryIO) -> int | None:
    """Return how many rows a Parquet file has; ``None`` where only reading it would tell."""
    if stream.read(len(_PARQUET)) != _PARQUET:
        return None
    stream.seek(0)
    try:
        return int(pq.read_metadata(stream).num_rows)
    except _BAD:
        return None


def _pieces(head: bytes, stream: BinaryIO) -> Iterator[_Piece]:
    if head.startswith(_ENCRYPTED):
        raise SourceError("the Parquet file is encrypted; write it without encryption")
    if head.startswith(_PARQUET):
        yield from _parquet(stream)
    elif head == _ARROW_FILE:
        yield from _arrow_file(stream)
    elif head.startswith(_ARROW_STREAM):
        yield from _arrow_stream(stream)
    else:
        raise SourceError("the file is neither Parquet nor Arrow IPC")


def _parquet(stream: BinaryIO) -> Iterator[_Piece]:
    try:
        told = pq.ParquetFile(stream)
        schema, metadata = told.schema_arrow, told.metadata
    except _BAD as error:
        raise SourceError(f"the Parquet footer cannot be read: {_words(error)}") from error
    names = check_columns(schema)
    first = 1
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        done = 0
        try:
            for batch in _group(stream, metadata, group, names):
                yield first + done, batch
                done += batch.num_rows
        except _BAD as error:
            yield Problem(
                position=f"row {first + done}",
                field="",
                message=f"row group {group + 1} is damaged from here ({_words(error)}): "
                f"{rows - done} rows were not read",
            )
        first += rows


def _group(
    stream: BinaryIO, metadata: pq.FileMetaData, group: int, names: list[str]
) -> Iterator[pa.RecordBatch]:
    """Yield a row group in batches of a bounded size.

    What a column takes in the file says how long its values are, unless they are coded: a hundred
    bytes may then stand for a value of a megabyte, over and over. Such stay coded here.
    """
    told = metadata.row_group(group)
    # Not column by column: pyarrow 26 aborts where the statistics of a column are damaged.
    size = max(told.total_byte_size, 1)
    rows = max(1, min(MAX_BATCH_ROWS, _BATCH_BYTES * max(told.num_rows, 1) // size))
    coded = ["protocol", "field"]
    coded += [
        name
        for name in names
        if name not in coded and _longest(stream, metadata, group, name) * rows > _BATCH_BYTES
    ]
    file = pq.ParquetFile(stream, metadata=metadata, read_dictionary=coded, buffer_size=_BUFFER)
    yield from file.iter_batches(rows, [group], names, use_threads=False)


def _longest(stream: BinaryIO, metadata: pq.FileMetaData, group: int, name: str) -> int:
    """Return the length of the longest value that a group's codes stand for."""
    file = pq.ParquetFile(stream, metadata=metadata, read_dictionary=[name], buffer_size=_BUFFER)
    for batch in file.iter_batches(1, [group], [name], use_threads=False):
        column = batch.column(0)
        if pa.types.is_dictionary(column.type):
            return pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        break
    return 0


def _arrow_file(stream: BinaryIO) -> Iterator[_Piece]:
    try:
        file = ipc.open_file(stream)
        schema, count = file.schema, file.num_record_batches
    except _BAD as error:
        raise SourceError(
            f"the footer of the Arrow file cannot be read: {_words(error)}"
        ) from error
    names = check_columns(schema)
    first = 1
    for number in range(count):
        try:
            batch = file.get_batch(number).select(names)
        except _BAD as error:
            yield _lost(first, f"record batch {number + 1} is damaged ({_words(error)})")
            continue
        yield first, batch
        first += batch.num_rows


def _arrow_stream(stream: BinaryIO) -> Iterator[_Piece]:
    try:
        reader = ipc.open_stream(stream)
        names = check_columns(reader.schema)
    except _BAD as error:
        raise SourceError(f"the Arrow stream cannot be read: {_words(error)}") from error
    first = 1
    while True:
        try:
            batch = reader.read_next_batch().select(names)
        except StopIteration:
            return
        except _BAD as error:
            yield _lost(first, f"the stream is damaged or cut off here ({_words(error)})")
            return
        yield first, batch
        first += batch.num_rows


def _lost(row: int, what: str) -> Problem:
    return Problem(position=f"row {row}", field="", message=f"{what}; its rows were not read")


def _words(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__
