"""MAC address tables: at which port of a switch a device hangs."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="mac-tables",
    title="MAC address tables of switches, as pasted",
    suffixes=(".txt",),
    sniff=sniff,
    read=read,
)
