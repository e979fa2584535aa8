"""Vivotek: what Vivotek cameras answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="vivotek",
    title="Vivotek discovery",
    transport="udp",
    ports=(10000,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner (Vivotek.cs)",
    expands={"vivotek.reply": expand_reply},
    searches=(SEARCH,),
)
