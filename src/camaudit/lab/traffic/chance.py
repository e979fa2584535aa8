"""Chance that is always the same: numbers from a seed and words, in any order of asking."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

_WORD_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of numbers. The same seed and words give the same number, today and next year."""

    seed: int

    def octets(self, count: int, *words: object) -> bytes:
        """Return that many octets."""
        text = "\0".join(map(str, (self.seed, *words))).encode()
        return hashlib.shake_128(text).digest(count)

    def number(self, below: int, *words: object) -> int:
        """Return a whole number from 0 to ``below`` less one."""
        return int.from_bytes(self.octets(_WORD_BYTES, *words), "big") % below

    def digits(self, count: int, *words: object) -> str:
        """Return that many hexadecimal digits."""
        return self.octets(count, *words).hex()[:count]
