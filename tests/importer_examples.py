"""Read the examples beside the importers: ``input.*``, ``expected.jsonl``, ``README.md``."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pyarrow as pa

from camaudit.model.observation import Body, Problem, Site
from camaudit.model.scan import ScanRecord
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Traffic
from camaudit.sources.importers import registry
from camaudit.sources.spec import ImporterSpec, Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS
from tests.traffic_told import check_traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One input, and what reading it must give."""

    importer: ImporterSpec
    case: str
    name: str
    data: bytes
    expected: tuple[dict[str, Any], ...]
    readme: str


def load_examples() -> tuple[Example, ...]:
    """Return every example of every importer."""
    return tuple(_examples())


def _examples() -> Iterator[Example]:
    for importer in registry().values():
        package = importer.read.__module__.rpartition(".")[0]
        for case in sorted((files(package) / "examples").iterdir(), key=lambda entry: entry.name):
            (source,) = [entry for entry in case.iterdir() if entry.name.startswith("input.")]
            lines = (case / "expected.jsonl").read_text("utf-8").splitlines()
            yield Example(
                importer=importer,
                case=f"{importer.id}-{case.name}",
                name=source.name,
                data=source.read_bytes(),
                expected=tuple(json.loads(line) for line in lines),
                readme=(case / "README.md").read_text("utf-8"),
            )


def read_all(importer: ImporterSpec, data: bytes, options: ReadOptions | None = None) -> list[Item]:
    """Read bytes to the end, and hold every batch against the schema and its bound."""
    items = list(importer.read(io.BytesIO(data), options or ReadOptions()))
    for item in items:
        if isinstance(item, pa.RecordBatch):
            assert item.schema.equals(OBSERVATIONS)
            assert 0 < item.num_rows <= MAX_BATCH_ROWS
            item.validate(full=True)
        elif isinstance(item, Traffic):
            check_traffic(item)
        else:
            assert isinstance(item, Problem | Body | Site | ScanRecord | Traffic)
    return items


def seen(items: list[Item]) -> Counter[tuple[str, str, bytes, str, str | None]]:
    """Return the observations: device, key, value, position, time."""
    tables = (item.observations if isinstance(item, Traffic) else item for item in items)
    rows = (
        row
        for table in tables
        if isinstance(table, pa.RecordBatch | pa.Table)
        for row in table.to_pylist()
    )
    return Counter(
        (
            row["device"],
            f"{row['protocol']}.{row['field']}",
            row["value"],
            row["position"],
            row["seen_at"].isoformat() if row["seen_at"] else None,
        )
        for row in rows
    )


def problems(items: list[Item]) -> list[Problem]:
    """Return the problems, in order."""
    return [item for item in items if isinstance(item, Problem)]


def values(items: list[Item], key: str) -> dict[str, str]:
    """Return the texts of one key by device; several are joined with ``|``."""
    found: dict[str, str] = {}
    for device, name, value, *_ in sorted(seen(items), key=lambda row: row[:3]):
        if name == key:
            text = value.decode()
            found[device] = f"{found[device]}|{text}" if device in found else text
    return found
