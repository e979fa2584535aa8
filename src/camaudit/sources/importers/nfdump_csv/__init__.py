"""What nfdump writes as CSV: NetFlow, sFlow and IPFIX that nfcapd collected."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="nfdump-csv",
    title="nfdump -o csv (NetFlow and IPFIX collected by nfcapd)",
    suffixes=(".csv",),
    sniff=sniff,
    read=read,
    streams=True,
    traffic=True,
)
