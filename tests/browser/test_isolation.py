"""The page of a verification in a real Chromium: silent, accessible, and narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from camaudit.reports.isolation import build
from tests.unit.reports.sample_isolation import verification

from .test_report import OVERHANG


@pytest.fixture
def shown(page: Any, tmp_path: Path) -> Any:
    file = tmp_path / "isolation.html"
    file.write_bytes(b"".join(build(verification())))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(shown: Any, accessible: Callable[[Any], None], scheme: str) -> None:
    shown.emulate_media(color_scheme=scheme)
    accessible(shown)


def test_a_narrow_screen_loses_nothing(shown: Any) -> None:
    shown.set_viewport_size({"width": 360, "height": 800})
    reaching = [each for each in shown.evaluate(OVERHANG) if "flow" not in each]
    inside = [each for each in reaching if not _scrolls(shown, each)]
    assert inside == []


def _scrolls(page: Any, told: str) -> bool:
    """What stands in a box that scrolls by itself is not lost."""
    words = told.partition(": ")[2][:30]
    return bool(
        page.evaluate(
            "text => [...document.querySelectorAll('.scroll *')]"
            ".some(each => each.textContent.startsWith(text))",
            words,
        )
    )
