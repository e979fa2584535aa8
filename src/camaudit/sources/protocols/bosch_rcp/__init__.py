"""Bosch: what Bosch cameras, and VCS before them, answer to a search, in bytes or in XML."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="bosch-rcp",
    title="Bosch discovery (RCP+)",
    transport="udp",
    ports=(1757, 1758),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner (Bosch.cs)",
    expands={"bosch-rcp.reply": expand_reply},
    searches=(SEARCH,),
)
