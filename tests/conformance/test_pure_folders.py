"""What the import contracts cannot see: pyarrow's readers, ``open`` and ``print`` in the middle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .tree import PACKAGE, PURE, modules, name_of

#: All of pyarrow that the middle may use; the rest reads and writes.
PYARROW = frozenset({"pyarrow", "pyarrow.compute"})
#: Submodules that ``from pyarrow import ...`` would bring in.
PYARROW_IO = frozenset(
    {"cffi", "csv", "cuda", "dataset", "feather", "flight", "fs", "ipc", "json", "orc", "parquet"}
)
SPEAKS = frozenset({"breakpoint", "input", "open", "print"})
RUNS_TEXT = frozenset({"compile", "eval", "exec", "__import__"})


#: Where files of columns may be read and written; ``compute`` works on what is in memory.
READS_COLUMNS = frozenset({"engines", "sources"})


def pure_modules() -> dict[Path, ast.Module]:
    return {
        file: tree
        for file, tree in modules().items()
        if file.relative_to(PACKAGE).parts[0] in PURE or file.name == "codec.py"
    }


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (
                f"{node.module}.{alias.name}"
                for alias in node.names
                if node.module == "pyarrow" and alias.name in PYARROW_IO
            )


def forbidden_imports(tree: ast.AST) -> list[str]:
    return [
        name for name in imports(tree) if name.split(".")[0] == "pyarrow" and name not in PYARROW
    ]


def calls(tree: ast.AST, names: frozenset[str]) -> list[str]:
    return [
        f"{node.func.id} (line {node.lineno})"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def test_every_pure_folder_is_looked_at() -> None:
    seen = {file.relative_to(PACKAGE).parts[0] for file in pure_modules()}
    assert seen >= set(PURE)
    assert any(file.name == "codec.py" for file in pure_modules())


def test_the_middle_uses_no_reader_of_pyarrow() -> None:
    found = {
        name_of(file): bad
        for file, tree in pure_modules().items()
        if (bad := forbidden_imports(tree))
    }
    assert found == {}


def test_files_of_columns_are_the_work_of_sources_and_engines() -> None:
    users = {
        file.relative_to(PACKAGE).parts[0]: bad
        for file, tree in modules().items()
        if (bad := forbidden_imports(tree))
    }
    assert "sources" in users
    assert set(users) <= READS_COLUMNS


def test_the_middle_neither_opens_nor_prints() -> None:
    found = {
        name_of(file): bad for file, tree in pure_modules().items() if (bad := calls(tree, SPEAKS))
    }
    assert found == {}


def test_codecs_know_only_themselves_and_the_wirekit() -> None:
    allowed = re.compile(r"camaudit\.(errors|wirekit)(\..*)?|(?!camaudit\b).*")
    codecs = {file: tree for file, tree in modules().items() if file.name == "codec.py"}
    found = {
        name_of(file): bad
        for file, tree in codecs.items()
        if (bad := [name for name in imports(tree) if not allowed.fullmatch(name)])
    }
    assert found == {}


def test_no_module_runs_text_as_code() -> None:
    # re.compile and signals.compile are attributes or our own; the built-in is what is meant.
    defined = {
        file
        for file, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "compile"
    }
    found = {
        name_of(file): bad
        for file, tree in modules().items()
        if file not in defined and (bad := calls(tree, RUNS_TEXT))
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "import pyarrow.parquet",
        "import pyarrow.parquet as pq",
        "from pyarrow import csv",
        "from pyarrow import compute, dataset",
        "from pyarrow.fs import LocalFileSystem",
        "def f():\n    import pyarrow.flight",
    ],
)
def test_a_reader_of_pyarrow_is_recognised(code: str) -> None:
    assert forbidden_imports(ast.parse(code)) != []


@pytest.mark.parametrize(
    "code", ["import pyarrow as pa", "import pyarrow.compute as pc", "from pyarrow import compute"]
)
def test_the_rest_of_pyarrow_is_not(code: str) -> None:
    assert forbidden_imports(ast.parse(code)) == []


def test_a_call_is_recognised() -> None:
    assert calls(ast.parse("x = open('y')\nx.open()"), SPEAKS) == ["open (line 1)"]
