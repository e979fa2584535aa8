"""The HTML report in a real Chromium: silent, accessible, narrow, by keyboard and on paper."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from camaudit.model.snapshot import Snapshot
from camaudit.reports import CATEGORIES, redact, registry
from camaudit.reports.html.build import MOST_DEVICES
from tests.unit.reports.sample import DEVICES, empty, large, sample

#: Nothing may be folded away or left unrendered while it is looked at.
UNFOLD = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  for (const each of document.querySelectorAll('.device')) each.style.contentVisibility = 'visible';
}"""
#: Elements that reach out of the page to the right, as far as anybody could see them.
OVERHANG = """() => [...document.querySelectorAll('body *')]
  .filter(each => !each.closest('.visually-hidden, .skip, .symbols, thead'))
  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map(each => `${each.tagName}.${each.getAttribute('class')}: ${each.textContent.slice(0, 60)}`)"""
FOCUSED = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const marking = document.querySelector('.marking').getBoundingClientRect();
  const style = getComputedStyle(document.activeElement);
  return {
    tag: document.activeElement.tagName, text: document.activeElement.textContent.trim(),
    outline: style.outlineStyle, width: parseFloat(style.outlineWidth),
    onScreen: box.width > 0 && box.bottom <= innerHeight + 1 && box.left >= 0,
    clear: box.top >= marking.bottom - 1 || document.activeElement.className === 'skip',
  };
}"""


@pytest.fixture
def show(page: Any, tmp_path: Path) -> Callable[[Snapshot], None]:
    def write_and_open(snapshot: Snapshot) -> None:
        file = tmp_path / "report.html"
        file.write_bytes(b"".join(registry()["html"].build(snapshot)))
        page.goto(file.as_uri())

    return write_and_open


ESTATES = {
    "full": sample(),
    "unmarked": sample(marking=None, pretend=False),
    "redacted": redact(sample(), CATEGORIES),
    "empty": empty(),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("estate", ESTATES)
def test_axe_finds_nothing(
    page: Any,
    show: Callable[[Snapshot], None],
    accessible: Callable[[Any], None],
    estate: str,
    scheme: str,
) -> None:
    page.emulate_media(color_scheme=scheme)
    show(ESTATES[estate])
    page.evaluate(UNFOLD)
    accessible(page)


def test_axe_finds_nothing_on_a_phone(
    page: Any, show: Callable[[Snapshot], None], accessible: Callable[[Any], None]
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    show(sample())
    page.evaluate(UNFOLD)
    accessible(page)


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
@pytest.mark.parametrize("estate", ESTATES)
def test_the_page_never_scrolls_sideways(
    page: Any, show: Callable[[Snapshot], None], estate: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    show(ESTATES[estate])
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OVERHANG) == []


def test_the_style_is_applied_and_no_text_of_a_device_runs(
    page: Any, show: Callable[[Snapshot], None]
) -> None:
    show(sample())
    marking = page.locator(".marking").first
    assert marking.evaluate("each => getComputedStyle(each).position") == "sticky"
    assert "<script>alert('1')</script>" in page.locator("#device-D-H0ST1LE9").text_content()


def test_the_marking_stays_in_sight(page: Any, show: Callable[[Snapshot], None]) -> None:
    show(sample())
    for place in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {place})")
        box = page.locator(".marking").first.bounding_box()
        assert box is not None
        assert box["y"] == 0
        assert "OFFICIAL-SENSITIVE" in page.locator(".marking").first.inner_text()


def test_every_stop_of_the_keyboard_is_seen(page: Any, show: Callable[[Snapshot], None]) -> None:
    show(sample())
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    assert first["text"] == "Skip to the answer"
    stops = [first]
    while len(stops) < 400:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)
    assert len(stops) > 40
    assert [stop for stop in stops if stop["outline"] != "solid" or stop["width"] < 2] == []
    assert [stop for stop in stops if not (stop["onScreen"] and stop["clear"])] == []


def test_evidence_opens_by_keyboard(page: Any, show: Callable[[Snapshot], None]) -> None:
    show(sample())
    summary = page.locator("#device-D-K3QW7PLM summary", has_text="Evidence")
    reason = page.locator("#device-D-K3QW7PLM").get_by_text("The label or register says Annke.")
    assert not reason.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert reason.is_visible()


def test_a_link_to_a_citation_leads_there(page: Any, show: Callable[[Snapshot], None]) -> None:
    show(sample())
    page.locator("#device-D-K3QW7PLM a[href='#cite-statement']").first.click()
    box = page.locator("#cite-statement").bounding_box()
    assert box is not None
    assert 0 < box["y"] < page.viewport_size["height"]


def printed_pages(page: Any) -> list[str]:
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=page.pdf(prefer_css_page_size=True),
        capture_output=True,
        check=True,
    )
    return [each for each in text.stdout.decode().lower().split("\f") if each.strip()]


@pytest.mark.parametrize(
    ("snapshot", "marking"),
    [
        (sample(), "official-sensitive · pretend estate"),
        (sample(marking=None, pretend=False), "marking not set"),
        (sample(marking='Öffentlich "7" \\ };', pretend=False), 'öffentlich "7" \\ };'),
    ],
    ids=["marked", "unmarked", "odd"],
)
def test_each_printed_page_carries_the_marking_at_both_ends(
    page: Any, show: Callable[[Snapshot], None], snapshot: Snapshot, marking: str
) -> None:
    show(snapshot)
    pages = printed_pages(page)
    assert len(pages) > 5
    for number, text in enumerate(pages, 1):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert lines[0] == marking
        assert lines[-1].startswith(marking)
        assert lines[-1].endswith(f"page {number} of {len(pages)}")


def test_paper_holds_what_is_folded_on_screen(page: Any, show: Callable[[Snapshot], None]) -> None:
    show(sample())
    text = " ".join(" ".join(printed_pages(page)).split())
    for part in ("the label or register says annke.", "remark: lens cleaned by brightlens upkeep"):
        assert part in text
    assert text.count("likely produced by") >= len([each for each in DEVICES if each.maker])


def test_a_large_estate_opens(page: Any, show: Callable[[Snapshot], None]) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    show(large(10_000))
    assert page.locator("article.device").count() == MOST_DEVICES
    assert page.evaluate("document.documentElement.scrollWidth") == 375
