"""SIP: what a door station, camera or telephone calls itself."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import OPTIONS

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="sip",
    title="SIP reply or request",
    transport="udp",
    ports=(5060,),
    intrusiveness=Intrusiveness.PROBING,
    reference="RFC 3261",
    expands={"sip.response": expand_response},
    dialogues=(OPTIONS,),
)
