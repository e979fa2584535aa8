"""Text that somebody copied out of a terminal: lines, and the words in them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

from camaudit.errors import SourceError
from camaudit.model.observation import Problem

from .addresses import parse_ip, spelled_mac
from .encoding import detect, text_lines

#: Lines that are looked at to recognise a format.
SNIFFED_LINES: Final = 60
#: Of the lines that say anything, so many must be of a format.
_HALF: Final = 0.5
#: Longer lines are no output of a terminal.
MAX_CHARS: Final = 4096
_ROUND: Final = "()[]<>,;\"'"
#: ``switch-1#show mac address-table``, ``user@switch-1> show lldp neighbors``; MikroTik's
#: ``[admin@switch-1] > interface bridge host print``.
_PROMPT: Final = re.compile(
    r"\s{0,8}(?:(?:<|\S{1,32}@)?(?P<name>[A-Za-z][\w.-]{0,62})[#>]\s*(?:sh|dis)\w*\s"
    r"|\[[^@\]]{1,32}@(?P<router>[^\]]{1,63})\]\s)"
)


class PastedLine(NamedTuple):
    """One line with its number, from 1."""

    number: int
    text: str

    @property
    def where(self) -> str:
        """Return how the line is named in problems and positions."""
        return f"line {self.number}"


def pasted_lines(stream: BinaryIO, declared: str | None) -> Iterator[PastedLine | Problem]:
    """Yield the lines of a stream in any encoding; one that is too long is a problem.

    Raises:
        SourceError: It is no text, or the declared encoding is not known.
    """
    encoding = detect(stream, declared)
    if encoding.remark:
        yield Problem(position="", field="", message=encoding.remark, rejected=False)
    for line in text_lines(stream, encoding):
        if isinstance(line, Problem):
            yield line
        elif len(line[1]) > MAX_CHARS:
            message = "too long to be a terminal's line; not read"
            yield Problem(position=f"line {line[0]}", field="", message=message)
        else:
            yield PastedLine(line[0], line[1].removeprefix("\ufeff"))


def pasted_text(stream: BinaryIO, declared: str | None, most: int) -> str:
    """Return at most ``most`` bytes of a stream in any encoding as one text.

    Raises:
        SourceError: It is no text, or the declared encoding is not known.
    """
    name = detect(stream, declared).name
    return stream.read(most).decode(name, "replace").removeprefix("\ufeff")


def head_text(head: bytes) -> str:
    """Return the beginning of a file as text, "" where it is none."""
    try:
        return pasted_text(io.BytesIO(head), None, len(head))
    except SourceError:
        return ""


def share_of(head: bytes, fits: Callable[[str], bool]) -> bool:
    """Tell whether at least half of the first lines that hold an address fit a format."""
    lines = head_text(head).splitlines()[:SNIFFED_LINES]
    telling = [line for line in lines if macs_in(line) or ips_in(line)]
    fitting = sum(map(fits, telling))
    return fitting > 0 and fitting >= _HALF * len(telling)


def words(text: str) -> list[str]:
    """Return the words of a line, without the brackets and commas around them."""
    return [word.strip(_ROUND) for word in text[:MAX_CHARS].split()]


def macs_in(text: str) -> list[str]:
    """Return what is written like hardware addresses in a line, also those that name no device."""
    return [mac for word in words(text) if (mac := spelled_mac(word)) is not None]


def ips_in(text: str) -> list[str]:
    """Return the IP addresses in a line that stand alone."""
    found = (
        parse_ip(word) for word in words(text) if "/" not in word and spelled_mac(word) is None
    )
    return [ip for ip in found if ip is not None]


def prompted_name(text: str) -> str:
    """Return the name of the switch in the prompt before a command, "" where it is none."""
    found = _PROMPT.match(text)
    return (found["name"] or found["router"]) if found else ""
