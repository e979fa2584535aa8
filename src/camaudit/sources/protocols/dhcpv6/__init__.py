"""DHCPv6: what a device tells of itself when it asks for an IPv6 address; read where recorded."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_message

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="dhcpv6",
    title="DHCPv6 request",
    transport="udp",
    ports=(547, 546),
    intrusiveness=Intrusiveness.PASSIVE,
    reference="RFC 8415 (protocol and options), RFC 4704 (name), RFC 6939 (relayed clients)",
    expands={"dhcpv6.message": expand_message},
)
