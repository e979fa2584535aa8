"""Foscam: what older Foscam and Wansview cameras answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="foscam",
    title="Foscam discovery",
    transport="udp",
    ports=(10000,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; quoted in idx:37439146990; UniversalScanner",
    expands={"foscam.reply": expand_reply},
    searches=(SEARCH,),
)
