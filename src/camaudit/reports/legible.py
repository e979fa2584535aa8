"""Make text from devices and spreadsheets safe to show: nothing in it may steer a screen."""

from __future__ import annotations

import re
from typing import Final

#: C0 and C1 controls except tab and line feed, lone surrogates, and the marks that reorder or hide
#: text (Unicode Standard Annex 9; a name with U+202E reads backwards).
_STEERING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff]"
)
REPLACEMENT: Final = "\ufffd"


def legible(text: str) -> str:
    """Return the text with every steering character replaced by U+FFFD."""
    return _STEERING.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """Return the text legible, on one line, with single spaces."""
    return " ".join(legible(text).split())


def clipped(text: str, most: int) -> str:
    """Return the text legible and on one line, what is beyond ``most`` characters only counted."""
    whole = one_line(text)
    if len(whole) <= most:
        return whole
    return f"{whole[:most].rstrip()} \u2026 ({len(whole) - most:,} more characters)"
