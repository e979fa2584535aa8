"""Turn the ``versions`` of a CVE record into ranges (CVE Record Format 5, product versions).

Some are prose. What says "before", "up to" or a build date is read; the rest stays words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

#: Ours; a record with more of a kind is cut, and then decides nothing outside what was read.
MAX_RANGES: Final = 200
MAX_CHANGES: Final = 20
MAX_VERSION: Final = 120

Raw = dict[str, Any]

_OPEN: Final = frozenset({"", "0", "*", "-", "all", "all versions", "any"})
_NOTHING: Final = frozenset({"n/a", "unspecified", "unknown", "see references"})
_X: Final = r"(?P<x>\S{0,40}[0-9]\S{0,40}(?: build [0-9]{6})?)"
_BEFORE: Final = re.compile(rf"(?i)(?:<|before|prior to|below|lower than)\s*{_X}")
_UP_TO: Final = re.compile(
    rf"(?i)(?:<=|through|up to(?: and including)?)\s*{_X}"
    rf"|{_X.replace('?P<x>', '?P<y>')}\s+(?:and|or)\s+(?:earlier|below|prior|before|older|lower)"
    r"(?: versions?)?"
)
_BUILT: Final = re.compile(
    r"(?i).{0,60}\bbuil[dt](?: time| date)?\D{0,20}\bbefore\D{0,5}"
    r"(?P<year>20[0-9]{2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})\b.{0,60}"
)


def entries_of(versions: Any, answers: Mapping[str, str]) -> tuple[list[Raw], list[str], bool]:
    """Return ranges, what stayed words, and whether something was left open."""
    entries = versions if isinstance(versions, list) else []
    ranges: list[Raw] = []
    words: list[str] = []
    for entry in entries[:MAX_RANGES]:
        if not isinstance(entry, dict):
            words.append("an entry that is no object")
            continue
        found = list(_ranges(entry, answers))
        ranges += found
        if not found:
            words.append(_word(entry.get("version")) or "an entry without a version")
    return ranges, words, len(entries) > MAX_RANGES


def _ranges(entry: Raw, answers: Mapping[str, str]) -> Iterator[Raw]:
    answer = answers.get(str(entry.get("status")), "cannot_tell")
    start = _word(entry.get("version"))
    if _word(entry.get("versionType")).casefold() == "git":
        return  # commits have no order by themselves
    ends: Raw = {key: _word(entry[key]) for key in ("lessThan", "lessThanOrEqual") if key in entry}
    if ends:
        changes = entry.get("changes")
        given = changes[:MAX_CHANGES] if isinstance(changes, list) else []
        yield from _segments(answer, start, ends, given, answers)
    else:
        yield from _single(answer, start)


def _single(answer: str, version: str) -> Iterator[Raw]:
    """Yield the range of an entry without ends: one version, every version, or prose."""
    folded = version.casefold()
    if folded in _OPEN - {"", "0", "-"}:
        yield {"answer": answer}
    elif folded in _NOTHING or folded in _OPEN:
        return
    elif found := _BUILT.fullmatch(version):
        built = _date(found)
        if built is not None:
            yield {"answer": answer, "built_before": built}
    elif found := _BEFORE.fullmatch(version):
        yield {"answer": answer, "before": found["x"]}
    elif found := _UP_TO.fullmatch(version):
        yield {"answer": answer, "to": found["x"] or found["y"]}
    elif any(each.isdigit() for each in version) and len(version.split()) <= 3:
        yield {"answer": answer, "from": version, "to": version}


def _segments(
    answer: str, start: str, ends: Raw, changes: list[Any], answers: Mapping[str, str]
) -> Iterator[Raw]:
    """Yield a range, cut where the record says that the status changes."""
    begin = {} if start.casefold() in _OPEN | _NOTHING else {"from": start}
    for change in changes:
        at = _word(change.get("at")) if isinstance(change, dict) else ""
        if at:
            yield {"answer": answer, **begin, "before": at}
            answer, begin = answers.get(str(change.get("status")), "cannot_tell"), {"from": at}
    if ends.get("lessThan", "*") not in _OPEN:
        yield {"answer": answer, **begin, "before": ends["lessThan"]}
    elif ends.get("lessThanOrEqual", "*") not in _OPEN:
        yield {"answer": answer, **begin, "to": ends["lessThanOrEqual"]}
    else:
        yield {"answer": answer, **begin}


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _word(value: Any) -> str:
    """Return a text on one line; empty where there is none or it is too long to be a version."""
    if not isinstance(value, str) or len(value) > MAX_VERSION:
        return ""
    printable = "".join(each if each.isprintable() else " " for each in value)
    return " ".join(printable.split())
