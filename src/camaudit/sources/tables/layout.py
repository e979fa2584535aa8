"""Find the header of a table and say what each column is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .addresses import parse_ip, parse_mac
from .cells import cell_text, is_blank, is_placeholder
from .headers import IGNORE, HeaderWords, Match, normal
from .kinds import TableKind
from .remarks import Remarks
from .secrets import is_secret_header, strip_secrets

#: The operator's word outranks every guess.
_ASKED: Final = 1000

#: A header whose values hardly ever fit is about something else ("Zone": "Car park").
_MIN_FIT, _GUESS_FIT, _GUESS_VALUES = 0.2, 0.8, 3

_DATA: Final = re.compile(r"[\d\s.,:/+-]+")
_QUOTED_CHARS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What one importer expects of a table."""

    kind: TableKind
    words: HeaderWords
    #: What the table is called where it is not found; by default as its kind. A named table is not
    #: told from others by its header: the caller knows what the file is.
    named: str = ""
    #: What one row is, for messages.
    row: str = "device"
    #: Words of which one column makes a table worth reading, however it is called.
    enough: frozenset[str]
    #: Words that may be taken from one column only; the next one becomes ``instead`` or is unused.
    once: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict)
    #: How a value of a word looks; a column whose values do not look so is left alone.
    looks: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)
    #: Words that a column without a known header may still be, by its values.
    guessed: tuple[str, ...] = ()
    #: Words whose cells may be merged downwards.
    merged: frozenset[str] = frozenset()


class Column(NamedTuple):
    """One column of a table; ``word`` is "" where it is not used."""

    at: int
    header: str
    word: str

    @property
    def letter(self) -> str:
        """Return the column as a spreadsheet program names it."""
        return column_letter(self.at)

    @property
    def label(self) -> str:
        """Return the header, or the letter where there is none."""
        return self.header or f"(column {self.letter})"


def column_letter(index: int) -> str:
    """Return A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quoted(text: str) -> str:
    """Return a value for a message: short, on one line, without secrets."""
    plain = " ".join(strip_secrets(text).split())
    return repr(plain if len(plain) <= _QUOTED_CHARS else plain[:_QUOTED_CHARS] + "…")


def header_score(cells: Sequence[object], layout: Layout, asked: Mapping[str, str]) -> float:
    """Return how much a row looks like this importer's header; 0 is not at all."""
    texts = [text for cell in cells if (text := cell_text(cell))]
    if not texts:
        return 0.0
    matches = [match for text in texts if (match := _match(text, layout, asked))]
    words = {match.word for match in matches}
    data = sum(_looks_like_data(text) for text in texts)
    if not words or (len(words) == 1 and not words & layout.enough):
        return 0.0
    best = sum(max(m.score for m in matches if m.word == word) for word in words) / 100
    return max(0.0, best - 0.5 * data)


def _looks_like_data(text: str) -> bool:
    return bool(_DATA.fullmatch(text) or parse_mac(text) or parse_ip(text))


def _match(header: str, layout: Layout, asked: Mapping[str, str]) -> Match | None:
    if word := asked.get(header.casefold()):
        return Match(word, _ASKED)
    return layout.words.match(header)


def assign(
    headers: Sequence[str],
    sample: Sequence[Sequence[object]],
    layout: Layout,
    asked: Mapping[str, str],
    remarks: Remarks,
    place: str,
) -> tuple[list[Column], list[Column]]:
    """Return the columns of a table, and those that hold secrets."""
    secret, open_columns = [], []
    for index, header in enumerate(headers):
        if is_secret_header(normal(header)):
            secret.append(Column(index, header, ""))
        else:
            open_columns.append((index, header, _match(header, layout, asked)))
    found = _without_repeats(open_columns, layout)
    columns = []
    for index, header, match in open_columns:
        values = _values(sample, index)
        column = Column(index, header, found.get(index, ""))
        word, remark = _by_values(column, match, values, layout)
        if remark:
            remarks.add(f"{place}header", column.label, remark, rejected=False)
        columns.append(column._replace(word="" if word == IGNORE else word))
    return columns, secret


def _without_repeats(
    columns: Sequence[tuple[int, str, Match | None]], layout: Layout
) -> dict[int, str]:
    """Give a word that only one column may have to the surest one."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    ranked = sorted(
        ((match, index) for index, _, match in columns if match), key=lambda pair: -pair[0].score
    )
    for match, index in ranked:
        word = match.word
        if word in taken:
            word = layout.instead.get(word, "")
        if word in taken:
            word = ""
        if word in layout.once:
            taken.add(word)
        found[index] = word
    return found


def _values(sample: Sequence[Sequence[object]], index: int) -> list[str]:
    texts = (cell_text(row[index]) for row in sample if index < len(row))
    return [text for text in texts if text and not is_placeholder(text)]


def _by_values(
    column: Column, match: Match | None, values: Sequence[str], layout: Layout
) -> tuple[str, str]:
    """Return the word that the values bear out, and what there is to say about it."""
    if match is not None and match.score == _ASKED:
        return column.word, ""
    looks = layout.looks.get(column.word)
    if column.word and looks and values and _fit(values, looks) < _MIN_FIT:
        return "", (
            f"the header suggests {column.word}, but its values do not look like it; not used"
        )
    if column.word:
        return column.word, ""
    if match is not None:
        return "", f"not used: another column already gives {match.word}"
    for word in layout.guessed:
        if len(values) >= _GUESS_VALUES and _fit(values, layout.looks[word]) >= _GUESS_FIT:
            return word, f"read as {word}, because its values look like it"
    return "", "column not used" if column.header else ""


def _fit(values: Sequence[str], looks: Callable[[str], bool]) -> float:
    return sum(map(looks, values)) / len(values)


def merged_pattern(values: Sequence[object]) -> bool:
    """Tell whether a column reads as groups: each value once, above the blanks that it covers."""
    filled = [cell_text(value) for value in values if not is_blank(value)]
    return (
        len(filled) > 1
        and not is_blank(values[0])
        and len(set(filled)) == len(filled)
        and len(filled) * 2 <= len(values)
    )
