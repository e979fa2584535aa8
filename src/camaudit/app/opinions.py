"""Second opinions that an operator points at: read them from disk, and tell what was left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from camaudit.errors import PackError
from camaudit.model.packs import Maker, Signature
from camaudit.packs.opinions import Hints, read_camera_database, read_recog

#: Ours. All files of a collection together.
MAX_BYTES: Final = 512 << 20
#: Bumped when the same files give other hints.
_SHAPE: Final = 1


@dataclass(frozen=True)
class Opinions:
    """Directories of recog, and databases of cameras (a directory, or one JSON file)."""

    recog: tuple[Path, ...] = ()
    cameras: tuple[Path, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Return what names these files with their content."""
        state = hashlib.sha256(str(_SHAPE).encode())
        for kind, name, content in self._files:
            state.update(f"{kind}\0{name}\0{len(content)}\0".encode())
            state.update(content)
        return state.hexdigest()

    @cached_property
    def _files(self) -> list[tuple[str, str, bytes]]:
        found = [("recog", *each) for path in self.recog for each in _below(path, ".xml")]
        return found + [
            ("cameras", *each) for path in self.cameras for each in _below(path, ".json")
        ]

    def hints(self, makers: Iterable[Maker]) -> dict[str, Hints]:
        """Return the hints of each collection.

        Raises:
            PackError: A collection is not what it should be.
        """
        makers = tuple(makers)
        files = {
            kind: {name: content for of, name, content in self._files if of == kind}
            for kind in ("recog", "cameras")
        }
        found = {}
        if self.recog:
            found["recog"] = read_recog(files["recog"], makers)
        if self.cameras:
            found["camera database"] = read_camera_database(files["cameras"], makers)
        return found

    def read(self, makers: Iterable[Maker]) -> tuple[Signature, ...]:
        """Return all hints as signatures."""
        return tuple(
            signature for hints in self.hints(makers).values() for signature in hints.signatures
        )


def opinion_notes(opinions: Opinions, makers: Iterable[Maker]) -> Iterator[str]:
    """Yield a sentence for each collection: what is used of it, and what is not and why."""
    for name, hints in opinions.hints(makers).items():
        left = ", ".join(
            f"{count} {reason}" for reason, count in hints.left_out.most_common(8) if count
        )
        yield f"{name}: {len(hints.signatures)} hints" + (f"; not used: {left}" if left else "")


def _below(path: Path, suffix: str) -> Iterator[tuple[str, bytes]]:
    files = sorted(path.rglob(f"*{suffix}")) if path.is_dir() else [path]
    size = 0
    for file in files:
        size += file.stat().st_size
        if size > MAX_BYTES:
            raise PackError(f"holds more than {MAX_BYTES >> 20} MiB", file=str(path))
        yield str(file), file.read_bytes()
    if not files:
        raise PackError(f"there is no {suffix} file in this directory", file=str(path))
