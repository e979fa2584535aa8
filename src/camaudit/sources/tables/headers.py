"""Match the header cells of a table with the columns that an importer knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, NamedTuple

from camaudit.errors import SourceError

#: The column word with which the operator says that a column is not to be used.
IGNORE: Final = "ignore"

#: A longer cell is a sentence, not a header.
MAX_HEADER_CHARS: Final = 120

#: What header words are shortened to, and how they are spelt elsewhere.
_LONG_FORMS: Final = {
    "no": "number", "nr": "number", "num": "number", "nbr": "number", "nos": "number",
    "addr": "address", "adr": "address", "add": "address",
    "mfr": "manufacturer", "mfg": "manufacturer", "mfgr": "manufacturer",
    "manuf": "manufacturer", "manu": "manufacturer", "mnfr": "manufacturer",
    "manufacturers": "manufacturer",
    "loc": "location", "locn": "location", "desc": "description", "descr": "description",
    "qty": "quantity", "qnty": "quantity", "inst": "installed", "instal": "installed",
    "install": "installed", "installation": "installed", "installed": "installed",
    "ref": "reference", "fw": "firmware", "ver": "version", "vers": "version",
    "cam": "camera", "cams": "cameras", "org": "organisation", "organization": "organisation",
    "organisations": "organisation", "dept": "department", "bldg": "building", "equip": "equipment",
    "maint": "maintenance", "sn": "serial number", "ser": "serial", "sensitivity": "sensitive",
    "mod": "model", "spec": "specification", "chan": "channel", "freq": "frequency",
    "recd": "recorded", "inv": "inventory", "dt": "date", "purch": "purchase", "pos": "position",
}  # fmt: skip

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARENTHESIS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_SLASHED_SERIAL: Final = re.compile(r"(?i)\bs\s?[/.]\s?n\b\.?")

_EXACT, _INSIDE_FROM, _INSIDE_SPAN = 100, 40, 40
#: In "manufacturer's part number" the last words say what the column is.
_LAST_BONUS: Final = 5


def normal(text: str) -> str:
    """Return a header as folded words without accents, punctuation and short forms."""
    text = _SLASHED_SERIAL.sub("serial number", text[: 4 * MAX_HEADER_CHARS])
    text = _CAMEL.sub(" ", text.replace("#", " number "))
    text = unicodedata.normalize(
        "NFKD", text.replace("ß", "ss").replace("ł", "l").replace("Ł", "L")
    )
    words = _NOT_WORD.sub(" ", text.encode("ascii", "ignore").decode().lower()).split()
    return " ".join(_LONG_FORMS.get(word, word) for word in words)


class Match(NamedTuple):
    """A column word, and how surely a header means it (0 to 100)."""

    word: str
    score: int


class HeaderWords:
    """The columns of one importer, each with the phrases that head it.

    A phrase that starts with ``=`` is too common to be looked for inside a longer header.
    ``keys`` gives the observation key of a column word, which a mapping may use instead.
    """

    def __init__(
        self, phrases: Mapping[str, tuple[str, ...]], keys: Mapping[str, str] | None = None
    ) -> None:
        self._exact: dict[str, str] = {}
        inside: dict[str, str] = {}
        for word, listed in phrases.items():
            for phrase in listed:
                plain = normal(phrase.removeprefix("="))
                self._exact.setdefault(plain.replace(" ", ""), word)
                if not phrase.startswith("="):
                    inside.setdefault(f" {plain} ", word)
        self._inside = tuple(inside.items())
        self.words = tuple(phrases)
        self._asked = {word: word for word in phrases} | {IGNORE: IGNORE}
        self._asked |= {key: word for word, key in (keys or {}).items()}

    def match(self, header: str) -> Match | None:
        """Return the column that a header names, or ``None``."""
        if not header or len(header) > MAX_HEADER_CHARS:
            return None
        whole = normal(header)
        bare = normal(_PARENTHESIS.sub(" ", header))
        for words in (bare, whole):
            if found := self._exact.get(words.replace(" ", "")):
                return Match(found, _EXACT)
        return self._inside_of(bare) or self._inside_of(whole)

    def _inside_of(self, words: str) -> Match | None:
        padded = f" {words} "
        best, longest = None, 0
        for phrase, word in self._inside:
            if phrase in padded:
                size = len(phrase) + (_LAST_BONUS if padded.endswith(phrase) else 0)
                if size > longest:
                    best, longest = word, size
        if best is None:
            return None
        return Match(best, _INSIDE_FROM + min(_INSIDE_SPAN, _INSIDE_SPAN * longest // len(padded)))

    def asked(self, mapping: Mapping[str, str]) -> dict[str, str]:
        """Return the operator's mapping as folded header -> column word.

        Raises:
            SourceError: A value is not a column of this importer.
        """
        result = {}
        for header, word in mapping.items():
            if word not in self._asked:
                known = ", ".join((*self.words, IGNORE))
                raise SourceError(
                    f"the mapping sends column {header!r} to {word!r}, which is not a column that "
                    f"this kind of file has; use one of: {known}"
                )
            result[header.strip().casefold()] = self._asked[word]
        return result
