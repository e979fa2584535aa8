"""Take IPFIX messages apart (RFC 7011): templates, and the fields of data records.

1. A message is read whole or up to where it is damaged; what was wrong is counted. Only its head
   decides whether it is one, and raises ``DecodeError``.
2. Templates belong to an observation domain, and live in the ``Templates`` that the caller holds.
3. Values are bytes: what they mean is for who asks. An information element is (enterprise, number);
   0 is IANA's, and 29305 the reverse direction of the same number (RFC 5103).
4. What can be told apart is bounded, by the ceilings below; the rest is counted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally

VERSION: Final = 10
HEADER_BYTES: Final = 16
#: RFC 5103 6.1.
REVERSE: Final = 29305
#: Ours. RFC 7011 allows 65,279 templates a domain; exporters have some dozens.
MAX_TEMPLATES: Final = 4096
#: Ours. The widest templates that are known have about 100 fields.
MAX_FIELDS: Final = 1024

_HEADER: Final = struct.Struct("!HHIII")
_SET: Final = struct.Struct("!HH")
_PAIR: Final = struct.Struct("!HH")
_TEMPLATES, _OPTIONS = 2, 3
#: RFC 7011 3.3.2: sets from this number on hold data of the template with the same number.
FIRST_DATA: Final = 256
_VARIABLE: Final = 0xFFFF
_ENTERPRISE: Final = 0x8000
#: RFC 7011 7: this length says that the true one follows in two bytes.
_LONG: Final = 255

Element = tuple[int, int]


class Header(NamedTuple):
    """The head of a message."""

    length: int
    export_time: int
    sequence: int
    domain: int


class Field(NamedTuple):
    """A field of a template; ``size`` is None where each record gives it."""

    element: Element
    size: int | None


class Template(NamedTuple):
    """The layout of records; those of options tell about exporters and are not read."""

    fields: tuple[Field, ...]
    least: int
    is_options: bool


@dataclass(slots=True)
class Templates:
    """The templates in force, by domain and number."""

    known: dict[tuple[int, int], Template] = field(default_factory=dict)

    def put(self, domain: int, number: int, template: Template) -> bool:
        """Keep a template, or answer that there are too many."""
        key = (domain, number)
        if key not in self.known and len(self.known) >= MAX_TEMPLATES:
            return False
        self.known[key] = template
        return True

    def withdraw(self, domain: int, number: int, *, is_options: bool) -> None:
        """Forget a template, or all of a domain (RFC 7011 8.1)."""
        if number in (_TEMPLATES, _OPTIONS):
            self.known = {
                key: template
                for key, template in self.known.items()
                if key[0] != domain or template.is_options != is_options
            }
        else:
            self.known.pop((domain, number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message holds: records as values by element, and what was odd or passed over."""

    header: Header
    records: tuple[dict[Element, bytes], ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def read_header(data: bytes) -> Header:
    """Return the head of a message.

    Raises:
        DecodeError: It is none of IPFIX.
    """
    if len(data) < HEADER_BYTES:
        raise DecodeError(f"a message has at least {HEADER_BYTES} bytes, not {len(data)}")
    version, *rest = _HEADER.unpack_from(data)
    if version != VERSION:
        raise DecodeError(f"the version is {version} and not {VERSION}")
    header = Header(*rest)
    if header.length < HEADER_BYTES:
        raise DecodeError(f"the message says that it is {header.length} bytes long")
    return header


def decode(data: bytes, templates: Templates) -> Message:
    """Read one message; its templates are put into ``templates``.

    Raises:
        DecodeError: Its head is not that of a message.
    """
    header, tally = read_header(data), Tally()
    data = data[: header.length]
    tally.add("cut_message", int(len(data) < header.length))
    records: list[dict[Element, bytes]] = []
    at = HEADER_BYTES
    while at + _SET.size <= len(data):
        number, size = _SET.unpack_from(data, at)
        if size < _SET.size or at + size > len(data):
            tally.add("cut_set")
            size = len(data) - at
        body = data[at + _SET.size : at + size]
        if number in (_TEMPLATES, _OPTIONS):
            _read_templates(body, header.domain, templates, tally, is_options=number == _OPTIONS)
        elif number >= FIRST_DATA:
            template = templates.known.get((header.domain, number))
            if template is None:
                tally.add("data_without_template")
            else:
                _read_records(body, template, records, tally)
        else:
            tally.add("unknown_set")
        at += size
    tally.add("bytes_after_sets", int(at < len(data)))
    return Message(header=header, records=tuple(records), anomalies=tally.result())


def _read_templates(
    body: bytes, domain: int, templates: Templates, tally: Tally, *, is_options: bool
) -> None:
    """Read template records (RFC 7011 3.4.1, 3.4.2); what is left of less than four is padding."""
    at = 0
    while at + _PAIR.size <= len(body):
        number, count = _PAIR.unpack_from(body, at)
        if number == 0:  # padding
            return
        at += _PAIR.size
        if count == 0:
            templates.withdraw(domain, number, is_options=is_options)
            continue
        if is_options:
            at += 2  # how many of the fields are the scope
        found, at = _read_fields(body, at, count)
        if found is None or number < FIRST_DATA:
            tally.add("damaged_template")
            return
        # What has no bytes tells nothing, and must not cost anything either
        found = tuple(each for each in found if each.size != 0)
        least = sum(1 if each.size is None else each.size for each in found)
        if least == 0 or not templates.put(domain, number, Template(found, least, is_options)):
            tally.add("template_not_taken")


def _read_fields(body: bytes, at: int, count: int) -> tuple[tuple[Field, ...] | None, int]:
    if count > MAX_FIELDS:
        return None, at
    fields = []
    for _ in range(count):
        if at + _PAIR.size > len(body):
            return None, at
        number, size = _PAIR.unpack_from(body, at)
        at += _PAIR.size
        enterprise = 0
        if number & _ENTERPRISE:
            if at + 4 > len(body):
                return None, at
            enterprise = int.from_bytes(body[at : at + 4], "big")
            at += 4
        element = (enterprise, number & ~_ENTERPRISE)
        fields.append(Field(element, None if size == _VARIABLE else size))
    return tuple(fields), at


def _read_records(
    body: bytes, template: Template, records: list[dict[Element, bytes]], tally: Tally
) -> None:
    """Read records until less is left than the shortest needs: that is padding (3.3.1)."""
    at = 0
    while at + template.least <= len(body):
        record: dict[Element, bytes] = {}
        for element, size in template.fields:
            value, at = _read_value(body, at, size)
            if value is None:
                tally.add("cut_record")
                return
            record.setdefault(element, value)
        if template.is_options:
            tally.add("options_records")
        else:
            records.append(record)


def _read_value(body: bytes, at: int, size: int | None) -> tuple[bytes | None, int]:
    if size is None:
        if at >= len(body):
            return None, at
        size, at = body[at], at + 1
        if size == _LONG:
            size, at = int.from_bytes(body[at : at + 2], "big"), at + 2
    end = at + size
    return (body[at:end] if end <= len(body) else None), end


# ---------------------------------------------------------------------------------------- write


def encode(header: Header, sets: list[tuple[int, bytes]], *, length: int | None = None) -> bytes:
    """Write a message of sets that are written already; its length is counted, unless given."""
    body = b"".join(_SET.pack(number, len(data) + _SET.size) + data for number, data in sets)
    size = HEADER_BYTES + len(body) if length is None else length
    return _HEADER.pack(VERSION, size, header.export_time, header.sequence, header.domain) + body


def encode_template(number: int, fields: tuple[Field, ...]) -> bytes:
    """Write a template record."""
    return _PAIR.pack(number, len(fields)) + b"".join(_encode_fields(fields))


def _encode_fields(fields: tuple[Field, ...]) -> Iterator[bytes]:
    for (enterprise, number), size in fields:
        length = _VARIABLE if size is None else size
        if enterprise:
            yield _PAIR.pack(number | _ENTERPRISE, length) + enterprise.to_bytes(4, "big")
        else:
            yield _PAIR.pack(number, length)
