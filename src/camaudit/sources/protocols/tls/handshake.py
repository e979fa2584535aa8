"""Bytes and messages of the start of a TLS connection: what the client offers, and the certificate.

1. Only the plain part of a handshake is read (RFC 8446 4.1.2, RFC 5246 7.4). In TLS 1.3 the
   certificate is encrypted, so a server shows nothing here; nothing is ever decrypted.
2. Of a ClientHello neither the random value nor the session's ticket or key shares are kept.
3. JA4 is computed as FoxIO publishes it for TLS clients ("JA4: TLS Client Fingerprinting",
   BSD-3-Clause): cipher suites and extensions are sorted, so that a client that shuffles its
   extensions keeps its fingerprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.cursor import Cursor

#: Holds the longest ClientHello that RFC 8446 4.1.2 allows to be written.
MAX_HANDSHAKE_BYTES: Final = 1 << 18
#: Ours. Browsers send about 20 extensions, and 65 536 numbers exist.
MAX_EXTENSIONS: Final = 128
#: RFC 8446 5.1: the most that one record holds.
MAX_RECORD_BYTES: Final = 1 << 14
#: RFC 1035 2.3.4, in text.
MAX_HOST_BYTES: Final = 255

#: RFC 8446 5.1 and 4: the numbers of record and message types.
_HANDSHAKE_RECORD: Final = 22
_CLIENT_HELLO: Final = 1
_CERTIFICATE: Final = 11
_RECORD_HEAD: Final = 5
_MESSAGE_HEAD: Final = 4
_RANDOM_BYTES: Final = 32
#: IANA, TLS ExtensionType values.
_SERVER_NAME: Final = 0x0000
_SIGNATURE_ALGORITHMS: Final = 0x000D
_ALPN: Final = 0x0010
_SUPPORTED_VERSIONS: Final = 0x002B
#: The extensions whose content shows in what is observed of a client, but for the server's name.
SHOWN: Final = frozenset({_SIGNATURE_ALGORITHMS, _ALPN, _SUPPORTED_VERSIONS})
#: RFC 8701 2: values that mean nothing, sent so that servers learn to ignore the unknown.
_GREASE: Final = frozenset(0x0A0A + 0x1010 * step for step in range(16))

#: JA4: what stands for a version.
_VERSIONS: Final = {0x0304: "13", 0x0303: "12", 0x0302: "11", 0x0301: "10", 0x0300: "s3"}
_NOTHING: Final = "0" * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """What a client offers. ``extensions`` are numbers and contents, in the order of the bytes."""

    version: int
    ciphers: tuple[int, ...] = ()
    extensions: tuple[tuple[int, bytes], ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was cut off, so that a fingerprint means something."""
        return not self.anomalies

    def extension(self, number: int) -> bytes | None:
        """Return the content of an extension, ``None`` where it was not sent."""
        return next((body for code, body in self.extensions if code == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """The certificate that a server presents for itself (DER)."""

    der: bytes
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_client_hello(data: bytes) -> ClientHello:
    """Read a ClientHello out of its records; one that was cut off gives what is whole."""
    tally = Tally()
    for kind, body, is_whole in _messages(data):
        if kind != _CLIENT_HELLO:
            break
        tally.add("hello_unfinished", int(not is_whole))
        return _client_hello(body, tally)
    raise DecodeError("no TLS ClientHello")


def encode_client_hello(message: ClientHello) -> bytes:
    """Write a ClientHello with nothing random in it, for the laws; nothing here ever sends one."""
    suites = b"".join(cipher.to_bytes(2, "big") for cipher in message.ciphers)
    body = message.version.to_bytes(2, "big") + bytes(_RANDOM_BYTES) + b"\0"
    body += len(suites).to_bytes(2, "big") + suites + b"\1\0"
    extensions = b"".join(
        code.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content
        for code, content in message.extensions
    )
    return _recorded(_CLIENT_HELLO, body + len(extensions).to_bytes(2, "big") + extensions)


def client_hello_parts(message: ClientHello) -> tuple[object, ...]:
    """Return the parts of a ClientHello in the order of its bytes."""
    return (message.version, *message.ciphers, *message.extensions)


def decode_presented(data: bytes) -> Presented:
    """Read the server's own certificate out of what it sends first."""
    for kind, body, is_whole in _messages(data):
        if kind == _CERTIFICATE:
            der = _first_certificate(body)
            tally = Tally()
            tally.add("chain_unfinished", int(not is_whole))
            return Presented(der=der, anomalies=tally.result())
    raise DecodeError("no certificate in plain sight: TLS 1.3, a resumed session, or no TLS")


def encode_presented(message: Presented) -> bytes:
    """Write the certificate as a server would, for the laws."""
    entry = len(message.der).to_bytes(3, "big") + message.der
    return _recorded(_CERTIFICATE, len(entry).to_bytes(3, "big") + entry)


def presented_parts(message: Presented) -> tuple[object, ...]:
    """Return the bytes: a certificate is whole or nothing."""
    return (message.der,)


def server_name(message: ClientHello) -> str:
    """Return the host that the client names (RFC 6066 3), in lower case; empty where it does not.

    Only letters, digits, hyphens, underscores and dots make a host name here.
    """
    body = message.extension(_SERVER_NAME) or b""
    # a list of one: its length, the type host_name, the length of the name
    name = body[5 : 5 + int.from_bytes(body[3:5], "big")] if body[2:3] == b"\0" else b""
    text = name[: MAX_HOST_BYTES + 1].decode("ascii", "replace").lower().removesuffix(".")
    known = text.replace("-", "a").replace("_", "a").replace(".", "a")
    return text if len(text) <= MAX_HOST_BYTES and known.isascii() and known.isalnum() else ""


def protocols_offered(message: ClientHello) -> tuple[bytes, ...]:
    """Return the names of the protocols that the client offers (RFC 7301 3.1), in its order."""
    body = message.extension(_ALPN) or b""
    names, at = [], 2
    while at < len(body) and at + 1 + body[at] <= len(body):
        names.append(body[at + 1 : at + 1 + body[at]])
        at += 1 + body[at]
    return tuple(name for name in names if name)


def ja4(message: ClientHello) -> str:
    """Return the JA4 fingerprint of a client that speaks TLS over TCP."""
    ciphers = [each for each in message.ciphers if each not in _GREASE]
    numbers = [code for code, _ in message.extensions if code not in _GREASE]
    named = "d" if message.extension(_SERVER_NAME) is not None else "i"
    start = f"t{_version(message)}{named}{min(len(ciphers), 99):02d}{min(len(numbers), 99):02d}"
    hashed = sorted(each for each in numbers if each not in (_SERVER_NAME, _ALPN))
    offered = [each for each in _signatures(message) if each not in _GREASE]
    both = _hexadecimal(hashed) + (f"_{_hexadecimal(offered)}" if offered else "")
    suites = _digest(_hexadecimal(sorted(ciphers))) if ciphers else _NOTHING
    return f"{start}{_alpn(message)}_{suites}_{_digest(both) if numbers else _NOTHING}"


def _version(message: ClientHello) -> str:
    body = message.extension(_SUPPORTED_VERSIONS) or b""
    offered = [each for each in _words(body[1:]) if each not in _GREASE]
    return _VERSIONS.get(max(offered, default=message.version), "00")


def _alpn(message: ClientHello) -> str:
    """Return the ends of the first protocol's name, of its digits where they are no letters."""
    first = next(iter(protocols_offered(message)), b"")
    if not first:
        return "00"
    ends = first[:1] + first[-1:]
    return ends.decode() if ends.isalnum() and ends.isascii() else first.hex()[0] + first.hex()[-1]


def _signatures(message: ClientHello) -> Iterator[int]:
    return _words((message.extension(_SIGNATURE_ALGORITHMS) or b"")[2:])


def _words(body: bytes) -> Iterator[int]:
    return (int.from_bytes(body[at : at + 2], "big") for at in range(0, len(body) - 1, 2))


def _hexadecimal(numbers: Iterable[int]) -> str:
    return ",".join(f"{number:04x}" for number in numbers)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]


def _client_hello(body: bytes, tally: Tally) -> ClientHello:
    cursor = Cursor(body)
    version = cursor.u16_be()
    ciphers: tuple[int, ...] = ()
    extensions: list[tuple[int, bytes]] = []
    try:
        cursor.take(_RANDOM_BYTES)
        cursor.take(cursor.u8())
        size = cursor.u16_be()
        ciphers = tuple(_words(cursor.take(min(size, cursor.left))))
        cursor.take(cursor.u8())
        # RFC 5246 7.4.1.2: nothing behind it means no extensions
        if cursor.left:
            cursor.u16_be()
        while cursor.left:
            code = cursor.u16_be()
            content = cursor.take(cursor.u16_be())
            if len(extensions) == MAX_EXTENSIONS:
                tally.add("extensions_dropped")
                break
            extensions.append((code, content))
    except DecodeError:
        tally.add("hello_cut")
    if not ciphers:
        raise DecodeError("a TLS ClientHello without a cipher suite")
    return ClientHello(
        version=version,
        ciphers=ciphers,
        extensions=tuple(extensions),
        anomalies=tally.result(),
    )


def _first_certificate(body: bytes) -> bytes:
    cursor = Cursor(body)
    cursor.take(3)
    der = cursor.take(int.from_bytes(cursor.take(3), "big"))
    if not der:
        raise DecodeError("a server without a certificate")
    return der


def _messages(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Yield type, content and whether it is whole, of each message in the plain records."""
    if len(data) > MAX_HANDSHAKE_BYTES:
        raise DecodeError(f"the start of a TLS connection has at most {MAX_HANDSHAKE_BYTES} bytes")
    flight = _plain(data)
    at = 0
    while at + _MESSAGE_HEAD <= len(flight):
        start = at + _MESSAGE_HEAD
        end = start + int.from_bytes(flight[at + 1 : start], "big")
        yield flight[at], flight[start:end], end <= len(flight)
        at = end


def _plain(data: bytes) -> bytes:
    """Return the content of the leading handshake records, the last of which may be cut off."""
    parts: list[bytes] = []
    at = 0
    while data[at : at + 1] == bytes((_HANDSHAKE_RECORD,)) and data[at + 1 : at + 2] == b"\3":
        start = at + _RECORD_HEAD
        size = int.from_bytes(data[at + 3 : start], "big")
        if not 0 < size <= MAX_RECORD_BYTES:
            break
        parts.append(data[start : start + size])
        at = start + size
    return b"".join(parts)


def _recorded(kind: int, body: bytes) -> bytes:
    message = bytes((kind,)) + len(body).to_bytes(3, "big") + body
    pieces = (
        message[at : at + MAX_RECORD_BYTES] for at in range(0, len(message), MAX_RECORD_BYTES)
    )
    head = bytes((_HANDSHAKE_RECORD, 3, 3))
    return b"".join(head + len(piece).to_bytes(2, "big") + piece for piece in pieces)
