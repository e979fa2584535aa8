"""Take the text out of a PDF, as a program of its own: a hostile file ends it and nothing else.

It reads a PDF from its standard input and writes JSON Lines, one a page: ``{"page": 1, "text":
"..."}``, or ``{"error": "..."}`` as the last one. It is run by its path and imports nothing of
ours.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from collections.abc import Iterator
from typing import Final

#: Ours. What taking the text out may take; a quote of ten pages takes a second and 100 MiB.
MAX_CPU_SECONDS: Final = 30
MAX_MEMORY_BYTES: Final = 1 << 30
MAX_PAGES: Final = 500
#: Characters of all pages together.
MAX_TEXT: Final = 4_000_000
#: How many more columns than characters a page is laid out in, so that gaps between columns show.
SCALE: Final = 2.0


def page_texts(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each page, laid out in columns of characters.

    Raises:
        ValueError: The PDF is locked, damaged or too large; the text says which.
    """
    from pypdf import PdfReader

    # What the library remarks on damaged files is no message of ours.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    left = MAX_TEXT
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted
        count = 0 if locked else len(reader.pages)
    except Exception as error:
        raise ValueError(f"the PDF is damaged ({_said(error)}); ask for it again") from error
    if locked:
        raise ValueError("the PDF is locked; save a copy without a password and read that")
    if not count:
        raise ValueError("the PDF holds no page that can be found; ask for it again")
    if count > MAX_PAGES:
        raise ValueError(f"the PDF has {count:,} pages; a quote has at most {MAX_PAGES}")
    for number in range(count):
        try:
            text = _laid_out(reader, number)
        except Exception as error:
            raise ValueError(f"page {number + 1} is damaged ({_said(error)})") from error
        left -= len(text)
        if left < 0:
            raise ValueError(f"the PDF holds more than {MAX_TEXT:,} characters; a quote does not")
        yield number + 1, text


def _laid_out(reader: object, number: int) -> str:
    page = reader.pages[number]  # type: ignore[attr-defined]
    text: str = page.extract_text(extraction_mode="layout", layout_mode_scale_weight=SCALE)
    # What stands in forms of their own is not laid out; its lines are taken as they come.
    return text if text.strip() else str(page.extract_text())


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]


def main() -> None:
    """Write the pages of the PDF on the standard input."""
    for what, most in (
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
    ):
        resource.setrlimit(what, (most, most))
    write = sys.stdout.buffer.write
    try:
        for number, text in page_texts(sys.stdin.buffer.read()):
            write(json.dumps({"page": number, "text": text}).encode() + b"\n")
    except ValueError as error:
        write(json.dumps({"error": str(error)}).encode() + b"\n")


if __name__ == "__main__":
    main()
