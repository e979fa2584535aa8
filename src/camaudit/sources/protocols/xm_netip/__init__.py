"""NetIP: what Xiongmai firmware, under any label, answers to a search; nothing else."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_reply
from .probe import SEARCH

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="xm-netip",
    title="Xiongmai discovery (NetIP)",
    transport="udp",
    ports=(34569,),
    intrusiveness=Intrusiveness.PROBING,
    reference="no public specification; observed by python-dvr, idx:10279197093, idx:43385522421",
    expands={"xm-netip.reply": expand_reply},
    searches=(SEARCH,),
)
