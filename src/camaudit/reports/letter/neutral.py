"""Find what a question to a supplier may not hold: a name of a producer or a country, a demand.

Too much is found rather than too little: a question that is left out can be asked by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from .countries import COUNTRIES

#: Shorter than this, a name is looked for in its own case only: "US" is a country, "us" is not.
SHORT: Final = 4

_WORD: Final = re.compile(r"[^\W_]+")
#: Words by which a text asks for somebody to be kept out, or calls for another origin.
_DEMAND: Final = re.compile(
    r"\b(?:exclud\w+|exclusion|bann?(?:ed|ing|s)?|prohibit\w*|forb[ia]d\w*|blacklist\w*"
    r"|boycott\w*|other than|instead of|rather than|not (?:be )?(?:made|produced|sourced) (?:in|by)"
    r"|do not (?:offer|supply|send|deliver)|non-[A-Z]\w+)",
    re.IGNORECASE,
)


class Names:
    """A fixed set of names; its cost does not grow with their number."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first_word: dict[str, set[tuple[str, ...]]] = {}
        self._exact: set[tuple[str, ...]] = set()
        for name in (*names, *COUNTRIES):
            words = tuple(_WORD.findall(name))
            if sum(map(len, words)) < SHORT:
                self._exact.add(words)
            folded = tuple(word.casefold() for word in words)
            if folded:
                self._by_first_word.setdefault(folded[0], set()).add(folded)

    def found_in(self, text: str) -> str | None:
        """Return the first name or demand that a text holds, or ``None``."""
        words = [*_WORD.finditer(text)]
        for at, word in enumerate(words):
            for folded in sorted(self._by_first_word.get(word.group().casefold(), ()), key=len):
                found = words[at : at + len(folded)]
                if self._same(folded, tuple(each.group() for each in found)):
                    return text[found[0].start() : found[-1].end()]
        demand = _DEMAND.search(text)
        return demand.group() if demand else None

    def _same(self, folded: tuple[str, ...], said: tuple[str, ...]) -> bool:
        if tuple(word.casefold() for word in said) != folded:
            return False
        return sum(map(len, folded)) >= SHORT or said in self._exact
