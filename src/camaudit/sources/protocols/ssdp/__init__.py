"""SSDP and UPnP: the description that a device serves to anyone on its network."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_description

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="ssdp",
    title="UPnP device description",
    transport="udp and tcp",
    ports=(1900, 49152),
    intrusiveness=Intrusiveness.POLITE,
    reference="UPnP Device Architecture 1.1 and 2.0",
    expands={
        "ssdp.device_description": expand_description,
        "upnp.device_description": expand_description,
    },
)
