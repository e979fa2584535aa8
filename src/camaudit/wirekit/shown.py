"""Bytes of a reply as they are shown: empty where there is nothing to show.

Addresses come in bytes (binary replies) or as text; both end in one spelling.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from .charset import to_text
from .mac import normalise_mac
from .record import Record
from .secrets import blank

_MAC_BYTES: Final = 6
_IPV4_BYTES: Final = 4
_NO_FORMS: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType({})
_EVERYBODY: Final = ipaddress.IPv4Address("255.255.255.255")


def shown_text(value: bytes) -> bytes:
    """Return text as UTF-8, trimmed and without secrets."""
    return blank(to_text(value).strip("\0 \t\r\n").encode())


def shown_mac(value: bytes) -> bytes:
    """Return a hardware address of six bytes, or of text."""
    text = value.hex() if len(value) == _MAC_BYTES else to_text(value)
    return (normalise_mac(text.strip("\0 ")) or "").encode()


def shown_ipv4(value: bytes) -> bytes:
    """Return an IPv4 address of four bytes, or of text, that can be one host's."""
    try:
        if len(value) == _IPV4_BYTES:
            address = ipaddress.IPv4Address(value)
        else:
            address = ipaddress.IPv4Address(to_text(value).strip("\0 "))
    except ValueError:
        return b""
    # RFC 1122 3.2.1.3; RFC 6890: neither of these is the address of one device on a network.
    nobody = address.is_unspecified or address.is_multicast or address == _EVERYBODY
    return b"" if nobody else str(address).encode()


def shown_fields(
    record: Record, protocol: str, forms: Mapping[str, Callable[[bytes], bytes]] = _NO_FORMS
) -> Iterator[tuple[str, str, bytes]]:
    """Yield protocol, field and value of what a record shows.

    The fields ``mac`` and ``ip`` are addresses; of ``forms`` comes how others are written that are
    not text.
    """
    for name, value in record.fields:
        if name in _ADDRESSES:
            group, form = _ADDRESSES[name]
            shown = (group, "address", form(value))
        else:
            shown = (protocol, name, forms.get(name, shown_text)(value))
        if shown[2]:
            yield shown


def shown_number(value: bytes) -> bytes:
    """Return a big-endian number in decimal."""
    return str(int.from_bytes(value, "big")).encode()


def shown_version(value: bytes) -> bytes:
    """Return a version of one byte a part."""
    return ".".join(map(str, value)).encode()


_ADDRESSES: Final = {"mac": ("mac", shown_mac), "ip": ("ip", shown_ipv4)}
