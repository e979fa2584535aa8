"""The two names of a certificate, read leniently.

Firmware writes characters into a PrintableString that do not belong there (an underscore, an at
sign). Strict libraries then refuse the whole certificate, and with it the name of the maker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

#: Ours. Attributes of one name that are read; devices have about seven.
MAX_ATTRIBUTES: Final = 64
#: Ours. RFC 5280, appendix A.1 bounds them at 64 characters or, of some, 128.
MAX_ATTRIBUTE_BYTES: Final = 1024

#: RFC 5280, appendix A.1, and RFC 4519, by number: names in full, as other tools write them.
_ATTRIBUTES: Final = {
    "2.5.4.3": "commonName",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.9": "streetAddress",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
    "2.5.4.46": "dnQualifier",
    "0.9.2342.19200300.100.1.25": "domainComponent",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.2.840.113549.1.9.2": "unstructuredName",
}
#: X.690 8.1.2: constructed, context-specific, number 0; RFC 5280 4.1, the version.
_VERSION: Final = 0xA0
_SEQUENCE: Final = 0x30
#: X.680 table 1: strings of two and of four bytes a character; the others are one or UTF-8.
_WIDE: Final = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}
_LONG: Final = 0x80
#: Longer lengths cannot stand in a certificate of the size that is read.
_MOST_LENGTH_BYTES: Final = 4


class DistinguishedName(NamedTuple):
    """A name: its bytes, and its attributes as (name in full, or number) and text."""

    der: bytes
    attributes: tuple[tuple[str, str], ...]


def issuer_and_subject(der: bytes) -> tuple[DistinguishedName, DistinguishedName]:
    """Read the names of a certificate (RFC 5280 4.1); ``ValueError`` where there are none."""
    ((_, certificate),) = _elements(der)
    (_, tbs), *_signature = _elements(certificate)
    fields = [(tag, body) for tag, body in _elements(tbs) if tag != _VERSION]
    if [tag for tag, _ in fields[1:5]] != [_SEQUENCE] * 4:
        raise ValueError("a certificate without names")
    return _name(fields[2][1]), _name(fields[4][1])


def _name(body: bytes) -> DistinguishedName:
    return DistinguishedName(body, tuple(_attributes(body))[:MAX_ATTRIBUTES])


def _attributes(body: bytes) -> Iterator[tuple[str, str]]:
    for _, relative in _elements(body):
        for _, attribute in _elements(relative):
            (_, number), (tag, value) = _elements(attribute)
            dotted = _dotted(number)
            yield _ATTRIBUTES.get(dotted, dotted), _text(tag, value[:MAX_ATTRIBUTE_BYTES])


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of what stands in ``data`` (X.690 8.1, definite lengths)."""
    at = 0
    while at < len(data):
        tag, size, at = data[at], _byte(data, at + 1), at + 2
        if size & _LONG:
            count = size ^ _LONG
            if not 0 < count <= _MOST_LENGTH_BYTES:
                raise ValueError("a length without end or too long")
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + size > len(data):
            raise ValueError("an element that is cut off")
        yield tag, data[at : at + size]
        at += size


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise ValueError("an element that is cut off")
    return data[at]


def _dotted(number: bytes) -> str:
    """Return an object identifier as text (X.690 8.19)."""
    if len(number) > _LONG:
        raise ValueError("an object identifier that is too long")
    arcs = [0]
    for byte in number:
        arcs[-1] = arcs[-1] << 7 | byte & ~_LONG
        if not byte & _LONG:
            arcs.append(0)
    first, *others = arcs[:-1] or [0]
    root = min(first // 40, 2)
    return ".".join(map(str, (root, first - 40 * root, *others)))


def _text(tag: int, value: bytes) -> str:
    if tag in _WIDE:
        return value.decode(_WIDE[tag], "replace")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
