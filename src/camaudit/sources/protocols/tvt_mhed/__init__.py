"""MHED: what TVT devices, under any label, announce of themselves to their maker's tool."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="tvt-mhed",
    title="TVT discovery (MHED)",
    transport="udp",
    ports=(23456,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; device-signals 1.5, captures idx:69649599080",
    expands={"tvt-mhed.reply": expand_reply},
    searches=(SEARCH,),
)
