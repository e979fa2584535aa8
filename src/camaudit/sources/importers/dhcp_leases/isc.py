"""Read dhcpd.leases(5): statements and blocks, over many lines or on one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from camaudit.model.observation import Problem
from camaudit.sources.tables.addresses import parse_ip, parse_mac
from camaudit.sources.tables.pasted import PastedLine

from .lease import Entry, Latest, Lease, Passed

#: A quoted string (it never runs over the line), a sign, a word, a comment.
_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[{};=]|#.*|[^\s"{};=#]+')
_ESCAPE: Final = re.compile(r"\\([0-7]{3}|.)")
_DATE: Final = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)")
#: IPv6: ``ia-na "..." {``; its name is a DUID behind an IAID, in octal.
_IPV6: Final = frozenset({"ia-na", "ia-ta", "ia-pd"})
#: Ours. The longest statement has a handful of words.
_MAX_WORDS: Final = 64
#: Seconds of a year that the calendar of datetime still has.
_MAX_SECONDS: Final = 253_402_300_799


def isc(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read leases; of several leases of an address the last one counts."""
    reader = _Reader()
    for line in lines:
        for word in _WORD.findall(line.text):
            if word[0] != "#" and (found := reader.take(word, line.where)) is not None:
                yield found
    if (found := reader.cut_off()) is not None:
        yield found
    yield from reader.latest.entries()


class _Reader:
    def __init__(self) -> None:
        self.latest = Latest()
        self._words: list[str] = []
        self._lease: Lease | None = None
        self._state = ""
        #: Blocks that are open inside of the lease, or outside of any.
        self._depth = 0

    def take(self, word: str, where: str) -> Entry | None:
        """Take a word or sign; return what is known with it."""
        if word == "{":
            return self._open(where)
        if word == "}":
            return self._close()
        if word == ";":
            if self._lease is not None and not self._depth:
                self._statement(self._lease)
            self._words = []
        elif len(self._words) < _MAX_WORDS:
            self._words.append(word)
        return None

    def cut_off(self) -> Problem | None:
        """End the lease that is open, if any: the server did not write the whole of it."""
        lease, self._lease, self._depth = self._lease, None, 0
        if lease is None:
            return None
        return Problem(
            position=lease.where, field="lease", message="the lease is cut off; not read"
        )

    def _open(self, where: str) -> Entry | None:
        words, self._words = self._words, []
        if words[-2:-1] != ["lease"]:
            self._depth += 1
            return Passed.NO_MAC if words[:1] and words[0] in _IPV6 else None
        damaged = self.cut_off()
        ip = parse_ip(words[-1])
        if ip is None:
            self._depth = 1
            return damaged or Problem(position=where, field="lease", message="not an address")
        self._lease, self._state = Lease(ip, "", where), ""
        return damaged

    def _close(self) -> Entry | None:
        unended, self._words = bool(self._words), []
        if self._depth:
            self._depth -= 1
            return None
        if unended:
            return self.cut_off()
        lease, self._lease = self._lease, None
        if lease is not None:
            held = lease if lease.mac else Passed.NO_MAC
            self.latest.put(lease.ip, Passed.NOT_HELD if self._state == "abandoned" else held)
        return None

    def _statement(self, lease: Lease) -> None:
        match self._words:
            case ["hardware", "ethernet", mac]:
                lease.mac = parse_mac(mac) or ""
            case ["binding", "state", state]:
                self._state = state
            case ["starts" | "cltt", *date]:
                lease.seen = _date(date) or lease.seen
            case ["client-hostname", name]:
                lease.hostname = _unquoted(name)
            case ["set", "vendor-class-identifier", "=", name]:
                lease.vendor_class = _unquoted(name)


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(_character, text.removeprefix('"').removesuffix('"'))


def _character(found: re.Match[str]) -> str:
    return found[1] if len(found[1]) == 1 else chr(int(found[1], 8))


def _date(words: list[str]) -> datetime | None:
    """Read ``3 2026/11/25 10:00:00`` or ``epoch 1764064800``, both in UTC."""
    if words[:1] == ["epoch"]:
        return instant(words[1]) if len(words) > 1 else None
    found = _DATE.fullmatch(" ".join(words[-2:]))
    if found is None:
        return None
    try:
        return datetime(*(int(part) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def instant(text: str) -> datetime | None:
    """Return the time of so many seconds after 1970, where the calendar has it."""
    seconds = int(text) if text.isdecimal() and len(text) <= 12 else 0
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= _MAX_SECONDS else None
