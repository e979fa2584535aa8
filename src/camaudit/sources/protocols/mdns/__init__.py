"""Multicast DNS: what devices announce of themselves (DNS-SD)."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_answer
from .probe import SERVICES

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="mdns",
    title="multicast DNS and DNS-SD",
    transport="udp",
    ports=(5353,),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 6762 (multicast DNS), RFC 6763 (DNS-SD)",
    expands={"mdns.answer": expand_answer},
    searches=(SERVICES,),
)
