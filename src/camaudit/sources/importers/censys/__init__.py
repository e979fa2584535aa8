"""Exports of Censys: hosts of its search (v2), one a record, with their services."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="censys",
    title="Censys hosts (JSON, JSON Lines)",
    suffixes=(".json", ".jsonl"),
    sniff=sniff,
    read=read,
    streams=True,
)
