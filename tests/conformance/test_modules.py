"""Every module of the package: its size, its name, its docstring, and what it may not hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from .tree import PACKAGE, modules, name_of

MOST_LINES = 600
HOMELESS = frozenset({"base", "common", "helpers", "manager", "misc", "utils"})
# Whole words: Bosch has a camera whose name holds one of them.
UNFINISHED = re.compile(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'}|{'NotImplemented' + 'Error'})\b")


def test_the_package_is_found() -> None:
    assert len(modules()) > 20


def test_no_module_is_too_long() -> None:
    long = {
        name_of(file): lines
        for file in modules()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) >= MOST_LINES
    }
    assert long == {}


def test_every_module_has_a_better_name() -> None:
    assert [name_of(file) for file in modules() if file.stem in HOMELESS] == []
    folders = {folder for file in modules() for folder in file.relative_to(PACKAGE).parts[:-1]}
    assert folders & HOMELESS == set()


def test_every_folder_states_its_charter_and_every_module_its_purpose() -> None:
    silent = [name_of(file) for file, tree in modules().items() if not ast.get_docstring(tree)]
    assert silent == []


def test_no_folder_is_an_empty_shell() -> None:
    """A folder with a charter holds more than it: modules, folders, data, or code of its own."""
    shells = [
        name_of(file)
        for file, tree in modules().items()
        if file.name == "__init__.py"
        and len(tree.body) == 1
        and not [
            each for each in file.parent.iterdir() if each.stem not in (file.stem, "__pycache__")
        ]
    ]
    assert shells == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {file.parent for file in modules()}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{name_of(file)}:{number}"
        for file in PACKAGE.rglob("*")
        if file.suffix in {".py", ".yaml", ".html", ".css", ".md"}
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_the_search_for_unfinished_work_finds_it() -> None:
    assert UNFINISHED.search("# TO" + "DO: later")
    assert UNFINISHED.search("raise NotImplemented" + "Error")
    assert not UNFINISHED.search("AUTO" + "DOME IP 5000i")


def _outside_app(file: Path) -> bool:
    return file.relative_to(PACKAGE).parts[0] != "app"


def test_only_app_has_leave_to_read_the_clock() -> None:
    """TID251 (banned API) may be silenced in app alone."""
    leave = re.compile(r"noqa(?!: [A-Z0-9, ]+\b)|noqa:.*\bTID251\b")
    found = [
        f"{name_of(file)}:{number}"
        for file in modules()
        if _outside_app(file)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if leave.search(line)
    ]
    assert found == []


def test_exemptions_from_the_type_check_name_their_code() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[)")
    found = [name_of(file) for file in modules() if bare.search(file.read_text(encoding="utf-8"))]
    assert found == []
