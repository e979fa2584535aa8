"""Packet captures: pcap and pcapng, as tcpdump, Wireshark and network sensors write them."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="pcap",
    title="packet capture (pcap, pcapng)",
    suffixes=(".pcap", ".pcapng", ".cap"),
    sniff=sniff,
    read=read,
    streams=True,
    traffic=True,
)
