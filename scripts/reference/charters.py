"""The page of all folders and their charters."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from .markdown import page, table

PACKAGE: Final = Path(__file__).parents[2] / "src" / "camaudit"


def charter(module: Path) -> str:
    """Return the first line of a module's docstring, without running the module."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return text.split("\n", 1)[0]


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    rows = [
        (
            f"`{folder.relative_to(PACKAGE).as_posix()}`",
            charter(folder / "__init__.py").replace("``", "`"),
        )
        for folder in sorted(each.parent for each in PACKAGE.rglob("__init__.py"))
        if folder != PACKAGE
    ]
    intro = ["What each folder below `src/camaudit` is for: the first line of its docstring."]
    return {
        "charters.md": page("Charters", "the docstrings", intro, table(["Folder", "Charter"], rows))
    }
