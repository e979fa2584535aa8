"""Distinguished names of certificates in the one spelling that signatures are written for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: The order in which certificate names are written; RFC 4514 2.3 gives the short words.
_WORDS: Final = {
    "commonName": "CN",
    "organizationalUnitName": "OU",
    "organizationName": "O",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "countryName": "C",
    "emailAddress": "emailAddress",
}


def certificate_name(names: Iterable[tuple[str, str]]) -> str:
    """Return ``CN=..,O=..`` from names of attributes in full (or numbers) and their values."""
    order = {long: index for index, long in enumerate(_WORDS)}
    ranked = sorted(names, key=lambda pair: order.get(pair[0], len(order)))
    return ",".join(f"{_WORDS.get(name, name)}={value}" for name, value in ranked)
