"""Sony: what Sony network cameras answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="sony",
    title="Sony discovery",
    transport="udp",
    ports=(2380,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner (Sony.cs)",
    expands={"sony.reply": expand_reply},
    searches=(SEARCH,),
)
