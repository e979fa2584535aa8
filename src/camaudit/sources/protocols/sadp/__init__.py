"""SADP: the inquiry of the Hikvision family's discovery tool, and what devices answer."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import INQUIRY

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="sadp",
    title="SADP discovery",
    transport="udp",
    ports=(37020,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner, hiktools",
    expands={"sadp.reply": expand_reply},
    searches=(INQUIRY,),
)
