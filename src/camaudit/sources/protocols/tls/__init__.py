"""TLS: the certificate that a device presents to anyone who connects."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_certificate
from .probe import CERTIFICATE

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="tls",
    title="TLS certificate",
    transport="tcp",
    ports=CERTIFICATE.ports,
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 5280 (certificates), RFC 8446 (TLS 1.3)",
    expands={"tls.certificate": expand_certificate},
    dialogues=(CERTIFICATE,),
)
