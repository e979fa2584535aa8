"""The ways to summarise a flow log that are measured, each in a process of its own.

    python -m tests.bench.flows.work WAY PATH

Each tells on its output how many rows it read and how many conversations it found.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from camaudit.engines.flows import Limits, Told, summarise_flows
from camaudit.sources.importers import registry
from camaudit.sources.spec import ReadOptions

#: What the engine may hold; the process takes some more.
LIMITS: Final = Limits(memory_mib=2048, threads=2)


def engine(path: Path) -> tuple[int, int]:
    """Summarise with camaudit's engine for large logs, not by the hour."""
    told = Told()
    found = sum(b.num_rows for b in summarise_flows([path], told, LIMITS, by_hour=False))
    return told.rows, found


def importer(path: Path) -> tuple[int, int]:
    """Read with the importer, which needs no DuckDB; by the hour, and both directions together."""
    with path.open("rb") as file:
        items = list(registry()["nfdump-csv"].read(file, ReadOptions()))
    tables = [item.conversations for item in items if hasattr(item, "conversations")]
    return sum(1 for _ in path.open("rb")) - 4, sum(table.num_rows for table in tables)


def plain_pyarrow(path: Path) -> tuple[int, int]:
    """Read the whole file and group it by its columns, on all threads."""
    table = pq.read_table(path)
    back = pc.less(table["sport"], table["dport"])
    found = (
        pa.table(
            {
                "client": pc.if_else(back, table["dst"], table["src"]),
                "server": pc.if_else(back, table["src"], table["dst"]),
                "proto": table["proto"],
                "port": pc.if_else(back, table["sport"], table["dport"]),
                "packets_out": pc.if_else(back, 0, table["packets"]),
                "packets_back": pc.if_else(back, table["packets"], 0),
                "bytes_out": pc.if_else(back, 0, table["bytes"]),
                "bytes_back": pc.if_else(back, table["bytes"], 0),
                "first": table["start"],
                "last": table["end"],
            }
        )
        .group_by(["client", "server", "proto", "port"])
        .aggregate(
            [
                *((f"{what}_{way}", "sum") for what in ("packets", "bytes") for way in _WAYS),
                ("first", "min"),
                ("last", "max"),
            ]
        )
    )
    return table.num_rows, found.num_rows


_WAYS: Final = ("out", "back")


def plain_csv(path: Path) -> tuple[int, int]:
    """Read line by line with ``csv.reader`` into a dictionary."""
    found: dict[tuple[str, str, str, int], list[int | str]] = {}
    rows = 0
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for cells in reader:
            if cells[0] == "Summary":
                break
            rows += 1
            sport, dport = int(cells[5]), int(cells[6])
            back = sport < dport
            client, server = (cells[4], cells[3]) if back else (cells[3], cells[4])
            key = (client, server, cells[7], min(sport, dport))
            held = found.setdefault(key, [0, 0, 0, 0, cells[0], cells[1]])
            held[back] += int(cells[11])  # type: ignore[operator]  # the first four are numbers
            held[2 + back] += int(cells[12])  # type: ignore[operator]
            held[4] = min(held[4], cells[0])
            held[5] = max(held[5], cells[1])
    return rows, len(found)


WAYS: Final[dict[str, Callable[[Path], tuple[int, int]]]] = {
    "engine": engine,
    "importer": importer,
    "plain-pyarrow": plain_pyarrow,
    "plain-csv": plain_csv,
}


def main() -> None:
    """Do one piece of work."""
    way, path = sys.argv[1:]
    rows, found = WAYS[way](Path(path))
    sys.stdout.write(f"{rows} {found}\n")


if __name__ == "__main__":
    main()
