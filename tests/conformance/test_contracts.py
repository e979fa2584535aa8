"""The import contracts bite: each planted violation is found by the contract meant for it.

A copy of the package gets one module for each violation; import-linter reads it once. That the
package itself keeps the contracts is checked by ``make lint``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .tree import PACKAGE, ROOT

JOURNEY = "Stages meet only in model, and are joined only in app"
SOURCES = (
    "Within sources, importers read what scans and captures give and protocols and tables "
    "understand"
)
CODECS = "Codecs are bytes in, objects out"
PROTOCOLS = "Protocols do not know each other"
IMPORTERS = "Importers do not know each other"
PURE = "The middle of the house has no I/O"
STORE = "Only app talks to the store and to engines"

#: Contract, the module that breaks it, and what that module must not import.
PLANTED = (
    (JOURNEY, "errors", "camaudit.model"),
    (JOURNEY, "model.planted", "camaudit.packs"),
    (JOURNEY, "wirekit.planted", "camaudit.model"),
    (JOURNEY, "signals.planted", "camaudit.attribution"),
    (JOURNEY, "policy.planted", "camaudit.packs"),
    (JOURNEY, "reports.planted", "camaudit.policy"),
    (JOURNEY, "sources.importers.one.planted", "camaudit.packs"),
    (JOURNEY, "store.planted", "camaudit.app"),
    (JOURNEY, "app.planted", "camaudit.cli"),
    (JOURNEY, "app.planted", "camaudit.lab"),
    (SOURCES, "sources.protocols.one.planted", "camaudit.sources.importers"),
    (SOURCES, "sources.tables.planted", "camaudit.sources.protocols"),
    (CODECS, "sources.protocols.one.codec", "asyncio"),
    (CODECS, "sources.protocols.one.codec", "socket"),
    (CODECS, "sources.protocols.one.codec", "time"),
    (CODECS, "sources.protocols.one.codec", "camaudit.model"),
    (CODECS, "wirekit.planted", "logging"),
    (PROTOCOLS, "sources.protocols.one.planted", "camaudit.sources.protocols.two"),
    (IMPORTERS, "sources.importers.one.planted", "camaudit.sources.importers.two"),
    (PURE, "model.planted", "pydantic"),
    (PURE, "signals.planted", "pathlib"),
    (PURE, "attribution.planted", "yaml"),
    (PURE, "estate.planted", "sqlite3"),
    (PURE, "policy.planted", "sqlalchemy"),
    (PURE, "policy.planted", "time"),
    (STORE, "cli.planted", "camaudit.store"),
    (STORE, "reports.planted", "camaudit.store"),
    (STORE, "cli.planted", "camaudit.engines.local"),
)


def lint(source: Path) -> str:
    """Run import-linter over the package in ``source`` with this repository's contracts."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
            "--no-cache",
            "--config",
            str(ROOT / "pyproject.toml"),
        ],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout + told.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("src")
    shutil.copytree(
        PACKAGE, source / "camaudit", ignore=shutil.ignore_patterns("__pycache__", "*.yaml")
    )
    return source


@pytest.fixture(scope="module")
def sections(copy: Path) -> dict[str, str]:
    """What import-linter says of the copy with every violation in it, by contract."""
    for folder in ("protocols/one", "protocols/two", "importers/one", "importers/two"):
        package = copy / "camaudit" / "sources" / folder
        package.mkdir()
        (package / "__init__.py").write_text("")
    for _, module, imported in PLANTED:
        file = copy / "camaudit" / (module.replace(".", "/") + ".py")
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(f"{text}\nimport {imported}\n", encoding="utf-8")
    told = lint(copy)
    parts = re.split(r"^([A-Z].*)\n-+\n", told.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(
    ("contract", "module", "imported"), PLANTED, ids=[f"{m} imports {i}" for _, m, i in PLANTED]
)
def test_a_planted_violation_is_found(
    sections: dict[str, str], contract: str, module: str, imported: str
) -> None:
    assert contract in sections
    import_line = rf"camaudit\.{re.escape(module)}\s+->\s+{re.escape(imported)}\b"
    assert re.search(import_line, sections[contract]), sections[contract]


def test_an_undeclared_folder_is_found(tmp_path: Path) -> None:
    shutil.copytree(
        PACKAGE, tmp_path / "camaudit", ignore=shutil.ignore_patterns("__pycache__", "*.yaml")
    )
    (tmp_path / "camaudit" / "helpers").mkdir()
    (tmp_path / "camaudit" / "helpers" / "__init__.py").write_text("")
    assert re.search(r"helpers\b", lint(tmp_path).partition("Broken contracts")[2])


def test_no_contract_has_an_exemption() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == {each[0] for each in PLANTED}
    assert [each["name"] for each in contracts if "ignore_imports" in each] == []
    assert [each["name"] for each in contracts if "exhaustive_ignores" in each] == []
