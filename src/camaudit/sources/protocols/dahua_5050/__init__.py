"""Dahua, before DHIP: the binary search of older devices, and what they answer."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="dahua-5050",
    title="Dahua binary discovery",
    transport="udp",
    ports=(5050,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner, DahuaConsole",
    expands={"dahua-5050.reply": expand_reply},
    searches=(SEARCH,),
)
