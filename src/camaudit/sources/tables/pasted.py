"""Text that somebody copied out of a terminal: lines, and the words in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

from camaudit.model.observation import Problem

from .addresses import parse_ip, parse_mac
from .lines import LongLine, chunks, line_blocks

#: Lines that are looked at to recognise a format.
SNIFFED_LINES: Final = 60
#: Of the lines that say anything, so many must be of a format.
_HALF: Final = 0.5
#: Longer lines are no output of a terminal.
MAX_CHARS: Final = 4096
_ROUND: Final = "()[]<>,;\"'"


class PastedLine(NamedTuple):
    """One line with its number, from 1."""

    number: int
    text: str

    @property
    def where(self) -> str:
        """Return how the line is named in problems and positions."""
        return f"line {self.number}"


def pasted_lines(stream: BinaryIO) -> Iterator[PastedLine | Problem]:
    """Yield the lines of a stream; one that is too long is a problem."""
    for block in line_blocks(chunks(stream)):
        if isinstance(block, LongLine):
            yield Problem(position=f"line {block.number}", field="", message="too long to be text")
            continue
        for number, raw in enumerate(block.data.split(b"\n"), start=block.first):
            text = raw.rstrip(b"\r").decode("utf-8", "replace")
            if number == block.first + block.data.count(b"\n") and not text:
                continue  # what follows the last line feed
            if len(text) > MAX_CHARS:
                yield Problem(
                    position=f"line {number}", field="", message="too long to be a terminal's line"
                )
                continue
            yield PastedLine(number, text.removeprefix("\ufeff"))


def share_of(head: bytes, fits: Callable[[str], bool]) -> bool:
    """Tell whether at least half of the first lines that hold an address fit a format."""
    lines = head.decode("utf-8", "replace").splitlines()[:SNIFFED_LINES]
    telling = [line for line in lines if any(parse_mac(w) or parse_ip(w) for w in words(line))]
    fitting = sum(map(fits, telling))
    return fitting > 0 and fitting >= _HALF * len(telling)


def words(text: str) -> list[str]:
    """Return the words of a line, without the brackets and commas around them."""
    return [word.strip(_ROUND) for word in text[:MAX_CHARS].split()]


def macs_in(text: str) -> list[str]:
    """Return the hardware addresses in a line."""
    return [mac for word in words(text) if (mac := parse_mac(word)) is not None]


def ips_in(text: str) -> list[str]:
    """Return the IP addresses in a line that stand alone."""
    found = (parse_ip(word) for word in words(text) if "/" not in word and parse_mac(word) is None)
    return [ip for ip in found if ip is not None]


def is_group(mac: str) -> bool:
    """Tell whether a hardware address is a group's (IEEE 802-2014 8.2.2)."""
    return bool(int(mac[:2], 16) & 1)
