"""``camaudit site permit`` and its kin: what is laid down, listed, refused and withdrawn."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.cases.command import Camaudit

TODAY = date(2026, 11, 25)


@pytest.fixture
def site(camaudit: Camaudit) -> Camaudit:
    camaudit("init", on=TODAY)
    words = ("site", "add", "HQ", "Head office", "--network", "192.0.2.0/24", "--sensitive", "yes")
    camaudit(*words, on=TODAY)
    return camaudit


def permit(site: Camaudit, *more: str, code: int = 0, until: str = "2026-12-31") -> str:
    words = ("site", "permit", "HQ", "--by", "head of estates", "--right", "owner")
    ran = site(*words, "--until", until, *more, on=TODAY, code=code)
    return ran.out + ran.err


def dry(site: Camaudit, *more: str, code: int = 0, on: date = TODAY) -> str:
    ran = site("scan", "--site", "HQ", "--dry-run", *more, on=on, code=code)
    return ran.out + ran.err


def test_without_a_permission_nothing_is_planned(site: Camaudit) -> None:
    said = dry(site, code=2)
    assert "nobody has permitted a scan of site HQ" in said
    assert "camaudit site permit HQ --by WHO" in said


def test_a_sensitive_site_needs_two_people(site: Camaudit) -> None:
    permit(site)
    assert "asks for two at such a site (--approver)" in dry(site, code=2)
    permit(site, "--approver", "network manager")
    assert "254 addresses" in dry(site)


def test_the_ceiling_of_the_permission_holds(site: Camaudit) -> None:
    permit(site, "--approver", "network manager")
    assert "polite questions only" in dry(site, "--profile", "thorough", code=2)
    permit(site, "--approver", "network manager", "--ceiling", "probing")
    assert "sadp.inquiry" in dry(site, "--profile", "thorough")
    assert "kept back at this ceiling" in dry(site)


def test_records_are_listed_with_their_state_and_withdrawn_by_number(site: Camaudit) -> None:
    permit(site, "--approver", "network manager", "--reference", "ticket 12")
    site("site", "exclude", "HQ", "192.0.2.64/28", "--reason", "medical", on=TODAY)
    hours = ("site", "blackout", "HQ", "Mon-Fri 08:00-18:00", "--zone", "Europe/London")
    site(*hours, "--reason", "office hours", on=TODAY)
    listed = site("site", "permissions", "HQ", "--json", on=TODAY).out
    rows = {row["kind"]: row for row in map(json.loads, listed.splitlines())}
    assert rows["permission"]["approvers"] == ["network manager"]
    assert rows["permission"]["reference"] == "ticket 12"
    assert rows["exclusion"]["what"] == "192.0.2.64/28"
    assert rows["blackout"]["hours"] == "Mon-Fri 08:00-18:00"
    # the clock of these tests stands at noon of a Wednesday
    assert "it ends at 2026-11-25 18:00 UTC" in dry(site, code=2)
    number = str(rows["blackout"]["number"])
    site("site", "withdraw", "HQ", number, "--reason", "office closed", on=TODAY)
    said = dry(site)
    assert "238 addresses" in said
    assert "excluded at this site" in said
    table = site("site", "permissions", "HQ", on=TODAY).out
    assert "until 2026-12-31" in table
    assert "blackout" not in table


def test_an_expired_permission_is_none(site: Camaudit) -> None:
    permit(site, "--approver", "network manager", until="2026-11-30")
    assert "ended on 2026-11-30" in dry(site, code=2, on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("site", "exclude", "HQ", "nonsense", "--reason", "other"), "no address or network"),
        (("site", "blackout", "HQ", "always"), "Mon-Fri 08:00-18:00"),
        (("site", "withdraw", "HQ", "99", "--reason", "x"), "has no record 99"),
        (("site", "permissions", "NOWHERE"), "no site is called"),
        (("scan", "--site", "HQ", "--target", "nonsense"), "192.0.2.0/24"),
        (("scan", "--target", "192.0.2.1"), "--site"),
        (("scan", "coverage"), "holds no scan yet"),
        (("scan", "diff"), "holds no scan yet"),
        (("scan", "--site", "HQ", "--target", "@/nowhere"), "cannot be read"),
        (("scan", "--target", "127.0.0.1", "--rate", "1000000"), "scan policy"),
        (("scan", "--target", "127.0.0.1", "--port", "9"), "no question is known for port 9"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(
    site: Camaudit, words: tuple[str, ...], said: str
) -> None:
    ran = site(*words, on=TODAY, code=2)
    assert said in ran.err


def test_a_permission_of_many_years_is_refused(site: Camaudit) -> None:
    assert "at most 366 days" in permit(site, code=2, until="2030-01-01")
    assert "before 2026-11-25" in permit(site, code=2, until="2026-11-24")


def test_an_overlay_tightens_and_never_loosens(site: Camaudit) -> None:
    packs = site.estate.parent / "packs"
    packs.mkdir()
    overlay = packs / "scan.yaml"
    overlay.write_text('two_approvers: ["yes", "unknown"]\nlongest_days: 30\n', encoding="utf-8")
    assert "at most 30 days" in permit(site, code=2)
    for loose in ("longest_days: 1000\n", "most: {rate: 1000000}\n", 'two_approvers: ["no"]\n'):
        overlay.write_text(loose, encoding="utf-8")
        assert "an overlay may not" in permit(site, code=1)
    overlay.write_text("most: {rate: 20}\n", encoding="utf-8")
    permit(site, "--approver", "network manager")
    assert "20 a second" in dry(site)
    assert "rate 50 is above 20" in dry(site, "--rate", "50", code=2)


def test_a_network_that_the_site_gains_later_is_not_permitted(site: Camaudit) -> None:
    permit(site, "--approver", "network manager")
    words = ("site", "add", "HQ", "Head office", "--sensitive", "yes")
    site(*words, "--network", "192.0.2.0/24", "--network", "198.51.100.0/24", on=TODAY)
    assert "198.51.100.1-198.51.100.254 (outside the networks of the permission)" in dry(site)


def allow_capture(site: Camaudit, *more: str, code: int = 0) -> str:
    words = ("site", "permit-capture", "HQ", "--by", "head of estates", "--approver", "officer")
    ran = site(*words, "--lawful-basis", "public task", *more, on=TODAY, code=code)
    return ran.out + ran.err


def test_a_permission_to_record_traffic_names_its_basis_and_ends(site: Camaudit) -> None:
    assert "until 2026-12-31, public task" in allow_capture(site, "--until", "2026-12-31")
    listed = json.loads(site("site", "permissions", "HQ", "--json", on=TODAY).out)
    assert listed["kind"] == "capturepermission"
    assert listed["lawful_basis"] == "public task"
    assert "before 2026-11-25" in allow_capture(site, "--until", "2026-11-24", code=2)
    assert "at most" in allow_capture(site, "--until", "2036-11-24", code=2)
