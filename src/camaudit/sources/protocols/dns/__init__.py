"""DNS: which names a device asks for, and which addresses stand for them; read where recorded."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_message

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="dns",
    title="DNS question and answer",
    transport="udp and tcp",
    ports=(53,),
    intrusiveness=Intrusiveness.PASSIVE,
    reference="RFC 1035 (protocol), RFC 3596 (AAAA), RFC 7766 (over TCP)",
    expands={"dns.message": expand_message},
)
