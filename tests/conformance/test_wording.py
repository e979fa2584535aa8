"""No text of the repository names this machine, a package registry's host, or where to download."""

from __future__ import annotations

import re

import pytest

from .tree import ROOT, name_of, repository_files, text_files

# Put together here, so that this file does not hold what it looks for.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "deb." + "debian.org",
    "archive." + "ubuntu.com",
    "proxy." + "golang.org",
)
PLACES = re.compile(
    "(?<![A-Za-z0-9_.~>})-])/(" + "|".join(("wo" + "rk", "fa" + "rm", "ro" + "ot")) + ")/"
)
ADDRESSES = re.compile(
    "|".join(
        (
            "--(extra-)?index" + "-url",
            "index[-_]url" + " *=",
            '"resolved"' + ': *"http',
            "registry" + ' *= *"http',
        )
    )
)


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(file)}:{number}"
        for file, text in text_files().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_repository_is_read() -> None:
    read = {name_of(file) for file in text_files()}
    assert {"Makefile", "README.md", "pyproject.toml", "requirements/core.txt"} <= read
    assert len(repository_files()) > 60


def test_no_registry_host_is_named() -> None:
    assert lines_with(re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)) == []


def test_no_path_of_one_machine_is_named() -> None:
    assert lines_with(PLACES) == []
    assert [name_of(f) for f, text in text_files().items() if str(ROOT) in text] == []


def test_no_download_address_is_set() -> None:
    assert lines_with(ADDRESSES) == []


@pytest.mark.parametrize("line", ["cd /wo" + "rk/x", "'/ro" + "ot/.cache/x'", "PATH=/fa" + "rm/b"])
def test_a_path_of_one_machine_is_recognised(line: str) -> None:
    assert PLACES.search(line)


@pytest.mark.parametrize("line", ["camaudit/work/x", "${HOME}/work/x", "frame/work/x"])
def test_another_path_is_not(line: str) -> None:
    assert not PLACES.search(line)


def test_text_ends_with_a_newline_and_no_line_with_blanks() -> None:
    ours = {".cfg", ".css", ".html", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ""}
    found = [
        name_of(file)
        for file, text in text_files().items()
        if file.suffix in ours
        and text
        and not {"examples", "cases", "fixtures"} & set(file.parts)
        and (not text.endswith("\n") or re.search(r"[ \t]$", text, re.MULTILINE))
    ]
    assert found == []
