"""Hardware addresses as devices write them, in one spelling."""

from __future__ import annotations

import re
from typing import Final

#: IEEE 802-2014 8.1: six octets, hexadecimal, joined by hyphens; colons, dots and nothing occur.
_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[:.-]?){5}[0-9A-Fa-f]{2}")
#: macOS and the BSDs leave out leading zeros.
_SHORT: Final = re.compile(r"[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}")
_NOBODY: Final = frozenset({"000000000000", "ffffffffffff"})


def normalise_mac(text: str) -> str | None:
    """Return ``text`` as ``aa:bb:cc:dd:ee:ff``; ``None`` where it names no interface."""
    text = text.strip()
    if _SHORT.fullmatch(text):
        text = ":".join(octet.zfill(2) for octet in text.split(":"))
    if _MAC.fullmatch(text) is None:
        return None
    digits = re.sub(r"[:.-]", "", text).lower()
    if digits in _NOBODY:
        return None
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
