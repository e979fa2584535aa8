"""Quotes that are PDFs with text."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from camaudit.errors import SourceError
from camaudit.sources.orders import pdf as reader
from camaudit.sources.orders import pdf_text
from tests.pdfs import pdf, pdf_of, table
from tests.unit.sources.orders.reading import read

COLUMNS = (60, 90, 330, 380, 450)
HEADER = ("Pos", "Description", "Qty", "Unit price", "Total")
QUOTE = pdf(
    [
        (60, 780, "Quote 17 of Acme"),
        *table(
            [
                HEADER,
                ("1", "AXIS P3265-LVE dome camera", "2", "612.00", "1,224.00"),
                ("", "with wall bracket"),
                ("2", "Hikvision DS-2CD2143G2-I", "10", "80.00", "800.00"),
                ("", "", "", "Subtotal", "2,024.00"),
            ],
            COLUMNS,
        ),
        (60, 500, "All prices without tax."),
    ]
)


def test_the_rows_below_a_header() -> None:
    lines, problems = read(QUOTE)
    assert [(each.line, each.position, each.description, each.quantity) for each in lines] == [
        ("1", "page 1, line 3", "AXIS P3265-LVE dome camera with wall bracket", "2"),
        ("2", "page 1, line 5", "Hikvision DS-2CD2143G2-I", "10"),
    ]
    (told,) = problems
    assert "3 times" in told.message
    assert not told.rejected


def test_a_table_that_goes_on_without_its_header() -> None:
    first = table([HEADER, ("1", "dome", "2", "1.00", "2.00")], COLUMNS)
    second = table([("2", "turret", "3", "1.00", "3.00")], COLUMNS)
    # The second page starts where the first does, as its number stands at the same margin.
    lines, _ = read(pdf(first, second))
    assert [each.line for each in lines] == ["1", "2"]
    assert lines[1].position == "page 2, line 1"


def test_brand_and_model_in_columns_of_their_own() -> None:
    rows = [("Item", "Brand", "Model", "Qty"), ("1", "Bosch", "NDE-5702-AL", "4")]
    (line,) = read(pdf(table(rows, (60, 120, 220, 400))))[0]
    assert (line.brand, line.model, line.quantity) == ("Bosch", "NDE-5702-AL", "4")


def test_numbered_rows_without_a_header() -> None:
    rows = [("1", "AXIS P3265-LVE", "2", "612.00"), ("2", "Bosch recorder", "1 pcs", "9.00")]
    one_text = [(60, 400, "3. Bosch FLEXIDOME 5000"), (60, 380, "4. Sony SNC-1 2 10.00 20.00")]
    lines, _ = read(pdf([*table(rows, COLUMNS), *one_text]))
    assert [(each.line, each.description, each.quantity) for each in lines] == [
        ("1", "AXIS P3265-LVE", "2"),
        ("2", "Bosch recorder", "1 pcs"),
        ("3", "Bosch FLEXIDOME 5000", None),
        ("4", "Sony SNC-1", "2"),
    ]


def test_a_page_without_text_is_named() -> None:
    lines, problems = read(pdf(table([HEADER, ("1", "dome", "2", "1", "2")], COLUMNS), []))
    assert len(lines) == 1
    assert [each.position for each in problems if each.rejected] == ["page 2"]


def test_a_letter_has_no_lines() -> None:
    lines, problems = read(pdf([(60, 700, "Dear Sir or Madam")]))
    assert lines == []
    assert any(each.rejected for each in problems)


@pytest.mark.parametrize("data", [b"%PDF-1.4\nnothing", QUOTE[:40], b"%PDF-1.7\n" + b"\0" * 4096])
def test_a_damaged_file(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^quote\.pdf: .*(damaged|cannot be read)"):
        read(data, "quote.pdf")


def test_a_page_that_nests_without_end_is_refused() -> None:
    with pytest.raises(SourceError, match="page 1 is damaged"):
        read(pdf_of(b"q " * 200_000))


def test_a_damaged_page_costs_what_follows_and_not_what_came_before() -> None:
    shown = b"BT /F1 10 Tf 60 700 Td (1. AXIS P3265-LVE) Tj ET"
    lines, problems = read(pdf_of(shown, b"q " * 200_000))
    assert [each.description for each in lines] == ["AXIS P3265-LVE"]
    assert [each.position for each in problems if each.rejected] == ["page 2"]


def test_one_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 100)
    with pytest.raises(SourceError, match="larger"):
        read(QUOTE)


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MAX_PAGES", 1)
    with pytest.raises(ValueError, match="2 pages"):
        list(pdf_text.page_texts(pdf([], [])))


def test_what_ends_the_program_ends_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes too much is refused, or told to stop where it stopped."""
    monkeypatch.setattr(reader, "_run", lambda _: (b"", -9))
    with pytest.raises(SourceError, match="more time or memory"):
        read(QUOTE)
    page = b'{"page": 1, "text": "1  AXIS P3265-LVE  2"}\n{"page": 2, "te'
    monkeypatch.setattr(reader, "_run", lambda _: (page, -24))
    lines, problems = read(QUOTE)
    assert [each.description for each in lines] == ["AXIS P3265-LVE"]
    assert any(each.position == "page 2" and each.rejected for each in problems)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str, *rest: Any) -> None:
        assert name == "pypdf"

    monkeypatch.setattr(importlib.util, "find_spec", find)
    with pytest.raises(SourceError, match="pip install pypdf"):
        read(QUOTE)


def test_secrets_are_taken_out() -> None:
    data = pdf(table([HEADER, ("1", "recorder, password: hunter2", "1", "2", "2")], COLUMNS))
    assert "hunter2" not in repr(read(data))
