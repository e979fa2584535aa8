"""camaudit.packs.published, record_versions and vendors: records of others as records of ours."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import PackError
from camaudit.model.ids import MakerId
from camaudit.model.words import Kind, MakerKind
from camaudit.packs.published import (
    MAX_CATALOGUE_BYTES,
    MAX_RECORD_BYTES,
    MAX_SCOPES,
    read_catalogue,
    read_record,
)
from camaudit.packs.record_versions import entries_of
from camaudit.packs.vendors import Vendors, model_patterns
from tests.small_packs import maker, signature

MAKERS = (
    maker("hikvision"),
    maker("axis"),
    maker("d-link"),
    maker("other-makers", MakerKind.COMPONENT_MAKER),
)
VENDORS = Vendors(
    MAKERS,
    [
        signature("s", "hikvision", kinds=(Kind.CAMERA,)),
        signature("s", "axis", kinds=(Kind.CAMERA,)),
        signature("s", "d-link", kinds=(Kind.CAMERA,)),
        signature("s", "d-link", kinds=(Kind.NETWORK,)),
    ],
    [MakerId("geovision")],
)


@pytest.mark.parametrize(
    ("vendor", "slug"),
    [
        ("Hikvision", "hikvision"),
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "hikvision"),
        ("AXIS Communications AB", "axis"),
        ("D-Link Corporation", "d-link"),
        ("GeoVision", "geovision"),
        ("Axisoft", None),
        ("Praxis Axis Partners", None),  # too short a name to be looked for inside another
        ("Other Makers", None),  # a file of many is no maker
        ("", None),
        ("n/a", None),
    ],
)
def test_a_vendor_is_found_by_its_name(vendor: str, slug: str | None) -> None:
    assert VENDORS.find(vendor) == slug


def test_a_maker_of_much_else_is_meant_only_where_cameras_are_spoken_of() -> None:
    assert VENDORS.is_video(MakerId("hikvision"), "Multiple Products")
    assert not VENDORS.is_video(MakerId("d-link"), "DIR-823X router")
    assert VENDORS.is_video(MakerId("d-link"), "DCS-2530L", "an IP camera")


@pytest.mark.parametrize(
    ("product", "fits", "not_fits"),
    [
        (
            "DS-2CD2143G0-I Firmware",
            ["DS-2CD2143G0-I", "ds-2cd2143g0-i"],
            ["DS-2CD2143G0-IS"],
        ),
        ("IC-7100", ["IC-7100", "Edimax IC-7100 v2"], ["IC-7100W", "XIC-7100"]),
        ("IPC-HX3XXX", ["IPC-HFW3441T", "IPC-HDBW3241E"], ["IPC-HFW1230S"]),
        ("RLC-410W, RLC-511W", ["RLC-511W"], ["RLC-420"]),
    ],
)
def test_models_in_a_product_s_name(product: str, fits: list[str], not_fits: list[str]) -> None:
    (pattern,) = model_patterns(product)
    assert [each for each in fits if not re.search(pattern, each)] == []
    assert [each for each in not_fits if re.search(pattern, each)] == []


@pytest.mark.parametrize(
    "product", ["Multiple Products", "n/a", "cameras", "QVR 4.x", "4K 2MP", ""]
)
def test_a_product_without_a_model_gives_no_pattern(product: str) -> None:
    assert list(model_patterns(product)) == []


# -------------------------------------------------------------------------------------- versions

ANSWERS = {"affected": "affected", "unaffected": "not_affected", "unknown": "cannot_tell"}
A, N = "affected", "not_affected"


@pytest.mark.parametrize(
    ("entry", "ranges"),
    [
        ({"version": "1.2"}, [{"from": "1.2", "to": "1.2"}]),
        ({"version": "1.2", "lessThan": "1.5"}, [{"from": "1.2", "before": "1.5"}]),
        ({"version": "0", "lessThan": "1.5"}, [{"before": "1.5"}]),
        ({"version": "unspecified", "lessThanOrEqual": "1.5"}, [{"to": "1.5"}]),
        ({"version": "2.0", "lessThan": "*"}, [{"from": "2.0"}]),
        ({"version": "*"}, [{}]),
        ({"version": "All versions"}, [{}]),
        ({"version": "< 6.3.40"}, [{"before": "6.3.40"}]),
        ({"version": "<= 6.3.40"}, [{"to": "6.3.40"}]),
        ({"version": "prior to 1.06.01"}, [{"before": "1.06.01"}]),
        ({"version": "FullImg-1023-1007-1011-1009 and earlier"},
         [{"to": "FullImg-1023-1007-1011-1009"}]),
        ({"version": "V5.4.0 build 160530 and below versions"}, [{"to": "V5.4.0 build 160530"}]),
        ({"version": "Versions which Build time before 2025/04/16"},
         [{"built_before": date(2025, 4, 16)}]),
        ({"version": "V5.4.0 build 160530"},
         [{"from": "V5.4.0 build 160530", "to": "V5.4.0 build 160530"}]),
    ],
)  # fmt: skip
def test_an_entry_becomes_a_range(entry: dict[str, Any], ranges: list[dict[str, Any]]) -> None:
    found, words, open_ = entries_of([{"status": "affected"} | entry], ANSWERS)
    assert found == [{"answer": A} | each for each in ranges]
    assert (words, open_) == ([], False)


def test_the_status_may_change_within_a_range() -> None:
    entry = {
        "status": "affected",
        "version": "1.0",
        "lessThan": "3.0",
        "changes": [{"at": "2.0", "status": "unaffected"}, "junk", {"status": "affected"}],
    }
    found, _, _ = entries_of([entry], ANSWERS)
    assert found == [
        {"answer": A, "from": "1.0", "before": "2.0"},
        {"answer": N, "from": "2.0", "before": "3.0"},
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {"version": "n/a"},
        {"version": "see the maker's notice for 12 models and their builds"},
        {"version": "9f2c1", "lessThan": "a1b2c3", "versionType": "git"},
        {"version": "built before 2025/13/45"},
        {"version": ["1.0"]},
        {"version": "1" * 500},
        {},
        "text",
        None,
    ],
)
def test_what_is_no_version_stays_words(entry: Any) -> None:
    found, words, _ = entries_of([entry], ANSWERS)
    assert found == []
    assert len(words) == 1


def test_too_many_entries_leave_something_open() -> None:
    found, _, open_ = entries_of(
        [{"status": "affected", "version": f"1.{n}"} for n in range(500)], ANSWERS
    )
    assert (len(found), open_) == (200, True)


# --------------------------------------------------------------------------------------- records


def cve(**changes: Any) -> dict[str, Any]:
    affected = {
        "vendor": "Hikvision",
        "product": "DS-2CD2143G0-I",
        "defaultStatus": "unaffected",
        "versions": [{"status": "affected", "version": "0", "lessThan": "V5.5.83"}],
    }
    cna = {"title": "A weakness of a camera", "affected": [affected | changes]}
    return {
        "cveMetadata": {"cveId": "CVE-2025-0001", "state": "PUBLISHED"},
        "containers": {"cna": cna},
    }


def read(data: Any) -> Any:
    return read_record(json.dumps(data).encode(), VENDORS)


def test_a_record_becomes_one_of_ours() -> None:
    found = read(cve())
    (raw,) = found.records.values()
    assert raw["ids"] == ["CVE-2025-0001"]
    assert raw["confidence"] == "reported"
    (scope,) = raw["affected"]
    assert scope["versions"] == [{"answer": A, "before": "V5.5.83"}]
    assert (scope["product"], scope["otherwise"]) == ("DS-2CD2143G0-I", N)
    assert found.problems == []


@pytest.mark.parametrize(
    ("changes", "otherwise"),
    [
        ({"defaultStatus": "affected"}, "affected"),
        ({"defaultStatus": "unknown"}, "cannot_tell"),
        ({"defaultStatus": "likely"}, "cannot_tell"),
        ({"defaultStatus": None}, "cannot_tell"),  # the format's own default
        ({"versions": [{"status": "affected", "version": "see notice"}]}, "cannot_tell"),
        ({"versions": [{"status": "affected", "version": "*"}]}, "affected"),
        ({"versions": None, "defaultStatus": "affected"}, "affected"),
    ],
)
def test_what_lies_outside_the_ranges(changes: dict[str, Any], otherwise: str) -> None:
    (raw,) = read(cve(**changes)).records.values()
    assert raw["affected"][0]["otherwise"] == otherwise


def test_what_only_cisa_s_addition_names_is_taken_from_there() -> None:
    data = cve(vendor="n/a", product="n/a")
    assert read(data).why == "unknown"
    data["containers"]["adp"] = [{"affected": cve()["containers"]["cna"]["affected"]}]
    assert list(read(data).records) == ["hikvision"]


def test_records_that_are_not_taken_say_why() -> None:
    assert read(cve(vendor="Contoso")).why == "unknown"
    router = cve(vendor="D-Link", product="DIR-823X")
    router["containers"]["cna"]["title"] = "A weakness of a router"
    assert read(router).why == "other"
    withdrawn = cve()
    withdrawn["cveMetadata"]["state"] = "REJECTED"
    assert read(withdrawn).why == "withdrawn"


def test_many_products_end_in_one_of_which_nothing_is_said() -> None:
    data = cve()
    one = data["containers"]["cna"]["affected"][0]
    data["containers"]["cna"]["affected"] = [one | {"product": f"AB-{n:04}"} for n in range(150)]
    (raw,) = read(data).records.values()
    assert len(raw["affected"]) == MAX_SCOPES + 1
    assert raw["affected"][-1] == {"product": "50 more products", "otherwise": "cannot_tell"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"cveMetadata": {"cveId": "../../x"}}',
        b'{"cveMetadata": []}',
        b" " * (MAX_RECORD_BYTES + 1),
    ],
)
def test_what_is_no_record_is_rejected(content: bytes) -> None:
    found = read_record(content, VENDORS)
    assert found.records == {}
    assert [each.rejected for each in found.problems] == [True]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["version", "status", "lessThan", "changes", "at", "vendor", "product", "affected"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON, _JSON, _JSON)
def test_any_json_in_a_record_s_places_gives_records_or_problems(
    versions: Any, affected: Any, adp: Any
) -> None:
    data = cve(versions=versions, product=affected)
    data["containers"]["adp"] = adp
    assert set(read(data).records) == {"hikvision"}
    data["containers"]["cna"]["affected"] = affected
    assert read(data).problems == []


# ------------------------------------------------------------------------------------- catalogue


def kev(*entries: dict[str, Any], **changes: Any) -> bytes:
    data = {
        "dateReleased": "2026-11-20T15:00:00.0000Z",
        "count": len(entries),
        "vulnerabilities": list(entries),
    }
    return json.dumps(data | changes, default=str).encode()


def entry(**changes: Any) -> dict[str, Any]:
    given = {
        "cveID": "CVE-2026-0001",
        "vendorProject": "Hikvision",
        "product": "DS-2CD2143G0-I cameras",
        "vulnerabilityName": "Hikvision cameras, a weakness",
        "dateAdded": "2026-05-05",
    }
    return given | changes


def test_a_catalogue_lists_everything_and_takes_the_products_of_makers_we_know() -> None:
    content = kev(
        entry(),
        entry(cveID="CVE-2026-0002", vendorProject="Contoso"),
        entry(cveID="CVE-2026-0003", vendorProject="D-Link", product="DIR-823X",
              vulnerabilityName="D-Link routers"),
    )  # fmt: skip
    found = read_catalogue(content, "kev.json", VENDORS)
    assert found.catalogue_on == date(2026, 11, 20)
    assert list(found.listed) == ["CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003"]
    assert found.listed["CVE-2026-0001"] == date(2026, 5, 5)
    assert (found.unknown, found.other) == (1, 1)
    ((raw,),) = found.products.values()
    assert raw["affected"][0]["otherwise"] == "cannot_tell"
    assert found.problems == []


@pytest.mark.parametrize(
    "bad",
    [
        entry(cveID="x"),
        entry(dateAdded="soon"),
        entry(dateAdded="2026-11-21"),
        entry(dateAdded=7),
        "text",
    ],
)
def test_a_bad_entry_is_rejected_and_the_others_are_taken(bad: Any) -> None:
    found = read_catalogue(kev(bad, entry(cveID="CVE-2026-0009")), "kev.json", VENDORS)
    assert list(found.listed) == ["CVE-2026-0009"]
    assert [(each.position, each.rejected) for each in found.problems] == [
        ("vulnerabilities[0]", True)
    ]


def test_a_count_that_differs_is_told() -> None:
    (problem,) = read_catalogue(kev(entry(), count=9), "kev.json", VENDORS).problems
    assert "says 9 entries and has 1" in problem.message
    assert read_catalogue(kev(entry(), count=1), "kev.json", VENDORS).whole
    assert not read_catalogue(kev(entry(), count=9), "kev.json", VENDORS).whole
    assert not read_catalogue(kev(entry(), entry(cveID="x"), count=2), "kev.json", VENDORS).whole


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[1]",
        b"not json",
        b'{"vulnerabilities": [], "dateReleased": "2026-01-01"}',
        kev(entry(), dateReleased="soon"),
        b'{"vulnerabilities": {"a": 1}, "dateReleased": "2026-01-01"}',
        b" " * (MAX_CATALOGUE_BYTES + 1),
    ],
)
def test_what_is_no_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(PackError) as error:
        read_catalogue(content, "kev.json", VENDORS)
    assert error.value.file == "kev.json"
