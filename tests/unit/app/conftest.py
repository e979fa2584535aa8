"""An estate of the test's own, and the shipped packs compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.app.packset import PackSet, load_packs
from tests.estates import Estate, make_estate


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    return make_estate(tmp_path / "estate")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where ``shipped`` keeps its compiled form."""
    return tmp_path_factory.mktemp("cache") / "camaudit"


@pytest.fixture(scope="session")
def shipped(cache: Path) -> PackSet:
    """Return the shipped packs, compiled, not read from a cache."""
    return load_packs(cache=cache)
