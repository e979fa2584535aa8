"""Open an input of any format, packed or not, and find who reads it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final, cast

import pyarrow as pa

from camaudit.errors import SourceError, UsageError
from camaudit.model.observation import Problem
from camaudit.sources import importers
from camaudit.sources.bulk import Packed, open_packed
from camaudit.sources.spec import ImporterSpec, Item, ReadOptions

#: What importers see of a file to recognise its format.
SNIFF_BYTES: Final = 64 * 1024
#: Below this a format is a guess by elimination: better to ask.
SURE_ENOUGH: Final = 10
#: A workbook is a zip file; what is larger than this is a register, unless its name says better
#: (reading it whole only to recognise it would take seconds).
ZIP_MAGIC: Final = b"PK\x03\x04"
MAX_WORKBOOK: Final = 2 * 1024 * 1024
#: Ours. What is unpacked to disk, for a format that must be read from both ends.
MAX_COPY: Final = 64 << 30
_COPIED: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """An open input and its reader."""

    spec: ImporterSpec
    stream: BinaryIO
    packed: Packed

    def items(self, options: ReadOptions) -> Iterator[Item]:
        """Yield what the input holds, and where it stops if its packing is damaged.

        Raises:
            SourceError: The input as a whole cannot be read.
        """
        count, last = 0, ""
        try:
            for item in self.spec.read(self.stream, options):
                if isinstance(item, pa.RecordBatch):
                    count += item.num_rows
                    last = item.column("position")[-1].as_py() or last
                yield item
        except SourceError as error:
            if self.packed.damage:
                raise SourceError(f"{self.packed.damage}; {error}") from error
            raise
        if self.packed.damage:
            reached = f", the last at {last}" if last else ""
            yield Problem(
                position=last,
                field="",
                message=f"{self.packed.damage}: {count:,} observations were read{reached}; what "
                "follows is missing",
            )


@contextmanager
def open_source(
    raw: BinaryIO, name: str, importer: str | None = None, fallback: str | None = None
) -> Iterator[Source]:
    """Open the input ``raw``, which may be a pipe.

    ``importer`` is who must read it, ``fallback`` who reads text that nobody recognises.

    Raises:
        SourceError: The format is not recognised.
        UsageError: There is no ``importer``.
    """
    stream, packed = open_packed(raw)
    if not packed.packing and _rewound(raw):
        yield Source(_choose(name, _head(raw), importer, fallback), raw, packed)
        return
    # PurePath takes off the suffix of the packing only: register.csv.gz is register.csv.
    inner = PurePath(name).stem if packed.packing else name
    head = stream.peek(SNIFF_BYTES)[:SNIFF_BYTES]
    if not head.startswith(ZIP_MAGIC):
        spec = _choose(inner, head, importer, fallback)
        if spec.streams:
            yield Source(spec, cast(BinaryIO, stream), packed)
            return
    with tempfile.TemporaryFile() as copy:
        size = 0
        while piece := stream.read(_COPIED):
            size += len(piece)
            if size > MAX_COPY:
                raise SourceError(
                    f"holds more than {MAX_COPY >> 30} GiB when unpacked; unpack it first, if it "
                    "is what you think"
                )
            copy.write(piece)
        copy.seek(0)
        file = cast(BinaryIO, copy)
        yield Source(_choose(inner, _head(file), importer, fallback), file, packed)


def _rewound(raw: BinaryIO) -> bool:
    """Go back to the start, unless it is a pipe (which may learn of it only by trying)."""
    try:
        return raw.seekable() and raw.seek(0) == 0
    except OSError:
        return False


def _choose(name: str, head: bytes, importer: str | None, fallback: str | None) -> ImporterSpec:
    registry = importers.registry()
    if importer is not None:
        if importer not in registry:
            raise UsageError(f"no importer is called {importer!r}; there are {', '.join(registry)}")
        return registry[importer]
    scores = {spec.sniff(name, head): spec for spec in registry.values()}
    best = max(scores)
    if best >= SURE_ENOUGH:
        return scores[best]
    if fallback is not None and b"\0" not in head:
        return registry[fallback]
    raise SourceError(f"the format is not recognised; name it with --as ({', '.join(registry)})")


def _head(stream: BinaryIO) -> bytes:
    """Return what recognises a format; a workbook keeps its table of contents at its end."""
    head = stream.read(SNIFF_BYTES)
    if head.startswith(ZIP_MAGIC):
        rest = stream.read(MAX_WORKBOOK)
        head = head + rest if len(rest) < MAX_WORKBOOK else head
    stream.seek(0)
    return head
