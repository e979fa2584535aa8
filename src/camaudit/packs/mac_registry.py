"""Load the IEEE registry of MAC address blocks, and say whom an address is registered to.

1. The table ships in ``data/mac``, dated, with the digest of its text; a table that does not have
   that digest is refused.
2. Blocks of 36, 28 and 24 bits: the longest that holds the address decides (IEEE Registration
   Authority, "Guidelines for use of EUI, OUI and CID").
3. An address that its owner made up (U/L bit) or that names a group (I/G bit) is registered to
   nobody, whatever its digits (RFC 9542, section 2.1).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import msgspec
import pyarrow as pa

from camaudit.errors import PackError

#: Hexadecimal digits of a 36-, 28- and 24-bit prefix, longest first.
PREFIX_DIGITS: Final = (9, 7, 6)
ADDRESS_DIGITS: Final = 12
#: The I/G and U/L bits of the first octet.
GROUP_OR_LOCAL: Final = 0b11
LOCAL: Final = 0b10

#: Holder of a 24-bit block that is handed out in smaller ones; says nothing of the device.
DIVIDED: Final = "IEEE Registration Authority"

_FOLDER: Final = "data/mac"
_TABLE: Final = "registry.tsv.gz"
_ABOUT: Final = "registry.json"

#: How nearly every address is written; the others are read more slowly.
_USUAL: Final = re.compile(r"[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}")
_SEPARATED: Final = re.compile(r"([0-9A-F]{1,2})([:-])([0-9A-F]{1,2})(?:\2[0-9A-F]{1,2})+")
_DOTTED: Final = re.compile(r"[0-9A-F]{4}(?:\.[0-9A-F]{2,4})+")
_PLAIN: Final = re.compile(r"[0-9A-F]{6,12}")


class _About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    package: str
    version: str
    licence: str
    published_on: date
    blocks: dict[str, int]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MacRegistry:
    """Whom each block of addresses is registered to, as of a date."""

    published_on: date
    source: str
    digest: str
    #: Upper-case hexadecimal prefix of 6, 7 or 9 digits to the registered name.
    organisations: dict[str, str]

    def lookup(self, mac: str | bytes) -> str | None:
        """Return the name that a whole address is registered to, if it is.

        The address is text in any usual form (``00:40:8C:01:02:03``, ``00-40-8c-...``,
        ``0040.8c01.0203``, ``0:40:8c:1:2:3``, bare); ``bytes`` are such text in ASCII.
        """
        digits = _digits(mac)
        return self._find(digits) if len(digits) == ADDRESS_DIGITS else None

    def lookup_prefix(self, prefix: str | bytes) -> str | None:
        """Return the name that the first 6 to 12 digits of an address are registered to.

        Six digits of a block that is handed out in smaller ones name nobody.
        """
        return self._find(_digits(prefix))

    def lookup_many(self, macs: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Return ``lookup`` of each value of a string or binary column, as strings or nulls.

        Each distinct value is looked up once.
        """
        if isinstance(macs, pa.ChunkedArray):
            macs = macs.combine_chunks()
        coded = macs if pa.types.is_dictionary(macs.type) else macs.dictionary_encode()
        names = [None if mac is None else self.lookup(mac) for mac in coded.dictionary.to_pylist()]
        return pa.array(names, pa.string()).take(coded.indices)

    def _find(self, digits: str) -> str | None:
        if not digits or int(digits[1], 16) & GROUP_OR_LOCAL:
            return None
        for length in PREFIX_DIGITS:
            name = self.organisations.get(digits[:length]) if length <= len(digits) else None
            if name is not None:
                return None if name == DIVIDED else name
        return None


def is_made_up(mac: str | bytes) -> bool:
    """Tell whether an address of one interface was made up by its owner (RFC 9542, section 2.1)."""
    digits = _digits(mac)
    return len(digits) == ADDRESS_DIGITS and int(digits[1], 16) & GROUP_OR_LOCAL == LOCAL


def _digits(mac: str | bytes) -> str:
    """Return 6 to 12 upper-case digits, or nothing where this is no address or beginning of one."""
    text = mac.decode("ascii", "replace") if isinstance(mac, bytes) else mac
    text = text.strip().upper()
    if usual := _USUAL.fullmatch(text):
        return text.replace(usual[1], "")
    if _SEPARATED.fullmatch(text):
        octets = re.split("[:-]", text)
        text = "".join(octet.rjust(2, "0") for octet in octets)
    elif _DOTTED.fullmatch(text):
        text = text.replace(".", "")
    return text if _PLAIN.fullmatch(text) else ""


def parse_mac_registry(table: bytes, about: bytes) -> MacRegistry:
    """Check the compressed table against what is said about it; raise ``PackError``."""
    try:
        facts = msgspec.json.decode(about, type=_About)
    except msgspec.DecodeError as error:
        raise _refuse(str(error), _ABOUT) from error
    try:
        content = gzip.decompress(table)
    except (OSError, EOFError, zlib.error) as error:
        raise _refuse(f"not a gzip file: {error}", _TABLE) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != facts.sha256:
        raise _refuse(f"its text has the SHA-256 {digest}; {_ABOUT} says {facts.sha256}", _TABLE)
    cells = content.decode().replace("\n", "\t").split("\t")
    organisations = dict(zip(cells[:-1:2], cells[1::2], strict=True))
    if len(organisations) != sum(facts.blocks.values()):
        raise _refuse(f"{len(organisations)} blocks; {_ABOUT} says {facts.blocks}", _TABLE)
    return MacRegistry(
        published_on=facts.published_on,
        source=f"{facts.package} {facts.version}",
        digest=digest,
        organisations=organisations,
    )


def _refuse(message: str, name: str) -> PackError:
    return PackError(
        f"{message}; install camaudit again, or renew the table", file=f"{_FOLDER}/{name}"
    )


@cache
def load_mac_registry() -> MacRegistry:
    """Return the registry that ships with camaudit."""
    folder = resources.files("camaudit.data") / "mac"
    return parse_mac_registry((folder / _TABLE).read_bytes(), (folder / _ABOUT).read_bytes())
