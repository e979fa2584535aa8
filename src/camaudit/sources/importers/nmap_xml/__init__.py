"""Scans by nmap (``-oX``), and by programs that write the same XML."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="nmap-xml", title="nmap XML (-oX)", suffixes=(".xml",), sniff=sniff, read=read
)
