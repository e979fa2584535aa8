"""An order is recognised by its content; whatever it is, reading it ends with words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.orders import read_order
from camaudit.sources.orders.pdf_text import page_texts
from tests.pdfs import pdf, table
from tests.unit.sources.orders.reading import read
from tests.unit.sources.orders.test_tables import BOOK
from tests.unit.sources.orders.test_ubl import ITEM, QUANTITY, SELLER, order, place

CSV = b"line,description,brand,model,quantity,site\n1,dome,Axis,P3245,2,HQ\n2,disk,,,1,HQ\n"
JSON = b'{"supplier": "Acme", "lines": [{"line": 1, "description": "dome", "qty": 2}]}'
LINES = b'{"line": 1, "description": "dome"}\n{"line": 2, "item": ["disk", "cable"]}\n'
UBL = order(ITEM, QUANTITY + place("HQ"), SELLER).encode()
PDF = pdf(table([("Pos", "Description", "Qty"), ("1", "dome", "2")], (60, 90, 330)))
#: What is read within this process; a PDF is read in another, and is tried less often.
MARKS = b'\x00\x80\xff\xe9"<&\n,;{}[]'
SEEDS = (CSV, JSON, LINES, UBL, BOOK)


def read_or_refuse(data: bytes) -> None:
    """Read to the end: lines and problems come, or ``SourceError`` with words; nothing else."""
    try:
        items = list(read_order(io.BytesIO(data), "order"))
    except SourceError as error:
        said = str(error)
    else:
        said = ""
    if said:
        assert said.startswith("order: ")
        return
    assert items, "a file of which nothing was read must say so"
    for each in items:
        assert isinstance(each, OrderLine | Problem)
        if isinstance(each, OrderLine):
            assert each.line
            assert each.position
            assert each.description


@pytest.mark.parametrize(
    ("data", "position"),
    [
        (CSV, "row 2"),
        (CSV.replace(b",", b"\t"), "row 2"),
        (JSON, "entry 1"),
        (LINES, "entry 1"),
        (b"\n  " + JSON, "entry 1"),
        (UBL, "OrderLine 1"),
        (b"\xef\xbb\xbf" + UBL, "OrderLine 1"),
        (BOOK, "sheet 'Quote' row 4"),
        (PDF, "page 1, line 2"),
    ],
)
def test_the_content_tells(data: bytes, position: str, tmp_path: Path) -> None:
    file = tmp_path / "order.bin"
    file.write_bytes(data)
    with file.open("rb") as stream:
        stream.read(3)  # wherever the stream stands
        first = next(iter(read_order(stream, file.name)))
    assert isinstance(first, OrderLine)
    assert first.position == position


def test_a_bracket_in_a_cell_is_no_json() -> None:
    lines, _ = read("[draft] order\nline,description\n1,dome\n")
    assert [each.description for each in lines] == ["dome"]


@pytest.mark.parametrize(
    "data", [b"", b"  \n ", b"[1, 2]", b"\x00" * 5000, b"\x89PNG\r\n\x1a\n" + b"\0" * 99]
)
def test_what_is_no_order(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^order: "):
        read(data)


def test_a_header_alone_is_no_order_that_passes() -> None:
    lines, problems = read("line,description\n")
    assert lines == []
    assert [each.rejected for each in problems] == [True]


@given(data=st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    read_or_refuse(data)


@given(text=st.text(alphabet="line description,;\t\"'\n\r<>{}[]:=\0é1", max_size=300))
def test_random_text(text: str) -> None:
    read_or_refuse(text.encode())


@pytest.mark.parametrize("seed", SEEDS, ids=["csv", "json", "lines", "ubl", "xlsx"])
@given(draw=st.data())
def test_truncated(seed: bytes, draw: st.DataObject) -> None:
    read_or_refuse(seed[: draw.draw(st.integers(0, len(seed)))])


@pytest.mark.parametrize("seed", SEEDS, ids=["csv", "json", "lines", "ubl", "xlsx"])
@given(draw=st.data())
def test_some_bytes_are_others(seed: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(seed)
    for at in draw.draw(st.lists(st.integers(0, len(seed) - 1), max_size=20)):
        damaged[at] = draw.draw(st.sampled_from(MARKS) | st.integers(0, 255))
    read_or_refuse(bytes(damaged))


@pytest.mark.parametrize("seed", SEEDS, ids=["csv", "json", "lines", "ubl", "xlsx"])
@given(encoding=st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp500", "utf-7"]))
def test_in_another_encoding(seed: bytes, encoding: str) -> None:
    read_or_refuse(seed.decode("latin-1").encode(encoding))


@given(draw=st.data())
def test_a_damaged_pdf_gives_text_or_says_why_not(draw: st.DataObject) -> None:
    damaged = bytearray(PDF)
    for at in draw.draw(st.lists(st.integers(0, len(PDF) - 1), max_size=20)):
        damaged[at] = draw.draw(st.sampled_from(b"\x00\xff<>()[]/ 019") | st.integers(0, 255))
    pages, said = [], ""
    try:
        pages = list(page_texts(bytes(damaged)))
    except ValueError as error:
        said = str(error)
    assert said or pages
    assert all(isinstance(text, str) for _, text in pages)


@settings(max_examples=10)
@given(cut=st.integers(5, len(PDF)))
def test_a_truncated_pdf(cut: int) -> None:
    read_or_refuse(PDF[:cut])
