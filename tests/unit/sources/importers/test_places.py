"""Bodies, sites and sightings beyond the examples."""

from __future__ import annotations

import pytest

from camaudit.errors import SourceError
from camaudit.model.observation import Body, Site
from camaudit.model.words import BodyKind, Sensitivity, Tenure, Zone
from camaudit.sources.importers.bodies import SPEC as BODIES
from camaudit.sources.importers.bodies.kinds import body_kind
from camaudit.sources.importers.sightings import SPEC as SIGHTINGS
from camaudit.sources.importers.sites import SPEC as SITES
from camaudit.sources.spec import ReadOptions
from tests.importer_examples import problems, read_all, values
from tests.workbooks import workbook


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ministerial Department", BodyKind.DEPARTMENT),
        ("Non-ministerial department", BodyKind.NON_MINISTERIAL_DEPARTMENT),
        ("Executive agencies", BodyKind.EXECUTIVE_AGENCY),
        ("Executive Agency", BodyKind.EXECUTIVE_AGENCY),
        ("Executive NDPB", BodyKind.ARMS_LENGTH_BODY),
        ("Arm's-length body", BodyKind.ARMS_LENGTH_BODY),
        ("Arm\u2019s length bodies", BodyKind.ARMS_LENGTH_BODY),
        ("ALB", BodyKind.ARMS_LENGTH_BODY),
        ("devolved", BodyKind.DEVOLVED),
        ("Police Force", BodyKind.POLICE),
        ("local authority", BodyKind.COUNCIL),
        ("Local councils", BodyKind.COUNCIL),
        ("NHS Foundation Trust", BodyKind.NHS),
        ("University", BodyKind.EDUCATION),
        ("Ltd", BodyKind.PRIVATE),
        ("non_ministerial_department", BodyKind.NON_MINISTERIAL_DEPARTMENT),
        ("Guild", None),
    ],
)
def test_the_kind_of_a_body(text: str, kind: BodyKind | None) -> None:
    assert body_kind(text) is kind


def test_every_kind_can_be_written_as_its_code() -> None:
    assert [body_kind(kind.value) for kind in BodyKind] == list(BodyKind)


def test_bodies_without_ids_are_named_by_their_name() -> None:
    items = read_all(BODIES, b"Organisation,Type,Parent body\nNA,School,\nB,Council,b\n")
    assert [item for item in items if isinstance(item, Body)] == [
        Body(id="NA", name="NA", kind=BodyKind.EDUCATION),  # type: ignore[arg-type]
        Body(id="B", name="B", kind=BodyKind.COUNCIL),  # type: ignore[arg-type]
    ]
    (problem,) = problems(items)
    assert "its own parent" in problem.message


def test_a_parent_whose_name_two_bodies_bear_is_left_as_written() -> None:
    items = read_all(BODIES, b"id,name,parent,kind\n1,Twin,,\n2,Twin,,\n3,Child,twin,\n")
    assert [item.parent for item in items if isinstance(item, Body)] == [None, None, "twin"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", Sensitivity.YES),
        ("n", Sensitivity.NO),
        ("Sensitive", Sensitivity.YES),
        ("Not sensitive", Sensitivity.NO),
        ("", Sensitivity.UNKNOWN),
        ("TBC", Sensitivity.UNKNOWN),
        ("unknown", Sensitivity.UNKNOWN),
        ("Withheld", Sensitivity.WITHHELD),
        ("redacted", Sensitivity.WITHHELD),
    ],
)
def test_whether_a_site_is_sensitive(text: str, answer: Sensitivity) -> None:
    items = read_all(SITES, f"id,name,sensitivity\nS1,HQ,{text}\n".encode())
    assert [item.sensitivity for item in items if isinstance(item, Site)] == [answer]
    assert not problems(items)


def test_sites_in_a_workbook_with_a_sheet_of_bodies() -> None:
    data = workbook(
        {
            "Bodies": [["Body ID", "Name", "Parent", "Kind"], ["DX", "Examples", None, "Ministry"]],
            "Sites": [
                ["Site ID", "Site name", "Sensitive", "Network", "Zone", "Tenure"],
                [1, "HQ", True, "10.0.0.0/8", "Air-gapped", "rented"],
            ],
        }
    )  # fmt: skip
    sites = read_all(SITES, data)
    assert [item for item in sites if isinstance(item, Site)] == [
        Site(
            id="1",  # type: ignore[arg-type]
            name="HQ",
            sensitivity=Sensitivity.YES,
            tenure=Tenure.LEASED,
            networks=("10.0.0.0/8",),
            zone=Zone.ISOLATED,
        )
    ]
    assert [(each.position, each.rejected) for each in problems(sites)] == [
        ("sheet 'Bodies'", True)
    ]
    bodies = read_all(BODIES, data, ReadOptions(sheet="Bodies"))
    assert [item.kind for item in bodies if isinstance(item, Body)] == [BodyKind.DEPARTMENT]


def test_a_file_that_is_no_list_of_sites() -> None:
    with pytest.raises(SourceError, match="no sites table"):
        read_all(SITES, b"Colour,Shape\nred,round\n")
    with pytest.raises(SourceError, match="looks like a list of bodies; import it as such"):
        read_all(SITES, b"Parent,Sponsor,Sector\nDX,DX,x\n")


def test_a_sighting_needs_no_address_and_keeps_one_read_off_a_label() -> None:
    text = b"Seen by,When,Where,MAC,IP address\nGuard,2024-03-13,Gate,44:19:b6:0a:0b:0c,192.0.2.1\n"
    items = read_all(SIGHTINGS, text)
    assert values(items, "sighting.label") == {"row:csv:2": "MAC 44:19:b6:0a:0b:0c"}
    assert values(items, "ip.address") == values(items, "mac.address") == {}
    assert [(each.field, each.rejected) for each in problems(items)] == [("IP address", False)]


def test_two_columns_of_label_text_are_both_kept() -> None:
    items = read_all(SIGHTINGS, b"Seen by,Label,Notes\nGuard,ANNKE,on the door\n")
    assert values(items, "sighting.label") == {"row:csv:2": "ANNKE; on the door"}


def test_a_month_first_column_and_a_date_that_is_none() -> None:
    rows = "Guard,03/25/2024,Gate\nGuard,03/04/2024,Gate\nGuard,one day,Gate\n"
    items = read_all(SIGHTINGS, f"Seen by,Date seen,Where\n{rows}".encode())
    assert values(items, "sighting.on") == {"row:csv:2": "2024-03-25", "row:csv:3": "2024-03-04"}
    assert [(each.position, each.rejected) for each in problems(items)] == [
        ("row 4", True),
        ("row 3", False),
    ]


def test_sightings_come_in_bounded_batches() -> None:
    rows = "".join(f"Guard,Gate {number},ANNKE\n" for number in range(25_000))
    items = read_all(SIGHTINGS, f"Seen by,Where,Label\n{rows}".encode())
    assert len(values(items, "sighting.label")) == 25_000
    assert sum(not hasattr(item, "message") for item in items) > 1


def test_the_same_site_twice_is_taken_once() -> None:
    items = read_all(SITES, b"id,name,tenure\nS1,HQ,owned\nS1,HQ,owned\n,x,\n")
    assert len([item for item in items if isinstance(item, Site)]) == 1
    assert [each.rejected for each in problems(items)] == [False, True]


def test_a_password_in_a_list_of_sites_does_not_come_in() -> None:
    items = read_all(SITES, b"id,name,tenure,Door code\nS1,HQ pin: 4711,owned,0815\n")
    assert "4711" not in repr(items)
    assert "0815" not in repr(items)
    assert len(problems(items)) == 2
