"""The same order in four formats gives the same lines; ``tests/cases/orders`` holds it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.orders import read_order
from tests.workbooks import workbook

FOLDER = Path(__file__).parent / "orders"
SELLER = "Example Security Ltd"
#: Number, description, brand, model, supplier, quantity, site; written from the order itself.
EXPECTED = [
    ("1", "4 MP dome camera, outdoor", "Hikvision", "DS-2CD2143G2-I", SELLER, "4", "HQ"),
    ("2", "Network camera with IR", "Axis", "P3245-LVE", SELLER, "2", "HQ"),
    ("3a", "8 channel recorder or approved equal", None, None, SELLER, "1", "DEPOT"),
    ("4", "Wall bracket", None, None, SELLER, "6", "HQ"),
]


def book() -> bytes:
    header = ["Pos.", "Bezeichnung", "Hersteller", "Modell", "Lieferant", "Menge", "Standort"]
    rows: list[list[object]] = [["Order 2026-0117"], [], [*header]]
    for number, *texts, quantity, site in EXPECTED:
        # A spreadsheet keeps numbers as numbers.
        line = int(number) if number and number.isdecimal() else number
        rows.append([line, *texts, int(quantity or 0), site])
    rows.append([None, "Zwischensumme"])
    return workbook({"Bestellung": rows})


@pytest.mark.parametrize("name", ["order.csv", "order.json", "order.xml", "order.xlsx"])
def test_the_lines_do_not_depend_on_the_format(name: str) -> None:
    data = book() if name == "order.xlsx" else (FOLDER / name).read_bytes()
    items = list(read_order(io.BytesIO(data), name))
    lines = [each for each in items if isinstance(each, OrderLine)]
    assert [
        (
            each.line,
            each.description,
            each.brand,
            each.model,
            each.supplier,
            (each.quantity or "").removesuffix(" EA"),
            each.site,
        )
        for each in lines
    ] == EXPECTED
    assert not [each for each in items if isinstance(each, Problem) and each.rejected]
