"""What is in the repository, for the tests of the collection."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "src" / "camaudit"
PURE: Final = ("model", "signals", "attribution", "estate", "isolation", "policy", "wirekit")

_CACHES: Final = frozenset(
    {".git", ".venv", ".venv-system", "__pycache__", "node_modules", "build", "dist", ".hypothesis"}
)


@cache
def repository_files() -> tuple[Path, ...]:
    """Return the files that are, or are about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # a copy without version control
        files = [
            file
            for file in ROOT.rglob("*")
            if not any(part in _CACHES or part.endswith("_cache") for part in file.parts)
        ]
    return tuple(sorted(file for file in files if file.is_file()))


def text_files() -> dict[Path, str]:
    """Return the text of each repository file that is text."""
    found = {}
    for file in repository_files():
        content = file.read_bytes()
        if b"\0" not in content[:8192]:
            found[file] = content.decode("utf-8", "replace")
    return found


@cache
def modules() -> dict[Path, ast.Module]:
    """Return the syntax tree of each module of the package."""
    return {
        file: ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        for file in sorted(PACKAGE.rglob("*.py"))
    }


def name_of(file: Path) -> str:
    """Return the path from the root of the repository, for messages."""
    return file.relative_to(ROOT).as_posix()
