"""Read many inputs of any format as one stream of observations; needs no estate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS
from camaudit.sources.importers.columnar import count_rows as _count_rows
from camaudit.sources.importers.observations import read_lines
from camaudit.sources.spec import Item, ReadOptions

from .formats import open_source

Batches = Iterator[pa.RecordBatch | Problem]

#: The name of standard input.
STDIN: Final = "-"
#: The format of text that is not recognised: what is wrong with its lines is told one by one.
LINES: Final = "observations"


def read_bulk(
    names: Sequence[str],
    *,
    importer: str | None = None,
    traffic: Callable[[pa.RecordBatch], pa.RecordBatch] = lambda batch: batch,
) -> Batches:
    """Yield the observations of files and directories, file by file, in flat memory.

    1. A name is a file, a directory (all files below it, by name, but hidden ones) or ``-``
       (standard input). Formats are recognised by content, ``importer`` forces one for all;
       other text is taken for lines of observations; gz and zst are undone.
    2. Batches have the schema ``OBSERVATIONS``, 1 to ``MAX_BATCH_ROWS`` rows, in the order of the
       file; ``artefact`` is null. ``Problem`` values stand between them, where they were met;
       their positions begin with the file's name if there is more than one file.
    3. Devices of one name in several files are one device, except those that a reader only
       numbers (``row:...``): these get the file's name in front.
    4. Of several files one that cannot be read is a ``Problem``, and the others are read.
    5. What captures and flow logs show goes through ``traffic`` first.

    Raises:
        SourceError: The only file cannot be read, or none of several can, or a name is no file.
        UsageError: There is no such importer.
    """
    files = list(_files(names))
    several = len(files) > 1
    unread: list[str] = []
    for file in files:
        try:
            for item in _read(file, importer, traffic):
                yield _placed(item, file) if several else item
        except SourceError as error:
            where = "standard input" if file == STDIN else file
            if not several:
                raise SourceError(f"{where}: {error}") from error
            unread.append(where)
            yield Problem(position=where, field="", message=f"was not read: {error}")
    if several and len(unread) == len(files):
        raise SourceError(f"none of the {len(files)} files can be read, first {unread[0]}")


def count_rows(names: Sequence[str]) -> int | None:
    """Return how many rows the inputs hold, for progress; ``None`` where reading would tell."""
    total = 0
    for file in _files(names):
        if file == STDIN:
            return None
        with Path(file).open("rb") as stream:
            rows = _count_rows(stream)
        if rows is None:
            return None
        total += rows
    return total


def _files(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        path = Path(name)
        if name == STDIN or not path.is_dir():
            yield name
            continue
        found = sorted(
            each
            for each in path.rglob("*")
            if each.is_file() and not any(part[0] == "." for part in each.relative_to(path).parts)
        )
        if not found:
            raise SourceError(f"{name}: there is no file in this directory")
        yield from map(str, found)


def _read(
    file: str, importer: str | None, traffic: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> Iterator[pa.RecordBatch | Problem]:
    with _opened(file) as raw, open_source(raw, file, importer, LINES) as found:
        left_out = 0
        lines = found.spec.id == LINES
        source = replace(found, spec=replace(found.spec, read=_lines)) if lines else found
        for item in source.items(ReadOptions(name=Path(file).name)):
            if isinstance(item, pa.RecordBatch):
                yield traffic(item) if source.spec.traffic else item
            elif isinstance(item, Problem):
                yield item
            else:
                left_out += _is_asked_for(item)
        if left_out:
            yield Problem(
                position="",
                field="",
                message=f"{left_out} bodies and sites are not used here; import them",
                rejected=False,
            )


def _lines(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Read lines as the importer does, but take a stream without any for what it is."""
    del options
    return read_lines(stream)


def _is_asked_for(item: Item) -> bool:
    """Tell whether something other than observations would be missed; records of scans are not."""
    return type(item).__name__ in ("Body", "Site")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  it is closed below
    except OSError as error:
        raise SourceError((error.strerror or str(error)).lower()) from error
    with stream:
        yield stream


def _placed(item: pa.RecordBatch | Problem, file: str) -> pa.RecordBatch | Problem:
    """Say of which file something is, where that is not clear."""
    if isinstance(item, Problem):
        return replace(item, position=f"{file}: {item.position}" if item.position else file)
    devices = item.column("device")
    numbered = pc.starts_with(devices, "row:")
    if not pc.any(numbered).as_py():
        return item
    named = pc.binary_join_element_wise(file, devices, "#")
    columns = [pc.if_else(numbered, named, devices), *item.columns[1:]]
    return pa.RecordBatch.from_arrays(columns, schema=OBSERVATIONS)
