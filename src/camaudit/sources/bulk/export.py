"""Turn the records of a scanner's export into observations of hosts.

A format says what a record tells (``Told``); addresses, times, secrets, lengths and batches are
the same for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from camaudit.errors import DecodeError
from camaudit.model.observation import Problem, Seen
from camaudit.sources import protocols
from camaudit.sources.spec import Item
from camaudit.sources.tables import BatchBuilder
from camaudit.sources.tables.addresses import parse_ip
from camaudit.wirekit.distinguished import certificate_name
from camaudit.wirekit.limits import MAX_VALUE_BYTES
from camaudit.wirekit.secrets import blank

from .records import Record, json_records

#: Ours. Secrets are looked for in this much of a value, and the first half of it is kept.
_LOOKED_AT: Final = 2 * MAX_VALUE_BYTES
#: Ours. Values of a member that may be a list: names of a certificate, of a host.
_MAX_LISTED: Final = 64
#: Ours. Kinds of things left out that are named singly, and that are counted singly meanwhile.
_MAX_NAMED: Final = 50
_MAX_COUNTED: Final = 1_000
_MAX_YEAR_SECONDS: Final = 253_402_300_799

#: How a reply starts, and the protocol that it speaks.
_STARTS: Final = ((b"HTTP/", "http"), (b"RTSP/", "rtsp"), (b"SIP/2.0", "sip"), (b"SSH-", "ssh"))
#: Greetings that look like nothing: only who asked knows.
_HINTS: Final = ("ftp", "telnet")

#: Headers that speak of how the body was sent: who exports a page has undone that.
_UNDONE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
#: Ours. Header lines that are put together again; the codec takes no more.
_MAX_HEADERS: Final = 128

#: Attributes of certificate names, as exports call them.
_ATTRIBUTES: Final = {
    "CN": "commonName",
    "O": "organizationName",
    "OU": "organizationalUnitName",
    "L": "localityName",
    "ST": "stateOrProvinceName",
    "C": "countryName",
    "common_name": "commonName",
    "organization": "organizationName",
    "organizational_unit": "organizationalUnitName",
    "locality": "localityName",
    "province": "stateOrProvinceName",
    "country": "countryName",
    "email_address": "emailAddress",
}


class RecordError(Exception):
    """A record that cannot be used; the arguments are the member and what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}")


class Told(NamedTuple):
    """What a record tells of one place of a host: a port, or the host itself."""

    address: str
    place: str
    seen_at: datetime | None
    seen: Iterable[Seen]


#: Reads one record, and counts what it knows of and does not use.
Reader = Callable[[Mapping[str, Any], Counter[str]], Iterable[Told]]


def read_export(stream: BinaryIO, reader: Reader) -> Iterator[Item]:
    """Yield what an export tells.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    batch, unused = BatchBuilder(), Counter[str]()
    for record in json_records(stream):
        if isinstance(record, Problem):
            yield record
            continue
        try:
            _take(record, reader, batch, unused)
        except RecordError as error:
            yield Problem(position=f"line {record.line}", field=error.field, message=error.message)
        if len(unused) > _MAX_COUNTED:
            _fold(unused)
        if batch.full:
            yield from batch.flush()
    yield from batch.flush()
    for what, count in (+unused).most_common(_MAX_NAMED):
        yield Problem(
            position="", field="", message=f"{what} are not used ({count})", rejected=False
        )


def _fold(unused: Counter[str]) -> None:
    """Count the rarest together: a file may bring a new word with each record."""
    for what, count in unused.most_common()[_MAX_NAMED:]:
        del unused[what]
        unused["other things"] += count


def _take(record: Record, reader: Reader, batch: BatchBuilder, unused: Counter[str]) -> None:
    try:
        found = msgspec.json.decode(record.data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise RecordError("", f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise RecordError("", "not a JSON object")
    rows: list[tuple[str, Told]] = []
    for told in reader(found, unused):
        address = parse_ip(told.address)
        if address is None:
            raise RecordError("ip", "is no IP address")
        rows.append((address, told))
    # Only now: a record is taken whole or not at all.
    _add(rows, f"line {record.line}", batch)


def _add(rows: list[tuple[str, Told]], line: str, batch: BatchBuilder) -> None:
    for address, told in rows:
        device, where = f"host:{address}", f"{line} {told.place}".rstrip()
        if not told.place:
            batch.add(device, "ip.address", address.encode(), where, told.seen_at)
        for seen in told.seen:
            if seen.value:
                key = f"{seen.protocol}.{seen.field}"
                batch.add(device, key, seen.value, where, told.seen_at)


def said(key: str, value: object) -> Iterator[Seen]:
    """Yield one field, without secrets and cut to what is matched; nothing if it is no text."""
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    if isinstance(value, bytes) and value:
        protocol, _, field = key.partition(".")
        yield Seen(protocol, field, blank(value[:_LOOKED_AT])[:MAX_VALUE_BYTES])


def reply(raw: bytes, hint: str, unused: Counter[str]) -> Iterator[Seen]:
    """Yield the fields of a raw reply; ``hint`` names a protocol that cannot be told by its start.

    The reply itself is not kept: it may hold cookies and the like.
    """
    spoken = next((word for start, word in _STARTS if raw.startswith(start)), None)
    if spoken is None:
        spoken = next((word for word in _HINTS if hint.startswith(word)), None)
    if spoken is None:
        if raw:
            unused["replies of other protocols"] += 1
        return
    try:
        for seen in _expand(spoken)(raw[:_LOOKED_AT]):
            yield seen._replace(value=seen.value[:MAX_VALUE_BYTES])
    except DecodeError:
        unused[f"replies that are not {spoken.upper()} after all"] += 1


def http_reply(first: str, headers: Iterable[tuple[str, object]], body: str) -> bytes:
    """Return a reply as it went over the wire, its body plain, for the codec to read.

    Exports fold names of headers (``www_authenticate``), and may give each several values.
    """
    lines = [first]
    for folded, values in headers:
        name = folded.replace("_", "-")
        if not name.startswith("-") and name.lower() not in _UNDONE:
            lines += [f"{name}: {value}" for value in listed(values)]
    head = "\r\n".join(
        line.replace("\r", " ").replace("\n", " ") for line in lines[: _MAX_HEADERS + 1]
    )
    return f"{head}\r\n\r\n{body}".encode("utf-8", "replace")


@cache
def _expand(protocol: str) -> Callable[[bytes], Iterable[Seen]]:
    return protocols.registry()[protocol].expands[f"{protocol}.response"]


def named(key: str, names: object) -> Iterator[Seen]:
    """Yield a certificate's name in the one spelling that signatures know."""
    if isinstance(names, Mapping):
        pairs = [
            (_ATTRIBUTES[name], one)
            for name, value in names.items()
            if name in _ATTRIBUTES
            for one in listed(value)
        ]
        yield from said(key, certificate_name(pairs))


def section(record: object, *path: str) -> Mapping[str, Any]:
    """Return the object at a path of members; an empty one where there is none."""
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record if isinstance(record, Mapping) else {}


def text(record: Mapping[str, Any], name: str) -> str:
    """Return the text of a member; empty where there is none."""
    value = record.get(name)
    return value if isinstance(value, str) else ""


def listed(value: object) -> list[str]:
    """Return the texts of a member that may be one text or a list of them."""
    values = value[:_MAX_LISTED] if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one]


def when(value: object) -> datetime | None:
    """Return a time given in RFC 3339 or as seconds since 1970; without a zone it is UTC."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= len(str(_MAX_YEAR_SECONDS)):
        value = int(value)
    if isinstance(value, int) and 0 <= value <= _MAX_YEAR_SECONDS:
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        return None
    try:
        found = msgspec.convert(value, datetime)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (msgspec.ValidationError, OverflowError):
        return None
