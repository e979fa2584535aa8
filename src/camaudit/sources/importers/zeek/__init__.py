"""Logs of Zeek, tab-separated or JSON: conn, dns, ssl, http, dhcp, known_devices."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="zeek",
    title="Zeek logs (conn, dns, ssl, http, dhcp, known devices; TSV and JSON)",
    suffixes=(".log", ".json", ".jsonl"),
    sniff=sniff,
    read=read,
    streams=True,
    traffic=True,
)
