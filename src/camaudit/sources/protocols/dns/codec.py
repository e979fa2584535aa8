"""Bytes and messages of DNS: the names asked for, and the addresses that stand for them.

1. Only questions and records of the kinds A, AAAA and CNAME are kept; others are stepped over.
2. Names are text in lower case without the last dot. A byte that is no letter, digit, hyphen or
   underscore is written as a backslash and three digits (RFC 1035 5.1), so that every name is
   text and no two names are written alike.
3. A pointer must lead back (RFC 1035 4.1.4, "prior occurrence"), and pointers, labels and names
   have ceilings: no message can be made to loop, or to take longer than its length allows.
4. Multicast DNS is another protocol with a folder of its own: it announces, and needs kinds of
   records that nobody needs here. This one is read in every installation, and by the thousand.
"""

from __future__ import annotations

import ipaddress
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, NamedTuple

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Buffer, Codec

#: RFC 1035 4.2.2: over TCP the length has 16 bits.
MAX_MESSAGE_BYTES: Final = (1 << 16) - 1
#: RFC 1035 2.3.4: octets of a name, and of a label.
MAX_NAME_BYTES: Final = 255
MAX_LABEL_BYTES: Final = 63
#: Ours. A name of 127 labels, the most that fit, can be written with as many pointers.
MAX_POINTERS: Final = 127
#: Ours. RFC 9619: a query has one question; old software sent several.
MAX_QUESTIONS: Final = 8
#: Ours. Answers of load balancers have about 20 addresses.
MAX_RECORDS: Final = 64

_HEADER: Final = struct.Struct("!HHHHHH")
_QUESTION: Final = struct.Struct("!HH")
_RECORD: Final = struct.Struct("!HHIH")
_RESPONSE: Final = 0x8000
_OPCODE: Final = 0x7800
_IN: Final = 1
_POINTER: Final = 0xC0
_PLAIN: Final = re.compile(rb"[a-z0-9_-]+")
_ESCAPED: Final = re.compile(r"\\([0-9]{3})")
_A_BYTES: Final = 4
_AAAA_BYTES: Final = 16


class Kind(IntEnum):
    """The kinds of records that are read (RFC 1035 3.2.2, RFC 3596 2.1)."""

    A = 1
    CNAME = 5
    AAAA = 28


_KINDS: Final = frozenset(int(kind) for kind in Kind)


class Question(NamedTuple):
    """A name, and the number of the kind of record that is wanted (RFC 1035 3.2.2)."""

    name: str
    kind: int


class Record(NamedTuple):
    """A record. ``data`` is an address, or the name that ``name`` is an alias of."""

    name: str
    kind: Kind
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsMessage:
    """Questions, and in a response the records that answer them."""

    is_response: bool
    questions: tuple[Question, ...] = ()
    records: tuple[Record, ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_message(data: bytes) -> DnsMessage:
    """Read a query or a response; one that was cut off gives what is whole."""
    if not _HEADER.size <= len(data) <= MAX_MESSAGE_BYTES:
        raise DecodeError(f"a DNS message has {_HEADER.size} to {MAX_MESSAGE_BYTES} bytes")
    _, flags, questions, answers, *_ = _HEADER.unpack_from(data)
    if flags & _OPCODE:
        raise DecodeError("no DNS query: another operation")
    tally = Tally()
    reader = _Reader(data, tally)
    try:
        reader.read_questions(questions)
        if flags & _RESPONSE:
            reader.read_records(answers)
    except DecodeError:
        tally.add("message_unfinished")
    if not reader.asked and not reader.found:
        raise DecodeError("a DNS message without a question or address that can be read")
    return DnsMessage(
        is_response=bool(flags & _RESPONSE),
        questions=tuple(reader.asked),
        records=tuple(reader.found),
        anomalies=tally.result(),
    )


def encode_message(message: DnsMessage) -> bytes:
    """Write a message without compressing names, for the laws; nothing here ever sends one."""
    flags = _RESPONSE if message.is_response else 0
    header = _HEADER.pack(0, flags, len(message.questions), len(message.records), 0, 0)
    asked = (_wire(each.name) + _QUESTION.pack(each.kind, _IN) for each in message.questions)
    return header + b"".join((*asked, *map(_written, message.records)))


def message_parts(message: DnsMessage) -> tuple[object, ...]:
    """Return the questions, then the records, in the order of the bytes."""
    return (message.is_response, *message.questions, *message.records)


def stream_end(data: Buffer) -> int | None:
    """Return where the first message of a connection ends (RFC 1035 4.2.2)."""
    if len(data) < 2:
        return None
    end = 2 + int.from_bytes(data[:2], "big")
    return end if len(data) >= end else None


class _Reader:
    """One pass over a message; what was read before a fault stays."""

    def __init__(self, data: bytes, tally: Tally) -> None:
        self._data = data
        self._at = _HEADER.size
        self._tally = tally
        #: Names by where a pointer led to; most records of an answer point to the question.
        self._known: dict[int, str] = {}
        self.asked: list[Question] = []
        self.found: list[Record] = []

    def read_questions(self, count: int) -> None:
        self._tally.add("questions_dropped", max(count - MAX_QUESTIONS, 0))
        if count > MAX_QUESTIONS:
            # where the answers begin cannot be told without reading every question
            raise DecodeError(f"more than {MAX_QUESTIONS} questions")
        for _ in range(count):
            name = self._name()
            kind, group = self._unpack(_QUESTION)
            if group == _IN:
                self.asked.append(Question(name, kind))

    def read_records(self, count: int) -> None:
        self._tally.add("records_dropped", max(count - MAX_RECORDS, 0))
        for _ in range(min(count, MAX_RECORDS)):
            name = self._name()
            kind, group, _, size = self._unpack(_RECORD)
            end = self._at + size
            if end > len(self._data):
                raise DecodeError("a record that was cut off")
            if group == _IN and kind in _KINDS:
                self._record(name, Kind(kind), size)
            self._at = end

    def _record(self, name: str, kind: Kind, size: int) -> None:
        content = self._data[self._at : self._at + size]
        if kind is Kind.CNAME:
            self.found.append(Record(name, kind, self._name()))
        elif kind is Kind.A and size == _A_BYTES:
            self.found.append(Record(name, kind, "%d.%d.%d.%d" % tuple(content)))  # noqa: UP031
        elif kind is Kind.AAAA and size == _AAAA_BYTES:
            self.found.append(Record(name, kind, str(ipaddress.IPv6Address(content))))
        else:
            self._tally.add("record_unreadable")

    def _unpack(self, shape: struct.Struct) -> tuple[Any, ...]:
        end = self._at + shape.size
        if end > len(self._data):
            raise DecodeError("a DNS message that was cut off")
        values = shape.unpack_from(self._data, self._at)
        self._at = end
        return values

    def _name(self) -> str:
        """Read a name, and go on behind it, not behind what its pointers lead to."""
        pointer = int.from_bytes(self._data[self._at : self._at + 2], "big")
        if pointer in self._known:
            self._at += 2
            return self._known[pointer]
        start, name = self._at, self._spelt()
        if pointer >= _POINTER << 8 and self._at == start + 2:
            self._known[pointer] = name
        return name

    def _spelt(self) -> str:
        data, at, behind = self._data, self._at, 0
        earliest = at
        labels: list[str] = []
        size, jumps = 1, 0
        while True:
            if at >= len(data):
                raise DecodeError("a name that was cut off")
            length = data[at]
            if length == 0:
                self._at = behind or at + 1
                return ".".join(labels)
            if length >= _POINTER:
                if at + 1 >= len(data):
                    raise DecodeError("a pointer that was cut off")
                target = (length & ~_POINTER) << 8 | data[at + 1]
                jumps += 1
                if target >= earliest or jumps > MAX_POINTERS:
                    raise DecodeError("a pointer in a name that does not lead back")
                behind = behind or at + 2
                at = earliest = target
                continue
            size += length + 1
            label = data[at + 1 : at + 1 + length]
            if length > MAX_LABEL_BYTES or size > MAX_NAME_BYTES or len(label) < length:
                raise DecodeError("a name or label that is too long")
            labels.append(_text(label))
            at += 1 + length


def _text(label: bytes) -> str:
    label = label.lower()
    if _PLAIN.fullmatch(label):
        return label.decode("ascii")
    return "".join(chr(b) if _PLAIN.match(bytes((b,))) else f"\\{b:03d}" for b in label)


def _wire(name: str) -> bytes:
    labels = (_bytes(label) for label in name.split(".")) if name else ()
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _bytes(label: str) -> bytes:
    return _ESCAPED.sub(lambda found: chr(int(found[1])), label).encode("latin-1")


def _written(record: Record) -> bytes:
    if record.kind is Kind.CNAME:
        content = _wire(record.data)
    else:
        content = ipaddress.ip_address(record.data).packed
    return _wire(record.name) + _RECORD.pack(record.kind, _IN, 0, len(content)) + content


def addresses_by_name(message: DnsMessage) -> Iterator[tuple[str, str]]:
    """Yield name and address, for each name asked for and each alias between it and the address.

    Records that do not hang together with a question are left out: a resolver may add them.
    """
    aliases = {each.name: each.data for each in message.records if each.kind is Kind.CNAME}
    chain = dict.fromkeys(question.name for question in message.questions)
    for name in tuple(chain):
        at: str | None = name
        # each alias leads to one name: no chain is longer than there are records
        for _ in range(len(aliases)):
            at = aliases.get(at) if at is not None else None
            if at is None or at in chain:
                break
            chain[at] = None
    for name in chain:
        ends = _ends(name, aliases)
        for record in message.records:
            if record.kind is not Kind.CNAME and record.name in ends:
                yield name, record.data


def _ends(name: str, aliases: Mapping[str, str]) -> set[str]:
    reached = {name}
    while (following := aliases.get(name)) is not None and following not in reached:
        reached.add(following)
        name = following
    return reached


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "message": Codec(decode=decode_message, encode=encode_message, parts=message_parts)
}
