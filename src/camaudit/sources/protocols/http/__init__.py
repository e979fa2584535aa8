"""HTTP: what a web server says before anyone logs in."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="http",
    title="HTTP reply",
    transport="tcp",
    ports=(80, 81, 443, 8000, 8080, 8443),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 9110 (semantics), RFC 9112 (HTTP/1.1)",
    expands={"http.response": expand_response},
)
