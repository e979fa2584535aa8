"""Read the times of firewall logs, which each maker writes in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from camaudit.sources.bulk import RecordError
from camaudit.sources.bulk.flow_cells import micros
from camaudit.sources.tables.dates import Order, swaps

_MAX_CHARS: Final = 64
_YEAR_FIRST: Final = re.compile(r"\d{4}/\d{1,2}/\d{1,2}\b")
_BY_NUMBERS: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}[ T,]{1,2}.*")
#: Check Point and Cisco: 2Nov2026, Nov 02 2026, 2 Nov 2026, each with its time.
_NAMED: Final = ("%d%b%Y %H:%M:%S", "%b %d %Y %H:%M:%S", "%d %b %Y %H:%M:%S", "%b %d, %Y %H:%M:%S")
_CLOCKS: Final = ("%H:%M:%S", "%H:%M:%S.%f", "%I:%M:%S %p", "%H:%M")
_ZONED: Final = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


class Moments:
    """Times of one log; ``order`` is what its dates of small numbers prove, if they do."""

    def __init__(self, sample: Iterable[str]) -> None:
        proofs = {swaps(re.split(r"[ T,]", text, maxsplit=1)[0]) for text in sample} - {None}
        self.order = proofs.pop() if len(proofs) == 1 else None
        #: Whether a time without a zone was met.
        self.without_zone = False

    def read(self, text: str, field: str) -> int:
        """Return microseconds since 1970; a time without a zone is taken as UTC.

        Raises:
            RecordError: It is no time, or its day and month cannot be told apart.
        """
        text = " ".join(text[:_MAX_CHARS].split())
        if _BY_NUMBERS.fullmatch(text):
            found = self._by_numbers(text, field)
        elif (named := _first_that_fits(text, _NAMED)) is not None:
            found = named
        else:
            plain = text.replace("/", "-") if _YEAR_FIRST.match(text) else text
            self.without_zone |= not (plain.isdecimal() or _ZONED.search(plain))
            return micros(plain, field)
        self.without_zone = True
        return micros(found.replace(tzinfo=UTC).isoformat(), field)

    def _by_numbers(self, text: str, field: str) -> datetime:
        first, second, rest = re.split(r"[./-]", text, maxsplit=2)
        year, clock = rest[:4], rest[4:].lstrip(" T,")
        order = self.order or (None if first != second else Order.DAY_FIRST)
        if order is None:
            raise RecordError(
                field, "does not show which number is the day; export times as 2026-11-22 09:30:00"
            )
        day, month = (first, second) if order is Order.DAY_FIRST else (second, first)
        found = _first_that_fits(
            f"{day} {month} {year} {clock}", [f"%d %m %Y {c}" for c in _CLOCKS]
        )
        if found is None:
            raise RecordError(field, "is no time")
        return found


def _first_that_fits(text: str, forms: Iterable[str]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the caller gives it its zone
        except ValueError:
            continue
    return None
