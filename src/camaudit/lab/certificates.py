"""Certificates of personas, made when the lab starts and kept nowhere."""

from __future__ import annotations

import ssl
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from camaudit.packs.lab import Subject

from .plan import Plan

_NAMES: Final = {
    "CN": NameOID.COMMON_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "L": NameOID.LOCALITY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "C": NameOID.COUNTRY_NAME,
}
_YEARS: Final = timedelta(days=3650)


def server_contexts(plan: Plan, now: datetime) -> dict[str, ssl.SSLContext]:
    """Return a TLS context for each persona that has a certificate, by its id.

    Its names are those of the persona's first device, where they hold a serial number.
    """
    contexts: dict[str, ssl.SSLContext] = {}
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    wanted = {p.id: p for p in plan.slots if p is not None and p.certificate is not None}
    first = _first_devices(plan, set(wanted))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pair.pem"
        for name, persona in wanted.items():
            assert persona.certificate is not None  # noqa: S101 -- chosen by it
            file.write_bytes(_made(persona.certificate, first.get(name, ""), key, now) + private)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            contexts[name] = context
    return contexts


def _first_devices(plan: Plan, wanted: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for device in plan.devices():
        if device.persona.id in wanted and device.persona.id not in found:
            found[device.persona.id] = device.serial
            if len(found) == len(wanted):
                break
    return found


def _made(names: Subject, serial: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> bytes:
    expired = names.fault == "expired"
    begins = now - 2 * _YEARS if expired else now - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(names.subject, serial))
        .issuer_name(_name(names.issuer or names.subject, serial))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _YEARS)
        .sign(key, hashes.SHA256())
    )
    if names.fault == "bad-signature":
        der = bytearray(certificate.public_bytes(serialization.Encoding.DER))
        der[-1] ^= 1
        certificate = x509.load_der_x509_certificate(bytes(der))
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(parts: list[list[str]], serial: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(_NAMES[kind], text.replace("${serial}", serial))
            for kind, text in parts
        ]
    )
