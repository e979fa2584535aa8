"""Panasonic: what cameras and recorders of Panasonic, now i-PRO, answer to a search."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="panasonic",
    title="Panasonic and i-PRO discovery",
    transport="udp",
    ports=(
        10670,
        10669,
    ),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; captures in Rickardjd/Easy_IP; UniversalScanner",
    expands={"panasonic.reply": expand_reply},
    searches=(SEARCH,),
)
