"""HTTP: what a web server says before anyone logs in."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import ROOT, ROOT_TLS

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="http",
    title="HTTP reply",
    transport="tcp",
    ports=tuple(sorted({*ROOT.ports, *ROOT_TLS.ports})),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 9110 (semantics), RFC 9112 (HTTP/1.1)",
    expands={"http.response": expand_response},
    dialogues=(ROOT, ROOT_TLS),
)
