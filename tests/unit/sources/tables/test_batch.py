"""Batches are handed on before they are large, in rows or in bytes."""

from __future__ import annotations

from camaudit.sources.tables import batch
from camaudit.sources.tables.batch import BatchBuilder


def filled(rows: int, size: int) -> BatchBuilder:
    builder = BatchBuilder()
    for at in range(rows):
        builder.add(f"d{at}", "http.body", b"x" * size, "line 1")
    return builder


def test_a_builder_is_full_at_so_many_rows_or_bytes() -> None:
    assert not filled(10, 10).full
    assert filled(batch.FULL_ROWS, 1).full
    assert filled(batch.FULL_BYTES // (1 << 20), 1 << 20).full


def test_what_was_flushed_is_forgotten() -> None:
    builder = filled(batch.FULL_ROWS, 1)
    assert sum(each.num_rows for each in builder.flush()) == batch.FULL_ROWS
    assert not builder.full
    assert not list(builder.flush())
