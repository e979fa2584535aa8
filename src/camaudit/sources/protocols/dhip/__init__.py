"""DHIP: what devices of the Dahua family answer to a discovery search; nothing else."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="dhip",
    title="DHIP discovery reply",
    transport="udp",
    ports=(37810,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by UniversalScanner, DahuaConsole",
    expands={"dhip.reply": expand_reply},
)
