"""FTP: the greeting of a file server; nobody logs in."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import GREETING

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="ftp",
    title="FTP greeting",
    transport="tcp",
    ports=(21,),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 959",
    expands={"ftp.response": expand_response},
    dialogues=(GREETING,),
)
