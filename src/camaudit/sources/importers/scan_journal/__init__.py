"""Journals of ``camaudit scan``: what was heard, and what was asked and not reached."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="scan-journal",
    title="journal of camaudit scan",
    suffixes=(".jsonl",),
    sniff=sniff,
    read=read,
)
