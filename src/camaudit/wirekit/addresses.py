"""Network addresses in replies: which of them can belong to one device."""

from __future__ import annotations

import ipaddress
from typing import Final

#: The longest text of an IPv6 address with a zone has fewer characters.
_MAX_CHARS: Final = 64


def usable_address(text: str) -> str | None:
    """Return the canonical form of an address that one device can have, or ``None``.

    Unset (``0.0.0.0``), multicast, broadcast and loopback addresses belong to no one device.
    """
    try:
        address = ipaddress.ip_address(text.strip()[:_MAX_CHARS].partition("%")[0])
    except ValueError:
        return None
    if address.is_unspecified or address.is_multicast or address.is_loopback:
        return None
    return None if str(address) == "255.255.255.255" else str(address)
