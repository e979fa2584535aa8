"""Observations as JSON Lines: what other collectors write, and what ``classify`` reads."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, read_lines, sniff

__all__ = ["SPEC", "read_lines"]

SPEC = ImporterSpec(
    id="observations",
    title="Observations (JSON Lines)",
    suffixes=(".jsonl", ".ndjson"),
    sniff=sniff,
    read=read,
    streams=True,
)
