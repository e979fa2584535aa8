"""Read a firewall's traffic log: its source is who opened the conversation.

1. What the firewall blocked is a conversation without an answer, and is told.
2. Where the log has no packets, one is counted each way that the row proves.
3. One total of bytes is counted as sent by the client, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from camaudit.errors import SourceError
from camaudit.model.conversations import WITH_PORTS
from camaudit.model.observation import Problem
from camaudit.sources.bulk import RecordError, TrafficBook
from camaudit.sources.bulk.flow_cells import count, duration, hardware, need_address, port, protocol
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import (
    Layout,
    LongLine,
    Remarks,
    Table,
    TableKind,
    line_blocks,
    open_tables,
)
from camaudit.sources.tables.cells import cell_text
from camaudit.sources.tables.lines import chunks
from camaudit.sources.tables.records import Record, records

from .filterlog import is_filterlog, packet
from .headers import PHRASES, WORDS
from .moments import Moments

LAYOUT: Final = Layout(
    kind=TableKind.INVENTORY,
    named="firewall log",
    row="flow",
    words=WORDS,
    enough=frozenset({"source", "destination"}),
    once=frozenset(PHRASES),
    instead={"time": "instant"},
)
_HEAD_BYTES: Final = 1 << 16
#: What firewalls write of a flow that they did not let through.
_BLOCKED: Final = re.compile(r"(?i)\b(?:den(?:y|ied)|drop(?:ped)?|block(?:ed)?|reject(?:ed)?)\b")
#: ``tcp/443``, ``TCP-443``, ``https (TCP/443)``; and Cisco's ``443 (https) / tcp``.
_SERVICE: Final = re.compile(r"(?i)\b(tcp|udp|sctp)[ /_-]{1,3}(\d{1,5})\b")
_NUMBERED: Final = re.compile(r"(?i)(\d{1,5})(?: \([^()]{0,60}\))?(?: ?/ ?(tcp|udp|sctp|icmp))?")
#: Where the beginning is told, best first.
_TIMES: Final = ("start", "time", "date", "instant")
#: The number and the name that Wireshark and others write: ``TCP (6)``, ``6 (tcp)``.
_WITH_NUMBER: Final = re.compile(
    r"(?i)(?:[a-z0-9-]{2,20} ?\((\d{1,3})\)|(\d{1,3}) ?\([^()]{1,20}\))"
)


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the conversations of a log.

    Raises:
        SourceError: The file cannot be read, or no header in it is understood.
    """
    book = TrafficBook(options.sentinel)
    stream.seek(0)
    if is_filterlog(stream.read(_HEAD_BYTES)) and not options.mapping:
        stream.seek(0)
        yield from _filterlog(stream, book)
        return
    for table in open_tables(stream, options, LAYOUT):
        if isinstance(table, Problem):
            yield table
        else:
            yield from _table(table, book)
    yield from book.close()


def _table(table: Table, book: TrafficBook) -> Iterator[Item]:
    words = {column.word for column in table.columns}
    if missing := {"source", "destination"} - words:
        raise SourceError(
            f"no column is known to give the {' and the '.join(sorted(missing))}; name it: "
            "--map 'HEADER=source' and so on"
        )
    if not words & set(_TIMES):
        raise SourceError("no column is known to give a time; name it: --map 'HEADER=time'")
    log = _Log(table)
    for record in records(table):
        try:
            log.take(record, book)
        except RecordError as error:
            place, label = record.position(error.field), record.label(error.field)
            table.remarks.refuse(place, label, error.message, error.message)
        yield from table.remarks.drain()
        yield from book.part()
    if log.moments.without_zone:
        message = "times have no zone and are read as UTC; set the firewall's log to UTC to be sure"
        table.remarks.add("", "", message, rejected=False)
    yield from table.remarks.close()


class _Log:
    """Rows of one table on their way into the book."""

    def __init__(self, table: Table) -> None:
        self._remarks = table.remarks
        self._words = {column.word for column in table.columns}
        dated = [column.at for column in table.columns if column.word in (*_TIMES, "end")]
        self.moments = Moments(
            cell_text(row[at]) for row in table.sample for at in dated if at < len(row)
        )

    def take(self, row: Record, book: TrafficBook) -> None:
        """Take one row.

        Raises:
            RecordError: It cannot be used; the field is a word of ours.
        """
        source = need_address(row.get("source"), "source")
        target = need_address(row.get("destination"), "destination")
        first, last = self._times(row)
        number, service = _service(row, of_v6=":" in target)
        if number in WITH_PORTS and not service:
            self._assume(row, "port", "rows have no port of the destination; it is taken as 0")
        if _BLOCKED.search(row.get("action")):
            self._assume(row, "action", "flows that the firewall blocked have no answer")
        sizes, packets = self._sizes(row), self._packets(row)
        back = packets[1] or int(sizes[1] > 0)
        book.flow(
            source,
            target,
            number,
            service if number in WITH_PORTS else 0,
            (packets[0] or 1, back, *sizes),
            first,
            last,
            opened=True,
            macs=(hardware(row.get("source_mac")), None),
        )

    def _times(self, row: Record) -> tuple[int, int]:
        word = next((word for word in _TIMES if row.get(word)), "time")
        # A count since 1970 has no doubt about its zone
        word = "instant" if word != "start" and row.get("instant").isdecimal() else word
        text = row.get(word)
        if word == "time" and row.get("date") and not re.search(r"\d{4}", text):
            text = f"{row.get('date')} {text}"
        first = self.moments.read(text, word)
        if row.get("end"):
            return first, self.moments.read(row.get("end"), "end")
        # Without a column for the start nothing says at which end of it the row was written
        lasted = row.get("duration") if word == "start" else ""
        return first, first + duration(lasted, "duration")

    def _sizes(self, row: Record) -> tuple[int, int]:
        if not self._words & {"bytes_out", "bytes_back"}:
            if row.get("bytes"):
                self._assume(row, "bytes", "the log has one total; it is counted as sent")
            return _count(row, "bytes"), 0
        return _count(row, "bytes_out"), _count(row, "bytes_back")

    def _packets(self, row: Record) -> tuple[int, int]:
        if self._words & {"packets_out", "packets_back"}:
            return _count(row, "packets_out"), _count(row, "packets_back")
        message = "the log does not count packets each way; those that a row proves are counted"
        self._remarks.assume("", "", message)
        return 1, 0

    def _assume(self, row: Record, word: str, message: str) -> None:
        self._remarks.assume(row.position(word), row.label(word), message)


def _count(row: Record, word: str) -> int:
    return count(row.get(word).replace(",", ""), word)


def _service(row: Record, *, of_v6: bool) -> tuple[int, int]:
    """Return the protocol and the port, from wherever the row tells them."""
    word, given = row.get("protocol"), row.get("port")
    if found := _WITH_NUMBER.fullmatch(word):
        word = found[1] or found[2]
    service = 0
    if found := _NUMBERED.fullmatch(given):
        service, word = port(found[1], "port"), word or found[2] or ""
    elif given:
        port(given, "port")  # tells what is wrong with it
    if found := _SERVICE.search(row.get("service")):
        word = word or found[1]
        service = service or port(found[2], "service")
    elif not service and row.get("service").isdecimal():
        service = port(row.get("service"), "service")
    return protocol(word, "protocol", of_v6=of_v6), service


# ------------------------------------------------------------------------------------------- pf


def _filterlog(stream: BinaryIO, book: TrafficBook) -> Iterator[Item]:
    remarks, moments = Remarks(), Moments(())
    for block in line_blocks(chunks(stream)):
        if isinstance(block, LongLine):
            message = f"the line is {block.size:,} bytes long and was not read"
            yield Problem(position=f"line {block.number}", field="", message=message)
            continue
        lines = block.data.decode("utf-8", "replace").split("\n")
        for number, line in enumerate(lines, block.first):
            if not line.strip():
                continue
            try:
                _line(line.strip(), f"line {number}", book, remarks, moments)
            except RecordError as error:
                reason = error.message
                remarks.refuse(f"line {number}", error.field, error.message, reason)
        yield from remarks.drain()
        yield from book.part()
    yield from remarks.close()
    yield from book.close()


def _line(line: str, where: str, book: TrafficBook, remarks: Remarks, moments: Moments) -> None:
    told = packet(line)
    if told is None:
        remarks.assume(where, "", "lines of other programs are not used")
        return
    target = need_address(told.target, "destination")
    number = protocol(told.protocol, "protocol", of_v6=":" in target)
    at = moments.read(told.time, "time")
    if told.action == "block":
        remarks.assume(where, "action", "packets that the firewall blocked have no answer")
    else:
        remarks.assume(where, "", "of each state only its first packet is told")
    book.flow(
        need_address(told.source, "source"),
        target,
        number,
        port(told.target_port, "port") if number in WITH_PORTS else 0,
        (1, 0, count(told.length, "length") + told.header, 0),
        at,
        at,
        opened=True,
    )
