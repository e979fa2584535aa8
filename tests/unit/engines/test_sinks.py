"""Rows written by many batches can be read back by others."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.engines.sinks import row_writer

_WORD = pa.dictionary(pa.int32(), pa.string())
_SCHEMA = pa.schema([("words", pa.list_(pa.struct([("word", _WORD)])))])


def batch(*words: str) -> pa.RecordBatch:
    struct = pa.StructArray.from_arrays([pa.array(words).dictionary_encode()], names=["word"])
    column = pa.ListArray.from_arrays([0, len(words)], struct)
    return pa.RecordBatch.from_arrays([column], schema=_SCHEMA)


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_each_batch_may_have_dictionaries_of_its_own(form: str, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    with path.open("wb") as file, row_writer(file, form, _SCHEMA) as write:
        write(batch("a", "b"))
        write(batch("c", "a"))
    found = pq.ParquetFile(path).read() if form == "parquet" else pa.ipc.open_file(path).read_all()
    assert [[each["word"] for each in row] for row in found.column("words").to_pylist()] == [
        ["a", "b"],
        ["c", "a"],
    ]
