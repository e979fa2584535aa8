"""camaudit.app.assess, snapshot, figures and telling: the estate's answer, and how it is put."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from camaudit.app import judge, telling
from camaudit.app.assess import BINDING, need_policy, outcome, policies
from camaudit.app.snapshot import build_snapshot
from camaudit.attribution import Attributor
from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.snapshot import Snapshot
from camaudit.model.words import Aspect, DeviceState, Sensitivity, Strength, VerdictCode
from tests.estates import AT, TODAY, Estate, small
from tests.small_packs import evidence, maker, pack_set, packs, signature

REGISTER = """\
Asset ID,Site,Manufacturer,Installed,Quantity,Status,Owner
OLD,HQ,Hikvision,2018-01-01,,,
NEW,HQ,Hikvision,2023-06-01,about 12,,
AXIS,HQ,Axis,2023-06-01,,,
ANNKE,DEPOT,Annke,2020-01-01,,,
OPEN,ANNEX,Hikvision,2023-06-01,,,
LEARN,SCHOOL,Hikvision,2023-06-01,,,
LOST,Nowhere,Hikvision,,,,
GONE,DEPOT,Hikvision,2018-01-01,,removed,
PRINT,HQ,printer,2020-01-01,,,
"""
SCAN = """\
{"device": "h", "protocol": "ip", "field": "address", "value": "10.1.0.9"}
{"device": "h", "protocol": "http", "field": "server", "value": "Hikvision"}
"""


@pytest.fixture
def filled(estate: Estate) -> Estate:
    estate.add("register.csv", REGISTER)
    estate.add("scan.jsonl", SCAN)
    return estate


def snapshot(estate: Estate, **question: object) -> Snapshot:
    return build_snapshot(estate.ask(**question), small(), "estate.sqlite", AT)


def figures(taken: Snapshot) -> dict[str, tuple[int, int]]:
    return {each.id: (each.value, each.of) for each in (*taken.figures, *taken.unknowns)}


def test_the_answer_to_a_parliamentary_question(filled: Estate) -> None:
    """By hand: four sites of five places, ten entries, eight of them by companies covered."""
    found = figures(snapshot(filled))
    assert found == found | {
        "sites": (4, 4),
        "sites-classified": (3, 4),
        "sites-assessed": (4, 4),
        "sites-with": (4, 4),
        "devices": (10, 10),
        "devices-such": (8, 10),
        "removed": (1, 8),
        "disconnected": (0, 8),
        "no-maker": (1, 10),
        "no-site": (1, 10),
        "not-in-register": (1, 1),
    }


def test_every_number_has_its_denominator_and_date(filled: Estate) -> None:
    taken = snapshot(filled, facts_on=date(2025, 1, 1))
    for each in (*taken.figures, *taken.unknowns):
        assert each.of_label
        assert 0 <= each.value <= each.of
        assert each.on == date(2025, 1, 1)


def test_a_count_that_is_about_says_about(filled: Estate) -> None:
    [units] = [each for each in snapshot(filled).figures if each.id == "units"]
    assert (units.value, units.approximate) == (9 + 12, True)


def test_each_device_is_in_one_column_of_each_duty(filled: Estate) -> None:
    taken = snapshot(filled)
    columns = (
        "breaches", "meets_evidenced", "meets_presumed", "meets_declared", "outstanding",
        "cannot_tell", "not_applicable",
    )  # fmt: skip
    assert [duty.requirement for duty in taken.duties] == list("abcde")
    for duty in taken.duties:
        assert sum(getattr(duty, column) for column in columns) == 10


def test_verdicts_by_hand(filled: Estate) -> None:
    """On a sensitive site with a core zone, for the statement as of today."""
    assert filled.verdicts("NEW")["a"] == "breaches"
    assert filled.verdicts("OLD") | {"e": ""} == {
        "a": "not_applicable", "b": "breaches", "c": "cannot_tell", "d": "not_applicable", "e": "",
    }  # fmt: skip
    assert filled.verdicts("OPEN")["a"] == "cannot_tell"
    assert set(filled.verdicts("LEARN").values()) == {"not_applicable"}
    assert filled.verdicts("PRINT")["a"] == "not_applicable"


def test_breaches_that_count_and_those_that_were_asked_for(filled: Estate) -> None:
    assessment = filled.ask()
    usual, asked = outcome(assessment), outcome(assessment, frozenset({Strength.SHOULD}))
    assert usual.findings >= 1
    assert asked.findings > usual.findings
    assert asked.breaches == usual.breaches
    assert usual.incomplete > 0


def test_an_outcome_counts_each_device_also_where_devices_share_their_facts(
    filled: Estate,
) -> None:
    rows = "".join(f"TWIN-{number},HQ,Hikvision\n" for number in range(3))
    filled.add("twins.csv", f"Asset ID,Site,Manufacturer\n{rows}")
    assessment = filled.ask()
    assert len(set(assessment.rows)) < len(assessment.rows)
    said = [
        verdict
        for at in range(len(assessment.survey.devices))
        for verdict in assessment.verdicts_of(at)
    ]
    counted = outcome(assessment)
    assert counted.breaches == sum(each.verdict is VerdictCode.BREACHES for each in said)
    assert counted.incomplete == sum(each.verdict is VerdictCode.CANNOT_TELL for each in said)
    assert counted.findings == sum(
        each.verdict is VerdictCode.BREACHES and each.strength in BINDING for each in said
    )


def test_a_policy_that_is_not_there(filled: Estate) -> None:
    with pytest.raises(UsageError, match=r"called 'eu-2030'; there are .*uk-2022"):
        need_policy(policies(small()), "eu-2030")


def test_a_question_about_interpretation_is_answered_otherwise(filled: Estate) -> None:
    policy = need_policy(policies(small()), "uk-2022-statement")
    choice = policy.choices[0]
    other_id = next(option for option, _ in choice.options if option != choice.default)
    taken = snapshot(filled, choices={choice.id: other_id})
    assert (choice.question, other_id) in taken.policy.choices
    with pytest.raises(UsageError):
        filled.ask(choices={"no-such-question": "x"})


def test_the_three_dates_stand_apart(filled: Estate) -> None:
    taken = snapshot(filled, rules_on=date(2023, 1, 1), facts_on=date(2024, 1, 1))
    assert (taken.rules_on, taken.facts_on, taken.known_at) == (
        date(2023, 1, 1), date(2024, 1, 1), AT,
    )  # fmt: skip


def test_sites_count_their_devices(filled: Estate) -> None:
    given = {SiteId("HQ"): Sensitivity.WITHHELD}
    sites = {each.id: each for each in snapshot(filled, sensitivity=given).sites}
    assert {name: each.devices for name, each in sites.items()} == {
        "ANNEX": 1, "DEPOT": 2, "HQ": 5, "SCHOOL": 1,
    }  # fmt: skip
    assert sites["HQ"].sensitivity == "withheld"
    assert sites["HQ"].owner == "Department"


def test_what_stands_out_is_asked_first(filled: Estate) -> None:
    questions = snapshot(filled).questions
    assert 0 < len(questions) <= 5
    assert all(each.question and each.obtain for each in questions)


def test_one_device_alone_without_figures(filled: Estate) -> None:
    name = filled.device("ANNKE").id
    alone = build_snapshot(filled.ask(), small(), "e", AT, only=name)
    assert [row.id for row in alone.devices] == [name]
    assert alone.figures == ()


def test_what_is_recorded_of_a_device_is_told(filled: Estate) -> None:
    device = filled.device("OLD").id
    judge.set_state(
        filled.store, device, DeviceState.DISCONNECTED, date(2024, 1, 2), "seen", "me", AT
    )
    judge.set_role(filled.store, device, "operator", "SCH", None, "me", AT)
    judge.confirm_maker(filled.store, device, "axis", "type plate", TODAY, "me", AT)
    [row] = [each for each in snapshot(filled).devices if each.id == device]
    assert row.state == "disconnected"
    assert row.history == (("disconnected", "2024-01-02", "me", "seen"),)
    assert (row.body, row.body_kind) == ("School", "education")
    assert row.sentence.startswith("Confirmed as produced by Axis: type plate.")
    assert row.installed == "on 2018-01-01"


def test_intervals_in_words(filled: Estate) -> None:
    rows = {row.asset_ids: row.installed for row in snapshot(filled).devices}
    assert rows[("LOST",)] == "not after 2026-03-01"


def test_a_snapshot_has_every_field_filled(filled: Estate) -> None:
    taken = snapshot(filled)
    empty = {each.name for each in fields(taken) if getattr(taken, each.name) in ((), None, "")}
    assert empty == {"marking", "redacted", "what_if"}


# ------------------------------------------------------------------------------ telling


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (None, None),
        (0.49, None),
        (0.5, "weak"),
        (0.79, "weak"),
        (0.8, "probable"),
        (0.95, "strong"),
    ],
)
def test_a_confidence_has_a_name(share: float | None, band: str | None) -> None:
    assert telling.band_of(small().makers, share) == band


@pytest.mark.parametrize(
    ("share", "text"), [(0.5, "0.50"), (0.994, "0.99"), (0.995, "over 0.99"), (0.999, "over 0.99")]
)
def test_a_share_never_rounds_up_to_certainty(share: float, text: str) -> None:
    assert telling.share(share) == text


def sentence(*said: tuple[str, str, Aspect, str]) -> str:
    fields = ("http.server", "rtsp.server", "tls.subject")
    about = pack_set(
        packs(
            [maker("alpha"), maker("beta")],
            [
                signature(n, m, a, says=s, weight="strong", fields=(field,))
                for (n, m, a, s), field in zip(said, fields, strict=False)
            ]
            or [signature("silent", None, capabilities=("ptz",))],
        )
    )
    signals = [
        evidence(about.makers, each[0], field) for each, field in zip(said, fields, strict=False)
    ]
    found = Attributor(about.makers).attribute(signals)
    return telling.sentence(found, telling.reasons(signals, about), about)


def test_a_maker_is_named_with_its_reasons_and_never_accused() -> None:
    text = sentence(
        ("one", "alpha", Aspect.HARDWARE, "The address block is registered to Alpha."),
        ("two", "alpha", Aspect.BADGE, "ONVIF says Alpha."),
    )
    assert text == (
        "Likely produced by Alpha (0.96), because the address block is registered to Alpha; "
        "ONVIF says Alpha."
    )


def test_where_the_signals_contradict_each_other_it_says_so() -> None:
    text = sentence(
        ("one", "alpha", Aspect.HARDWARE, "It looks like Alpha."),
        ("two", "beta", Aspect.HARDWARE, "It looks like Beta."),
    )
    assert "cannot be told: the signals contradict each other (hardware: Alpha or Beta)" in text


def test_where_nothing_speaks_it_says_so() -> None:
    assert sentence() == "Who produced it cannot be told: no signal names a maker."


def test_a_brand_leads_to_its_maker_with_the_brands_reasons(filled: Estate) -> None:
    [row] = [each for each in snapshot(filled).devices if each.asset_ids == ("ANNKE",)]
    assert row.sentence.startswith("Likely produced by Hikvision (0.9")
    assert row.sentence.endswith("because it says Annke.")
    assert row.brand == "Annke"


def test_a_maker_without_a_file_goes_by_its_slug() -> None:
    assert telling.maker_name(small(), "nobody") == "nobody"
    assert telling.maker_name(small(), None) is None
