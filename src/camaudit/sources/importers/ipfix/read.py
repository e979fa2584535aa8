"""Read messages of IPFIX into conversations; biflows (RFC 5103) have both directions in a record.

NetFlow 5 and 9 are not read, and neither are nfcapd's own files: nfdump writes them as CSV.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from camaudit.errors import DecodeError, SourceError
from camaudit.model.conversations import WITH_PORTS
from camaudit.model.observation import Problem
from camaudit.sources.bulk import RecordError, TrafficBook
from camaudit.sources.spec import Item, ReadOptions

from . import elements as ie
from .codec import FIRST_DATA, HEADER_BYTES, VERSION, Templates, decode, read_header

#: The mark of nfcapd's files, in either order of bytes, and the versions of NetFlow.
_NFCAPD: Final = (b"\x0c\xa5", b"\xa5\x0c")
_NETFLOW: Final = (b"\x00\x05", b"\x00\x09")
#: Sets that a message may start with: templates, options templates, data.
_FIRST_SETS: Final = (2, 3)
_MAX_PORT: Final = (1 << 16) - 1
_MAX_VLAN: Final = 1 << 12
#: Ours. Damaged records that are named one by one.
_MAX_NAMED: Final = 1000

_ODD: Final = {
    "cut_message": "messages that end too early",
    "cut_set": "sets that reach beyond their message",
    "cut_record": "records that reach beyond their set",
    "data_without_template": "sets of data whose template is not in the file",
    "damaged_template": "templates that cannot be read",
    "template_not_taken": "templates that are empty, or too many",
    "unknown_set": "sets of a kind that is not known",
    "bytes_after_sets": "messages with bytes that belong to no set",
    "options_records": "records of options, which tell of the exporter",
}


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file holds messages, or what nfdump must read first."""
    if head.startswith(_NFCAPD) and b"\0" in head[:16]:
        return 90
    try:
        header = read_header(head)
    except DecodeError:
        return 0
    first = int.from_bytes(head[HEADER_BYTES : HEADER_BYTES + 2], "big")
    known = first in _FIRST_SETS or first >= FIRST_DATA
    follows = head[header.length : header.length + 2]
    right = follows in (b"", VERSION.to_bytes(2, "big")[: len(follows)])
    return 95 if known and right else 40 if name.endswith(".ipfix") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the conversations of all messages.

    Raises:
        SourceError: The file does not begin with a message of IPFIX.
    """
    book, reader = TrafficBook(options.sentinel), _Reader()
    at = 0
    while head := _exactly(stream, HEADER_BYTES):
        try:
            size = read_header(head).length
        except DecodeError as error:
            if not at:
                raise SourceError(_refusal(head, error)) from error
            message = f"no message of IPFIX stands here ({error}); what follows was not read"
            yield Problem(position=f"byte {at}", field="", message=message)
            break
        data = head + _exactly(stream, size - HEADER_BYTES)
        yield from reader.take(data, at, book)
        yield from book.part()
        at += len(data)
    if not at:
        raise SourceError("the file is empty")
    yield from book.close()
    yield from reader.close()


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes; less only at the end."""
    parts = b""
    while len(parts) < size and (piece := stream.read(size - len(parts))):
        parts += piece
    return parts


def _refusal(head: bytes, error: DecodeError) -> str:
    if head.startswith((*_NFCAPD, *_NETFLOW)):
        kind = "a file of nfcapd" if head.startswith(_NFCAPD) else "NetFlow, not IPFIX"
        return (
            f"this is {kind}; collect it with nfcapd where it is not yet, then write it as CSV "
            "and import that: nfdump -r FILE -o csv > flows.csv"
        )
    return f"this is no IPFIX: {error}"


class _Reader:
    """Messages on their way into the book."""

    def __init__(self) -> None:
        self._templates = Templates()
        self._odd: dict[str, tuple[int, str]] = {}
        self._refused = 0
        self._silent = 0

    def take(self, data: bytes, at: int, book: TrafficBook) -> Iterator[Problem]:
        """Take one message that starts at byte ``at``."""
        where = f"byte {at}"
        message = decode(data, self._templates)
        for code, times in message.anomalies:
            known, first = self._odd.get(code, (0, where))
            self._odd[code] = (known + times, first)
        for number, record in enumerate(message.records, start=1):
            if not any((0, each) in record for each in (*ie.SOURCES, *ie.TARGETS)):
                self._silent += 1
                continue
            try:
                _flow(record, message.header.export_time, book)
            except RecordError as error:
                self._refused += 1
                if self._refused <= _MAX_NAMED:
                    yield Problem(
                        position=f"{where} record {number}",
                        field=error.field,
                        message=error.message,
                    )

    def close(self) -> Iterator[Problem]:
        """Yield what was counted."""
        if self._refused > _MAX_NAMED:
            count = self._refused - _MAX_NAMED
            message = f"{count:,} more records cannot be used, not named one by one"
            yield Problem(position="", field="", message=message)
        if self._silent:
            message = f"records without addresses are not used ({self._silent})"
            yield Problem(position="", field="", message=message, rejected=False)
        for code, (times, where) in self._odd.items():
            is_loss = code != "options_records"
            message = f"{_ODD[code]} ({times}, first here)"
            yield Problem(position=where, field="", message=message, rejected=is_loss)


def _flow(record: ie.Record, export_time: int, book: TrafficBook) -> None:
    source = ie.address(record, ie.SOURCES, "sourceAddress")
    target = ie.address(record, ie.TARGETS, "destinationAddress")
    number = ie.number(record, ie.PROTOCOL)
    if number is None or number > 0xFF:
        raise RecordError("protocolIdentifier", "is missing")
    ports = _port(record, ie.SOURCE_PORTS), _port(record, ie.TARGET_PORTS)
    first, last = ie.times(record, export_time)
    macs = ie.mac(record, ie.SOURCE_MAC), ie.mac(record, ie.TARGET_MAC)
    vlan = ie.number(record, *ie.VLANS)
    vlan = vlan if vlan and vlan < _MAX_VLAN else None
    out, back = _counts(record)
    flags = (ie.number(record, ie.FLAGS) or 0) & 0xFF
    if back is None:
        book.one_way(source, target, ports, number, flags, out, first, last, macs, vlan)
        return
    ends = (source, target)
    turned, opened = _opening(record, number, ports)
    if turned:
        ends, macs, ports, out, back = ends[::-1], macs[::-1], ports[::-1], back, out
    book.flow(
        *ends,
        number,
        ports[1] if number in WITH_PORTS else 0,
        (out[0], back[0], out[1], back[1]),
        first,
        last,
        opened=opened,
        macs=macs,
        vlan=vlan,
    )


def _port(record: ie.Record, elements: tuple[int, ...]) -> int:
    found = ie.number(record, *elements) or 0
    if found > _MAX_PORT:
        raise RecordError(f"element {elements[0]}", "is no port")
    return found


def _counts(record: ie.Record) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Return packets and bytes of both directions; ``None`` where the record has only one."""
    if any(
        (0, each) in record for each in (ie.INITIATOR_OCTETS, ie.RESPONDER_OCTETS)
    ):  # the words of firewalls, whose source is the initiator
        return (
            (
                ie.number(record, ie.INITIATOR_PACKETS) or 0,
                ie.number(record, ie.INITIATOR_OCTETS) or 0,
            ),
            (
                ie.number(record, ie.RESPONDER_PACKETS) or 0,
                ie.number(record, ie.RESPONDER_OCTETS) or 0,
            ),
        )
    out = ie.number(record, *ie.PACKETS) or 0, ie.number(record, *ie.OCTETS) or 0
    back = [ie.number(record, *each, reverse=True) for each in (ie.PACKETS, ie.OCTETS)]
    if back[0] is None and back[1] is None:
        return out, None
    return out, (back[0] or 0, back[1] or 0)


def _opening(record: ie.Record, number: int, ports: tuple[int, int]) -> tuple[bool, bool]:
    """Tell whether the destination is the client, and whether the exporter says who opened.

    RFC 5103 6.3: without ``biflowDirection`` how directions were assigned is not told.
    """
    direction = ie.number(record, ie.DIRECTION)
    if (0, ie.INITIATOR_OCTETS) in record or direction == ie.INITIATOR:
        return False, True
    if direction == ie.REVERSE_INITIATOR:
        return True, True
    return number in WITH_PORTS and ports[0] < ports[1], False
