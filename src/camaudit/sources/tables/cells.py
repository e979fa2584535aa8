"""Turn a cell, of whatever type the spreadsheet gave it, into the text that a person sees."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

#: What people write where they know nothing; never a value.
_PLACEHOLDERS: Final = frozenset(
    {
        "-", "--", "---", "\u2013", "\u2014", ".", "..", "?", "??", "???", "/",
        "n/a", "na", "n.a.", "#n/a",
        "#ref!", "#value!", "#name?", "#div/0!", "null", "nil", "none", "tbc", "tba", "tbd",
        "t.b.c.", "to be confirmed", "not known", "unknown", "n/k", "nk", "not recorded",
        "not available",
        "no data", "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend",
        "nieznany", "anhysbys", "k.a.", "s/o",
    }
)  # fmt: skip

_YES: Final = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "✓",
        "✔",
        "ja",
        "j",
        "oui",
        "o",
        "si",
        "sí",
        "s",
        "sim",
        "tak",
        "ydy",
        "ie",
        "on",
        "checked",
    ]
)
_NO: Final = frozenset(
    [
        "no",
        "n",
        "false",
        "f",
        "0",
        "✗",
        "✘",
        "nein",
        "non",
        "nee",
        "nie",
        "na",
        "nac",
        "off",
        "unchecked",
    ]
)

#: A long number that a spreadsheet has rounded for display: its digits are gone.
_ROUNDED: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}")

#: Above this a double no longer holds every whole number, and Excel keeps 15 digits.
_MAX_EXACT: Final = 10**15


def cell_text(cell: object) -> str:
    """Return the text of a cell, without outer white space."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _MAX_EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_placeholder(text: str) -> bool:
    """Tell whether a text only says that nothing is known."""
    return text.casefold() in _PLACEHOLDERS


def yes_or_no(text: str) -> bool | None:
    """Read yes or no, in the commonest languages; ``None`` where it is neither."""
    word = text.casefold().rstrip(".!")
    if word in _YES:
        return True
    return False if word in _NO else None


def is_rounded(text: str) -> bool:
    """Tell whether a number has lost digits, as ``1.23E+15`` has."""
    return _ROUNDED.fullmatch(text) is not None
