"""DHIP: the search of the Dahua family's discovery tool, and what devices answer."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="dhip",
    title="DHIP discovery",
    transport="udp",
    ports=(37810,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner, DahuaConsole",
    expands={"dhip.reply": expand_reply},
    searches=(SEARCH,),
)
