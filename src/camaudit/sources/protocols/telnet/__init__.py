"""Telnet: the greeting before the login prompt; nobody logs in."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import GREETING

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="telnet",
    title="Telnet greeting",
    transport="tcp",
    ports=(23,),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 854 (protocol), RFC 855 (options)",
    expands={"telnet.response": expand_response},
    dialogues=(GREETING,),
)
