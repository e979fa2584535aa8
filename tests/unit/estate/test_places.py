"""camaudit.estate.places: as written, as the operator said, or by its address."""

from __future__ import annotations

import pytest

from camaudit.estate import Files
from camaudit.estate.places import Places
from camaudit.model.ids import SiteId
from camaudit.model.observation import Site
from tests.subjects import DEPOT, HQ, subject


def site_of(known: list[Site], files: Files | None = None, **given: object) -> str | None:
    return Places(known, files or Files()).site_of(subject("f/1", **given))


@pytest.mark.parametrize("written", ["HQ", "hq", "Head office", "HEAD OFFICE"])
def test_a_site_goes_by_id_or_name_in_any_case(written: str) -> None:
    assert site_of([HQ, DEPOT], sites=written) == "HQ"


def test_an_id_outranks_another_sites_name() -> None:
    confusing = Site(id=SiteId("X"), name="hq")
    assert site_of([confusing, HQ], sites="HQ") == "HQ"


def test_what_is_written_outranks_the_file_and_the_file_the_address() -> None:
    files = Files(sites={"f": "DEPOT"})
    both = [HQ, DEPOT]
    assert site_of(both, files, sites="HQ", addresses="10.2.0.1") == "HQ"
    assert site_of(both, files, addresses="10.1.0.1") == "DEPOT"
    assert site_of(both, addresses="10.1.0.1") == "HQ"
    assert site_of(both) is None


def test_a_written_site_that_nobody_knows_is_not_guessed_by_the_address() -> None:
    places = Places([HQ], Files())
    lost = subject("f/1", sites="Elsewhere", addresses="10.1.0.1")
    assert places.site_of(lost) is None
    assert places.written(lost) == "Elsewhere"
    places.note_unknown("Elsewhere")
    places.note_unknown("Elsewhere")
    assert places.unknown == {"Elsewhere": 2}


def test_networks_of_both_versions_and_every_length() -> None:
    wide = Site(id=SiteId("W"), name="w", networks=("2001:db8::/32", "192.0.2.128/25", "10.9.9.9"))
    assert site_of([wide], addresses="2001:db8:1::5") == "W"
    assert site_of([wide], addresses="192.0.2.129") == "W"
    assert site_of([wide], addresses="10.9.9.9") == "W"
    assert site_of([wide], addresses="192.0.2.127") is None
    assert site_of([wide], addresses="10.9.9.8") is None
    assert site_of([], addresses="10.9.9.9") is None


def test_a_network_may_be_written_with_host_bits() -> None:
    assert (
        site_of([Site(id=SiteId("W"), name="w", networks=("10.9.1.7/16",))], addresses="10.9.8.1")
        == "W"
    )


def test_address_space_of_two_sites_tells_nothing() -> None:
    twin = Site(id=SiteId("TWIN"), name="Twin", networks=HQ.networks)
    assert site_of([HQ, twin], addresses="10.1.0.1") is None
    assert site_of([HQ, DEPOT], addresses=["10.1.0.1", "10.2.0.1"]) is None
    assert site_of([HQ, DEPOT], addresses=["10.1.0.1", "10.1.0.2"]) == "HQ"
