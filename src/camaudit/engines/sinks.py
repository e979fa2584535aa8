"""Write what bulk work gives: rows to Parquet and Arrow files, lines plain or compressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

#: Endings of files that hold rows.
ROW_FORMS: Final = {".parquet": "parquet", ".arrow": "arrow", ".ipc": "arrow"}
#: Endings of files that hold lines, and how they are compressed.
LINE_FORMS: Final = {".jsonl": None, ".jsonl.gz": "gzip", ".jsonl.zst": "zstd"}


@contextmanager
def row_writer(
    file: BinaryIO, form: str, schema: pa.Schema
) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """Give a function that writes batches to a Parquet or an Arrow IPC file."""
    if form == "parquet":
        # Without our schema in it: readers that are told of dictionaries inside lists, each row
        # group with its own, cannot put them together (pyarrow refuses to read such files).
        with pq.ParquetWriter(file, schema, compression="zstd", store_schema=False) as writer:
            yield writer.write_batch
        return
    # Arrow's file format holds one dictionary a column, so the words are written out
    plain = pa.schema([_spelled_out(each) for each in schema], schema.metadata)
    with pa.ipc.new_file(file, plain, options=pa.ipc.IpcWriteOptions(compression="zstd")) as out:
        yield lambda batch: out.write_batch(batch.cast(plain))


@contextmanager
def line_writer(file: BinaryIO, compression: str | None) -> Iterator[Callable[[bytes], object]]:
    """Give a function that writes bytes, compressed or as they are."""
    if compression is None:
        yield file.write
        return
    kept = pa.PythonFile(_KeptOpen(file), mode="w")
    with pa.CompressedOutputStream(kept, compression) as stream:
        yield stream.write


class _KeptOpen:
    """A file that somebody else closes."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self.write, self.flush = file.write, file.flush

    def close(self) -> None:
        """Leave the file open."""


def _spelled_out(field: pa.Field) -> pa.Field:
    return field.with_type(_plain(field.type))


def _plain(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(type_):
        return type_.value_type
    if pa.types.is_list(type_):
        return pa.list_(_plain(type_.value_type))
    if pa.types.is_struct(type_):
        return pa.struct([_spelled_out(type_.field(at)) for at in range(type_.num_fields)])
    return type_
