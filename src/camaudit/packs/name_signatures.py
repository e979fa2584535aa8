"""Derive the signatures that say no more than a maker's name.

1. ``<id>-name``: a manufacturer or device name is one of the maker's names, whatever its case and
   whatever stands between its words, with or without words such as "Technology Co., Ltd." after it.
2. ``<id>-name-model``: the same fields give the name, then a model number.
3. ``<id>-text``: free text consists of the name and ordinary words for such a device.
4. ``NameUse`` says which of them a name is good for. All prove the badge, and nothing else.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from camaudit.model.packs import Source


class NameUse(StrEnum):
    """Where a maker's name says who made the device in hand."""

    #: In manufacturer and device names, and where free text has nothing but the name.
    ANYWHERE = "anywhere"
    #: The same, but free text must name a device: short names, and makers of other goods.
    WITH_DEVICE = "with_device"
    #: An ordinary word: only as all that a manufacturer field says, and it weighs less.
    EXACT = "exact"
    #: The signatures of the file say where.
    OWN = "own"


class NameSignature(NamedTuple):
    """What varies between derived signatures; ``suffix`` follows the maker's id."""

    suffix: str
    fields: str
    pattern: str
    #: The start of the pattern. Compiled, all derived signatures take a seventh of the room so.
    sieve: str
    weight: str
    says: str


#: The source that derived signatures name; a maker file need not list it.
SOURCE: Final = Source(
    id="name", title="The name as the maker's labels and devices, and registers, write it"
)

#: Words after the name of an organisation. Ours.
_LEGAL: Final = (
    r"technolog(?:y|ies)|industries|security|systems|inc|ltd|limited|llc|pvt|pty|private|co|corp"
    r"|corporation|gmbh|s\.a|uk|usa"
)
#: One way only to divide what follows a name: a full stop is part of what parts the words.
_TAIL: Final = rf"(?:[ ,.]+(?:{_LEGAL}))*\.?\s*$"
#: A model number holds a digit, so that "compatible" and "replaced" are none.
_MODEL: Final = (
    r"(?:[ _+:/-]|%20)+(?P<model>[a-z]{0,5}-?[a-z0-9()]{0,40}\d[0-9a-z()/+._-]{0,60})\s*$"
)
_SORTS: Final = (
    r"(?: (?:\d{1,2}mp|[48]k|ip|hd|cctv|network|fixed|dome|bullet|turret|ptz|security"
    r"|\d{1,3}ch)){0,3}"
)
_DEVICE: Final = r"(?: (?:camera|cam|nvr|dvr|xvr|recorder)s?(?: x ?\d{1,3})?"

#: Words of a name: parted by what is no letter or digit, and "ActiveCam" is two.
_WORDS: Final = re.compile(r"[\s,._-]+|(?<=[A-Za-z][a-z])(?=[A-Z])")
_ENDINGS: Final = re.compile(r"(?:[ ,.]+(?:co|ltd|limited|inc|llc|corp|gmbh)\.?)+$", re.IGNORECASE)


def name_signatures(names: tuple[str, ...], use: NameUse) -> tuple[NameSignature, ...]:
    """Return the signatures that a maker's names give when they are used so."""
    if use is NameUse.OWN:
        return ()
    any_name = "|".join(dict.fromkeys(_pattern(name) for name in names))
    start = rf"(?i)^(?:{any_name})"
    spaced = rf"(?i)^\s*(?:{any_name})"
    whole = rf"{spaced}{_TAIL}"
    first = names[0]
    if use is NameUse.EXACT:
        says = f"A manufacturer field reads {first}, which is an ordinary word too."
        return (NameSignature("name", "@manufacturer", whole, spaced, "moderate", says),)
    says = f"A manufacturer or device name reads {first}"
    text = f"The description consists of {first} and ordinary words for such a device."
    described = rf"{start}{_SORTS}{_DEVICE}{'|' if use is NameUse.ANYWHERE else ''})$"
    return (
        NameSignature("name", "@name", whole, spaced, "strong", f"{says}."),
        NameSignature(
            "name-model", "@name", start + _MODEL, start, "strong", f"{says} with a model number."
        ),
        NameSignature("text", "@text", described, start, "moderate", text),
    )


def _pattern(name: str) -> str:
    """Return a pattern for a name, however its words are joined."""
    words = _WORDS.split(_ENDINGS.sub("", name))
    return "[ ._-]?".join(re.escape(word).replace("'", "'?") for word in words if word)
