"""Recognise a firewall's log by its header, or by pf's own lines."""

from __future__ import annotations

import io
from itertools import islice
from typing import Final

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.tables.cells import cell_text
from camaudit.sources.tables.separated import separated_rows

from .filterlog import is_filterlog
from .headers import WORDS

_HEADER_ROWS: Final = 30
#: Header words of which two or more make a log of traffic.
_TRAFFIC: Final = frozenset(
    {"source_port", "port", "service", "protocol", "bytes", "bytes_out", "action", "packets"}
)


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is a log of traffic."""
    del name  # the content tells
    if is_filterlog(head):
        return 95
    if not head or head.lstrip().startswith((b"<", b"{", b"[", b"#")):
        return 0
    try:
        rows = islice(separated_rows(io.BytesIO(head), None), _HEADER_ROWS)
        return max((_score(row[1]) for row in rows if not isinstance(row, Problem)), default=0)
    except SourceError:
        return 0


def _score(cells: list[str]) -> int:
    words = {found.word for cell in cells if (found := WORDS.match(cell_text(cell)))}
    if not {"source", "destination"} <= words or not words & {"time", "start", "instant", "date"}:
        return 0
    return 95 if len(words & _TRAFFIC) > 1 else 0
