"""Read a date as a register gives it: a day, or no more than a month or a year."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple


class Order(StrEnum):
    """Which of two small numbers is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Doubt(StrEnum):
    """What had to be assumed for a date."""

    ORDER = "day and month could be swapped"
    ABOUT = "the text says about; a year on each side is allowed"
    SEASON = "a season is read as its whole year"
    SERIAL = "a spreadsheet day number is read as its date"
    CENTURY = "a year of two digits is read as 20.."
    FINANCIAL = "a financial year is read as 1 April to 31 March"


class ReadDate(NamedTuple):
    """The days between which it was; ``None`` where the text sets no bound."""

    first: date | None
    last: date | None
    doubts: tuple[Doubt, ...] = ()

    def text(self) -> str:
        """Return ``2021-03-04``, or or ``2021-01-01/2021-12-31``; both ends are given."""
        if self.first == self.last and self.first is not None:
            return self.first.isoformat()
        first, last = self.first or date(_FIRST_YEAR, 1, 1), self.last or date.max
        return f"{first.isoformat()}/{last.isoformat()}"


#: Nobody installed a network camera before; registers fill unknown dates with 1900-01-01.
_FIRST_YEAR, _LAST_YEAR = 1950, 2199
#: A longer text is no date, and not worth a pattern's time.
_MAX_CHARS: Final = 64
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio januari styczen janeiro ionawr",
            "february feb februar fevrier febrero febbraio februari luty fevereiro chwefror",
            "march mar marz maerz mars marzo maart marzec marco mawrth mrz",
            "april apr avril abril aprile kwiecien ebrill avr",
            "may mai mayo maggio mei maj maio",
            "june jun juni juin junio giugno czerwiec junho mehefin",
            "july jul juli juillet julio luglio lipiec julho gorffennaf",
            "august aug aout agosto augustus sierpien awst",
            "september sep sept septembre septiembre settembre wrzesien setembro medi",
            "october oct oktober okt octobre octubre ottobre pazdziernik outubro hydref",
            "november nov novembre noviembre listopad novembro tachwedd",
            "december dec dezember dez decembre diciembre dicembre grudzien dezembro rhagfyr",
        ),
        start=1,
    )
    for name in names.split()
}
_SEASONS: Final = frozenset(
    [
        "spring",
        "summer",
        "autumn",
        "winter",
        "fall",
        "fruhling",
        "fruhjahr",
        "sommer",
        "herbst",
        "printemps",
        "ete",
        "automne",
        "hiver",
        "early",
        "mid",
        "late",
        "end",
        "start",
    ]
)

_TIME: Final = re.compile(
    r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|[+-]\d{2}:?\d{2})?$"
)
_ABOUT: Final = re.compile(
    r"(?i)^(?:c\.?|ca\.?|circa|about|approx\.?|approximately|around|~|est\.?|estimated|roughly)\s*(?=\d|\w)"
)
_ABOUT_END: Final = re.compile(r"(?i)\s*(?:\?|\(?(?:approx\.?|est\.?|estimated)\)?)$")
_BEFORE: Final = re.compile(
    r"(?i)^(?:pre|before|prior to|vor|avant|antes de|prima del|voor|<)[\s\-]*(?=\d|\w)"
)
_AFTER: Final = re.compile(
    r"(?i)^(?:post|after|since|from|nach|seit|apres|después de|>)[\s\-]*(?=\d|\w)"
)
_YMD: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DMY: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEAR_MONTH: Final = re.compile(r"(\d{4})[-/.](\d{1,2})")
_YEARS: Final = re.compile(r"(?i)(?:fy\s?)?(\d{4})\s?[-/\u2013]\s?(\d{2}|\d{4})")
_YEAR: Final = re.compile(r"(\d{4})")
_QUARTER: Final = re.compile(r"(?i)q([1-4])[\s/-]*(\d{4})|(\d{4})[\s/-]*q([1-4])")
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")


def read_date(text: str, order: Order = Order.DAY_FIRST) -> ReadDate | None:
    """Return the days that a text means, or ``None`` where it is no date."""
    if len(text) > _MAX_CHARS:
        return None
    text = _TIME.sub("", text.strip()).strip()
    for pattern, bound in ((_BEFORE, _before), (_AFTER, _after)):
        if pattern.match(text):
            inner = _plain(pattern.sub("", text, count=1), order)
            return bound(inner) if inner else None
    bare = _ABOUT_END.sub("", _ABOUT.sub("", text, count=1))
    read = _plain(bare, order)
    return _widen(read) if read and bare != text else read


def swaps(text: str) -> Order | None:
    """Return the order that a text proves by a number above twelve, else ``None``."""
    if len(text) > _MAX_CHARS:
        return None
    found = _DMY.fullmatch(_TIME.sub("", text.strip()).strip())
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 >= first else None


def _before(inner: ReadDate) -> ReadDate:
    last = inner.first - timedelta(days=1) if inner.first else None
    return ReadDate(None, last, inner.doubts)


def _after(inner: ReadDate) -> ReadDate:
    return ReadDate(inner.first, None, inner.doubts)


def _widen(read: ReadDate) -> ReadDate:
    first = _years_on(read.first, -1) if read.first else None
    last = _years_on(read.last, 1) if read.last else None
    return ReadDate(first, last, (*read.doubts, Doubt.ABOUT))


def _years_on(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap_day else day.day)


def _plain(text: str, order: Order) -> ReadDate | None:
    if found := _DMY.fullmatch(text):
        return _dmy(found, order)
    for pattern, reader in _READERS:
        if (found := pattern.fullmatch(text)) and (read := reader(found)):
            return read
    return _named(text)


def _ymd(found: re.Match[str]) -> ReadDate | None:
    return _day(int(found[1]), int(found[2]), int(found[3]))


def _dmy(found: re.Match[str], order: Order) -> ReadDate | None:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if len(found[3]) == 2:
        return _ordered(first, second, 2000 + year, order, (Doubt.CENTURY,))
    return _ordered(first, second, year, order, ())


def _ordered(
    first: int, second: int, year: int, order: Order, doubts: tuple[Doubt, ...]
) -> ReadDate | None:
    if first <= 12 and second <= 12 and first != second:
        doubts = (*doubts, Doubt.ORDER)
        month_first = order is Order.MONTH_FIRST
    else:
        month_first = second > 12
    day, month = (second, first) if month_first else (first, second)
    return _day(year, month, day, doubts)


def _day(year: int, month: int, day: int, doubts: tuple[Doubt, ...] = ()) -> ReadDate | None:
    try:
        read = date(year, month, day)
    except ValueError:
        return None
    return ReadDate(read, read, doubts) if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _month(year: int, month: int) -> ReadDate | None:
    if not (1 <= month <= 12 and _FIRST_YEAR <= year <= _LAST_YEAR):
        return None
    return ReadDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _month_year(found: re.Match[str]) -> ReadDate | None:
    return _month(int(found[2]), int(found[1]))


def _years(found: re.Match[str]) -> ReadDate | None:
    """Read ``2021/22`` as a financial year, ``2021-03`` as a month, ``2010-11`` as either."""
    year, second = int(found[1]), found[2]
    follows = int(second) in ((year + 1) % 100, year + 1)
    month = _month(year, int(second)) if len(second) == 2 else None
    if not follows:
        return month or _whole_years(year, int(second))
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        return None
    first = date(year, 4, 1)
    if month and month.first:
        first = min(first, month.first)
    return ReadDate(first, date(year + 1, 3, 31), (Doubt.FINANCIAL,))


def _whole_years(first: int, last: int) -> ReadDate | None:
    if _FIRST_YEAR <= first < last <= _LAST_YEAR:
        return ReadDate(date(first, 1, 1), date(last, 12, 31))
    return None


def _year(found: re.Match[str]) -> ReadDate | None:
    year = int(found[1])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return ReadDate(date(year, 1, 1), date(year, 12, 31))


def _quarter(found: re.Match[str]) -> ReadDate | None:
    quarter, year = int(found[1] or found[4]), int(found[2] or found[3])
    first, last = _month(year, 3 * quarter - 2), _month(year, 3 * quarter)
    return ReadDate(first.first, last.last) if first and last else None


def _serial(found: re.Match[str]) -> ReadDate | None:
    number = int(found[1])
    if number not in _SERIALS:
        return None
    day = _EXCEL_EPOCH + timedelta(days=number)
    return ReadDate(day, day, (Doubt.SERIAL,))


def _named(text: str) -> ReadDate | None:
    """Read ``4 March 2021``, ``Mar 4, 2021``, ``March 2021``, ``Mar-21``, ``Spring 2021``."""
    words = [word for word in _WORDS.findall(_plain_letters(text)) if word not in _FILLERS]
    names = [word for word in words if not word.isdigit()]
    numbers = [int(word) for word in words if word.isdigit()]
    years = [word for word in words if word.isdigit() and len(word) == 4]
    months = [_MONTHS[name] for name in names if name in _MONTHS]
    if names and len(years) == 1 and len(numbers) == 1 and set(names) <= _SEASONS:
        year = int(years[0])
        return _in_season(year)
    if len(months) != 1 or len(names) != 1 or not numbers or len(numbers) > 2:
        return None
    return _with_month(months[0], numbers, years)


def _in_season(year: int) -> ReadDate | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return ReadDate(date(year, 1, 1), date(year, 12, 31), (Doubt.SEASON,))


def _with_month(month: int, numbers: list[int], years: list[str]) -> ReadDate | None:
    if len(years) == 1:
        year = int(years[0])
        days = [number for number in numbers if number != year]
        return _day(year, month, days[0]) if days else _month(year, month)
    if len(numbers) == 1 and numbers[0] < 100:
        read = _month(2000 + numbers[0], month)
        return ReadDate(read.first, read.last, (Doubt.CENTURY,)) if read else None
    if len(numbers) == 2 and numbers[1] < 100:
        return _day(2000 + numbers[1], month, numbers[0], (Doubt.CENTURY,))
    return None


_FILLERS: Final = frozenset(["of", "de", "del", "di", "st", "nd", "rd", "th", "the"])


def _plain_letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return decomposed.encode("ascii", "ignore").decode()


_READERS: Final = (
    (_YMD, _ymd),
    (_COMPACT, _ymd),
    (_MONTH_YEAR, _month_year),
    (_YEARS, _years),
    (_YEAR_MONTH, lambda found: _month(int(found[1]), int(found[2]))),
    (_QUARTER, _quarter),
    (_YEAR, _year),
    (re.compile(r"(\d{5})(?:\.\d+)?"), _serial),
)
