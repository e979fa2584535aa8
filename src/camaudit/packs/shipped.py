"""Find the pack files: those that ship with camaudit, and an organisation's overlay directories.

An overlay directory has the same layout (``advisories/``, ``clouds/``, ``makers/``,
``policies/``). A file there
with a new name adds to what ships; a file with a shipped name replaces it and must say so by
standing in ``overrides.yaml`` beside it, so that nothing is replaced by accident.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from camaudit.errors import PackError

from .scan_policy import OVERLAY as SCAN_POLICY
from .strict import MAX_PACK_BYTES, parse, validate

OVERRIDES: Final = "overrides.yaml"
OVERLAY_FOLDERS: Final = ("advisories", "clouds", "makers", "policies")


class _Overrides(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    overrides: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFiles:
    """The content of every pack file in force, by path below the data directory."""

    contents: dict[str, bytes]
    #: For messages: where each file really stands.
    places: dict[str, str]

    def below(self, folder: str) -> dict[str, bytes]:
        """Return the files below ``folder``, by path, sorted."""
        start = folder.rstrip("/") + "/"
        return {
            name: data for name, data in sorted(self.contents.items()) if name.startswith(start)
        }

    def digest(self, *folders: str) -> str:
        """Return the SHA-256, in hexadecimal, of the files below ``folders``."""
        state = hashlib.sha256()
        for folder in folders:
            for name, data in self.below(folder).items():
                state.update(f"{name}\0{len(data)}\0".encode())
                state.update(data)
        return state.hexdigest()


def find_pack_files(overlays: tuple[Path, ...] = ()) -> PackFiles:
    """Read all pack files, shipped ones first, then each overlay in the order given."""
    contents: dict[str, bytes] = {}
    places: dict[str, str] = {}
    root = resources.files("camaudit.data")
    for folder in (*OVERLAY_FOLDERS, "vocab"):
        for name, file in _walk(root / folder, folder):
            contents[name] = file.read_bytes()
            places[name] = name
    for overlay in overlays:
        _add_overlay(overlay, contents, places)
    return PackFiles(contents=contents, places=places)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    if not folder.is_dir():
        return []
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _walk(entry, name)
        elif entry.name.endswith(".yml"):
            raise PackError("a pack file's name ends in .yaml; rename it", file=name)
        elif entry.name.endswith((".yaml", ".md")):
            found.append((name, entry))
    return found


def _add_overlay(overlay: Path, contents: dict[str, bytes], places: dict[str, str]) -> None:
    holds = any((overlay / folder).is_dir() for folder in OVERLAY_FOLDERS)
    if not holds and not (overlay / SCAN_POLICY).is_file():
        raise PackError(
            "is no pack directory; give one with advisories/, clouds/, makers/, policies/ "
            f"or {SCAN_POLICY} in it",
            file=str(overlay),
        )
    declared = _overrides(overlay)
    used: set[str] = set()
    for folder in OVERLAY_FOLDERS:
        for name, file in _walk(overlay / folder, folder):
            if name in contents:
                if name not in declared:
                    raise PackError(
                        f"replaces a shipped file; say why in {OVERRIDES}: "
                        f"overrides: {{{name}: reason}}",
                        file=str(overlay / name),
                    )
                used.add(name)
            data = file.read_bytes()
            if len(data) > MAX_PACK_BYTES:
                raise PackError(f"larger than {MAX_PACK_BYTES} bytes", file=str(overlay / name))
            contents[name] = data
            places[name] = str(overlay / name)
    for name in declared.keys() - used:
        raise PackError(f"{name} replaces nothing", file=str(overlay / OVERRIDES))


def _overrides(overlay: Path) -> dict[str, str]:
    path = overlay / OVERRIDES
    if not path.is_file():
        return {}
    return validate(parse(path.read_bytes(), str(path)), _Overrides).overrides
