"""What the packs of other countries say of equipment by the shipped makers, at chosen days.

Each row is written by hand, and so is what the instrument makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from camaudit.model.packs import MakerPacks
from camaudit.model.policy import Check, Policy, Verdict
from camaudit.model.words import Strength
from camaudit.packs.load import maker_packs
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import compile_policy, explain
from tests.estates import Estate, make_estate

TODAY = date(2026, 11, 26)
QUEBEC, TAIWAN = "ca-quebec-2023", "tw-2020"
POSITIONS = ("au-position", "nz-position", "jp-2018", "ua-nacp-2023", "eu-parliament-2021")

#: A camera in use, of which all is known but what each test lays over it.
USUAL: dict[str, Any] = {
    "device.surveillance": True,
    "device.kind": "camera",
    "device.producer": "hikvision",
    "device.producer.confidence": 0.95,
    "device.producer.aspect": "hardware",
    "device.producer.clean": True,
    "device.producer.basis": "evidenced",
    "device.producer.confirmed": False,
    "device.present": True,
    "device.state": "in_service",
    "device.networked": True,
    "event.kind": "possess",
    "decisions": "",
    "exceptions": "",
}


@cache
def makers() -> MakerPacks:
    return maker_packs(find_pack_files())


@cache
def packs() -> dict[str, Policy]:
    found = load_policies(find_pack_files(), makers().vocabulary)
    return {each.id: each for each in found.policies}


def verdicts(
    policy: str,
    facts: Mapping[str, Any],
    *,
    at: date = TODAY,
    choices: Mapping[str, str] | None = None,
) -> dict[str, Verdict]:
    """Judge the usual camera with ``facts`` laid over it: verdicts by requirement."""
    compiled = compile_policy(packs()[policy], makers().makers, at=at, choices=choices)
    return {str(each.requirement): each for each in explain(compiled, {**USUAL, **facts})}


def gaps(verdict: Verdict) -> set[str]:
    return {each.fact for each in verdict.gaps}


def on(day: date) -> dict[str, Any]:
    """Return the facts of something acquired on that very day."""
    return {"device.acquired_not_before": day, "device.acquired_not_after": day}


# --------------------------------------------------------------------------- Quebec: the date

BODY = {"body.kind": "ca_quebec_body"}
OLDER, NEWER = date(2023, 12, 21), date(2023, 12, 22)


@pytest.mark.parametrize("producer", ["hikvision", "dahua", "ezviz", "imou"])
@pytest.mark.parametrize(
    ("acquired", "barred", "internet"),
    [
        (date(2023, 12, 20), "not_applicable", "breaches"),
        (OLDER, "not_applicable", "breaches"),
        (NEWER, "breaches", "not_applicable"),
    ],
)
def test_quebec_parts_old_from_new_by_the_day_of_acquisition(
    acquired: date, barred: str, internet: str, producer: str
) -> None:
    facts = {**BODY, **on(acquired), "device.producer": producer, "device.internet": True}
    found = verdicts(QUEBEC, facts)
    assert found["acquired-after"].verdict == barred
    assert found["internet"].verdict == internet
    assert found["assess"].outstanding


@pytest.mark.parametrize("internet", [True, False, None])
def test_quebec_asks_for_an_unknown_day_of_acquisition(*, internet: bool | None) -> None:
    found = verdicts(QUEBEC, {**BODY, "device.internet": internet})
    barred = found["acquired-after"]
    assert barred.verdict == "cannot_tell"
    assert gaps(barred) == {"device.acquired"}
    assert "invoice" in barred.gaps[0].question
    # off the internet it meets the condition, whether or not the condition is for it
    expected = "meets" if internet is False else "cannot_tell"
    assert found["internet"].verdict == expected


def test_quebec_does_not_guess_between_two_days_that_part_old_from_new() -> None:
    facts = {"device.acquired_not_before": OLDER, "device.acquired_not_after": NEWER}
    found = verdicts(QUEBEC, {**BODY, **facts})["acquired-after"]
    assert (found.verdict, gaps(found)) == ("cannot_tell", {"device.acquired"})


def test_quebec_asks_nothing_about_a_maker_elsewhere_bought_nobody_knows_when() -> None:
    found = verdicts(QUEBEC, {**BODY, "device.producer": "axis"})
    for name in ("acquired-after", "internet", "assess"):
        assert (found[name].verdict, found[name].gaps) == ("meets", ())


def test_the_assessment_is_a_must_that_a_record_meets_and_its_absence_never_breaks() -> None:
    for acquired in (OLDER, NEWER):
        waiting = verdicts(QUEBEC, {**BODY, **on(acquired)})["assess"]
        done = verdicts(QUEBEC, {**BODY, **on(acquired), "decisions": "assess"})["assess"]
        assert waiting.strength is done.strength is Strength.MUST
        assert (waiting.verdict, waiting.outstanding) == ("cannot_tell", True)
        assert (done.verdict, done.outstanding) == ("meets", False)


@pytest.mark.parametrize("networked", [True, False, None])
def test_only_what_is_on_no_network_is_surely_off_the_internet(*, networked: bool | None) -> None:
    found = verdicts(QUEBEC, {**BODY, **on(OLDER), "device.networked": networked})["internet"]
    assert found.verdict == ("meets" if networked is False else "cannot_tell")


# --------------------------------------------------------------------------- Quebec: whom

MUNICIPALITY = {"body.kind": "ca_quebec_municipality"}


@pytest.mark.parametrize("producer", ["hikvision", "dahua", "axis", None])
@pytest.mark.parametrize("facts", [on(OLDER), on(NEWER), {}], ids=["older", "newer", "unknown"])
def test_a_municipality_of_quebec_is_not_bound(facts: dict[str, Any], producer: str | None) -> None:
    row = {**MUNICIPALITY, **facts, "device.producer": producer, "device.internet": True}
    for verdict in verdicts(QUEBEC, row).values():
        if verdict.check is Check.AUTOMATED:
            assert verdict.verdict == "not_applicable"
            assert "no municipalities" in verdict.sentence
            assert verdict.gaps == ()


def test_a_body_of_quebec_of_unknown_kind_is_asked_about_and_not_cleared() -> None:
    found = verdicts(QUEBEC, {"body.kind": None, **on(NEWER), "device.producer": "axis"})
    assert found["acquired-after"].verdict == "cannot_tell"
    assert gaps(found["acquired-after"]) == {"body.kind"}


# --------------------------------------------------------------------------- Quebec: Lorex

#: Made in 2021 and bought in 2022, both while Dahua held Lorex, which it sold on 24 November 2022.
LOREX: dict[str, Any] = {
    **BODY,
    "device.producer": "lorex",
    "device.made_not_before": date(2021, 1, 1),
    "device.made_not_after": date(2021, 12, 31),
    "device.acquired_not_before": date(2022, 3, 1),
    "device.acquired_not_after": date(2022, 3, 31),
    "device.internet": True,
}
#: Whether Lorex is covered, by the day on which it must have been related, and how far that goes.
READINGS = {
    ("at_manufacture", "controlled"): True,
    ("at_manufacture", "affiliated"): True,
    ("at_manufacture", "named_only"): False,
    ("at_purchase", "controlled"): True,
    ("at_purchase", "affiliated"): True,
    ("at_purchase", "named_only"): False,
    ("today", "controlled"): False,
    ("today", "affiliated"): False,
    ("today", "named_only"): False,
}


def test_each_choice_of_the_order_is_read() -> None:
    offered = {each.id: {name for name, _ in each.options} for each in packs()[QUEBEC].choices}
    assert offered == {
        "ownership": {ownership for ownership, _ in READINGS},
        "related": {related for _, related in READINGS},
    }


@pytest.mark.parametrize(("ownership", "related"), READINGS)
def test_lorex_made_in_2021_bought_in_2022_and_owned_today(ownership: str, related: str) -> None:
    found = verdicts(QUEBEC, LOREX, choices={"ownership": ownership, "related": related})
    covered = READINGS[ownership, related]
    # bought before the date, so it is the conditions for older equipment that tell
    assert found["acquired-after"].verdict == "not_applicable"
    assert found["internet"].verdict == ("breaches" if covered else "meets")
    assert found["assess"].outstanding is covered


def test_lorex_names_the_choices_that_decide() -> None:
    found = verdicts(QUEBEC, LOREX)["internet"]
    assert {each.id for each in found.choices} == {"ownership", "related"}
    assert {each.option for each in found.choices} == {"at_manufacture", "controlled"}


@pytest.mark.parametrize(
    ("ownership", "expected"),
    [("at_manufacture", "breaches"), ("at_purchase", "meets"), ("today", "meets")],
)
def test_lorex_made_in_2021_and_bought_after_the_date(ownership: str, expected: str) -> None:
    facts = {**LOREX, **on(date(2024, 2, 1))}
    found = verdicts(QUEBEC, facts, choices={"ownership": ownership})["acquired-after"]
    assert found.verdict == expected


@pytest.mark.parametrize(
    ("bought", "expected"),
    [(date(2022, 11, 24), "breaches"), (date(2022, 11, 25), "meets")],
)
def test_lorex_bought_on_the_day_of_its_sale_and_on_the_day_after(
    bought: date, expected: str
) -> None:
    found = verdicts(QUEBEC, {**LOREX, **on(bought)}, choices={"ownership": "at_purchase"})
    assert found["internet"].verdict == expected


@pytest.mark.parametrize(
    ("ownership", "unknown"),
    [
        ("at_manufacture", {"device.made_not_before": None, "device.made_not_after": None}),
        (
            "at_purchase",
            {
                "device.acquired_not_before": date(2022, 1, 1),
                "device.acquired_not_after": date(2022, 12, 31),
            },
        ),
    ],
)
def test_lorex_cannot_be_told_where_the_day_that_counts_is_on_both_sides_of_its_sale(
    ownership: str, unknown: dict[str, Any]
) -> None:
    found = verdicts(QUEBEC, {**LOREX, **unknown}, choices={"ownership": ownership})["internet"]
    assert found.verdict == "cannot_tell"


def test_a_lorex_whose_hardware_is_dahuas_is_dahuas_whoever_owned_the_label() -> None:
    for ownership in ("at_manufacture", "at_purchase", "today"):
        facts = {**LOREX, "device.producer": "dahua"}
        found = verdicts(QUEBEC, facts, choices={"ownership": ownership})["internet"]
        assert found.verdict == "breaches"


# --------------------------------------------------------------------------- Canada

FEDERAL = {"body.kind": "ca_federal_body", "event.kind": "procure"}


@pytest.mark.parametrize(
    ("producer", "expected"),
    [("hikvision", "breaches"), ("ezviz", "breaches"), ("dahua", "meets"), ("axis", "meets")],
)
def test_canada_names_one_maker(producer: str, expected: str) -> None:
    found = verdicts("ca-federal-2025", {**FEDERAL, "device.producer": producer})
    assert (found["procure"].verdict, found["use"].verdict) == (expected, expected)


def test_quebec_and_canada_do_not_bind_each_others_bodies() -> None:
    assert verdicts("ca-federal-2025", BODY)["use"].verdict == "not_applicable"
    federal = verdicts(QUEBEC, {**FEDERAL, **on(NEWER)})
    assert federal["acquired-after"].verdict == "not_applicable"


# --------------------------------------------------------------------------- Taiwan

AGENCY = {"body.kind": "tw_agency"}


@pytest.mark.parametrize("body", ["tw_agency", "tw_contractor"])
@pytest.mark.parametrize(
    ("event", "forbids"), [("procure", {"procure", "use"}), ("possess", {"use"})]
)
def test_taiwan_with_and_without_the_exception_on_record(
    event: str, forbids: set[str], body: str
) -> None:
    row = {"body.kind": body, "event.kind": event}
    without = verdicts(TAIWAN, row)
    assert {name for name, each in without.items() if each.verdict == "breaches"} == forbids
    excepted = verdicts(TAIWAN, {**row, "exceptions": "no-alternative"})
    for name in forbids:
        assert excepted[name].verdict == "not_applicable"
        assert "no alternative exists" in excepted[name].sentence
        assert "it is on record" in excepted[name].sentence


def test_an_exception_does_not_lift_the_controls_until_it_is_replaced() -> None:
    found = verdicts(TAIWAN, {**AGENCY, "exceptions": "no-alternative"})["replace"]
    assert (found.verdict, found.check) == ("cannot_tell", Check.MANUAL)
    assert "an exception included" in found.sentence


def test_whether_taiwan_has_the_exception_on_record_is_asked_where_it_is_not_known() -> None:
    found = verdicts(TAIWAN, {**AGENCY, "exceptions": None})["use"]
    assert (found.verdict, gaps(found)) == ("cannot_tell", {"exception.no-alternative"})


@pytest.mark.parametrize(
    ("reading", "expected"),
    [("unknown", "cannot_tell"), ("covered", "breaches"), ("not_covered", "meets")],
)
def test_a_maker_in_hong_kong_is_read_by_choice_in_taiwan(reading: str, expected: str) -> None:
    row = {**AGENCY, "device.producer": "teleeye"}
    found = verdicts(TAIWAN, row, choices={"hong_kong_and_macau": reading})["use"]
    assert found.verdict == expected


@pytest.mark.parametrize("made_in", ["CN", "TW", None])
def test_the_country_of_manufacture_decides_nothing_in_taiwan(made_in: str | None) -> None:
    for producer, expected in (("hikvision", "breaches"), ("vivotek", "meets")):
        row = {**AGENCY, "device.producer": producer, "device.made_in": made_in}
        assert verdicts(TAIWAN, row)["use"].verdict == expected


@pytest.fixture
def agency(tmp_path: Path) -> Estate:
    """An agency with one camera of a mainland maker, there since 2019."""
    estate = make_estate(tmp_path, register=False)
    estate.add("bodies.csv", "Body ID,Name,Kind\nAGY,Agency,tw_agency\n")
    estate.add("sites.csv", "Site ID,Name,Owner,Sensitive\nHALL,Hall,AGY,no\n")
    estate.add(
        "register.csv", "Asset ID,Site,Manufacturer,Installed\nCAM-1,HALL,Hikvision,2019-05-01\n"
    )
    return estate


def use(estate: Estate, day: str) -> str:
    at = date.fromisoformat(day)
    return estate.verdicts("CAM-1", policy=TAIWAN, rules_on=at, facts_on=at)["use"]


def test_an_exception_that_has_run_out_no_longer_stands_in_taiwan(agency: Estate) -> None:
    assert use(agency, "2025-01-01") == "breaches"
    agency.waive("no-alternative", "site:HALL", "2024-01-01", until="2024-12-31", policy=TAIWAN)
    days = ("2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01")
    assert [use(agency, day) for day in days] == [
        "breaches",
        "not_applicable",
        "not_applicable",
        "breaches",
    ]


def test_an_exception_that_is_taken_back_no_longer_stands_in_taiwan(agency: Estate) -> None:
    agency.waive("no-alternative", "site:HALL", "2024-01-01", policy=TAIWAN)
    agency.waive("no-alternative", "site:HALL", "2024-06-01", policy=TAIWAN, withdrawn=True)
    assert [use(agency, day) for day in ("2024-05-31", "2024-06-01")] == [
        "not_applicable",
        "breaches",
    ]


# --------------------------------------------------------------------------- makers do not decide


@pytest.mark.parametrize(
    ("policy", "requirement", "facts", "expected"),
    [
        ("lt-2022", "reject", {"supplier.origin": "listed_state"}, "breaches"),
        ("lt-2022", "reject", {"supplier.origin": "other_state"}, "meets"),
        ("lt-2022", "reject", {"supplier.origin": None}, "cannot_tell"),
        ("cz-2025", "assess", {"device.data_flow": "to_covered_country"}, "cannot_tell"),
        ("cz-2025", "assess", {"device.data_flow": "elsewhere"}, "meets"),
        ("cz-2025", "assess", {"device.data_flow": None}, "cannot_tell"),
        ("in-er-2024", "model", {"device.certified": True}, "meets"),
        ("in-er-2024", "model", {"device.certified": False}, "breaches"),
        ("in-er-2024", "model", {"device.certified": None}, "cannot_tell"),
    ],
)
def test_where_the_regime_tests_no_item_every_maker_gets_the_same_answer(
    policy: str, requirement: str, facts: dict[str, Any], expected: str
) -> None:
    line = {"body.kind": packs()[policy].usual_body, "event.kind": "procure", **facts}
    for producer in ("hikvision", "dahua", "axis", "cp-plus", None):
        found = verdicts(policy, {**line, "device.producer": producer})[requirement]
        assert found.verdict == expected, producer


@pytest.mark.parametrize("policy", POSITIONS)
@pytest.mark.parametrize("event", ["possess", "procure", "deploy", "stock"])
def test_what_binds_nobody_refuses_nothing(policy: str, event: str) -> None:
    body = packs()[policy].usual_body
    for day in (date(2018, 1, 1), date(2021, 4, 28), date(2023, 8, 1), TODAY):
        for producer in ("hikvision", "axis", None):
            row = {"body.kind": body, "event.kind": event, "device.producer": producer}
            found = verdicts(policy, row, at=day).values()
            assert {each.verdict.value for each in found} == {"not_applicable"}
            assert {each.strength for each in found} == {Strength.INFORMATION}
            assert not any(each.gaps for each in found)
