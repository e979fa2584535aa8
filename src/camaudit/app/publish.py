"""Write a report to a file: whole or not at all, for its owner only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_private(path: Path, chunks: Iterable[bytes]) -> int:
    """Write ``chunks`` to ``path`` with mode 0600, replacing it in one step; return the size."""
    with private_file(path) as file:
        return sum(file.write(chunk) for chunk in chunks)


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes the place of ``path`` if the block ends well."""
    try:
        with _replacing(path) as file:
            yield file
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not the temporary file's
        raise


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
