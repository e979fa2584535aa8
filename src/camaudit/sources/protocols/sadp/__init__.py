"""SADP: replies of the Hikvision family to the inquiry of the discovery tool; nothing else."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="sadp",
    title="SADP discovery reply",
    transport="udp",
    ports=(37020,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner, hiktools",
    expands={"sadp.reply": expand_reply},
)
