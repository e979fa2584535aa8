"""LLDP: what a device tells the switch that it hangs at, of itself; read where it was recorded."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_frame

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="lldp",
    title="LLDP announcement",
    transport="ethernet",
    ports=(),
    intrusiveness=Intrusiveness.PASSIVE,
    reference="IEEE 802.1AB-2016; ANSI/TIA-1057 (inventory)",
    expands={"lldp.frame": expand_frame},
)
