"""Read LLDP neighbours, as switches and ``lldpctl`` print them.

``show lldp neighbors detail`` of Cisco IOS, NX-OS and Junos; ``show lldp info remote-device`` of
ArubaOS-Switch; ``show lldp neighbor-info`` of AOS-CX; ``lldpctl`` as text, as ``-f keyvalue``, as
``-f json`` and as ``-f json0``. A port without a neighbour is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder
from camaudit.sources.tables.pasted import head_text, pasted_lines, pasted_text

from .lldpctl import json_neighbours
from .neighbour import MAX_ADDRESSES, Neighbour
from .text import text_neighbours

_MARKS: Final = (
    re.compile(r"(?im)^\s{0,40}(?:neighbor )?chassis[ -]?id\b"),
    re.compile(r"(?im)^\s{0,40}(?:neighbor )?(?:port[ -]?id|sys(?:tem[ -])?name)\b"),
)
_PAIR: Final = re.compile(r"(?m)^lldp\.[^=]{1,64}\.(?:chassis|port)\.")
_MAX_JSON: Final = 32 << 20
#: The most that one neighbour gives: addresses, and a handful of texts.
_MOST_ROWS: Final = MAX_ADDRESSES + 16


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that these are LLDP neighbours."""
    del name
    text = head_text(head)
    if text.lstrip().startswith("{") and '"lldp"' in text[:200]:
        return 96 if '"chassis"' in text else 0
    marked = _PAIR.search(text) or all(mark.search(text) for mark in _MARKS)
    return 96 if marked else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what each neighbour says of itself."""
    batch = BatchBuilder()
    empty = taken = 0
    for found in _neighbours(stream, options.encoding):
        if isinstance(found, Problem):
            yield found
        elif found.is_empty:
            empty += 1
        elif found.observe(batch):
            taken += 1
        else:
            message = "a neighbour that names neither a hardware nor a network address"
            yield Problem(position=found.where, field="chassis", message=message)
        if len(batch) > MAX_BATCH_ROWS - _MOST_ROWS:
            yield from batch.flush()
    yield from batch.flush()
    if empty or not taken:
        message = f"{empty} ports have no neighbour" if empty else "no neighbour was taken from it"
        yield Problem(position="", field="", message=message, rejected=False)


def _neighbours(stream: BinaryIO, declared: str | None) -> Iterator[Neighbour | Problem]:
    start = pasted_text(stream, declared, 64).lstrip()
    # Junos puts {master:0} before its prompt
    if not start.startswith("{") or start.startswith("{master"):
        yield from text_neighbours(pasted_lines(stream, declared))
        return
    try:
        document = msgspec.json.decode(pasted_text(stream, declared, _MAX_JSON))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        yield Problem(position="", field="", message=f"not the JSON of lldpctl: {error}")
        return
    yield from json_neighbours(document)
