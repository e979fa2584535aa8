"""ONVIF: WS-Discovery scopes, and the replies of the device service."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_envelope, expand_response, expand_scopes
from .probe import DEVICE, PRE_AUTH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="onvif",
    title="ONVIF device service and WS-Discovery",
    transport="udp and tcp",
    ports=tuple(sorted({3702, *PRE_AUTH.ports})),
    intrusiveness=Intrusiveness.POLITE,
    reference="ONVIF Core Specification; WS-Discovery (April 2005)",
    expands={
        "onvif.*Response": expand_envelope,
        "onvif.response": expand_response,
        "ws-discovery.scopes": expand_scopes,
    },
    dialogues=(PRE_AUTH, DEVICE),
)
