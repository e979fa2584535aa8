"""Bytes and messages of multicast DNS: questions for services, and the records that answer.

1. Names and record data are read by dnspython; the walk over records is ours, because the first
   bit of a record's class means "flush the cache" here (RFC 6762 10.2), which dnspython takes for
   another class.
2. A record that cannot be read is dropped, and the next one is read where its length says.
3. Only questions can be asked, of one kind: who offers a service (PTR).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec

if TYPE_CHECKING:
    import dns.wire

#: RFC 6762 17: at most 9000 bytes with the headers.
MAX_ANSWER_BYTES: Final = 9000
#: Ours. A recorder that announces each of 32 channels with four records stays below.
MAX_RECORDS: Final = 256
#: Ours. RFC 6763 6.2 recommends a TXT record of at most 1300 bytes.
MAX_STRINGS: Final = 64

#: Everything that this codec can ask of a device.
VERBS: Final[Mapping[str, object]] = {"pointers": "PTR"}

_RESPONSE: Final = 0x8000
_CLASS: Final = 0x7FFF
_IN: Final = 1
_HEADER_BYTES: Final = 12


class Kind(StrEnum):
    """The types of records that are read (RFC 1035 3.2.2, RFC 2782, RFC 3596)."""

    A = "A"
    PTR = "PTR"
    TXT = "TXT"
    AAAA = "AAAA"
    SRV = "SRV"


_CODES: Final = {Kind.A: 1, Kind.PTR: 12, Kind.TXT: 16, Kind.AAAA: 28, Kind.SRV: 33}
_KINDS: Final = {code: kind for kind, code in _CODES.items()}


class Record(NamedTuple):
    """One record. ``data``: an address, a name, strings, or priority, weight, port and name."""

    name: str
    kind: Kind
    data: tuple[str | int | bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The records of one datagram."""

    records: tuple[Record, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def encode_question(services: tuple[str, ...], number: int) -> bytes:
    """Write one datagram that asks who offers each service; ``number`` is the query's id."""
    header = number.to_bytes(2, "big") + bytes(2) + len(services).to_bytes(2, "big") + bytes(6)
    asked = (_wire(service) + _CODES[Kind.PTR].to_bytes(2, "big") + b"\0\1" for service in services)
    return header + b"".join(asked)


def decode_answer(data: bytes) -> Answer:
    """Read the records of an answer; one that was cut off gives those that are whole."""
    import dns.wire

    if not _HEADER_BYTES <= len(data) <= MAX_ANSWER_BYTES:
        raise DecodeError(f"a DNS message has {_HEADER_BYTES} to {MAX_ANSWER_BYTES} bytes")
    tally = Tally()
    parser = dns.wire.Parser(data)
    _, flags, questions, *counts = parser.get_struct("!HHHHHH")
    if not flags & _RESPONSE:
        raise DecodeError("a question, and no answer")
    records = tuple(_records(parser, min(questions, MAX_RECORDS), sum(counts), tally))
    if not records:
        raise DecodeError("an answer without a record that can be read")
    return Answer(records=records, anomalies=tally.result())


def encode_answer(message: Answer) -> bytes:
    """Write an answer, without compressing names."""
    header = bytes(2) + _RESPONSE.to_bytes(2, "big") + bytes(2)
    header += len(message.records).to_bytes(2, "big") + bytes(4)
    body = b""
    for record in message.records:
        content = _content(record)
        body += _wire(record.name)
        body += _CODES[record.kind].to_bytes(2, "big") + b"\0\1" + bytes(4)
        body += len(content).to_bytes(2, "big") + content
    return header + body


def answer_parts(message: Answer) -> tuple[object, ...]:
    """Return the records in order."""
    return message.records


def _records(parser: dns.wire.Parser, questions: int, count: int, tally: Tally) -> Iterator[Record]:
    import dns.exception

    try:
        for _ in range(questions):
            parser.get_name(decompress=True)
            parser.get_struct("!HH")
        for _ in range(min(count, MAX_RECORDS)):
            name = parser.get_name(decompress=True).to_text()
            kind, group, _, size = parser.get_struct("!HHIH")
            end = parser.current + size
            if end > parser.end:
                raise dns.exception.FormError
            record = _record(parser, name, kind, group & _CLASS, size, tally)
            parser.seek(end)
            if record is not None:
                yield record
    except dns.exception.DNSException:
        tally.add("message_unfinished")


def _record(
    parser: dns.wire.Parser, name: str, code: int, group: int, size: int, tally: Tally
) -> Record | None:
    import dns.exception
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    kind = _KINDS.get(code)
    if kind is None or group != _IN:
        return None
    try:
        with parser.restrict_to(size):
            data = dns.rdata.from_wire_parser(
                dns.rdataclass.RdataClass.IN, dns.rdatatype.RdataType.make(code), parser
            )
    except (dns.exception.DNSException, ValueError):
        # dnspython's words for data of another length or form than the type has
        tally.add("record_unreadable")
        return None
    return Record(name, kind, _plain(kind, data))


def _plain(kind: Kind, data: Any) -> tuple[str | int | bytes, ...]:
    if kind in (Kind.A, Kind.AAAA):
        return (str(data.address),)
    if kind is Kind.PTR:
        return (data.target.to_text(),)
    if kind is Kind.TXT:
        return tuple(bytes(text) for text in data.strings[:MAX_STRINGS])
    return (data.priority, data.weight, data.port, data.target.to_text())


def _content(record: Record) -> bytes:
    data: Any = record.data
    if record.kind in (Kind.A, Kind.AAAA):
        return ipaddress.ip_address(data[0]).packed
    if record.kind is Kind.PTR:
        return _wire(data[0])
    if record.kind is Kind.TXT:
        return b"".join(bytes((len(text),)) + text for text in data)
    return b"".join(number.to_bytes(2, "big") for number in data[:3]) + _wire(data[3])


def _wire(name: str) -> bytes:
    import dns.name

    return dns.name.from_text(name).to_wire() or b""


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "answer": Codec(decode=decode_answer, encode=encode_answer, parts=answer_parts)
}
