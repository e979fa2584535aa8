"""What a register's cells become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pyarrow as pa
import pytest

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.importers.inventory import SPEC
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables.remarks import MAX_SINGLE
from tests.importer_examples import problems, read_all, seen, values
from tests.workbooks import Rows, workbook


def read(text: str, mapping: Mapping[str, str] | None = None) -> list[Item]:
    return read_all(SPEC, text.encode(), ReadOptions(mapping=mapping or {}))


def told(items: list[Item]) -> list[tuple[str, str, bool]]:
    return [(each.position, each.field, each.rejected) for each in problems(items)]


def column(header: str, *cells: str) -> str:
    """Return a register with an asset column, a column of that header and nothing else."""
    rows = [f'A{number},"{cell}"' for number, cell in enumerate(cells, start=1)]
    return "\n".join(["Asset id," + header, *rows])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1", "1"),
        ("12.0", "12"),
        ("1,200", "1200"),
        ("4 cameras", "4"),
        ("approx 12", "~12"),
        ("c. 12", "~12"),
        ("~12", "~12"),
        ("12+", "~12"),
        ("about 12 units", "~12"),
        ("12 (approx)", "~12"),
        ("10-12", "~10"),
        ("seven", "7"),
        ("about a dozen", "~12"),
        ("lots", None),
        ("-3", None),
    ],
)
def test_quantities(cell: str, expected: str | None) -> None:
    items = read(column("Quantity", "1", cell))
    assert values(items, "register.quantity").get("row:csv:3") == expected
    refused = [each for each in problems(items) if each.rejected]
    assert bool(refused) == (expected is None)
    assert bool(problems(items)) == (expected is None or expected == "7" or "~" in expected)


@pytest.mark.parametrize(
    ("cell", "maker", "models"),
    [
        ("Hikvision DS-2CD2143G0-I", "Hikvision", "DS-2CD2143G0-I|Hikvision DS-2CD2143G0-I"),
        ("D-Link DCS-935L", "D-Link", "D-Link DCS-935L|DCS-935L"),
        ("Bosch", "Bosch", "Bosch"),
        ("DS-2CD2143G0-I", None, "DS-2CD2143G0-I"),
        ("camera 4MP", None, "camera 4MP"),
        ("Hikvision 4MP", None, "Hikvision 4MP"),
        ("dome", None, "dome"),
        ("2 x old cameras", None, "2 x old cameras"),
    ],
)
def test_make_and_model_in_one_column(cell: str, maker: str | None, models: str) -> None:
    items = read(column("Make / model", cell))
    assert values(items, "inventory.manufacturer").get("row:csv:2") == maker
    assert values(items, "inventory.model") == {"row:csv:2": models}


def test_a_model_column_with_the_maker_in_it_is_also_a_description() -> None:
    items = read(column("Model", "AXIS P3245", "P3245"))
    assert values(items, "inventory.model") == {"row:csv:2": "AXIS P3245", "row:csv:3": "P3245"}
    assert values(items, "inventory.text") == {"row:csv:2": "AXIS P3245"}


@pytest.mark.parametrize(
    ("header", "key", "cells"),
    [
        ("Networked?", "register.networked", {"Y": "yes", "no": "no", "IP": "yes", "coax": "no"}),
        ("Zone", "register.zone", {"Corporate LAN": "core", "air-gapped": "isolated"}),
        ("In use", "register.status", {"yes": "in service", "N": "not in service"}),
    ],
)  # fmt: skip
def test_closed_words(header: str, key: str, cells: dict[str, str]) -> None:
    items = read(column(header, *cells))
    assert list(values(items, key).values()) == list(cells.values())


def test_a_word_outside_a_closed_list_is_named() -> None:
    items = read(column("Zone", "core", "perhaps"))
    assert told(items) == [("row 3", "Zone", True)]


def test_a_column_whose_values_mean_something_else_is_not_used() -> None:
    items = read(column("Zone", "Car park", "Roof", "Lobby", "Gate", "Yard", "Hall"))
    assert values(items, "register.zone") == {}
    assert told(items) == [("header", "Zone", False)]


def test_what_says_that_nothing_is_known_is_blank_and_told_once() -> None:
    items = read(column("Serial no", "TBC", "tbc", "X1"))
    assert values(items, "inventory.serial") == {"row:csv:4": "X1"}
    assert [each.rejected for each in problems(items)] == [False, False]


def test_a_number_that_the_spreadsheet_has_rounded_is_kept_out() -> None:
    items = read(column("Serial no", "1.23E+15", "123456789012345678"))
    assert values(items, "inventory.serial") == {"row:csv:3": "123456789012345678"}
    assert told(items) == [("row 2", "Serial no", True)]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("03/04/2021",), ["2021-04-03"]),
        (("03/25/2021", "03/04/2021"), ["2021-03-25", "2021-03-04"]),
        (("03/25/2021", "25/03/2021", "03/04/2021"), ["2021-03-25", "2021-03-25", "2021-04-03"]),
    ],
)
def test_day_first_unless_the_column_proves_the_other(
    dates: tuple[str, ...], expected: list[str]
) -> None:
    items = read(column("Installed on", *dates))
    assert list(values(items, "register.installed_on").values()) == expected
    (remark,) = problems(items)
    assert (remark.field, remark.rejected) == ("Installed on", False)
    assert "day and month" in remark.message


def test_a_remark_is_made_once_a_column_with_its_count() -> None:
    items = read(column("Installed on", *["03/04/2021"] * 7))
    (remark,) = problems(items)
    assert (remark.position, "(7 times, first here)" in remark.message) == ("row 2", True)


def test_refusals_without_end_are_counted() -> None:
    items = read(column("IP address", *["192.0.2.1"] * MAX_SINGLE, *["x"] * (MAX_SINGLE + 5)))
    refused = [each for each in problems(items) if each.rejected]
    assert len(refused) == MAX_SINGLE + 1
    assert "5 more" in refused[-1].message


def test_two_columns_of_one_meaning() -> None:
    text = "Asset id,Site,Building,Camera ref,Notes,Comments\nA1,HQ,West wing,X9,one,two"
    items = read(text)
    assert values(items, "register.site") == {"row:csv:2": "HQ"}
    assert values(items, "register.location") == {"row:csv:2": "West wing"}
    assert values(items, "register.asset_id") == {"row:csv:2": "A1"}
    assert values(items, "inventory.text") == {"row:csv:2": "one|two"}
    assert told(items) == [("header", "Camera ref", False)]


def test_a_column_without_a_known_header_is_known_by_its_addresses() -> None:
    rows = "\n".join(f"A{n},44:19:b6:00:00:0{n}" for n in range(5))
    items = read("Asset id,HW\n" + rows)
    assert values(items, "mac.address")["row:csv:2"] == "44:19:b6:00:00:00"
    assert told(items) == [("header", "HW", False)]


def test_the_operators_mapping_outranks_guessing() -> None:
    text = "Asset id,Zone,Model,Farbe\nA1,Car park,P3245,rot"
    mapping = {"zone": "location", "MODEL": "ignore", "farbe": "inventory.text", "Grösse": "text"}
    items = read(text, mapping)
    assert values(items, "register.location") == {"row:csv:2": "Car park"}
    assert values(items, "inventory.model") == {}
    assert values(items, "inventory.text") == {"row:csv:2": "rot"}
    assert told(items) == [("header", "grösse", True)]


def test_a_mapping_cannot_bring_a_password_in() -> None:
    items = read("Asset id,Password\nA1,hunter2", {"password": "text"})
    assert values(items, "inventory.text") == {}
    assert b"hunter2" not in repr([seen(items), items]).encode()


def test_a_mapping_to_no_column() -> None:
    with pytest.raises(SourceError, match="'colour'"):
        read("Asset id\nA1", {"x": "colour"})


def test_cells_beyond_the_header_are_counted() -> None:
    items = read("Asset id,,Model\nA1,x,P1,y\nA2,,P2,z")
    assert {each.message for each in problems(items)} == {
        "column B has no header: 1 values not used",
        "column D has no header: 2 values not used",
    }


def test_a_table_without_a_header() -> None:
    with pytest.raises(SourceError, match="no inventory table was found"):
        read("1,2,3\n4,5,6")


def test_a_header_below_thirty_rows_of_titles_is_not_looked_for() -> None:
    header = "Asset id,Model\nA1,P1"
    assert seen(read("title\n" * 29 + header))
    with pytest.raises(SourceError):
        read("title\n" * 31 + header)


def test_cells_left_blank_under_a_group_take_its_site() -> None:
    rows = ["HQ,A1,P1", ",A2,P1", ",A3,P1", "Depot,A4,P1", ",A5,P1"]
    items = read("\n".join(["Site,Asset id,Model", *rows]))
    assert list(values(items, "register.site").values()) == ["HQ", "HQ", "HQ", "Depot", "Depot"]
    (remark,) = problems(items)
    assert remark.message.startswith("3 blank cells took the value above them")


@pytest.mark.parametrize(
    "sites", [["HQ", "", "", "HQ", ""], ["", "HQ", "", "Depot", ""], ["HQ", "Depot", "", "Annexe"]]
)
def test_blanks_that_are_no_groups_stay_blank(sites: list[str]) -> None:
    rows = [f"{site},A{number},P1" for number, site in enumerate(sites)]
    items = read("\n".join(["Site,Asset id,Model", *rows]))
    assert list(values(items, "register.site").values()) == [site for site in sites if site]


BOOK: dict[str, Rows] = {
    "Cameras": [
        ["CCTV register"],
        [],
        ["Site", "Camera ref", "Serial no", "Installed", "Qty"],
        ["HQ", "C1", 1234567, date(2021, 3, 4), 1.0],
        [None, "C2", 123456789012345678, 2019, "approx. 4"],
        ["Depot", "C3", "0012", datetime(2020, 1, 2, 3, 4), 2.5],  # noqa: DTZ001 - as sheets have
        [None, "C4", None, None, None],
    ],
    "Prose": [["Please keep this up to date."]],
    "Old": [["Camera ref", "Model"], ["C9", "P1"]],
    "Places": [["Site ID", "Site name", "Sensitive"], ["S1", "HQ", "yes"]],
}


def test_a_workbook() -> None:
    data = workbook(BOOK, merges={"Cameras": ["A4:A5"]}, hidden=["Old"])
    items = read_all(SPEC, data)
    assert values(items, "register.site") == {
        "row:Cameras:4": "HQ",
        "row:Cameras:5": "HQ",
        "row:Cameras:6": "Depot",
    }
    assert values(items, "inventory.serial") == {
        "row:Cameras:4": "1234567",
        "row:Cameras:6": "0012",
    }
    assert values(items, "register.installed_on") == {
        "row:Cameras:4": "2021-03-04",
        "row:Cameras:5": "2019-01-01/2019-12-31",
        "row:Cameras:6": "2020-01-02",
    }
    assert values(items, "register.quantity") == {"row:Cameras:4": "1", "row:Cameras:5": "~4"}
    assert values(items, "register.asset_id")["row:Old:2"] == "C9"
    rejected = {(each.position, each.field) for each in problems(items) if each.rejected}
    assert rejected == {
        ("sheet 'Cameras' row 5", "Serial no"),
        ("sheet 'Cameras' row 6", "Qty"),
        ("sheet 'Prose'", ""),
        ("sheet 'Places'", ""),
    }
    hidden = [each for each in problems(items) if each.position == "sheet 'Old'"]
    assert [each.rejected for each in hidden] == [False]


def test_one_sheet_of_a_workbook() -> None:
    items = read_all(SPEC, workbook(BOOK), ReadOptions(sheet="Old"))
    assert {device for device, *_ in seen(items)} == {"row:Old:2"}


def test_a_text_file_has_no_sheets() -> None:
    with pytest.raises(SourceError, match="no sheets"):
        read_all(SPEC, b"Asset id,Model\nA1,P1", ReadOptions(sheet="Old"))


def test_the_rows_of_one_device_stay_together_and_memory_stays_bounded() -> None:
    header = "Asset id,Site,Model,Serial no"
    rows = "\n".join(f"A{number},HQ,P{number % 9},S{number}" for number in range(30_000))
    items = read(f"{header}\n{rows}")
    batches = [item for item in items if isinstance(item, pa.RecordBatch)]
    assert len(batches) > 2
    assert sum(batch.num_rows for batch in batches) == 120_000
    homes = [set(batch.column("device").to_pylist()) for batch in batches]
    assert sum(map(len, homes)) == 30_000


def test_the_same_bytes_give_the_same_items() -> None:
    data = workbook(BOOK)
    first, second = read_all(SPEC, data), read_all(SPEC, data)
    assert seen(first) == seen(second)
    assert problems(first) == problems(second)
    assert all(isinstance(each, Problem) for each in problems(first))
