"""``make install`` from nothing: complete in an empty home, light, and without what tests need."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conformance.tree import ROOT, repository_files

#: The installation downloads some hundred megabytes.
pytestmark = pytest.mark.timeout(900)

#: What docs/reference/dependencies.md promises.
MOST_BYTES = 300_000_000
#: Part of every virtual environment, not of camaudit; and what built the editable installation.
NOT_OURS = ("pip", "setuptools", "_distutils_hack", "pkg_resources")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is under version control, installed with an empty home directory."""
    folder = tmp_path_factory.mktemp("clone")
    home = tmp_path_factory.mktemp("home")
    for file in repository_files():
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, copy)
    run(folder, home, "make", "install")
    return folder


def run(folder: Path, home: Path, *command: str) -> str:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "PYTEST", "PYTHON", "VIRTUAL_ENV", "COV_"))
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment | {"HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def site_packages(clone: Path) -> Path:
    (folder,) = (clone / ".venv" / "lib").glob("python3.*/site-packages")
    return folder


def test_the_command_answers_without_what_tests_need(clone: Path, tmp_path: Path) -> None:
    told = run(clone, tmp_path, ".venv/bin/camaudit", "--help")
    assert "classify" in told
    installed = {each.name.partition("-")[0].lower() for each in site_packages(clone).iterdir()}
    assert "camaudit" in installed
    assert installed & {"pytest", "hypothesis", "mypy", "ruff", "openpyxl", "playwright"} == set()


def test_it_also_runs_as_a_module(clone: Path, tmp_path: Path) -> None:
    assert "classify" in run(clone, tmp_path, ".venv/bin/python", "-m", "camaudit", "--help")


def test_the_first_steps_of_the_readme_work(clone: Path, tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE
    )
    samples = [block for block in blocks if "camaudit" in block]
    assert samples != []
    told = [run(clone, tmp_path, "bash", "-euc", sample) for sample in samples]
    (device,) = (json.loads(each) for each in told if each.startswith("{"))
    assert (device["device"], device["maker"]) == ("d1", "axis")


def test_the_core_is_light(clone: Path) -> None:
    sizes = {
        package.name: sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
        if package.is_dir()
        else package.stat().st_size
        for package in site_packages(clone).iterdir()
        if not package.name.startswith(NOT_OURS)
    }
    assert sizes["pyarrow"] > 10_000_000  # it has measured something
    heaviest = sorted(sizes, key=lambda name: -sizes[name])[:5]
    assert sum(sizes.values()) < MOST_BYTES, {name: sizes[name] for name in heaviest}


def test_what_the_light_core_cannot_do_says_what_to_install(clone: Path, tmp_path: Path) -> None:
    refusals = (
        "camaudit init --estate e.sqlite; camaudit scan --target 127.0.0.1 --estate e.sqlite",
        "camaudit lab up --for 1",
        "camaudit demo",
    )
    for number, words in enumerate(refusals):
        path = f"PATH={clone}/.venv/bin:$PATH"
        script = f"cd {tmp_path} && rm -f e.sqlite && {path} && {words} 2>&1 || true"
        told = run(clone, tmp_path, "bash", "-uc", script)
        assert "make install-scan" in told, number


def test_installing_again_does_nothing(clone: Path, tmp_path: Path) -> None:
    assert "pip" not in run(clone, tmp_path, "make", "install")
