"""The wheel holds all of the package and its data, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .tree import PACKAGE, ROOT, repository_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_holds_exactly_the_package(wheel: zipfile.ZipFile) -> None:
    source = PACKAGE.parent
    wanted = {
        file.relative_to(source).as_posix()
        for file in repository_files()
        if PACKAGE in file.parents
    }
    found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert found == wanted


@pytest.mark.parametrize(
    "name",
    [
        "camaudit/py.typed",
        "camaudit/data/mac/registry.tsv.gz",
        "camaudit/data/mac/registry.json",
        "camaudit/data/vocab/fields.yaml",
        "camaudit/data/vocab/bands.yaml",
    ],
)
def test_data_files_ship(wheel: zipfile.ZipFile, name: str) -> None:
    assert wheel.read(name) == (PACKAGE.parent / name).read_bytes()


def test_packs_ship(wheel: zipfile.ZipFile) -> None:
    names = [Path(name) for name in wheel.namelist()]
    assert [name for name in names if name.match("camaudit/data/makers/*.yaml")] != []
    assert [name for name in names if name.match("camaudit/data/policies/*/pack.yaml")] != []


def test_the_licence_and_the_notice_ship(wheel: zipfile.ZipFile) -> None:
    (licence,) = (name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
    (notice,) = (name for name in wheel.namelist() if name.endswith("licenses/NOTICE"))
    assert b"Apache License" in wheel.read(licence)
    assert b"oui-data" in wheel.read(notice)


def test_the_command_is_declared(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"camaudit = camaudit.cli:main" in wheel.read(entry_points)
