"""DHCP: what a device tells of itself when it asks for an address; read where it was recorded."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_message

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="dhcp",
    title="DHCP request",
    transport="udp",
    ports=(67, 68),
    intrusiveness=Intrusiveness.PASSIVE,
    reference="RFC 2131 (protocol), RFC 2132 (options), RFC 3396 (long options), RFC 3925",
    expands={"dhcp.message": expand_message},
)
