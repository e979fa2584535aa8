"""VStarcam: what VStarcam cameras, under many labels, answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="vstarcam",
    title="VStarcam discovery",
    transport="udp",
    ports=(8600,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner (Vstarcam.cs), python-dvr",
    expands={"vstarcam.reply": expand_reply},
    searches=(SEARCH,),
)
