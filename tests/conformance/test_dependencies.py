"""Every dependency is declared once, registered with a reason, and locked with hashes."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import NamedTuple

import pytest

from .tree import ROOT

REGISTER = ROOT / "docs" / "reference" / "dependencies.md"
LOCKS = (
    "browser",
    "build",
    "bulk",
    "core",
    "fuzz",
    "lock",
    "scan",
    "spark",
    "spark-build",
    "system",
    "test",
)
#: What would bind those who pass camaudit on. (LGPL and MPL do not, as we use them.)
BINDING = re.compile(r"\b(A?GPL|SSPL|BUSL|Commons Clause|CC-BY-N[CD])", re.IGNORECASE)


class Row(NamedTuple):
    """A line of the register."""

    package: str
    why: str
    licence: str
    released: str
    without: str


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[^A-Za-z0-9._-]", each, maxsplit=1)[0]) for each in requirements}


@cache
def declared() -> dict[str, set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {name: names(each) for name, each in project["dependency-groups"].items()}
    return groups | {"core": names(project["project"]["dependencies"])}


@cache
def register() -> dict[str, dict[str, Row]]:
    sections: dict[str, dict[str, Row]] = {}
    section = ""
    for line in REGISTER.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ").lower()
            sections[section] = {}
        elif line.startswith("| ") and not line.startswith("| Package"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if section != "data":
                sections[section][normal(cells[0])] = Row(*cells)
    return sections


def pins(lock: str) -> dict[str, set[str]]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(normal(name), set()).add(version)
    return found


def test_each_group_has_its_lock_and_each_lock_its_group() -> None:
    assert set(declared()) == set(LOCKS)
    assert {file.stem for file in (ROOT / "requirements").iterdir()} == set(LOCKS)
    assert all(declared().values())


@pytest.mark.parametrize("group", LOCKS)
def test_the_register_holds_exactly_what_is_declared(group: str) -> None:
    assert set(register()[group]) == declared()[group]


@pytest.mark.parametrize("group", LOCKS)
def test_each_line_of_the_register_is_complete(group: str) -> None:
    for row in register()[group].values():
        assert all(row), f"{row.package} has an empty cell"
        assert re.search(r"\b20\d\d-\d\d\b", row.released), f"{row.package} has no release date"
        assert not BINDING.search(row.licence), f"{row.package} is under {row.licence}"


@pytest.mark.parametrize("group", LOCKS)
def test_each_declared_package_is_locked(group: str) -> None:
    assert declared()[group] - set(pins(group)) == set()


@pytest.mark.parametrize("group", LOCKS)
def test_each_locked_package_has_hashes(group: str) -> None:
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == sum(map(len, pins(group).values()))
    assert [each.split()[0] for each in entries if "--hash=sha256:" not in each] == []


@pytest.mark.parametrize("group", LOCKS)
def test_a_lock_names_no_address(group: str) -> None:
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    marker = r"[a-z_]+ [<>=!]+ '[^'/]+'"
    allowed = re.compile(
        r"#.*"
        rf"|[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+( ; {marker}( and {marker})*)? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    strange = [line for line in text.splitlines() if not allowed.fullmatch(line)]
    assert strange == []
    assert "/" not in text.replace("# This file", "")


def test_locks_that_meet_in_one_environment_agree() -> None:
    core = pins("core")
    for group in ("build", "bulk", "scan", "spark", "spark-build", "test", "browser", "fuzz"):
        for name, versions in pins(group).items():
            assert versions <= core.get(name, versions), f"{name} differs between core and {group}"


def test_an_extra_is_what_the_makefile_installs_for_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    assert set(extras) == {"bulk", "scan", "spark"}
    for name, wanted in extras.items():
        assert wanted == project["dependency-groups"][name]


@pytest.mark.parametrize("licence", ["GPL-3.0", "AGPL-3.0-only", "GPLv2+", "SSPL-1.0"])
def test_a_binding_licence_is_recognised(licence: str) -> None:
    assert BINDING.search(licence)


@pytest.mark.parametrize("licence", ["LGPL-2.1", "MPL-2.0", "PSF-2.0", "Apache-2.0"])
def test_a_free_licence_is_not(licence: str) -> None:
    assert not BINDING.search(licence)
