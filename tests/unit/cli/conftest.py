"""The command on an estate of the test's own; the shipped packs are compiled once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.command import Camaudit
from tests.estates import BODIES, SITES


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("xdg")))
        yield


@pytest.fixture
def camaudit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Camaudit:
    monkeypatch.chdir(tmp_path)
    return Camaudit(tmp_path / "estate.sqlite", capsys, monkeypatch)


REGISTER = """\
Asset ID,Site,Manufacturer,Model,Installed,Serial Number,IP Address
HIK-1,HQ,Hikvision,DS-2CD2143G0-I,2023-06-01,,10.1.0.5
AXIS-1,DEPOT,Axis,AXIS P3245-V,2020-01-01,,
"""


@pytest.fixture
def filled(camaudit: Camaudit, tmp_path: Path) -> Camaudit:
    """Return the command on an estate with one camera that breaches and one that does not."""
    camaudit("init", "--marking", "TEST-MARKING")
    for name, text in (("bodies.csv", BODIES), ("sites.csv", SITES), ("register.csv", REGISTER)):
        (tmp_path / name).write_text(text)
        camaudit("import", tmp_path / name, "--strict")
    return camaudit
