"""SSDP and UPnP: what a device announces, and describes to anyone on its network."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_description, expand_reply
from .probe import DESCRIPTION, SEARCH, SEARCH_IPV6

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="ssdp",
    title="SSDP and UPnP device description",
    transport="udp and tcp",
    ports=(1900, 49152),
    intrusiveness=Intrusiveness.POLITE,
    reference="UPnP Device Architecture 1.1 and 2.0",
    expands={
        "ssdp.reply": expand_reply,
        "ssdp.device_description": expand_description,
        "upnp.device_description": expand_description,
    },
    dialogues=(DESCRIPTION,),
    searches=(SEARCH, SEARCH_IPV6),
)
