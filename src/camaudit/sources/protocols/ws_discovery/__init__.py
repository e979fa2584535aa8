"""WS-Discovery: the probe that ONVIF devices answer with what they are and where to ask."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_answer
from .probe import PROBE

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="ws-discovery",
    title="WS-Discovery",
    transport="udp",
    ports=(3702,),
    intrusiveness=Intrusiveness.POLITE,
    reference="WS-Discovery 2005/04 as ONVIF Core 7.3 uses it; OASIS WS-Discovery 1.1",
    expands={"ws-discovery.answer": expand_answer},
    searches=(PROBE,),
)
