"""Bulk work on this machine: batches of whole devices, whatever the order of the input.

1. What fits into memory is one batch.
2. Clustered input is cut between devices; that it is clustered is checked.
3. Other input is first partitioned on disk by a hash of the device.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import SourceError
from camaudit.model.batches import Rows

#: Rows handed on together: values that come again are matched once a batch.
ROWS: Final = 524_288
#: Input up to this size is held; larger input goes through the disk, in parts below this size.
HELD_BYTES: Final = 96 * 2**20
HELD_ROWS: Final = 1_000_000
#: Smaller batches are joined first: each takes some memory, however few rows it has.
LEAST_ROWS: Final = 4_096
LEAST_BYTES: Final = 1 << 20
#: Files that are open at once; a part that is still too large is partitioned again.
PARTS: Final = 64
#: After so many rounds the 64 bits of the hash are used up: what is too large is one device.
MAX_ROUNDS: Final = 10


def whole_devices(
    batches: Iterable[pa.RecordBatch], *, clustered: bool
) -> Iterator[pa.RecordBatch]:
    """Yield batches that hold all rows of each of their devices.

    Raises:
        SourceError: ``clustered`` was said and is not so, or one device has too many rows.
        OSError: The temporary directory is full or cannot be written.
    """
    waiting = _joined(batches)
    if clustered:
        yield from _cut_between(waiting)
        return
    held, rest = _hold(waiting)
    if not rest:
        if held:
            yield pa.concat_batches(held)
        return
    with tempfile.TemporaryDirectory(prefix="camaudit-") as folder:
        yield from _partitioned(_chain(held, waiting), Path(folder), 0)


def _joined(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches of some size, whatever the size of those given."""
    small: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        small.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= LEAST_ROWS or size >= LEAST_BYTES:
            yield pa.concat_batches(small) if len(small) > 1 else batch
            small, rows, size = [], 0, 0
    if small:
        yield pa.concat_batches(small)


def _hold(batches: Iterator[pa.RecordBatch]) -> tuple[list[pa.RecordBatch], bool]:
    """Return batches while they fit into memory, and whether there may be more."""
    held: list[pa.RecordBatch] = []
    size = rows = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        rows += batch.num_rows
        if size > HELD_BYTES or rows > HELD_ROWS:
            return held, True
    return held, False


def _chain(held: list[pa.RecordBatch], rest: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield held batches, letting go of each, then the rest."""
    held.reverse()
    while held:
        yield held.pop()
    yield from rest


# ------------------------------------------------------------------------------------ clustered


def _cut_between(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    finished = _Finished()
    carried: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        carried.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows < ROWS and size < HELD_BYTES:
            continue
        whole = pa.concat_batches(carried)
        end = _start_of_last(whole)
        if end == 0 and (rows > HELD_ROWS or size > HELD_BYTES):
            raise _too_many(whole)
        if end:
            finished.check(whole.slice(0, end))
            yield whole.slice(0, end)
        carried = [whole.slice(end)]
        rows, size = whole.num_rows - end, carried[0].nbytes
    if rows:
        whole = pa.concat_batches(carried)
        finished.check(whole)
        yield whole


def _start_of_last(batch: pa.RecordBatch) -> int:
    """Return where the rows of the last device begin."""
    devices = batch.column("device")
    others = pc.not_equal(devices, devices[len(devices) - 1]).to_numpy(zero_copy_only=False)
    found = np.flatnonzero(others)
    return int(found[-1]) + 1 if len(found) else 0


class _Finished:
    """Which devices are behind us, by 64-bit hashes: 8 bytes each."""

    #: Sorted runs to search; beyond it they are merged.
    RUNS: Final = 8

    def __init__(self) -> None:
        self._runs: list[Rows] = []

    def check(self, batch: pa.RecordBatch) -> None:
        """Add the devices of a batch.

        Raises:
            SourceError: One of them came before, or its rows are apart.
        """
        coded = batch.column("device").dictionary_encode()
        codes = coded.indices.to_numpy(zero_copy_only=False)
        hashes = np.array([hash(name) for name in coded.dictionary.to_pylist()], np.int64)
        for run in self._runs:
            places = np.searchsorted(run, hashes).clip(max=len(run) - 1)
            again = np.flatnonzero(run[places] == hashes)
            if len(again):
                raise _not_clustered(batch, int(np.flatnonzero(codes == again[0])[0]))
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        apart = np.flatnonzero(codes[starts] != np.arange(len(starts)))
        if len(apart):
            raise _not_clustered(batch, int(starts[apart[0]]))
        self._runs.append(np.sort(hashes))
        if len(self._runs) > self.RUNS:
            self._runs = [np.sort(np.concatenate(self._runs))]


def _not_clustered(batch: pa.RecordBatch, row: int) -> SourceError:
    name, place = batch.column("device")[row].as_py(), batch.column("position")[row].as_py()
    at = f" ({place})" if place else ""
    return SourceError(f"the rows of device {name!r} are not together{at}: leave --clustered out")


def _too_many(batch: pa.RecordBatch) -> SourceError:
    name = batch.column("device")[0].as_py()
    return SourceError(
        f"device {name!r} has more than {batch.num_rows:,} observations; one device has some "
        "dozens: check what was taken for the device's name"
    )


# ---------------------------------------------------------------------------------- partitioned


def _partitioned(
    batches: Iterable[pa.RecordBatch], folder: Path, round_: int
) -> Iterator[pa.RecordBatch]:
    """Write rows to files by a hash of their device, and yield each file's as one batch."""
    for path in _partition(batches, folder, round_):
        with pa.memory_map(str(path)) as file:
            part = pa.ipc.open_stream(file)
            held, rest = _hold(iter(part))
            if not rest:
                yield pa.concat_batches(held)
            elif round_ + 1 >= MAX_ROUNDS:
                raise _too_many(pa.concat_batches(held))
            else:
                inner = folder / f"{path.stem}-parts"
                inner.mkdir()
                yield from _partitioned(_chain(held, part), inner, round_ + 1)
        path.unlink()


def _partition(batches: Iterable[pa.RecordBatch], folder: Path, round_: int) -> list[Path]:
    writers: dict[int, pa.RecordBatchStreamWriter] = {}
    shift = round_ * (PARTS.bit_length() - 1)  # other bits than the rounds before
    options = pa.ipc.IpcWriteOptions(compression="lz4", unify_dictionaries=False)
    try:
        for batch in batches:
            coded = batch.column("device").dictionary_encode()
            names = coded.dictionary.cast(pa.binary()).to_pylist()
            part_of = np.array([(_hash(name) >> shift) % PARTS for name in names], np.int64)
            parts = part_of[coded.indices.to_numpy(zero_copy_only=False)]
            order = np.argsort(parts, kind="stable")
            ordered = batch.take(pa.array(order))
            bounds = np.searchsorted(parts[order], np.arange(PARTS + 1)).tolist()
            for part in np.unique(part_of).tolist():
                if part not in writers:
                    writers[part] = pa.ipc.new_stream(
                        folder / f"{part:02}.arrows", batch.schema, options=options
                    )
                start, end = bounds[part], bounds[part + 1]
                writers[part].write_batch(ordered.slice(start, end - start))
    finally:
        for writer in writers.values():
            writer.close()
    return [folder / f"{part:02}.arrows" for part in sorted(writers)]


def _hash(name: bytes) -> int:
    """Return a hash that nobody can make collide, the same in each run."""
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")
