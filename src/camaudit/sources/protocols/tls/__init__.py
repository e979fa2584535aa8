"""TLS: the certificate that a device presents to anyone who connects, and what clients offer."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_certificate, expand_client_hello, expand_server_flight
from .probe import CERTIFICATE

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="tls",
    title="TLS certificate",
    transport="tcp",
    ports=CERTIFICATE.ports,
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 5280 (certificates), RFC 8446 and RFC 5246 (TLS), JA4 by FoxIO",
    expands={
        "tls.certificate": expand_certificate,
        "tls.client_hello": expand_client_hello,
        "tls.server_flight": expand_server_flight,
    },
    dialogues=(CERTIFICATE,),
)
