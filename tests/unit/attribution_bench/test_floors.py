"""The floors of the benchmark, on the labelled strings kept beside the repository."""

from __future__ import annotations

import pytest

from camaudit.app.packset import load_packs
from tests.bench.attribution import run
from tests.bench.attribution.measure import Answer, answers, mutated
from tests.bench.attribution.mutate import mutate
from tests.bench.attribution.sets import SIGNALS, read_examples

pytestmark = pytest.mark.skipif(
    not SIGNALS.is_file(),
    reason="NOT TESTED: ../shared/reference/example-signals.jsonl is missing, and with it the "
    "labelled strings that the floors are measured on",
)


@pytest.fixture(scope="module")
def given() -> list[Answer]:
    return answers(read_examples(SIGNALS, load_packs()))


@pytest.fixture(scope="module")
def changed() -> list[Answer]:
    return answers(mutated(read_examples(SIGNALS, load_packs()), mutate))


def test_the_example_file_is_whole(given: list[Answer]) -> None:
    assert len(given) == 207
    assert sum(one.row.maker is not None for one in given) >= 200


def test_named_makers_are_right_on_95_of_100(given: list[Answer]) -> None:
    named = [one for one in given if one.row.maker is not None]
    missed = [(one.row.value[:60], one.row.maker, one.line.maker) for one in named if not one.right]
    assert len(missed) <= 0.05 * len(named), missed


def test_at_most_two_of_all_are_wrong(given: list[Answer]) -> None:
    wrong = [(one.row.value[:60], one.row.why, one.line.maker) for one in given if one.wrong]
    assert len(wrong) <= 2, wrong


def test_other_units_of_the_same_form_lose_at_most_two(
    given: list[Answer], changed: list[Answer]
) -> None:
    pairs = list(zip(given, changed, strict=True))
    assert sum(a.row.value != b.row.value for a, b in pairs) >= 50
    lost = [(b.row.value[:80], b.line.maker) for a, b in pairs if a.right and not b.right]
    assert len(lost) <= 2, lost


def test_the_committed_tables_are_those_that_these_packs_give() -> None:
    for path, text in run.results(SIGNALS, load_packs()).items():
        assert path.read_text("utf-8") == text, (
            f"write {path.name} anew: .venv/bin/python -m tests.bench.attribution.run"
        )
