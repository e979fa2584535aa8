"""What is readable of TLS: the ClientHello, the ServerHello and a certificate (RFC 5246, 8446).

Nothing is encrypted here: what follows a hello is noise in records of the right form.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

HANDSHAKE: Final = 22
APPLICATION: Final = 23
_TLS_12: Final = 0x0303
_TLS_13: Final = 0x0304
#: RFC 8701: a value that means nothing; browsers put one first.
GREASE: Final = 0x2A2A

SERVER_NAME: Final = 0
GROUPS: Final = 10
FORMATS: Final = 11
SIGNATURES: Final = 13
PROTOCOLS: Final = 16
MASTER_SECRET: Final = 23
TICKET: Final = 35
VERSIONS: Final = 43
KEY_MODES: Final = 45
KEY_SHARE: Final = 51
RENEGOTIATION: Final = 0xFF01


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How one client's software greets: what a fingerprint of it is made from."""

    ciphers: tuple[int, ...]
    #: In the order in which they are sent.
    extensions: tuple[int, ...]
    protocols: tuple[str, ...] = ()
    newest: int = _TLS_12


#: After a small TLS library of an embedded device.
DEVICE: Final = Style(
    ciphers=(0xC02C, 0xC030, 0xC02B, 0xC02F, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F),
    extensions=(SERVER_NAME, FORMATS, GROUPS, TICKET, SIGNATURES),
)
#: After a browser of this decade.
BROWSER: Final = Style(
    ciphers=(GREASE, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8),
    extensions=(
        GREASE, SERVER_NAME, MASTER_SECRET, RENEGOTIATION, GROUPS, FORMATS, TICKET, PROTOCOLS,
        SIGNATURES, KEY_SHARE, KEY_MODES, VERSIONS,
    ),
    protocols=("h2", "http/1.1"),
    newest=_TLS_13,
)  # fmt: skip


def client_hello(name: str, style: Style, noise: bytes) -> bytes:
    """Write a ClientHello in its record; ``noise`` is at least 64 octets."""
    body = struct.pack("!H", _TLS_12) + noise[:32] + b"\x20" + noise[32:64]
    body += _sized(b"".join(struct.pack("!H", each) for each in style.ciphers), 2) + b"\x01\x00"
    extensions = b"".join(_extension(each, name, style, noise) for each in style.extensions)
    return record(HANDSHAKE, handshake(1, body + _sized(extensions, 2)), version=0x0301)


def server_flight(der: Iterable[bytes], noise: bytes) -> bytes:
    """Write what a server of TLS 1.2 says first: its hello, its certificates, that it is done."""
    hello = struct.pack("!H", _TLS_12) + noise[:32] + b"\x20" + noise[32:64]
    hello += struct.pack("!HB", 0xC02F, 0) + _sized(struct.pack("!HHB", RENEGOTIATION, 1, 0), 2)
    chain = _sized(b"".join(_sized(each, 3) for each in der), 3)
    said = handshake(2, hello) + handshake(11, chain) + handshake(14, b"")
    return record(HANDSHAKE, said)


def server_hello_13(noise: bytes) -> bytes:
    """Write the hello of a server of TLS 1.3, and a record that hides the rest."""
    hello = struct.pack("!H", _TLS_12) + noise[:32] + b"\x20" + noise[32:64]
    share = struct.pack("!HHHH", KEY_SHARE, 36, 29, 32) + noise[:32]
    chosen = struct.pack("!HHH", VERSIONS, 2, _TLS_13)
    hello += struct.pack("!HB", 0x1301, 0) + _sized(share + chosen, 2)
    hidden = record(APPLICATION, noise[:64] * 12)
    return record(HANDSHAKE, handshake(2, hello)) + b"\x14\x03\x03\x00\x01\x01" + hidden


def handshake(kind: int, body: bytes) -> bytes:
    """Write a handshake message."""
    return bytes((kind,)) + _sized(body, 3)


def record(kind: int, body: bytes, version: int = _TLS_12) -> bytes:
    """Write a record; a body that is too long for one is cut into several."""
    pieces = [body[at : at + 0x4000] for at in range(0, len(body), 0x4000)] or [b""]
    return b"".join(struct.pack("!BHH", kind, version, len(each)) + each for each in pieces)


def _extension(kind: int, name: str, style: Style, noise: bytes) -> bytes:
    match kind:
        case 0x0000:
            body = _sized(b"\0" + _sized(name.encode(), 2), 2)
        case 0x000A:
            body = _sized(struct.pack("!HHH", 29, 23, 24), 2)
        case 0x000B:
            body = b"\x01\x00"
        case 0x000D:
            body = _sized(struct.pack("!6H", 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501), 2)
        case 0x0010:
            body = _sized(b"".join(_sized(each.encode(), 1) for each in style.protocols), 2)
        case _:
            body = _newer(kind, style, noise)
    return struct.pack("!H", kind) + _sized(body, 2)


def _newer(kind: int, style: Style, noise: bytes) -> bytes:
    match kind:
        case 0x002B:
            return _sized(struct.pack("!HHH", GREASE, style.newest, _TLS_12), 1)
        case 0x002D:
            return b"\x01\x01"
        case 0x0033:
            return _sized(struct.pack("!HH", 29, 32) + noise[:32], 2)
        case 0xFF01:
            return b"\0"
    return b""


def _sized(body: bytes, width: int) -> bytes:
    return len(body).to_bytes(width, "big") + body


# ------------------------------------------------------------------------------- certificates

#: X.520 attribute types, as object identifiers below 2.5.4.
_TYPES: Final = {"CN": 3, "C": 6, "L": 7, "ST": 8, "O": 10, "OU": 11}
#: SEC 2: the base point of P-256, a public key that everybody knows.
_POINT: Final = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
_EC_P256: Final = bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107")
_ECDSA_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")


def certificate(subject: Sequence[Sequence[str]], serial: int, noise: bytes) -> bytes:
    """Write an X.509 certificate (DER) that names itself as issuer; its signature is noise."""
    name = _der(0x30, b"".join(_attribute(kind, text) for kind, text in subject))
    times = _der(0x30, _der(0x17, b"240101000000Z") + _der(0x17, b"340101000000Z"))
    number = serial.to_bytes(8, "big").lstrip(b"\0") or b"\0"
    number = b"\0" + number if number[0] & 0x80 else number
    key = _der(0x30, _EC_P256 + _der(0x03, b"\0" + _POINT))
    body = _der(0xA0, _der(0x02, b"\x02")) + _der(0x02, number) + _ECDSA_SHA256
    body = _der(0x30, body + name + times + name + key)
    halves = (b"\x01" + noise[:31], b"\x01" + noise[32:63])
    signature = _der(0x30, b"".join(_der(0x02, half) for half in halves))
    return _der(0x30, body + _ECDSA_SHA256 + _der(0x03, b"\0" + signature))


def _attribute(kind: str, text: str) -> bytes:
    identifier = _der(0x06, bytes((0x55, 0x04, _TYPES[kind])))
    value = _der(0x13 if kind == "C" else 0x0C, text.encode())
    return _der(0x31, _der(0x30, identifier + value))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
