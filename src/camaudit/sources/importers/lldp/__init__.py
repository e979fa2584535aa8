"""LLDP neighbours: what devices tell the switch that they hang at."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="lldp",
    title="LLDP neighbours, as pasted or as JSON",
    suffixes=(".txt", ".json"),
    sniff=sniff,
    read=read,
)
