"""Read a journal: one observation a field, one subject a device, one record of the scan.

What a switch or router tells of its neighbours stands in its reply and is about other devices: each
neighbour becomes a subject of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

import msgspec

from camaudit.model.observation import Problem, Seen
from camaudit.sources.scan.coverage import Coverage
from camaudit.sources.scan.journal import (
    HeardLine,
    Line,
    VisitedLine,
    is_journal,
    outcomes_of,
    read_lines,
    seen_of,
)
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder
from camaudit.sources.tables.addresses import parse_ip, parse_mac
from camaudit.wirekit.secrets import blank

#: A line has at most this many fields (``sources.scan.visit.MAX_SEEN``), and some to spare.
_ROOM: Final = 1024
_NEIGHBOUR: Final = ("neighbour", "entry")
#: Keys of a neighbour that are fields of its own.
_TOLD: Final = {
    "port": "switch.port",
    "vlan": "switch.vlan",
    "system_description": "lldp.system_description",
    "system_name": "lldp.system_name",
}


class _Neighbour(msgspec.Struct):
    mac: str = ""
    ip: str = ""
    port: str = ""
    vlan: str = ""
    system_name: str = ""
    system_description: str = ""
    source: str = ""


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that this is a journal."""
    del name
    return 100 if is_journal(head) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield observations, problems, and the record of the scan."""
    del options
    batch, coverage = BatchBuilder(), Coverage()
    for number, line in read_lines(stream):
        where = f"line {number}"
        if isinstance(line, str):
            yield Problem(position=where, field="", message=f"not a line of a journal: {line}")
            continue
        try:
            _check(line)
            coverage.add(line)
            if isinstance(line, HeardLine):
                _take(line, batch)
        except ValueError as error:
            yield Problem(position=where, field="", message=f"not understood: {error}")
        if len(batch) > MAX_BATCH_ROWS - _ROOM:
            yield from batch.flush()
    yield from batch.flush()
    try:
        yield coverage.record()
    except ValueError as error:
        yield Problem(position="line 1", field="", message=f"the scan's opening: {error}")


def _check(line: Line) -> None:
    """Raise ``ValueError`` before anything of a line is taken, if not all of it can be."""
    if isinstance(line, HeardLine):
        if parse_ip(line.a) is None:
            raise ValueError(f"{line.a!r} is not an address")
        if len(line.f) + len(line.b) > _ROOM // 2:
            raise ValueError("more fields than a reply has")
        for _ in seen_of(line):
            pass
    elif isinstance(line, VisitedLine):
        if parse_ip(line.a) is None:
            raise ValueError(f"{line.a!r} is not an address")
        for _ in outcomes_of(line):
            pass


def _take(line: HeardLine, batch: BatchBuilder) -> None:
    where = f"{line.p} port {line.n}" if line.n else line.p
    for seen in seen_of(line):
        if (seen.protocol, seen.field) == _NEIGHBOUR:
            _neighbour(seen, f"{where} at {line.a}", line.at, batch)
        elif seen.value:
            batch.add(line.s, f"{seen.protocol}.{seen.field}", blank(seen.value), where, line.at)


def _neighbour(seen: Seen, where: str, at: datetime, batch: BatchBuilder) -> None:
    try:
        entry = msgspec.json.decode(seen.value, type=_Neighbour)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"a neighbour: {error}") from error
    mac, ip = parse_mac(entry.mac), parse_ip(entry.ip)
    if mac is None and ip is None:
        return
    subject = f"mac:{mac}" if mac else f"host:{ip}"
    for key, value in (("mac.address", mac), ("ip.address", ip)):
        if value:
            batch.add(subject, key, value.encode(), where, at)
    for name, key in _TOLD.items():
        if text := getattr(entry, name):
            batch.add(subject, key, blank(text.encode()), where, at)
