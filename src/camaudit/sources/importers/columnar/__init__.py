"""Observations as Parquet or Arrow IPC: the columns that the JSON Lines form has as members."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import count_rows, read, sniff
from .rows import observations

__all__ = ["SPEC", "count_rows", "observations"]

SPEC = ImporterSpec(
    id="columnar",
    title="Observations (Parquet, Arrow IPC)",
    suffixes=(".parquet", ".arrow", ".arrows", ".feather"),
    sniff=sniff,
    read=read,
)
