"""Write a report to a file: whole or not at all, for its owner only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_private(path: Path, chunks: Iterable[bytes]) -> int:
    """Write ``chunks`` to ``path`` with mode 0600, replacing it in one step; return the size."""
    try:
        return _replace(path, chunks)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not the temporary file's
        raise


def _replace(path: Path, chunks: Iterable[bytes]) -> int:
    size = 0
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return size
