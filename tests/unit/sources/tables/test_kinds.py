"""What a table lists is told by its header."""

from __future__ import annotations

import pytest

from camaudit.sources.tables.kinds import TableKind, kind_of, table_score
from tests.workbooks import workbook

HEADERS = {
    TableKind.INVENTORY: [
        "Asset,Site,Make,Model",
        "IP address,MAC",
        "Site name,Camera,Serial no",
        "Hersteller;Modell".replace(";", ","),
        "Site ID,Zone,Make,Model,Subnet",
    ],
    TableKind.SITES: [
        "id,name,owner body,sensitivity,tenure,networks,zone",
        "Site ID,Site name,Sensitive?",
        "Code,Building,CIDR",
    ],
    TableKind.BODIES: ["id,name,parent,kind", "Organisation,Type", "Body ID,Name,Sponsor"],
    TableKind.SIGHTINGS: [
        "who,when,where,site,label,brand,model,photo,asset id",
        "Seen by,Date seen,Make,Model",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "header"), [(kind, header) for kind, headers in HEADERS.items() for header in headers]
)
def test_the_kind(kind: TableKind, header: str) -> None:
    assert kind_of(header.split(",")) is kind
    text = f"A title\n{header}\n".encode()
    book = workbook({"One": [["A title"], header.split(",")]})
    for head in (text, book):
        scores = {each: table_score(each, "x", head) for each in TableKind}
        assert max(scores, key=scores.__getitem__) is kind
        assert list(scores.values()).count(max(scores.values())) == 1


def test_a_header_that_does_not_say() -> None:
    assert kind_of(["colour", "shape"]) is None
    assert table_score(TableKind.SITES, "our-sites.csv", b"colour,shape\n1,2\n") == 60
    assert table_score(TableKind.INVENTORY, "x.csv", b"colour,shape\n1,2\n") == 30


@pytest.mark.parametrize("head", [b"", b"<nmaprun/>", b'{"device": 1}', bytes(range(32)) * 9])
def test_no_table(head: bytes) -> None:
    assert [table_score(kind, "x.csv", head) for kind in TableKind] == [0, 0, 0, 0]


def test_a_workbook_longer_than_its_beginning_may_still_be_one() -> None:
    book = workbook({"One": [["Site ID", "Site name", "Sensitive"]]})
    assert table_score(TableKind.SITES, "sites.xlsx", book[: len(book) // 2]) == 60
