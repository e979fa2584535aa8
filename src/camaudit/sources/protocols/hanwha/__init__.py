"""Hanwha: what cameras of Hanwha Vision, once Samsung Techwin, answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="hanwha",
    title="Hanwha discovery",
    transport="udp",
    ports=(
        7701,
        7711,
    ),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner (Hanwha.cs)",
    expands={"hanwha.reply": expand_reply},
    searches=(SEARCH,),
)
