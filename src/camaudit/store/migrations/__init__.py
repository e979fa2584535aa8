"""Forward-only migrations: each module has ``upgrade(connection)``; names give the order."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final, cast

from sqlalchemy import Connection, text

from camaudit.errors import EstateError

#: Names of the migration modules, in order; the schema version is how many have run.
MIGRATIONS: Final = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def version(connection: Connection) -> int:
    """Return how many migrations this database has seen."""
    return cast(int, connection.execute(text("PRAGMA user_version")).scalar_one())


def migrate(connection: Connection) -> int:
    """Run the migrations that are missing; return how many."""
    seen = version(connection)
    if seen > len(MIGRATIONS):
        raise EstateError(
            "the estate was written by a newer camaudit; install that version or a later one"
        )
    for name in MIGRATIONS[seen:]:
        importlib.import_module(f"{__name__}.{name}").upgrade(connection)
    connection.execute(text(f"PRAGMA user_version = {len(MIGRATIONS)}"))
    return len(MIGRATIONS) - seen
