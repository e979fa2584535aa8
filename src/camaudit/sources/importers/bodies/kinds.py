"""Words for kinds of body. Closed: a word that is not here is unknown, and said so.

The kind decides which instrument binds a body, so nothing is guessed from a name ("NHS Blood and
Transplant" is an arm's-length body).
"""

from __future__ import annotations

import re
from typing import Final

from camaudit.model.words import BodyKind

_WORDS: Final = {
    BodyKind.DEPARTMENT: (
        "department", "ministerial department", "government department", "ministry",
        "central government department", "central government", "dept",
        "ministerial government department",
    ),
    BodyKind.NON_MINISTERIAL_DEPARTMENT: (
        "non ministerial department", "non ministerial government department", "nmd", "nmgd",
        "nonministerial department",
    ),
    BodyKind.EXECUTIVE_AGENCY: (
        "executive agency", "agency", "government agency", "agency of a department",
        "executive agency of a department",
    ),
    BodyKind.ARMS_LENGTH_BODY: (
        "arms length body", "arm s length body", "alb", "ndpb", "non departmental public body",
        "executive ndpb", "advisory ndpb", "tribunal ndpb",
        "executive non departmental public body",
        "advisory non departmental public body", "public corporation", "public body", "quango",
        "independent monitoring body", "tribunal",
    ),
    BodyKind.DEVOLVED: (
        "devolved", "devolved administration", "devolved government", "devolved body",
        "scottish government", "welsh government", "northern ireland executive",
        "northern ireland department",
    ),
    BodyKind.POLICE: (
        "police", "police force", "constabulary", "police service", "territorial police force",
        "police and crime commissioner", "pcc", "special police force",
    ),
    BodyKind.COUNCIL: (
        "council", "local authority", "local council", "local government", "county council",
        "district council", "borough council", "city council", "london borough", "parish council",
        "town council", "unitary authority", "metropolitan borough", "combined authority",
        "community council", "la",
    ),
    BodyKind.NHS: (
        "nhs", "nhs trust", "nhs foundation trust", "health board", "hospital trust",
        "integrated care board", "icb", "foundation trust", "ambulance trust", "health trust",
        "nhs body", "nhs board",
    ),
    BodyKind.EDUCATION: (
        "education", "school", "academy", "academy trust", "multi academy trust", "mat",
        "university", "college", "further education", "higher education", "fe college",
        "sixth form college", "nursery school", "independent school",
    ),
    BodyKind.PRIVATE: (
        "private", "company", "private company", "private sector", "limited company", "business",
        "landlord", "contractor", "charity", "plc", "ltd", "supplier", "private landlord",
    ),
    BodyKind.UNKNOWN: ("unknown", "other", "not known", "tbc"),
}  # fmt: skip

_NOT_WORD: Final = re.compile(r"[^a-z]+")
_CODES: Final = {kind.value: kind for kind in BodyKind}
_KINDS: Final = {word: kind for kind, words in _WORDS.items() for word in words}


def body_kind(text: str) -> BodyKind | None:
    """Return the kind that a text names, or ``None``."""
    plain = _NOT_WORD.sub(" ", text.casefold().replace("\u2019", "'")).strip()
    singular = f"{plain[:-3]}y" if plain.endswith("ies") else plain.removesuffix("s")
    return _KINDS.get(plain) or _KINDS.get(singular) or _coded(text)


def _coded(text: str) -> BodyKind | None:
    word = text.strip().casefold().replace("-", "_").replace(" ", "_")
    return _CODES.get(word)
