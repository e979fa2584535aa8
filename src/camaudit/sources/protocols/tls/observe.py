"""Fields of a certificate: who it is for, who signed it, and the digest that tells it apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from camaudit.model.observation import Seen
from camaudit.wirekit.secrets import blank

from .codec import Certificate, decode_certificate


def observe(message: Certificate) -> tuple[Seen, ...]:
    """Return what a certificate shows."""
    return (fingerprint(message.der), *_seen(message))


def fingerprint(der: bytes) -> Seen:
    """Return the SHA-256 of a certificate, readable or not."""
    return Seen("tls", "certificate_sha256", hashlib.sha256(der).hexdigest().encode())


def expand_certificate(value: bytes) -> tuple[Seen, ...]:
    """Read ``tls.certificate`` (DER)."""
    return observe(decode_certificate(value))


def _seen(message: Certificate) -> Iterator[Seen]:
    own = {True: "yes", False: "no", None: ""}[message.self_signed]
    fields = (
        ("subject", message.subject),
        ("issuer", message.issuer),
        *(("san", name) for name in message.san),
        ("serial", message.serial),
        ("not_before", message.not_before),
        ("not_after", message.not_after),
        ("self_signed", own),
        ("key", message.key),
    )
    for field, text in fields:
        if text:
            yield Seen("tls", field, blank(text.encode()))
