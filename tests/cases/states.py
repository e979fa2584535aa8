"""What an estate holds, row by row, whatever the file looks like."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def rows_of(estate: Path) -> list[str]:
    """Return the estate as the statements that would make it again."""
    with closing(sqlite3.connect(estate)) as connection:
        return list(connection.iterdump())
