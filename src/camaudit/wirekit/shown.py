"""Bytes of a reply as they are shown: empty where there is nothing to show.

Addresses come in bytes (binary replies) or as text; both end in one spelling.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from .charset import to_text
from .mac import normalise_mac
from .secrets import blank

_MAC_BYTES: Final = 6
_IPV4_BYTES: Final = 4
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
