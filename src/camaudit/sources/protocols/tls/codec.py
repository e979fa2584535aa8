"""Bytes and messages of X.509 certificates (RFC 5280), as devices present them.

1. The library reads; what it refuses in one part of a certificate costs that part only.
2. Nothing is verified: a certificate is a statement of the device about itself.
3. No request exists: a handshake is all that a device is asked for. What clients and servers say
   at its start is read where it was recorded (``handshake``).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.distinguished import certificate_name

from .contain import ValueT, contained
from .handshake import (
    client_hello_parts,
    decode_client_hello,
    decode_presented,
    encode_client_hello,
    encode_presented,
    presented_parts,
)
from .names import issuer_and_subject

if TYPE_CHECKING:
    from cryptography import x509

#: Nothing can be written.
VERBS: Final[Mapping[str, object]] = {}

#: Ours. Certificates of devices stay below 4 KiB; TLS would allow 16 MiB (RFC 8446 4.4.2).
MAX_CERTIFICATE_BYTES: Final = 1 << 16
#: Ours. Alternative names that are kept; devices have about five.
MAX_NAMES: Final = 64
#: Ours. RFC 1035 2.3.4 bounds host names at 255 bytes.
MAX_NAME_CHARACTERS: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says; what could not be read of it is empty, and counted."""

    der: bytes
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: str = ""
    not_after: str = ""
    key: str = ""
    san: tuple[str, ...] = ()
    #: Whether it names itself as its issuer; ``None`` where the names cannot be read.
    self_signed: bool | None = None
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_certificate(data: bytes) -> Certificate:
    """Read one certificate (DER)."""
    if len(data) > MAX_CERTIFICATE_BYTES:
        raise DecodeError(f"a certificate has at most {MAX_CERTIFICATE_BYTES} bytes")
    from cryptography import x509

    tally = Tally()
    named = _named(data, tally)
    with warnings.catch_warnings():
        # The library warns of what RFC 5280 forbids and it reads all the same.
        warnings.simplefilter("ignore")
        loaded = contained(lambda: x509.load_der_x509_certificate(data))
        if loaded is not None:
            named = _detailed(named, loaded, tally)
        elif named.subject or named.issuer:
            tally.add("refused_but_for_its_names")
        else:
            raise DecodeError("not an X.509 certificate")
    return replace(named, anomalies=tally.result())


def encode_certificate(message: Certificate) -> bytes:
    """Return the certificate as the device presented it."""
    return message.der


def certificate_parts(message: Certificate) -> tuple[object, ...]:
    """Return the bytes: a certificate is whole or nothing."""
    return (message.der,)


def _named(der: bytes, tally: Tally) -> Certificate:
    try:
        issuer, subject = issuer_and_subject(der)
    except ValueError:
        tally.add("names_unreadable")
        return Certificate(der=der)
    return Certificate(
        der=der,
        subject=certificate_name(subject.attributes),
        issuer=certificate_name(issuer.attributes),
        self_signed=issuer.der == subject.der,
    )


def _detailed(named: Certificate, loaded: x509.Certificate, tally: Tally) -> Certificate:
    def part(name: str, read: Callable[[], ValueT]) -> ValueT | None:
        value = contained(read)
        tally.add(f"{name}_unreadable", int(value is None))
        return value

    number = part("serial", lambda: loaded.serial_number)
    tally.add("serial_negative", int(number is not None and number < 0))
    return replace(
        named,
        serial="" if number is None else f"{number:x}",
        not_before=part("not_before", lambda: _instant(loaded.not_valid_before_utc)) or "",
        not_after=part("not_after", lambda: _instant(loaded.not_valid_after_utc)) or "",
        key=part("key", lambda: _key(loaded.public_key())) or "",
        san=part("san", lambda: tuple(_alternatives(loaded))) or (),
    )


def _instant(at: Any) -> str:
    return str(at.isoformat()).replace("+00:00", "Z")


def _key(key: Any) -> str:
    """Return the kind of key and its size, ``RSA 2048`` or ``EC secp256r1``."""
    kind = type(key).__name__.removesuffix("PublicKey")
    if hasattr(key, "curve"):
        return f"EC {key.curve.name}"
    return f"{kind} {key.key_size}" if hasattr(key, "key_size") else kind


def _alternatives(certificate: x509.Certificate) -> Iterator[str]:
    """Yield the names and addresses of hosts; mail addresses are people's."""
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    for name in list(names)[:MAX_NAMES]:
        if isinstance(name, x509.DNSName | x509.IPAddress | x509.UniformResourceIdentifier):
            yield str(name.value)[:MAX_NAME_CHARACTERS]


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "certificate": Codec(
        decode=decode_certificate, encode=encode_certificate, parts=certificate_parts
    ),
    "client_hello": Codec(
        decode=decode_client_hello, encode=encode_client_hello, parts=client_hello_parts
    ),
    "server_flight": Codec(decode=decode_presented, encode=encode_presented, parts=presented_parts),
}
