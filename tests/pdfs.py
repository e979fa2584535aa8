"""Make small PDFs with text for tests (ISO 32000-1: 7.5, 9.4)."""

from __future__ import annotations

from collections.abc import Sequence

#: Texts at their places: points from the left and from the bottom of the page.
Page = Sequence[tuple[float, float, str]]


def pdf(*pages: Page) -> bytes:
    """Return a PDF of these pages, set in Helvetica of 10 points."""
    return pdf_of(*(b"\n".join(_shown(*each) for each in page) for page in pages))


def pdf_of(*contents: bytes) -> bytes:
    """Return a PDF whose pages have these content streams, as they are."""
    count = len(contents)
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for at, shown in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            + f"/Contents {5 + 2 * at} 0 R>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown))
    return _file(objects)


def table(rows: Sequence[Sequence[str]], columns: Sequence[float], top: float = 700) -> Page:
    """Return rows of text with their left edges in the same columns; "" leaves a cell out."""
    return [
        (x, top - 14 * at, text)
        for at, row in enumerate(rows)
        for x, text in zip(columns, row, strict=False)
        if text
    ]


def _shown(x: float, y: float, text: str) -> bytes:
    raw = text.encode("cp1252")
    for mark in (b"\\", b"(", b")"):
        raw = raw.replace(mark, b"\\" + mark)
    return b"BT /F1 10 Tf %g %g Td (%b) Tj ET" % (x, y, raw)


def _file(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
