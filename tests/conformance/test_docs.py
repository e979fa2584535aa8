"""The documents: links lead somewhere, commands exist, decisions are complete, pages are fresh."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from camaudit.sources.scan.limits import PROFILES
from scripts import write_reference

from .tree import PACKAGE, ROOT, name_of, repository_files

ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PARTS = ("## Context", "## Decision", "## Consequences", "## Alternatives")
CHANGE_TYPES = frozenset({"added", "changed", "fixed", "removed", "security", "data"})
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    return [
        file
        for file in repository_files()
        if file.suffix == ".md" and PACKAGE not in file.parents and "tests" not in file.parts
    ]


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def test_documents_are_found() -> None:
    assert {"README.md", "docs/README.md", "SECURITY.md"} <= {name_of(each) for each in documents()}


def test_every_link_within_the_repository_leads_somewhere() -> None:
    dead = [
        f"{name_of(document)}: {target}"
        for document in documents()
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if "://" not in target
        and not target.startswith(("#", "mailto:"))
        and not (document.parent / target.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_document_below_docs_is_in_its_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {
        (index.parent / target.partition("#")[0]).resolve()
        for target in LINK.findall(index.read_text(encoding="utf-8"))
    }
    unlisted = [
        name_of(each)
        for each in documents()
        if index.parent in each.parents and each != index and each.resolve() not in linked
    ]
    assert unlisted == []


def test_every_make_command_in_a_document_exists() -> None:
    said = {
        (name_of(document), target)
        for document in documents()
        for target in re.findall(
            r"(?:^|`)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert {target for _, target in said} >= {"demo", "test", "test-system"}
    assert {each for each in said if each[1] not in make_targets()} == set()


def test_make_help_lists_every_task() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert {line.split()[0] for line in told.stdout.splitlines()} == make_targets()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(file.name.split("-")[0]) for file in ADRS]
    assert numbers == list(range(1, len(ADRS) + 1))
    assert numbers != []


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts_on_one_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    positions = [text.find(f"\n{part}\n") for part in PARTS]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert re.search(
        r"^Accepted on 20\d\d-\d\d-\d\d\.$|^Superseded by \d{4}\.$", text, re.MULTILINE
    )
    assert text.startswith(f"# {page.name[:4]} ")
    assert len(text.splitlines()) <= 60


def test_the_ceilings_that_are_explained_are_the_ones_that_hold() -> None:
    page = (ROOT / "docs" / "explanation" / "scanning-safely.md").read_text(encoding="utf-8")
    polite, thorough = (PROFILES[name].limits for name in ("polite", "thorough"))
    for start, name, unit in (
        ("new connections and datagrams", "rate", ""),
        ("devices asked at once", "devices", ""),
        ("attempts to connect to one device", "connections", ""),
        ("pause between two", "gap", " s"),
        ("time for one device", "device", " s"),
        ("each datagram is sent", "repeats", " times"),
    ):
        (row,) = (line for line in page.splitlines() if line.startswith(f"| {start}"))
        shown = [cell.strip() for cell in row.split("|")[2:4]]
        assert shown == [f"{getattr(each, name):g}{unit}" for each in (polite, thorough)]
    assert "4 MiB" in page
    assert polite.device_bytes == thorough.device_bytes == 4 << 20


def test_generated_pages_are_fresh() -> None:
    assert write_reference.stale_pages() == [], "run make docs"


def test_change_fragments_are_well_named_and_say_something() -> None:
    fragments = [file for file in (ROOT / "changes").iterdir() if file.name != "README.md"]
    for file in fragments:
        assert re.fullmatch(r"[a-z0-9-]+\.([a-z]+)\.md", file.name), file.name
        assert file.name.split(".")[1] in CHANGE_TYPES, file.name
        assert len(file.read_text(encoding="utf-8").strip()) > 20, file.name


def test_ci_runs_both_suites_and_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert script.stat().st_mode & 0o100
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines.index("make test") < lines.index("make test-system")


def test_hooks_are_local() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
