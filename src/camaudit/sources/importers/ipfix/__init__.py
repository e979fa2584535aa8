"""IPFIX messages one after the other (RFC 7011), as in files of RFC 5655."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="ipfix",
    title="IPFIX messages (RFC 7011, files of RFC 5655)",
    suffixes=(".ipfix",),
    sniff=sniff,
    read=read,
    streams=True,
    traffic=True,
)
