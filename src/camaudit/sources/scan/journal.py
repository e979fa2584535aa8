"""The journal of a scan: JSON Lines, written as it goes, so that nothing is lost and it can go on.

1. The first line says what the scan was allowed to do; each later line stands for itself.
2. A line that was cut off (a crash, a full disk) is left out by readers; all before it stand.
3. Secrets do not get here: readers of protocols blank them before they show a field.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, TypeAlias

import msgspec

from camaudit.errors import SourceError
from camaudit.model.observation import Seen
from camaudit.model.scan import Asked, Heard, Outcome

from .search import Searched

VERSION: Final = 1
#: Ours. A line holds one reply: 512 fields of 64 KiB would be absurd, a page of 256 KiB is not.
MAX_LINE_BYTES: Final = 4 << 20
#: Longer values are cut: matching reads no further (DESIGN, "Attribution").
MAX_VALUE_BYTES: Final = 1 << 16
#: How many bytes of a journal are looked at to recognise it.
_MAGIC: Final = b'{"t":"scan","v":'


class ScanLine(msgspec.Struct, frozen=True, tag="scan", tag_field="t"):
    """The opening: what was to be asked, by whose permission, within which limits."""

    v: int
    run: str
    started: datetime
    site: str | None
    permission: str | None
    right: str | None
    profile: str
    ceiling: str
    limits: dict[str, float]
    ports: list[int]
    searches: list[str]
    dialogues: list[str]
    withheld: list[str]
    targets: str
    left_out: list[tuple[str, str]]
    vantages: list[tuple[str, str, int]]
    collector: str


class HeardLine(msgspec.Struct, frozen=True, tag="heard", tag_field="t"):
    """What one reply showed; values that are no text are base64 under ``b``."""

    s: str
    a: str
    p: str
    n: int
    at: datetime
    f: list[tuple[str, str, str]]
    b: list[tuple[str, str, str]] = []


class VisitedLine(msgspec.Struct, frozen=True, tag="visited", tag_field="t", omit_defaults=True):
    """An address that is done with: what was asked of it, grouped by outcome and detail."""

    a: str
    r: list[tuple[str, str, list[tuple[str, int]]]]


class SearchedLine(msgspec.Struct, frozen=True, tag="searched", tag_field="t"):
    """What one search came to from one vantage."""

    search: str
    interface: str
    address: str
    sent: int
    replies: int
    sources: int
    dropped: int
    trouble: str


class FaultLine(msgspec.Struct, frozen=True, tag="fault", tag_field="t"):
    """A fault of ours that was contained."""

    text: str


class ResumedLine(msgspec.Struct, frozen=True, tag="resumed", tag_field="t"):
    """The scan was taken up again."""

    at: datetime


class EndLine(msgspec.Struct, frozen=True, tag="end", tag_field="t"):
    """The scan ended, or was ended: ``complete``, ``stopped``, ``blackout``."""

    at: datetime
    how: str
    packets: int
    undecoded: int


Line: TypeAlias = (
    ScanLine | HeardLine | VisitedLine | SearchedLine | FaultLine | ResumedLine | EndLine
)


@dataclass(slots=True)
class Writer:
    """A scan's sink that writes each result as a line."""

    stream: BinaryIO
    heard_lines: int = 0

    def put(self, line: Line) -> None:
        """Write one line."""
        self.stream.write(msgspec.json.encode(line) + b"\n")

    def heard(self, heard: Heard) -> None:
        """Write what one reply showed."""
        text: list[tuple[str, str, str]] = []
        raw: list[tuple[str, str, str]] = []
        for seen in heard.seen:
            value = seen.value[:MAX_VALUE_BYTES]
            try:
                text.append((seen.protocol, seen.field, value.decode("utf-8")))
            except UnicodeDecodeError:
                raw.append((seen.protocol, seen.field, base64.b64encode(value).decode("ascii")))
        self.put(
            HeardLine(
                s=heard.subject,
                a=heard.address,
                p=heard.probe,
                n=heard.port,
                at=heard.at,
                f=text,
                b=raw,
            )
        )
        self.heard_lines += 1

    def searched(self, searched: Searched) -> None:
        """Write what one search came to."""
        self.put(
            SearchedLine(
                search=searched.search,
                interface=searched.interface,
                address=searched.address,
                sent=searched.sent,
                replies=searched.replies,
                sources=searched.sources,
                dropped=searched.dropped,
                trouble=searched.trouble,
            )
        )

    def visited(self, address: str, asked: tuple[Asked, ...]) -> None:
        """Write what was asked of one address."""
        grouped: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for each in asked:
            grouped.setdefault((each.outcome.value, each.detail), []).append(
                (each.probe, each.port)
            )
        self.put(VisitedLine(a=address, r=[(*key, probes) for key, probes in grouped.items()]))

    def fault(self, text: str) -> None:
        """Write a fault of ours."""
        self.put(FaultLine(text=text))


def is_journal(head: bytes) -> bool:
    """Tell a journal from its first bytes."""
    return head.startswith(_MAGIC)


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, Line | str]]:
    """Yield each line with its number; a text says why a line cannot be read.

    A last line without an end was cut off and is left out. ``SourceError`` where the first line is
    not that of a scan.
    """
    decode = msgspec.json.Decoder(Line).decode
    number = 0
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if not raw.endswith(b"\n"):
            if len(raw) <= MAX_LINE_BYTES:
                return
            yield number, f"longer than {MAX_LINE_BYTES} bytes"
            _skip_line(stream)
            continue
        try:
            line: Line = decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            if number == 1:
                raise SourceError("the first line is not that of a scan") from error
            yield number, str(error)
            continue
        if number == 1 and not (isinstance(line, ScanLine) and line.v == VERSION):
            raise SourceError("not the journal of a scan that this version can read")
        yield number, line


def seen_of(line: HeardLine) -> Iterator[Seen]:
    """Yield the fields of a line; ``ValueError`` where a value is not base64 as it says."""
    for protocol, field, text in line.f:
        yield Seen(protocol, field, text.encode())
    for protocol, field, encoded in line.b:
        yield Seen(protocol, field, base64.b64decode(encoded, validate=True))


def outcomes_of(line: VisitedLine) -> Iterator[tuple[Outcome, str, str, int]]:
    """Yield outcome, detail, probe and port of everything asked; ``ValueError`` if unknown."""
    for outcome, detail, probes in line.r:
        for probe, port in probes:
            yield Outcome(outcome), detail, probe, port


def _skip_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(MAX_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass
