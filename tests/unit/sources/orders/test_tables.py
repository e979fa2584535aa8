"""Orders that are tables: headings in three languages, sheets, totals, what is in the way."""

from __future__ import annotations

import pytest

from camaudit.errors import SourceError
from camaudit.model.orders import OrderLine
from camaudit.sources.orders.lines import MAX_TEXT, is_sum
from tests.unit.sources.orders.reading import lines_of, read
from tests.workbooks import workbook


def test_every_column_by_its_own_name() -> None:
    (line,) = lines_of(
        "line,description,brand,model,supplier,quantity,site,event,purpose,body,attestation\n"
        "007,dome camera,Bosch,NDE-5702,Acme,2 pcs,HQ,stock,perimeter,council,does_not\n"
    )
    assert line == OrderLine(
        line="007",
        position="row 2",
        description="dome camera",
        brand="Bosch",
        model="NDE-5702",
        supplier="Acme",
        quantity="2 pcs",
        site="HQ",
        event="stock",
        purpose="perimeter",
        body="council",
        attestation="does_not",
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Item,Product,Manufacturer,Part number,Qty", "3,dome,Bosch,N1,2"),
        ("Pos.;Bezeichnung;Hersteller;Modell;Menge", "3;dome;Bosch;N1;2"),
        ("Pos;Artikel;Marke;Herstellernummer;Anzahl", "3;dome;Bosch;N1;2"),
        ("Ligne;Désignation;Fabricant;Modèle;Quantité", "3;dome;Bosch;N1;2"),
        ("N°\tLibellé\tMarque\tRéférence fabricant\tQté", "3\tdome\tBosch\tN1\t2"),
        ("No|Description|Make|Model No.|Quantity", "3|dome|Bosch|N1|2"),
    ],
)
def test_usual_headings(header: str, row: str) -> None:
    (line,) = lines_of(f"{header}\n{row}\n")
    read_as = (line.line, line.description, line.brand, line.model, line.quantity)
    assert read_as == ("3", "dome", "Bosch", "N1", "2")


def test_item_heads_numbers_or_things_by_what_stands_below() -> None:
    (numbered,) = lines_of("Item,Description\n1.2,dome camera\n")
    (named,) = lines_of("Item,Qty\nAXIS P3265-LVE,2\n")
    (both,) = lines_of("Line,Item,Qty\nA,AXIS P3265-LVE,2\n")
    assert (numbered.line, numbered.description) == ("1.2", "dome camera")
    assert (named.line, named.description) == ("row 2", "AXIS P3265-LVE")
    assert (both.line, both.description) == ("A", "AXIS P3265-LVE")


def test_a_price_of_a_line_is_no_number_of_it() -> None:
    (line,) = lines_of("Description,Line total,Unit price\ndome,612.00,306.00\n")
    assert line.line == "row 2"


def test_without_a_number_the_place_stands_for_it() -> None:
    lines = lines_of("line,description\n,dome\n-,turret\n")
    assert [line.line for line in lines] == ["row 2", "-"]


def test_a_sellers_number_is_no_model_and_is_not_lost() -> None:
    (line,) = lines_of("Artikelnummer;Bezeichnung\nDS-2CD2143G2-I;Dome\n")
    assert (line.model, line.description) == (None, "Dome, DS-2CD2143G2-I")


def test_a_part_number_beside_a_model_is_kept() -> None:
    (line,) = lines_of("Model,Part number,Description\nP3245-LVE,01593-001,dome\n")
    assert (line.model, line.description) == ("P3245-LVE", "dome, 01593-001")


def test_brand_and_model_alone_say_what_is_ordered() -> None:
    (line,) = lines_of("brand,model\nAxis,P3245\n")
    assert line.description == "Axis P3245"


def test_a_name_that_is_the_model_stays_what_is_ordered() -> None:
    (line,) = lines_of("Product,Model,Description\nP3245-LVE,P3245-LVE,dome\n")
    assert (line.model, line.description) == ("P3245-LVE", "P3245-LVE, dome")


def test_a_note_counts_only_where_it_leaves_the_product_open() -> None:
    lines = lines_of(
        "description,notes\nAXIS P3245,or approved equal\nAXIS P3245,replaces a Hikvision dome\n"
    )
    assert [line.description for line in lines] == ["AXIS P3245, or approved equal", "AXIS P3245"]


def test_a_line_that_says_nothing_is_named() -> None:
    lines, problems = read("line,description,site\n1,,HQ\n2,dome,HQ\n")
    assert [line.line for line in lines] == ["2"]
    assert [(p.position, p.field, p.rejected) for p in problems] == [("row 2", "description", True)]


@pytest.mark.parametrize(
    "text",
    [
        "Total",
        "Sub-total excl. VAT",
        "Zwischensumme",
        "MwSt. 19 %",
        "TVA 20%",
        "Total HT",
        "VAT @ 20%",
    ],
)
def test_sums(text: str) -> None:
    lines, problems = read(f'line,description,price\n1,dome,5\n,"{text}",5\n')
    assert [line.line for line in lines] == ["1"]
    assert any("total" in p.message and p.position == "row 3" for p in problems)
    assert not any(p.rejected for p in problems)


@pytest.mark.parametrize("text", ["Total Security dome", "tax disc camera", "dome", ""])
def test_no_sums(text: str) -> None:
    assert not is_sum(text)


def test_sums_are_counted() -> None:
    rows = "".join(f"{n},VAT at 20%\n" for n in range(3))
    _, problems = read(f"line,description\n9,dome\n{rows}")
    (told,) = [p for p in problems if "totals" in p.message]
    assert "3 times" in told.message
    assert told.position == "row 3"


def test_secrets_are_taken_out() -> None:
    lines, problems = read(
        "line,description,password\n1,recorder password: hunter2 at rtsp://admin:12345@192.0.2.1/,p\n"
    )
    shown = repr((lines, problems))
    assert "hunter2" not in shown
    assert "12345" not in shown
    assert any("taken out" in p.message for p in problems)


def test_a_long_text_is_cut_and_said_to_be() -> None:
    lines, problems = read(f"line,description\n1,{'x' * (MAX_TEXT + 1)}\n")
    assert lines[0].description == "x" * MAX_TEXT
    assert any("longer than" in p.message and p.position == "row 2" for p in problems)


def test_a_line_of_a_text_file_without_an_end() -> None:
    lines, problems = read(b"line,description\n1," + b"x" * (3 << 20) + b"\n2,dome\n")
    assert [line.line for line in lines] == ["2"]
    assert any(p.position == "line 2" and p.rejected for p in problems)


def test_windows_1252_and_utf_16() -> None:
    text = "Pos;Bezeichnung\n1;Türstation\n"
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        lines, _ = read(text.encode(encoding))
        assert [line.description for line in lines] == ["Türstation"]


def test_a_table_without_what_is_ordered() -> None:
    with pytest.raises(SourceError, match="no order"):
        read("line,site\n1,HQ\n")
    with pytest.raises(SourceError, match="header"):
        read("colour,shape\nred,round\n")


# --------------------------------------------------------------------------------- sheets

BOOK = workbook(
    {
        "Quote": [
            ["Quote 17", None],
            [],
            ["Line", "Description", "Qty", "Site", "Price"],
            [1, "AXIS P3265-LVE", 2, "HQ", 612.5],
            [1.2, "Bosch NDE-5702", 1, "HQ", 100],
            [None, "Total", None, None, 712.5],
        ],
        "Spares": [["Line", "Description", "Site"], ["S1", "Hikvision DS-2CD2143G2-I", "Depot"]],
        "Contacts": [["Person", "Telephone"], ["desk", "1"]],
        "Sites": [["Line", "Site"], ["1", "HQ"]],
    },
    hidden=["Spares"],
)


def test_sheets_of_a_workbook() -> None:
    lines, problems = read(BOOK, "quote.xlsx")
    assert [(each.line, each.position, each.description, each.quantity) for each in lines] == [
        ("1", "sheet 'Quote' row 4", "AXIS P3265-LVE", "2"),
        ("1.2", "sheet 'Quote' row 5", "Bosch NDE-5702", "1"),
        ("S1", "sheet 'Spares' row 2", "Hikvision DS-2CD2143G2-I", None),
    ]
    told = {(p.position, p.rejected): p.message for p in problems}
    assert "totals" in told["sheet 'Quote' row 6", False]
    assert "hidden" in told["sheet 'Spares'", False]
    assert "2 rows not read" in told["sheet 'Contacts'", True]
    assert "1 rows not read" in told["sheet 'Sites' header", True]


def test_a_list_of_things_to_buy_for_sites_is_no_list_of_sites() -> None:
    """A header with a site and no brand must not pass for a register of sites."""
    (line,) = lines_of(workbook({"A": [["line", "description", "site"], [1, "dome", "HQ"]]}))
    assert (line.description, line.site) == ("dome", "HQ")


def test_a_damaged_workbook_names_the_file() -> None:
    with pytest.raises(SourceError, match=r"^quote\.xlsx: .*damaged"):
        read(BOOK[: len(BOOK) // 2], "quote.xlsx")
