"""Ubiquiti: what Ubiquiti devices, cameras and recorders among them, answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="ubiquiti",
    title="Ubiquiti discovery",
    transport="udp",
    ports=(10001,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; Wireshark (packet-ubdp.c), nmap, UniversalScanner",
    expands={"ubiquiti.reply": expand_reply},
    searches=(SEARCH,),
)
