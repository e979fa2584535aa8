"""camaudit.app.gaps: the cheapest observations that settle the most open verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from camaudit.app.assess import Question, assess_all, need_policy, policies
from camaudit.app.gaps import MINUTES, rank_gaps
from camaudit.app.snapshot import build_snapshot
from camaudit.app.what_if import read_overrides
from camaudit.errors import UsageError
from camaudit.model.policy import Effort
from camaudit.model.snapshot import ObservationRow
from camaudit.reports.redact import redact
from tests.estates import AT, POLICY, TODAY, Estate, small

OTHER = "us-889-part-a"
REGISTER = """\
Asset ID,Site,Manufacturer,Installed
OPEN-1,ANNEX,Hikvision,2023-06-01
OPEN-2,ANNEX,Hikvision,2023-06-01
"""


def asked(*policies: str, **more: object) -> list[Question]:
    usual = Question(policy=POLICY, rules_on=TODAY, facts_on=TODAY, known_at=AT)
    return [replace(usual, policy=each, **more) for each in policies or (POLICY,)]  # type: ignore[arg-type]


def ranked(
    estate: Estate, *policies: str, redacted: str = "", **more: object
) -> list[ObservationRow]:
    assessments = assess_all(estate.store, small(), asked(*policies, **more))
    snapshot = build_snapshot(assessments[0], small(), "estate", AT)
    devices = redact(snapshot, {redacted} if redacted else ()).devices
    return list(rank_gaps(assessments, devices, 20))


def told(found: list[ObservationRow]) -> list[tuple[str, str, int, int, int, int]]:
    return [
        (each.fact, each.place, each.units, each.minutes, each.alone, each.after) for each in found
    ]


def test_hours_and_days_are_dearer_than_minutes() -> None:
    assert MINUTES[Effort.MINUTES] < MINUTES[Effort.HOURS] < MINUTES[Effort.DAYS]


def test_one_site_settles_three_clauses_of_each_of_its_devices(estate: Estate) -> None:
    """Two devices: a, c and d wait for the site's class, b for the network of each of them."""
    estate.add("register.csv", REGISTER)
    hours = MINUTES[Effort.HOURS]
    found = ranked(estate)
    assert told(found) == [
        ("site.sensitivity", "Annex", 1, hours, 6, 6),
        ("device.core_network", "Annex", 2, 2 * hours, 2, 2),
    ]
    assert [(each.settled, each.of, each.each) for each in found] == [
        (6, 8, "site"),
        (8, 8, "device"),
    ]
    assert "camaudit site" in found[0].obtain
    assert found[0].question.startswith("Is this site a sensitive site?")


def test_sites_are_told_apart_and_named_as_the_report_does(estate: Estate) -> None:
    estate.add("register.csv", REGISTER + "FAR-1,SCHOOL,Hikvision,2023-06-01\nLOST-1,,Hikvision,\n")
    places = {each.place for each in ranked(estate)}
    assert {"Annex", "no known site", "no known body"} <= places
    assert "Annex" not in {each.place for each in ranked(estate, redacted="sites")}


def test_a_decision_is_of_one_policy_and_other_facts_of_all(estate: Estate) -> None:
    """An agency's camera on a sensitive site, and 889 is not told what is to be done with it."""
    bodies = "Body ID,Name,Kind\nFED,Federal agency,us_federal_agency\nDEP,Department,department\n"
    sites = "Site ID,Name,Owner,Sensitive\nFORT,Fort,FED,yes\nHQ,Head office,DEP,yes\n"
    estate.add("more-bodies.csv", bodies)
    estate.add("more-sites.csv", sites)
    estate.add(
        "register.csv",
        "Asset ID,Site,Manufacturer,Installed\nHQ-1,HQ,Hikvision,2023-06-01\n"
        "FORT-1,FORT,Hikvision,2023-06-01\n",
    )
    known = policies(small())
    unknown = read_overrides(["event.kind=unknown"], [need_policy(known, OTHER)], {})
    by_fact = {each.fact: each for each in ranked(estate, POLICY, OTHER, what_if=unknown)}
    decision, event = by_fact["decision.c"], by_fact["event.kind"]
    assert (decision.policy, decision.place, decision.each) == (POLICY, "Head office", "site")
    assert (event.policy, event.place, event.each) == (None, "the estate", "estate")


def test_an_estate_without_open_verdicts_has_nothing_to_find_out(estate: Estate) -> None:
    assert ranked(estate) == []


def test_one_survey_serves_all_policies(estate: Estate) -> None:
    estate.add("register.csv", REGISTER)
    first, second = assess_all(estate.store, small(), asked(POLICY, OTHER))
    assert first.survey is second.survey
    assert (first.policy.id, second.policy.id) == (POLICY, OTHER)


def test_a_choice_goes_to_the_policies_that_have_it(estate: Estate) -> None:
    given = {"ownership": "today"}
    first, second = assess_all(estate.store, small(), asked(POLICY, OTHER, choices=given))
    assert "ownership" not in first.compiled.choices
    assert second.compiled.choices["ownership"] == "today"
    with pytest.raises(UsageError, match="has no choice ownership; there are"):
        assess_all(estate.store, small(), asked(POLICY, choices=given))
