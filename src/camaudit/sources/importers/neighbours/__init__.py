"""ARP and neighbour tables: which hardware address a machine or router knows at which address."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="neighbours",
    title="ARP and neighbour tables, as pasted",
    suffixes=(".txt", ".json"),
    sniff=sniff,
    read=read,
)
