"""Observations as Parquet or Arrow IPC: the columns that the JSON Lines form has as members."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import count_rows, read, sniff

__all__ = ["SPEC", "count_rows"]

SPEC = ImporterSpec(
    id="columnar",
    title="Observations (Parquet, Arrow IPC)",
    suffixes=(".parquet", ".arrow", ".arrows", ".feather"),
    sniff=sniff,
    read=read,
)
