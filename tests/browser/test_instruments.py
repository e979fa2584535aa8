"""The instruments of this folder find what they are for: a planted fault is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOUND = """<!doctype html><html lang="en-GB"><head><title>Sound</title></head>
<body><main><h1>Sound</h1><p>Nothing to object to.</p></main></body></html>"""
FAULTY = SOUND.replace("<p>", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p>')


@pytest.fixture
def show(page: Any, tmp_path: Path) -> Callable[[str], None]:
    def write_and_open(html: str) -> None:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())

    return write_and_open


def test_a_sound_page_passes(
    page: Any, show: Callable[[str], None], accessible: Callable[[Any], None]
) -> None:
    show(SOUND)
    accessible(page)
    assert page.title() == "Sound"


def test_a_picture_without_text_is_found(
    page: Any, show: Callable[[str], None], accessible: Callable[[Any], None]
) -> None:
    show(FAULTY)
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)


def test_a_script_error_and_an_outside_request_are_noted(
    page: Any, show: Callable[[str], None]
) -> None:
    show(SOUND.replace("<p>", "<script>console.error('planted'); nothing.here()</script><p>"))
    show(SOUND.replace("<p>", '<img alt="" src="http://192.0.2.1/x.png"><p>'))
    page.wait_for_load_state("networkidle")
    noted = list(page.complaints)
    page.complaints.clear()
    assert "planted" in noted
    assert any("nothing is not defined" in each for each in noted)
    assert "asked for http://192.0.2.1/x.png" in noted
