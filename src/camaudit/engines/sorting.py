"""Put lines into order by their key, in flat memory: sorted runs on disk, merged."""

from __future__ import annotations

import heapq
import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

#: Lines up to this size are held; more of them go to the disk in runs of this size.
HELD_BYTES: Final = 64 * 2**20
#: Runs that are open at once; beyond it they are merged into one.
RUNS: Final = 64

Pair = tuple[bytes, bytes]
_HEAD: Final = struct.Struct("<II")


def sort_lines(pairs: Iterable[Pair]) -> Iterator[bytes]:
    """Yield the lines of (key, line) pairs by key, byte by byte; keys are distinct.

    Raises:
        OSError: The temporary directory is full or cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="camaudit-") as name:
        runs = _Runs(Path(name))
        held: list[Pair] = []
        size = 0
        for pair in pairs:
            held.append(pair)
            size += len(pair[0]) + len(pair[1])
            if size > HELD_BYTES:
                runs.add(sorted(held))
                held, size = [], 0
        held.sort()
        for _, line in heapq.merge(held, *runs.read()):
            yield line


class _Runs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: list[Path] = []
        self._made = 0

    def add(self, run: Iterable[Pair]) -> None:
        """Write a sorted run."""
        path = self._folder / str(self._made)
        self._made += 1
        with path.open("wb") as file:
            for key, line in run:
                file.write(_HEAD.pack(len(key), len(line)) + key + line)
        self._paths.append(path)
        if len(self._paths) >= RUNS:
            merged, self._paths = self._paths, []
            self.add(heapq.merge(*map(_read, merged)))
            for old in merged:
                old.unlink()

    def read(self) -> list[Iterator[Pair]]:
        """Return the runs, each in order."""
        return [_read(path) for path in self._paths]


def _read(path: Path) -> Iterator[Pair]:
    with path.open("rb", buffering=1 << 18) as file:
        while head := file.read(_HEAD.size):
            key, line = _HEAD.unpack(head)
            yield file.read(key), file.read(line)
