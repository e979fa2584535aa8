"""Fields of a certificate: who it is for, who signed it, and the digest that tells it apart.

Of a client: the host that it names, the protocols that it offers, and its JA4 fingerprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.wirekit.secrets import blank
from camaudit.wirekit.shown import shown_text

from .codec import Certificate, decode_certificate
from .handshake import (
    ClientHello,
    decode_client_hello,
    decode_presented,
    ja4,
    protocols_offered,
    server_name,
)


def observe(message: Certificate) -> tuple[Seen, ...]:
    """Return what a certificate shows."""
    return (fingerprint(message.der), *_seen(message))


def fingerprint(der: bytes) -> Seen:
    """Return the SHA-256 of a certificate, readable or not."""
    return Seen("tls", "certificate_sha256", hashlib.sha256(der).hexdigest().encode())


def expand_certificate(value: bytes) -> tuple[Seen, ...]:
    """Read ``tls.certificate`` (DER)."""
    return observe(decode_certificate(value))


def observe_client(message: ClientHello) -> tuple[Seen, ...]:
    """Return what a ClientHello shows of the client; of a cut one there is no fingerprint."""
    fields = (
        ("sni", server_name(message).encode()),
        ("alpn", b",".join(map(shown_text, protocols_offered(message)))),
        ("ja4", ja4(message).encode() if message.is_whole else b""),
    )
    return tuple(Seen("tls", name, value) for name, value in fields if value)


def expand_client_hello(value: bytes) -> tuple[Seen, ...]:
    """Read ``tls.client_hello``: the start of a connection, from the client's side."""
    return observe_client(decode_client_hello(value))


def expand_server_flight(value: bytes) -> tuple[Seen, ...]:
    """Read ``tls.server_flight``: the start of a connection, from the server's side."""
    return observe_presented(decode_presented(value).der)


def observe_presented(der: bytes) -> tuple[Seen, ...]:
    """Return what a certificate shows; its digest even where it cannot be read."""
    try:
        return expand_certificate(der)
    except DecodeError:
        return (fingerprint(der),)


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
