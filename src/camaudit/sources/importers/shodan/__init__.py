"""Exports of Shodan: JSON Lines, one banner of one port a line."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="shodan",
    title="Shodan export (JSON Lines)",
    suffixes=(".json", ".jsonl"),
    sniff=sniff,
    read=read,
    streams=True,
)
