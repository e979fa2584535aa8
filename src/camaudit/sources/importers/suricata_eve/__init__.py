"""The event log of Suricata, eve.json: flow, netflow, dns, tls, http and dhcp events."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="suricata-eve",
    title="Suricata EVE (flow, dns, tls, http, dhcp events)",
    suffixes=(".json", ".jsonl"),
    sniff=sniff,
    read=read,
    streams=True,
    traffic=True,
)
