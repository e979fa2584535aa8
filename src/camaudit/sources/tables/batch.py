"""Build bounded record batches of observations out of lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.schemas import OBSERVATIONS

#: No batch is longer, so that a reader's memory does not grow with its file.
MAX_BATCH_ROWS: Final = 50_000
#: Ours. When what was gathered is to be handed on: so many rows, or bytes of values.
FULL_ROWS: Final = 20_000
FULL_BYTES: Final = 32 << 20


class BatchBuilder:
    """Observations gathered column by column."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._devices: list[str] = []
        self._keys: list[int] = []
        self._values: list[bytes] = []
        self._seen: list[datetime | None] = []
        self._positions: list[str] = []
        self._known: dict[str, int] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._devices)

    @property
    def full(self) -> bool:
        """Tell whether it is time to flush."""
        return len(self._devices) >= FULL_ROWS or self._bytes >= FULL_BYTES

    def add(
        self,
        device: str,
        key: str,
        value: bytes,
        position: str,
        seen_at: datetime | None = None,
    ) -> None:
        """Add one observation; ``key`` is ``protocol.field``."""
        self._devices.append(device)
        self._keys.append(self._known.setdefault(key, len(self._known)))
        self._values.append(value)
        self._bytes += len(value)
        self._positions.append(position)
        self._seen.append(seen_at)

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield everything added so far, and forget it."""
        if not self._devices:
            return
        protocols = pa.array([key.partition(".")[0] for key in self._known], pa.string())
        fields = pa.array([key.partition(".")[2] for key in self._known], pa.string())
        keys = pa.array(self._keys, pa.int32())
        batch = pa.RecordBatch.from_arrays(
            [
                pa.array(self._devices, pa.string()),
                _words(keys, protocols),
                _words(keys, fields),
                pa.array(self._values, pa.binary()),
                pa.array(self._seen, OBSERVATIONS.field("seen_at").type),
                pa.nulls(len(self._devices), OBSERVATIONS.field("artefact").type),
                pa.array(self._positions, pa.string()),
            ],
            schema=OBSERVATIONS,
        )
        self._clear()
        for start in range(0, batch.num_rows, MAX_BATCH_ROWS):
            yield batch.slice(start, MAX_BATCH_ROWS)


class RowBatch:
    """Observations of a block of table rows, gathered by key and column.

    Only the row and the value of each are kept; devices and positions are made at the end, which
    is what makes a register of 100,000 rows a matter of seconds.
    """

    def __init__(self, devices: Sequence[str], places: Sequence[str]) -> None:
        self._devices = pa.array(devices, pa.string())
        self._places = pa.array(places, pa.string())
        self._found: dict[tuple[str, str], tuple[list[int], list[bytes]]] = {}

    def gather(self, key: str, column: str) -> tuple[list[int], list[bytes]]:
        """Return the lists of rows and values, to append to, of one key in one column."""
        return self._found.setdefault((key, column), ([], []))

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield everything gathered."""
        groups = [(key, column, *lists) for (key, column), lists in self._found.items() if lists[0]]
        if not groups:
            return
        keys = pa.array(np.repeat(np.arange(len(groups)), [len(rows) for _, _, rows, _ in groups]))
        rows = pa.concat_arrays([pa.array(rows, pa.int32()) for _, _, rows, _ in groups])
        values = pa.concat_arrays([pa.array(values, pa.binary()) for *_, values in groups])
        columns = pa.array([f" {column}" if column else "" for _, column, _, _ in groups])
        words = [key.partition(".") for key, *_ in groups]
        batch = pa.RecordBatch.from_arrays(
            [
                self._devices.take(rows),
                _words(keys, pa.array([protocol for protocol, _, _ in words])),
                _words(keys, pa.array([field for _, _, field in words])),
                values,
                pa.nulls(len(rows), OBSERVATIONS.field("seen_at").type),
                pa.nulls(len(rows), OBSERVATIONS.field("artefact").type),
                pc.binary_join_element_wise(self._places.take(rows), columns.take(keys), ""),
            ],
            schema=OBSERVATIONS,
        )
        for start in range(0, batch.num_rows, MAX_BATCH_ROWS):
            yield batch.slice(start, MAX_BATCH_ROWS)


def _words(keys: pa.Array, words: pa.Array) -> pa.Array:
    """Encode one word per row as a dictionary without repeated words."""
    distinct = words.dictionary_encode()
    return pa.DictionaryArray.from_arrays(distinct.indices.take(keys), distinct.dictionary)
