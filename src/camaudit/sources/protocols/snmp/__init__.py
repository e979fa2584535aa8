"""SNMP: what a device is and whom it has for neighbours, with a community that was given."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import NEIGHBOURS, SYSTEM_DIALOGUE

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="snmp",
    title="SNMP version 2c, reading",
    transport="udp",
    ports=(161,),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 3416 (operations), RFC 3418 (system), RFC 4188 (bridges), IEEE 802.1AB (LLDP)",
    expands={"snmp.response": expand_response},
    dialogues=(SYSTEM_DIALOGUE, NEIGHBOURS),
)
