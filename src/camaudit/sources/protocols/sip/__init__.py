"""SIP: what a door station or camera calls itself; read where it was recorded, never asked for."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="sip",
    title="SIP reply or request",
    transport="udp",
    ports=(5060,),
    intrusiveness=Intrusiveness.PASSIVE,
    reference="RFC 3261",
    expands={"sip.response": expand_response},
)
