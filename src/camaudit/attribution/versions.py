"""Compare firmware versions where the makers' own grammars allow it, and say so where not.

1. A comparison is three-valued: less, not less, or ``None``, cannot tell.
2. Versions of different grammars, product lines or customer builds are not comparable.
3. Where the numbers are equal and one side has no build, it cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

#: Ours. The longest version on record has 48 characters.
MAX_TEXT: Final = 128

#: A build is a day, or a counter of the maker's; the two are never compared.
Build = date | int
_Parts = tuple[tuple[int, ...], str, Build | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version as its maker counts: numbers, then the build, within one line of firmware."""

    grammar: str
    #: Product line or customer build; versions of different lines are not comparable.
    line: str
    numbers: tuple[int, ...]
    build: Build | None


def read_version(text: str, maker: str | None = None, built_on: date | None = None) -> Version:
    """Return any text as a version, by the grammar of ``maker`` where it has one.

    Text that no grammar reads equals itself and is comparable with nothing else. ``built_on`` is
    the build date from elsewhere, for a grammar that has one and a text that lacks it.
    """
    own = _GRAMMAR_OF.get(maker or "", _DOTTED)
    clean = " ".join(text.split())
    for grammar in dict.fromkeys((own, _DOTTED)) if len(text) <= MAX_TEXT else ():
        pattern, read = _GRAMMARS[grammar]
        found = pattern.fullmatch(clean)
        if found is not None:
            numbers, line, build = read(found)
            if build is None and grammar in _DATED:
                build = built_on
            return Version(grammar=grammar, line=line, numbers=_trimmed(numbers), build=build)
    return Version(grammar="text", line=clean.casefold(), numbers=(), build=None)


def is_less(one: Version, other: Version) -> bool | None:
    """Tell whether ``one`` is earlier than ``other``; ``None`` where that cannot be told."""
    if (one.grammar, one.line) != (other.grammar, other.line):
        return None
    if one.numbers != other.numbers:
        return one.numbers < other.numbers
    if one.build == other.build:
        return False
    if isinstance(one.build, date) and isinstance(other.build, date):
        return one.build < other.build
    if isinstance(one.build, int) and isinstance(other.build, int):
        return one.build < other.build
    return None


def build_day(version: Version) -> date | None:
    """Return the day of a version's build, if it tells one."""
    return version.build if isinstance(version.build, date) else None


def _trimmed(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return numbers without zeros at the end: 1.3 and 1.3.0 are one version."""
    end = len(numbers)
    while end and not numbers[end - 1]:
        end -= 1
    return numbers[:end]


def _day(digits: str | None) -> date | None:
    """Read ``yymmdd``, ``yyyymmdd`` or ``yyyy-mm-dd``; ``None`` where it is no day."""
    plain = (digits or "").replace("-", "")
    plain = f"20{plain}" if len(plain) == 6 else plain
    try:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    except ValueError:
        return None


def _ints(text: str | None) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"[0-9]+", text or ""))


def _hikvision(found: re.Match[str]) -> _Parts:
    return _ints(found["numbers"]) + _ints(found["patch"]), "", _day(found["build"])


def _dahua(found: re.Match[str]) -> _Parts:
    numbers = (int(found["major"]), int(found["minor"]), int(found["patch"]))
    customer = found["customer"].upper().strip("0") and found["customer"].upper()
    line = f"{customer} {(found['branch'] or '').upper()}".strip()
    return numbers, line, _day(found["build"] or found["day"])


def _uniview(found: re.Match[str]) -> _Parts:
    line = f"{found['line']}-B{found['base']}".upper()
    return _ints(found["numbers"]), line, _day(found["build"])


def _xiongmai(found: re.Match[str]) -> _Parts:
    return _ints(found["numbers"]), (found["line"] or "").upper(), None


def _tvt(found: re.Match[str]) -> _Parts:
    return _ints(found["numbers"]), "", int(found["build"]) if found["build"] else None


def _reolink(found: re.Match[str]) -> _Parts:
    # yymmdd and a running number of two digits: 20121102 is the second build of 2020-12-11
    day = _day((found["build"] or "")[:6])
    running = int(found["build"][6:]) if found["build"] else 0
    return _ints(found["numbers"]), "", day.toordinal() * 100 + running if day else None


def _dotted(found: re.Match[str]) -> _Parts:
    return _ints(found["numbers"]), "", None


_DOTTED: Final = "dotted"
#: The grammars that name the day of the build; its source is device-signals 3.8 for each.
_DATED: Final = frozenset({"hikvision", "dahua", "uniview"})
_N: Final = "[0-9]{1,9}"


def _grammar(
    pattern: str, read: Callable[[re.Match[str]], _Parts]
) -> tuple[re.Pattern[str], Callable[[re.Match[str]], _Parts]]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE), read


_GRAMMARS: Final = {
    # V5.4.0 build 160530, V5.4.0build 160530, V2.3.8-8, 5.5.82
    "hikvision": _grammar(
        rf"V?(?P<numbers>{_N}\.{_N}\.{_N})(?:-(?P<patch>{_N}))?"
        r"(?:[ ,_]{0,2}build ?(?P<build>[0-9]{6}))?",
        _hikvision,
    ),
    # 2.820.0000000.5.R.210705; 2.800.0000000.8.R, build 2020-03-31; V2.420.AC00.16.R.20160909
    "dahua": _grammar(
        r"V?(?P<major>[0-9]{1,2})\.(?P<minor>[0-9]{3})\.(?P<customer>[0-9A-Z]{4,10})"
        r"\.(?P<patch>[0-9]{1,3})(?:\.(?P<branch>[A-Z]))?(?:\.(?P<day>[0-9]{6}|20[0-9]{6}))?"
        r"(?:,? ?build[ :]{0,2}(?P<build>[0-9]{4}-[0-9]{2}-[0-9]{2}))?",
        _dahua,
    ),
    # GIPC-B6215.1.68.NB.240617, DIPC-B1211.6.11.221121, IPC_G6103-B0009P30D1803
    "uniview": _grammar(
        r"(?P<line>[A-Z]{2,6}(?:_[0-9A-Z]{1,12}){0,3})-B(?P<base>[0-9]{4})"
        r"(?P<numbers>(?:[.P][0-9]{1,4}(?![0-9])){0,4})(?:\.NB)?(?:\.(?P<build>[0-9]{6})|D[0-9]{4})?",
        _uniview,
    ),
    # V5.00.R02.00030747.10010.346624.0000000: what follows the release is the board's
    "xiongmai": _grammar(
        r"V?(?P<numbers>[0-9]{1,2}\.[0-9]{2}\.R[0-9]{2})(?:\.(?P<line>[0-9A-Z]{4,10}"
        r"(?:\.[0-9A-Z]{1,10}){0,6}))?",
        _xiongmai,
    ),
    # 5.1.3.0(12345)
    "tvt": _grammar(
        rf"V?(?P<numbers>{_N}(?:\.{_N}){{1,4}})(?: ?\((?P<build>{_N})\))?",
        _tvt,
    ),
    # v3.0.0.136_20121102
    "reolink": _grammar(
        rf"V?(?P<numbers>{_N}(?:\.{_N}){{1,4}})(?:_(?P<build>[0-9]{{8}}))?",
        _reolink,
    ),
    # 10.12.114, V6.3.40; also the LTS tracks of Axis, which count within their own numbers
    _DOTTED: _grammar(rf"V?(?P<numbers>{_N}(?:\.{_N}){{0,7}})", _dotted),
}

#: Whose firmware counts how, own brands included; all others count in dotted numbers.
_GRAMMAR_OF: Final = {
    "hikvision": "hikvision",
    "ezviz": "hikvision",
    "dahua": "dahua",
    "amcrest": "dahua",
    "lorex": "dahua",
    "imou": "dahua",
    "uniview": "uniview",
    "xiongmai": "xiongmai",
    "tvt": "tvt",
    "reolink": "reolink",
}
