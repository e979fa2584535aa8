"""Traffic logs of firewalls as tables: whatever the header calls source, target, port and bytes."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read
from .sniff import sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="firewall-csv",
    title="Firewall traffic log (CSV of Palo Alto, Fortinet, Cisco, Check Point; pf filterlog)",
    suffixes=(".csv", ".tsv", ".txt", ".log"),
    sniff=sniff,
    read=read,
    traffic=True,
)
