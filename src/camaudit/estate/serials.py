"""Which serial numbers, endpoints and certificates can tell one unit from another.

1. A serial number counts if it is long enough, has enough different characters, does not merely
   count up or down or repeat itself, and is no text that software ships instead of a number.
2. An endpoint or a certificate belongs to one unit for sure only if it names the unit: by its MAC
   address, its serial number, or a token that looks like either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final

#: Ours. Shorter numbers repeat between makers, and are what people type.
MIN_LENGTH: Final = 8
#: Ours. Fewer different characters are 00000000, 10000000, 12121212.
MIN_DISTINCT: Final = 4
#: What software says where nobody filled in a number; letters and digits only. Firmware images and
#: boards of every kind have them; written down by us, for whole numbers and not for parts.
PLACEHOLDERS: Final = frozenset(
    {
        "DEFAULTSTRING",
        "DEVICESERIALNUMBER",
        "NOSERIALNUMBER",
        "NOTAPPLICABLE",
        "NOTAVAILABLE",
        "NOTSPECIFIED",
        "SERIALNO",
        "SERIALNUMBER",
        "SYSTEMSERIALNUMBER",
        "TOBEFILLED",
        "TOBEFILLEDBYOEM",
        "TOBEFILLEDBYO",
        "UNDEFINED",
        "UNKNOWN",
        "UNSPECIFIED",
        "YOURSERIALNUMBER",
    }
)
#: Letters that people and firmware put before a number.
_PREFIX: Final = re.compile(r"(?:SN|NO|SERIAL|ID)(?=\d)")
#: Hikvision family: model, production date, two letters, two letters, the short serial number of
#: nine characters, a letter or several (device-signals 3.8). Some services answer the short one.
_LONG: Final = re.compile(r".*\d{8}(?:AA|BB|CC)(?:WR|CH|RR)([A-Z]?\d{8,9})[A-Z]{0,4}")
_SHORT: Final = 9
_JOINTS: Final = re.compile(r"[^0-9A-Za-z]+")
#: A token of a certificate's name that looks like a unit's: an unbroken MAC address, or a number of
#: so many digits that it counts units. Years, versions and models are shorter.
_MAC_TOKEN: Final = re.compile(r"(?<![0-9A-F])(?=[0-9A-F]*\d)[0-9A-F]{12}(?![0-9A-F])")
_NUMBER_TOKEN: Final = re.compile(r"\d{7,}")
_DAY: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


@lru_cache(maxsize=65_536)
def normalise_serial(text: str) -> str:
    """Return the letters and digits in upper case; of a long serial number, the unit's part."""
    plain = compact(text)
    found = _LONG.fullmatch(plain)
    return found[1][-_SHORT:] if found else plain


def compact(text: str) -> str:
    """Return letters and digits alone, in upper case."""
    return _JOINTS.sub("", text).upper()


@lru_cache(maxsize=65_536)
def implausible(serial: str) -> str | None:
    """Say why a normalised serial number identifies nothing; ``None``: it may."""
    if serial in PLACEHOLDERS:
        return "is a text that stands for no number"
    if len(serial) < MIN_LENGTH:
        return "is too short to tell units apart"
    number = _PREFIX.sub("", serial, count=1)
    if len(set(number)) < MIN_DISTINCT or _repeats(number) or _counts(number):
        return "is a placeholder"
    return None


def names_unit(texts: Iterable[str], marks: Iterable[str]) -> bool:
    """Tell whether texts name a unit: one of its marks, or a token that only a unit has."""
    plain = [compact(text) for text in texts]
    if any(mark in text for mark in marks for text in plain):
        return True
    tokens = [token for text in texts for token in _JOINTS.split(text.upper())]
    return any(_MAC_TOKEN.search(token) or _has_number(token) for token in tokens)


def _has_number(token: str) -> bool:
    return any(
        not _DAY.fullmatch(number) and implausible(number.rjust(MIN_LENGTH, "X")) is None
        for number in _NUMBER_TOKEN.findall(token)
    )


def _repeats(text: str) -> bool:
    return text in (text + text)[1:-1]


def _counts(text: str) -> bool:
    """Tell whether characters only go up, or only down, by one; 0 follows 9."""
    if text.isdecimal():
        steps = {(int(b) - int(a)) % 10 for a, b in pairwise(text)}
        return steps in ({1}, {9})
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})
