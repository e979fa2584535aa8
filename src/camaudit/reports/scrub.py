"""Take known secrets, and anything that looks like a network address, out of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

REDACTED: Final = "[redacted]"

#: Shorter than this, a secret is looked for as a whole word in its own case only.
_SHORT: Final = 4
_WORD: Final = re.compile(r"[^\W_]+")
#: MAC addresses in their three spellings, IPv4 with or without a prefix length, IPv6. A time of day
#: falls under the last; losing one is the lesser harm.
_ADDRESS: Final = re.compile(
    r"(?<![\w:.-])(?:"
    r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}"
    r"|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
    r"|\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?"
    r"|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:/\d{1,3})?"
    r")(?![\w:-])",
    re.IGNORECASE,
)


class Scrubber:
    """Replaces a fixed set of secrets; its cost does not grow with their number."""

    def __init__(self, secrets: Iterable[str], *, addresses: bool) -> None:
        self._addresses = addresses
        self._by_first_word: dict[str, list[str]] = {}
        for secret in sorted(set(filter(worth_hiding, secrets)), key=lambda s: (-len(s), s)):
            if first := _WORD.search(secret):
                phrase = secret[first.start() :].rstrip()
                self._by_first_word.setdefault(first.group().casefold(), []).append(phrase)

    def text(self, text: str, *own: str) -> str:
        """Return the text without the secrets; ``own`` ones are taken out inside words too."""
        for secret in sorted(filter(worth_hiding, own), key=len, reverse=True):
            if len(secret) >= _SHORT:
                text = re.sub(re.escape(secret), REDACTED, text, flags=re.IGNORECASE)
        text = self._phrases(text)
        return _ADDRESS.sub(REDACTED, text) if self._addresses else text

    def _phrases(self, text: str) -> str:
        parts: list[str] = []
        done = 0
        for word in _WORD.finditer(text):
            if word.start() < done:
                continue
            phrases = self._by_first_word.get(word.group().casefold(), ())
            end = next(
                (end for phrase in phrases if (end := _end_of(phrase, text, word.start()))), 0
            )
            if end:
                parts += (text[done : word.start()], REDACTED)
                done = end
        return "".join((*parts, text[done:])) if parts else text


def worth_hiding(secret: str) -> bool:
    """Tell whether a secret can be told from ordinary text: "1" or "a" cannot."""
    return len(secret) > 1 and not (secret.isdigit() and len(secret) < _SHORT)


def _end_of(phrase: str, text: str, start: int) -> int:
    """Return where the phrase ends in the text, or 0 where it does not stand there whole."""
    end = start + len(phrase)
    found = text[start:end]
    same = found == phrase if len(phrase) < _SHORT else found.casefold() == phrase.casefold()
    return end if same and not text[end : end + 1].isalnum() else 0
