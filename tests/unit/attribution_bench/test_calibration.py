"""Confidence means what it says, on every kind of evidence, and says less where there is less."""

from __future__ import annotations

import math

import pytest

from camaudit.app.packset import PackSet, load_packs
from camaudit.model.words import OUTSIDE_KINDS
from tests.bench.attribution import run, tables
from tests.bench.attribution.devices import DEGRADED, WHOLE, contradictory, degraded
from tests.bench.attribution.leave_out import leave_each_out
from tests.bench.attribution.measure import Answer, answers
from tests.bench.attribution.reliability import (
    Trial,
    bands,
    brier,
    precision_at,
    sure_share,
)
from tests.bench.attribution.sets import (
    SIGNALS,
    expected,
    labelled,
    read_examples,
    read_rows,
    read_sets,
)


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs()


@pytest.fixture(scope="module")
def every(packs: PackSet) -> list[Answer]:
    return answers([row for rows in read_sets().values() for row in rows], packs)


@pytest.fixture(scope="module")
def generated(every: list[Answer]) -> list[Answer]:
    return run.divide(every)[1]


@pytest.fixture(scope="module")
def measured(every: list[Answer], packs: PackSet) -> dict[str, list[Trial]]:
    if not SIGNALS.is_file():
        pytest.skip("NOT TESTED: ../shared/reference/example-signals.jsonl is missing")
    examples = answers(read_examples(SIGNALS, packs), packs)
    generic = answers(read_rows("generic.jsonl"), packs)
    found = run.evidence(*run.divide([*examples, *every]), generic)
    return {**found, "together": [one for each in found.values() for one in each]}


@pytest.mark.parametrize("evidence", ["real", "generated", "together"])
def test_no_band_lies_wholly_beside_its_label(
    measured: dict[str, list[Trial]], evidence: str
) -> None:
    found = [band for band in bands(measured[evidence]) if band.count]
    assert [band for band in found if not band.holds] == []
    assert len(found) >= (5 if evidence != "real" else 3)
    assert brier(measured[evidence]) <= 0.05
    assert sure_share(measured[evidence]) >= 0.5


def test_the_hardest_bands_are_measured_on_right_and_wrong_answers(
    measured: dict[str, list[Trial]],
) -> None:
    # A band in which nothing is ever wrong measures the sets, and not the weights.
    lowest, fair = (
        next(band for band in bands(measured["together"]) if band.low == low)
        for low in (0.60, 0.90)
    )
    assert lowest.count >= 50
    assert lowest.count - lowest.right >= 15
    assert fair.count >= 200
    assert fair.count - fair.right >= 8


def test_packs_that_lack_a_maker_name_nobody_else_with_confidence(
    generated: list[Answer], packs: PackSet
) -> None:
    found = leave_each_out(labelled([one.row for one in generated]), packs)
    assert len({one.row.maker for one in found}) >= 100
    another = [one for one in found if one.another]
    assert [one for one in another if one.confidence >= 0.95] == []
    assert len(another) <= len(found) // 50
    assert sum(one.family for one in found) >= 3


def test_less_evidence_is_less_sure_and_no_less_right(
    generated: list[Answer], packs: PackSet
) -> None:
    found = degraded(labelled([one.row for one in generated]), packs)
    assert len(found[WHOLE]) >= 200
    means = {}
    for name, each in found.items():
        named = [one for one in each if one.line.maker is not None]
        assert len(each) >= 100
        assert len(named) >= 0.9 * len(each)
        assert [one for one in named if one.line.maker != one.maker] == []
        means[name] = math.fsum(one.line.maker_confidence or 0 for one in named) / len(named)
    assert all(means[name] < means[WHOLE] for name in DEGRADED)


def test_a_contradiction_is_shown_and_lowers_confidence(
    generated: list[Answer], packs: PackSet
) -> None:
    found = contradictory(labelled([one.row for one in generated]), packs)
    assert len(found) >= 50
    assert [one for one in found if not one.shown] == []
    assert [one for one in found if one.after > one.before] == []
    before = math.fsum(one.before for one in found) / len(found)
    after = math.fsum(one.after for one in found) / len(found)
    assert after <= before - 0.2


def test_precision_at_base_rates(generated: list[Answer]) -> None:
    usual = [one for one in generated if one.row.set != run.LOOK_ALIKES]
    recall, false_names = tables.rates(usual)
    assert recall >= 0.90
    assert false_names <= 0.002
    assert precision_at(0.10, recall, false_names) >= 0.98


def test_kinds_are_right_where_the_evidence_is_strong(generated: list[Answer]) -> None:
    usual = [one for one in generated if one.row.set != run.LOOK_ALIKES]
    strong = [
        one
        for one in usual
        if one.row.kind
        and one.row.kind not in tables.OUTSIDE
        and one.right
        and (one.line.maker_confidence or 0) >= tables.STRONG
    ]
    assert len(strong) >= 300
    assert sum(one.line.kind == one.row.kind for one in strong) >= 0.97 * len(strong)
    outside = [one for one in usual if one.row.kind in OUTSIDE_KINDS]
    assert len(outside) >= 3000
    assert sum(one.false_camera for one in outside) <= 0.005 * len(outside)
    listed = [one for one in usual if one.wrong and one.line.maker in tables.LISTED]
    assert len(listed) <= 0.001 * len(usual)


def test_bands_and_their_measures_against_worked_cases() -> None:
    # Ten answers of one group weigh one: nine tenths right is 0.9 of a group.
    group = [Trial(confidence=0.65, right=at > 0, group="one") for at in range(10)]
    other = Trial(confidence=0.66, right=True, group="two")
    band = bands([*group, other])[1]
    assert (band.answers, band.count) == (11, 2)
    assert math.isclose(band.right, 1.9)
    assert math.isclose(band.mean, 0.655)
    # Twenty of twenty at .60 are too many right ones for a band that ends at .70 ...
    right = [Trial(confidence=0.6, right=True, group=str(at)) for at in range(20)]
    assert not bands(right)[1].holds
    # ... and none of twenty at .96 too few.
    wrong = [Trial(confidence=0.96, right=False, group=str(at)) for at in range(20)]
    assert not bands(wrong)[-1].holds
    assert math.isclose(brier(wrong), 0.96**2)
    assert sure_share([*right, Trial(confidence=0.9, right=True, group="x")]) == 1 / 21
    # Of 1,000 devices 10 are covered, 9 found; of the other 990 one in a hundred is named.
    assert math.isclose(precision_at(0.01, 0.9, 0.01), 9 / 18.9)


def test_labels_mean_the_maker_whose_file_has_their_name() -> None:
    slugs = {"merit lilin": "merit-lilin", "baichuan": "baichuan"}
    assert expected("Merit LILIN", slugs) == "merit-lilin"
    assert expected("Baichuan (Reolink OEM line)", slugs) == "baichuan"
    assert expected("unknown (sold as Baichuan)", slugs) is None
    assert expected("Nobody Ltd", slugs) is None
