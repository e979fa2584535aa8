"""Take the picture of an HTML report that the documents show, with Debian's Chromium.

Usage: scripts/take_report_picture.py [REPORT.html] [--out FILE.png]

Without a report, the example that stands beside the HTML report is taken. It needs what
``make test-browser`` installs; nothing is fetched.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
EXAMPLE: Final = ROOT / "src/camaudit/reports/html/examples/pretend.html"
PICTURE: Final = ROOT / "docs/images/report.png"
#: As wide as a small desktop's window, as high as the opening of the report.
SIZE: Final = {"width": 1100, "height": 1500}
#: No service of the browser's maker is asked for anything.
QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


def take(report: Path, picture: Path) -> None:
    """Open ``report`` without a network and write what is seen first to ``picture``."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise FileNotFoundError("no Chromium: run make test-browser, which installs it")
    # Chromium refuses to start its sandbox as root; the page is our own.
    arguments = [*QUIET, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        context = browser.new_context(viewport=SIZE, offline=True, locale="en-GB")
        page = context.new_page()
        page.goto(report.resolve().as_uri())
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture)
        browser.close()


def main() -> int:
    """Take the picture and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("report", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--out", type=Path, default=PICTURE)
    arguments = parser.parse_args()
    try:
        take(arguments.report, arguments.out)
    except OSError as error:
        print(f"no picture taken: {error}", file=sys.stderr)
        return 1
    print(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
