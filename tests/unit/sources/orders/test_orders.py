"""Orders as tables, JSON, UBL and PDF: read, bounded, and refused with a place."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.orders import pdf, read_order, ubl


def read(data: bytes, name: str = "order") -> tuple[list[OrderLine], list[Problem]]:
    found = list(read_order(io.BytesIO(data), name))
    return (
        [each for each in found if isinstance(each, OrderLine)],
        [each for each in found if isinstance(each, Problem)],
    )


CSV = b"""line,description,brand,model,supplier,quantity,site,event,purpose,body,attestation
A-7,4MP dome camera,Axis,P3245-V,Acme Ltd,2,HQ,deploy,public-safety,council,does_not
,hard disk 8TB,,,,,,,,,
"""


def test_a_table_gives_its_lines_as_they_are_written() -> None:
    (first, second), problems = read(CSV)
    assert first == OrderLine(
        line="A-7", position="row 2", description="4MP dome camera", brand="Axis", model="P3245-V",
        supplier="Acme Ltd", quantity="2", site="HQ", event="deploy", purpose="public-safety",
        body="council", attestation="does_not",
    )  # fmt: skip
    assert (second.line, second.description, second.brand) == ("3", "hard disk 8TB", None)
    assert not problems


def test_columns_may_be_german_and_separated_by_semicolons() -> None:
    (line,), _ = read(b"Pos;Bezeichnung;Hersteller;Menge\n10;Kamera;Axis;3\n")
    assert (line.line, line.description, line.brand, line.quantity) == ("10", "Kamera", "Axis", "3")


def test_a_workbook_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Quote 17"])
    sheet.append(["Line", "Description", "Qty"])
    sheet.append([1, "Axis P3245-V", 2])
    out = io.BytesIO()
    book.save(out)
    (line,), _ = read(out.getvalue())
    assert (line.line, line.description, line.quantity) == ("1", "Axis P3245-V", "2")


@pytest.mark.parametrize(
    "whole",
    [
        [{"line": 5, "description": "Axis P3245-V"}],
        {"lines": [{"line": 5, "description": "Axis P3245-V"}]},
        {"line": "5", "description": "Axis P3245-V"},
    ],
)
def test_json_is_an_array_an_object_with_lines_or_a_line(whole: Any) -> None:
    (line,), problems = read(json.dumps(whole).encode())
    assert (line.line, line.description) == ("5", "Axis P3245-V")
    assert not problems


def test_json_lines_are_read_and_a_bad_one_is_named() -> None:
    rows = b'{"line":"1","description":"a camera"}\n{"line":\n{"description":"a recorder"}\n'
    lines, problems = read(rows)
    assert [each.line for each in lines] == ["1", "3"]
    assert [each.position for each in problems] == ["line 2"]


UBL = """<?xml version="1.0"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>Acme Ltd</cbc:Name></cac:PartyName>
 </cac:Party></cac:SellerSupplierParty>
 <cac:Delivery><cac:DeliveryLocation><cbc:ID>HQ</cbc:ID></cac:DeliveryLocation></cac:Delivery>
 <cac:OrderLine><cac:LineItem><cbc:ID>10</cbc:ID><cbc:Quantity unitCode="C62">4</cbc:Quantity>
  <cac:Item><cbc:Description>dome camera</cbc:Description><cbc:Name>P3245-V</cbc:Name>
  <cbc:BrandName>Axis</cbc:BrandName><cbc:ModelName>P3245-V</cbc:ModelName></cac:Item>
 </cac:LineItem></cac:OrderLine>
</Order>""".encode()  # noqa: UP012  the prologue must be bytes


def test_a_ubl_order_is_read() -> None:
    (line,), problems = read(UBL)
    assert line == OrderLine(
        line="10", position="OrderLine 1", description="P3245-V dome camera", brand="Axis",
        model="P3245-V", supplier="Acme Ltd", quantity="4", site="HQ",
    )  # fmt: skip
    assert not problems


def test_a_ubl_document_that_is_cut_off_gives_what_came_before() -> None:
    twice = UBL.replace(b"</Order>", b"<cac:OrderLine><cac:LineItem>")
    lines, problems = read(twice)
    assert len(lines) == 1
    assert problems[0].position == "after line 1"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html><body>no order</body></html>", "no line of a UBL order"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "entities"),
        (b"<x", "no XML"),
        (b"<a>" * (ubl.MAX_DEPTH + 5), "deeper"),
        (b"{]", "no JSON"),
        (b"%PDF-1.7 and nothing", "PDF cannot be read"),
        (b"", "empty"),
        (b"a,b\n1,2\n", "no order table"),
    ],
)
def test_what_is_no_order_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read(data)


def test_a_pdf_without_text_says_so() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(SourceError, match="no numbered line"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "3  AXIS P3265-LVE dome camera  2  612.00  1,224.00",
            ("3", "AXIS P3265-LVE dome camera", "2"),
        ),
        ("12. Hard disk 8TB  1  199.00 €", ("12", "Hard disk 8TB", "1")),
        ("Total 1,224.00", None),
        ("2026 11 26", None),
    ],
)
def test_a_line_of_a_quote_is_told_by_its_number(
    row: str, expected: tuple[str, str, str] | None
) -> None:
    line = pdf._line(row, "page 1, line 1")
    found = None if line is None else (line.line, line.description, line.quantity)
    assert found == expected


def test_secrets_do_not_get_in() -> None:
    (line,), _ = read(b"description,site\ncamera rtsp://admin:hunter2@10.0.0.1/,HQ\n")
    assert "hunter2" not in repr(line)


@given(st.binary(max_size=400), st.sampled_from([b"", b"<", b"{", b"[", b"%PDF-", b"PK\x03\x04"]))
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    with contextlib.suppress(SourceError):
        read(start + data)


@given(st.integers(0, len(UBL) - 1), st.integers(0, 255))
def test_a_damaged_document_is_read_or_refused(at: int, byte: int) -> None:
    with contextlib.suppress(SourceError):
        read(UBL[:at] + bytes([byte]) + UBL[at + 1 :])
