"""Read CSV of nfdump, with the header of any release; both directions become one conversation.

1. Times have no zone: nfdump writes those of the machine that it runs on. They are taken as UTC.
2. Bidirectional output (``nfdump -B``) has both directions in a row: its source is the client.
3. The summary at the end is no flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import BinaryIO, Final

from camaudit.errors import SourceError
from camaudit.model.conversations import WITH_PORTS
from camaudit.model.flow_words import NFDUMP_NEEDED, nfdump_columns
from camaudit.model.observation import Problem
from camaudit.sources.bulk import RecordError, TrafficBook
from camaudit.sources.bulk.flow_cells import (
    count,
    duration,
    hardware,
    micros,
    need_address,
    port,
    protocol,
)
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import LongLine, line_blocks
from camaudit.sources.tables.lines import chunks

#: nfdump's letters for the flags of TCP, as in ``...AP.SF``.
_FLAGS: Final = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "C": 128}
_NO_FLOWS: Final = "No matching flows"
_SUMMARY: Final = "Summary"


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is nfdump's."""
    del name  # the content tells
    first = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    return 98 if nfdump_columns([cell.strip() for cell in first.split(",")]) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the conversations of the flows.

    Raises:
        SourceError: The first line is no header of nfdump.
    """
    book, flows = TrafficBook(options.sentinel), _Flows()
    for block in line_blocks(chunks(stream)):
        if isinstance(block, LongLine):
            message = f"the line is {block.size:,} bytes long and was not read"
            yield Problem(position=f"line {block.number}", field="", message=message)
            continue
        lines = block.data.decode("utf-8", "replace").split("\n")
        for number, raw in enumerate(lines, block.first):
            line = raw.strip("\r\ufeff")
            if not line:
                continue
            try:
                flows.take(line, book)
            except RecordError as error:
                yield Problem(position=f"line {number}", field=error.field, message=error.message)
            yield from book.part()
    if flows.columns is None:
        raise SourceError("the file is empty")
    yield from book.close()
    if flows.taken and not flows.has_zone:
        message = "times have no zone and are read as UTC; run nfdump with TZ=UTC to be sure"
        yield Problem(position="", field=flows.columns["start"][1], message=message, rejected=False)


class _Flows:
    """Rows below a header; the same header may come again where files were joined."""

    def __init__(self) -> None:
        self.columns: dict[str, tuple[int, str]] | None = None
        self.taken = 0
        self.has_zone = False
        self._header: list[str] = []
        self._has: frozenset[str] = frozenset()
        #: Lines of a summary that are still to come.
        self._passed = 0

    def take(self, line: str, book: TrafficBook) -> None:
        """Take a line.

        Raises:
            RecordError: It is no flow that can be used.
            SourceError: It is the first one, and no header.
        """
        cells = line.split(",")
        if self.columns is None or cells == self._header:
            self._head([cell.strip() for cell in cells])
        elif self._passed:
            self._passed -= 1
        elif line.startswith(_SUMMARY):
            self._passed = 2
        elif line != _NO_FLOWS:
            self._flow(cells, book)

    def _head(self, cells: list[str]) -> None:
        known = nfdump_columns(cells)
        if not known:
            raise SourceError(
                "the first line is no header of nfdump with the columns that are needed "
                f"({', '.join(NFDUMP_NEEDED)}); write the flows by: nfdump -r FILE -o csv"
            )
        self._header, self._passed, self._has = cells, 0, frozenset(known)
        self.columns = {word: (cells.index(name), name) for word, name in known.items()}

    def _flow(self, cells: Sequence[str], book: TrafficBook) -> None:
        if len(cells) < len(self._header):
            raise RecordError("", f"has {len(cells)} columns and not {len(self._header)}")
        source = need_address(*self._cell(cells, "src"))
        target = need_address(*self._cell(cells, "dst"))
        number = protocol(*self._cell(cells, "proto"), of_v6=":" in target)
        text, name = self._cell(cells, "start")
        first = micros(text, name)
        # Counts since 1970 and full forms of RFC 3339 have no doubt about their zone.
        self.has_zone = self.has_zone or text.isdecimal() or text.endswith("Z")
        last = self._last(cells, first)
        packets, sizes = (count(*self._cell(cells, word)) for word in ("packets", "bytes"))
        back = [
            count(*self._cell(cells, word)) if word in self._has else 0
            for word in ("packets_back", "bytes_back")
        ]
        ports = (_port(*self._cell(cells, "sport")), _port(*self._cell(cells, "dport")))
        macs: tuple[bytes | None, bytes | None] = (None, None)
        if "src_mac" in self._has:
            macs = (
                hardware(self._cell(cells, "src_mac")[0]),
                hardware(self._cell(cells, "dst_mac")[0]),
            )
        self.taken += 1
        if any(back):
            book.flow(
                source,
                target,
                number,
                ports[1] if number in WITH_PORTS else 0,
                (packets, back[0], sizes, back[1]),
                first,
                last,
                opened=False,
                macs=macs,
            )
            return
        flags = _flags(self._cell(cells, "flags")[0])
        book.one_way(source, target, ports, number, flags, (packets, sizes), first, last, macs)

    def _last(self, cells: Sequence[str], first: int) -> int:
        text, name = self._cell(cells, "end")
        if text:
            return micros(text, name)
        return first + duration(*self._cell(cells, "duration"))

    def _cell(self, cells: Sequence[str], word: str) -> tuple[str, str]:
        """Return a cell and how it is headed; nothing, where there is no such column."""
        at, name = (self.columns or {}).get(word, (-1, word))
        return (cells[at].strip() if at >= 0 else "", name)


def _port(text: str, field: str) -> int:
    """Return a port; what ICMP puts there (type.code) is none."""
    return 0 if "." in text else port(text, field)


@lru_cache(1024)
def _flags(text: str) -> int:
    if text.isdecimal() and len(text) <= 3:
        return int(text) & 0xFF
    return sum(_FLAGS.get(letter, 0) for letter in set(text))
