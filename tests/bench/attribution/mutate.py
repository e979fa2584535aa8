"""Give strings other serials, MACs, versions, dates and nonces of the same form, by fixed rules.

The rules, in order; a later rule leaves alone what an earlier one wrote or protected:

1. *Kept*: URLs and UPnP service types up to a blank, IPv4 addresses, object ids, the XML
   declaration, and the UPnP version. They are the form, not the content.
2. *Nonces*: the value of ``nonce="..."``, and UUIDs.
3. *MACs*: six pairs joined by ``:`` or ``-``, or twelve hexadecimal digits: the first three pairs
   name the vendor and stay, the last three change.
4. *Serials*: Hikvision (model and letters stay; date and running digits change), Dahua (15
   characters; the eighth and ninth stay), Uniview (20 characters from 2102; 2102 stays), the code
   in Hikvision's realm, and any other run of 15 to 18 digits. A date inside becomes another day.
5. *Dates*: ``build yymmdd``, ``.R.yymmdd``, ``yyyymmdd``, ``yyyy-mm-dd``, ``Mon dd yyyy``,
   ``ddmonyyyy``, and quoted Unix times.
6. *Versions*: dotted numbers: the first number stays, each later one becomes another of as many
   digits. ``Bnnnn`` and ``Pnn`` of Uniview versions likewise; in Xiongmai versions the three
   running numbers.

What replaces a character is taken from SHA-256 of the text and the place, so that a run repeats.
A digit gives another digit, a letter another letter of its case, a hexadecimal digit likewise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

_HEX: Final = "0123456789abcdef"
_ALL_HEX: Final = re.compile("[0-9a-f]+|[0-9A-F]+")
_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)

Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]


def mutate(text: str) -> str:
    """Return ``text`` with what identifies one unit replaced by the like of another."""
    result, position = [], 0
    for match in _ANY.finditer(text):
        result += [text[position : match.start()], _replace(match)]
        position = match.end()
    return "".join([*result, text[position:]])


def _replace(match: re.Match[str]) -> str:
    for name, pattern, change in _RULES:
        if match.group(name) is not None:
            # Once more, in place and alone: this time its own groups count.
            inner = pattern.match(match.string, match.start())
            assert inner is not None
            return change(inner)
    raise AssertionError("the joined pattern has no rule")


def _other(text: str) -> str:
    """Replace each letter and digit by another of its class."""
    return "".join(
        _pick(char, _LOWER if char.isalpha() else _HEX[:10], f"{at}:{text}")
        for at, char in enumerate(text)
    )


def _other_hex(text: str) -> str:
    """Replace each hexadecimal digit by another, all in the case of the text."""
    changed = "".join(_pick(char, _HEX, f"{at}:{text}") for at, char in enumerate(text.lower()))
    return changed.upper() if text.upper() == text and text.lower() != text else changed


def _pick(char: str, alphabet: str, seed: str) -> str:
    place = alphabet.find(char.lower())
    if place < 0:
        return char
    other = alphabet[(place + 1 + _number(seed) % (len(alphabet) - 1)) % len(alphabet)]
    return other.upper() if char.isupper() else other


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")


def _other_component(digits: str) -> str:
    """Give another number of as many digits; none but a lone 0 starts with 0 unless it did."""
    other = _other(digits)
    if digits[0] == "0" and len(digits) > 1:
        return "0" + other[1:]
    return other if len(digits) == 1 or other[0] != "0" else "1" + other[1:]


def _other_date(year: str, month: str, day: str) -> tuple[str, str, str]:
    """Give another valid day, in another month of an earlier or later year."""
    number = _number(year + month + day)
    shifted = int(year) + (1 if number % 2 else -1)
    new_month = (int(month) + number % 11) % 12 + 1
    new_day = (int(day) + number % 27) % 28 + 1
    return str(shifted).zfill(len(year)), f"{new_month:02}", f"{new_day:02}"


def _keep(match: re.Match[str]) -> str:
    return match.group(0)


def _nonce(match: re.Match[str]) -> str:
    head, nonce = match.groups()
    return head + (_other_hex(nonce) if _ALL_HEX.fullmatch(nonce) else _other(nonce))


def _uuid(match: re.Match[str]) -> str:
    return _other_hex(match.group(0))


def _mac(match: re.Match[str]) -> str:
    whole = "".join(match.groups())
    tail = _other_hex(match.group(2))
    return match.group(1) + (tail.upper() if whole.upper() == whole else tail.lower())


def _hikvision(match: re.Match[str]) -> str:
    head, year, month, day, letters, running, tail = match.groups()
    return head + "".join(_other_date(year, month, day)) + letters + _other(running) + tail


def _dahua(match: re.Match[str]) -> str:
    head, fixed, tail = match.groups()
    return _other(head) + fixed + _other(tail)


def _build(match: re.Match[str]) -> str:
    head, *parts = match.groups()
    return head + "".join(_other_date(*parts))


def _iso(match: re.Match[str]) -> str:
    return "-".join(_other_date(*match.groups()))


def _compact(match: re.Match[str]) -> str:
    return "".join(_other_date(*match.groups()))


def _named_month(match: re.Match[str]) -> str:
    month, blank, day, year = match.groups()
    number = f"{_MONTHS.index(month.title()) + 1:02}"
    new_year, new_month, new_day = _other_date(year, number, day)
    return f"{_MONTHS[int(new_month) - 1]}{blank}{new_day} {new_year}"


def _tail(match: re.Match[str]) -> str:
    return match.group(1) + _other(match.group(2))


def _xiongmai(match: re.Match[str]) -> str:
    head, batch, fixed, *numbers = match.groups()
    return f"{head}{_other(batch)}{fixed}{'.'.join(map(_other, numbers))}"


def _day_first(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    number = f"{_MONTHS.index(month.title()) + 1:02}"
    new_year, new_month, new_day = _other_date(year, number, day)
    return f"{new_day}{_MONTHS[int(new_month) - 1].lower()}{new_year}"


def _version(match: re.Match[str]) -> str:
    first, *rest = match.group(0).split(".")
    return ".".join([first, *(_other_component(part) for part in rest)])


def _coded_version(match: re.Match[str]) -> str:
    return match.group(1) + _other_component(match.group(2))


_MONTH: Final = "|".join(_MONTHS)
_RULES: Final[tuple[Rule, ...]] = tuple(
    (name, re.compile(pattern), change)
    for name, pattern, change in (
        ("url", r"(?:https?|rtsp|urn|onvif):[^\s<>\"]*?/(?:ver\d+|www\.[^\s/<>\"]+)", _keep),
        ("xml", r"<\?xml [^>]*>", _keep),
        ("upnp", r"UPnP/1\.[0-9]", _keep),
        ("oid", r"(?<![0-9.])\.?1\.3\.6\.1(?:\.\d+)+", _keep),
        ("ipv4", r"(?<![0-9.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9.])(?=[<:/ ]|$)", _keep),
        ("nonce", r"(nonce=\")([^\"]*)", _nonce),
        ("uuid", r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", _uuid),
        (
            "mac",
            r"(?<![0-9A-Za-z])((?:[0-9a-fA-F]{2}[:-]){3})((?:[0-9a-fA-F]{2}[:-]){2}[0-9a-fA-F]{2})(?![0-9A-Za-z])",
            _mac,
        ),
        ("barehex", r"(?<![0-9A-Za-z])([0-9a-fA-F]{6})([0-9a-fA-F]{6})(?![0-9A-Za-z])", _mac),
        (
            "hikserial",
            r"(DS-[A-Z0-9/-]+?)(20[012]\d)(0[1-9]|1[0-2])([0-2]\d|3[01])([A-C]{2}(?:WR|CH|RR))([A-Z0-9]*?)((?:WCVU)?)(?![A-Z0-9])",
            _hikvision,
        ),
        ("dahuaserial", r"(?<![0-9A-Z])([0-9A-Z]{7})(P[A-Z])([A-Z0-9]{6})(?![0-9A-Z])", _dahua),
        ("uniserial", r"(?<![0-9A-Za-z])(2102)([0-9A-Z]{14,16})(?![0-9A-Za-z])", _tail),
        ("hikcode", r"(IP Camera\()([A-Z0-9]{5,9})(?=\))", _tail),
        ("xiongmai", r"(V\d\.\d{2}\.R\d{2}\.)(\d+)([A-Z]{0,3}\.10010\.)(\d+)\.(\d+)", _xiongmai),
        ("longdigits", r"()(?<![0-9A-Za-z.])(\d{15,18})(?![0-9A-Za-z])", _tail),
        ("build", r"(build ?)(\d{2})(\d{2})(\d{2})(?!\d)", _build),
        ("release", r"(\.R\.)((?:20)?\d{2})(\d{2})(\d{2})(?!\d)", _build),
        ("iso", r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)", _iso),
        ("compact", r"(?<![0-9A-Za-z])(20[012]\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)", _compact),
        ("named", rf"({_MONTH})( +)(\d{{1,2}}) (\d{{4}})", _named_month),
        (
            "dayfirst",
            r"(?<!\d)(\d{2})(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(\d{4})",
            _day_first,
        ),
        ("unix", r"(?<=\")(1[5-7])(\d{8})(?=[:\"])", _tail),
        ("coded", r"(?<=[-P0-9])([BP])(\d{2,4})(?=[PD]\d|$|[<'\" ])", _coded_version),
        ("version", r"(?<![0-9.])\d{1,2}(?:\.\d+)+(?![0-9])", _version),
    )
)
_ANY: Final = re.compile(
    "|".join(
        f"(?P<{name}>{_anonymous})"
        for name, _anonymous in (
            (name, re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern.pattern))
            for name, pattern, _ in _RULES
        )
    )
)
