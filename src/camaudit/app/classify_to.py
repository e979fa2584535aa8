"""Write what ``classify`` finds to a file, by its ending; the file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from camaudit.engines import sinks
from camaudit.engines.sorting import sort_lines
from camaudit.errors import UsageError
from camaudit.model.packs import MakerPacks
from camaudit.model.schemas import DEVICES

from .classifier import Classified
from .device_lines import device_lines
from .device_rows import RowWriter
from .publish import private_file

#: Lines written at once.
_CHUNK: Final = 1 << 20


def write_devices(
    found: Iterable[Classified], packs: MakerPacks, path: Path, *, in_order: bool = False
) -> None:
    """Write one row or line a device; ``in_order`` (lines only): by device, byte by byte.

    Raises:
        UsageError: The ending is not known, or rows are to be put into order.
        OSError: The disk is full or the file cannot be written; what was there stays.
    """
    form, compression = form_of(path)
    if form == "lines":
        with private_file(path) as file, sinks.line_writer(file, compression) as write:
            write_lines(found, packs, write, in_order=in_order)
        return
    if in_order:
        raise UsageError(
            "--sort is for JSON Lines; rows of a table are put into order by its readers"
        )
    rows = RowWriter(packs)
    with private_file(path) as file, sinks.row_writer(file, form, DEVICES) as write_rows:
        for each in found:
            write_rows(rows.rows(each))


def write_lines(
    found: Iterable[Classified],
    packs: MakerPacks,
    write: Callable[[bytes], object],
    *,
    in_order: bool = False,
) -> None:
    """Write one line of JSON a device, some at a time."""
    encode = msgspec.json.Encoder().encode
    lines = (line for each in found for line in device_lines(each, packs))
    if in_order:
        chunks: Iterator[bytes] = sort_lines((line.device.encode(), encode(line)) for line in lines)
    else:
        chunks = map(encode, lines)
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        buffer += b"\n"
        if len(buffer) > _CHUNK:
            write(bytes(buffer))
            buffer.clear()
    write(bytes(buffer))


def form_of(path: Path) -> tuple[str, str | None]:
    """Return what a file holds by its ending, and how lines are compressed."""
    name = path.name.lower()
    for ending, form in sinks.ROW_FORMS.items():
        if name.endswith(ending):
            return form, None
    for ending, compression in sinks.LINE_FORMS.items():
        if name.endswith(ending):
            return "lines", compression
    known = ", ".join([*sinks.ROW_FORMS, *sinks.LINE_FORMS])
    raise UsageError(f"{path.name}: cannot tell what to write; let the name end with {known}")
