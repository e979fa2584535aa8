"""SSH: the identification string; no key is exchanged and nobody logs in."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import GREETING

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="ssh",
    title="SSH identification",
    transport="tcp",
    ports=(22,),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 4253",
    expands={"ssh.response": expand_response},
    dialogues=(GREETING,),
)
