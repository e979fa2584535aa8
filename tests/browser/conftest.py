"""A real Chromium for the tests in this folder: offline, and intolerant of console errors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's browser, driven by Playwright, which downloads nothing."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        pytest.fail("no Chromium: run make test-browser, which installs it")
    # Chromium refuses to start its sandbox as root; the pages are our own.
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """An empty page; a console error, a script error or a request that leaves it fails the test."""
    context = chromium.new_context(offline=True, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []

    def on_console(message: Any) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def on_request(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "about:")):
            complaints.append(f"asked for {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", on_request)
    page.complaints = complaints
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """Fail with axe-core's own words unless it finds nothing to object to."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Any) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check
