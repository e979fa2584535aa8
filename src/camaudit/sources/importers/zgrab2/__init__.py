"""What zgrab2 grabbed: JSON Lines, one host a line, with the results of its modules."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="zgrab2",
    title="zgrab2 results (JSON Lines)",
    suffixes=(".json", ".jsonl"),
    sniff=sniff,
    read=read,
    streams=True,
)
