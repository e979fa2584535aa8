"""DHCP leases: which device asked for an address, when, and what it calls itself."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="dhcp-leases",
    title="DHCP leases (ISC, dnsmasq, Kea, Windows)",
    suffixes=(".leases", ".csv", ".txt"),
    sniff=sniff,
    read=read,
)
