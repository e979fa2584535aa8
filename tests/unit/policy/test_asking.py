"""Every operator on every type of fact: true, false, and above all unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from camaudit.model.policy import (
    FACTS,
    Effort,
    FactType,
    FactWord,
    ObservedOf,
    Operator,
    Test,
)
from camaudit.policy.asking import ask, supposed
from camaudit.policy.coverage import Coverage
from camaudit.policy.kleene import DECLARED, EVIDENCED, PRESUMED, Answer
from tests.unit.policy.rows import statement

NO, OPEN, YES = 0, 1, 2
DAY = date(2022, 11, 24)
BEFORE, AFTER = date(2022, 11, 23), date(2022, 11, 25)
WORDS = {fact.name: fact for fact in statement().facts}
STATUSES = {"subject": np.int8(YES), "elsewhere": np.int8(NO), "open": np.int8(OPEN)}
COVERED = {"subject_to_law": Coverage(today=STATUSES), "g": Coverage(today=STATUSES)}


def given(test: Test, row: dict[str, Any], fact: FactWord | None = None) -> Answer:
    table = pa.Table.from_pylist([row], schema=FACTS)
    return ask(test, fact or WORDS[test.fact], table, COVERED)


def truth(fact: str, operator: str, value: Any, **row: Any) -> int:
    named = {key.replace("__", "."): each for key, each in row.items()}
    test = Test(fact=fact, operator=Operator(operator), value=value)
    return int(given(test, named).truth[0])


@pytest.mark.parametrize(
    ("word", "expected"),
    [("yes", YES), ("no", NO), ("unknown", OPEN), ("withheld", OPEN), ("ja", OPEN), (None, OPEN)],
)
def test_a_word_is(word: str | None, expected: int) -> None:
    assert truth("site.sensitivity", "is", "yes", site__sensitivity=word) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("removed", YES), ("in_service", NO), (None, OPEN), ("lost", OPEN)]
)
def test_a_word_is_in(word: str | None, expected: int) -> None:
    assert truth("device.state", "in", ("removed", "disposed"), device__state=word) == expected


def test_any_text_may_stand_where_there_is_no_word_list() -> None:
    assert truth("device.kind", "in", ("drone",), device__kind="submarine") == NO


@pytest.mark.parametrize(("flag", "expected"), [(True, YES), (False, NO), (None, OPEN)])
def test_a_flag_is(*, flag: bool | None, expected: int) -> None:
    assert truth("device.present", "is", True, device__present=flag) == expected
    assert truth("device.present", "is", False, device__present=flag) == 2 - expected


@pytest.mark.parametrize(("number", "expected"), [(0.8, YES), (0.79, NO), (None, OPEN)])
def test_a_number_is_at_least(number: float | None, expected: int) -> None:
    row = {"device__producer__confidence": number}
    assert truth("device.producer.confidence", "at_least", 0.8, **row) == expected


@pytest.mark.parametrize(
    ("first", "last", "doubtful", "expected"),
    [
        (DAY, None, None, YES),
        (AFTER, AFTER, False, YES),
        (None, BEFORE, None, NO),
        (BEFORE, BEFORE, False, NO),
        (BEFORE, DAY, None, OPEN),
        (BEFORE, None, None, OPEN),
        (None, AFTER, None, OPEN),
        (None, None, None, OPEN),
        (DAY, None, True, OPEN),
        (None, BEFORE, True, OPEN),
        (AFTER, BEFORE, None, OPEN),  # they contradict each other
    ],
)
def test_an_interval_decides_only_from_one_side(
    *, first: date | None, last: date | None, doubtful: bool | None, expected: int
) -> None:
    row = {
        "device__not_before": first,
        "device__not_after": last,
        "device__doubtful_dates": doubtful,
    }
    assert truth("device.installed", "on_or_after", DAY, **row) == expected
    assert truth("device.installed", "before", DAY, **row) == 2 - expected


@pytest.mark.parametrize(("day", "expected"), [(DAY, YES), (BEFORE, NO), (None, OPEN)])
def test_a_single_date(day: date | None, expected: int) -> None:
    fact = FactWord(
        name="device.not_before",
        type=FactType.DATE,
        columns=("device.not_before",),
        words=(),
        unknown=(),
        says="",
        gap="",
        question="",
        obtain="",
        effort=Effort.HOURS,
        each=ObservedOf.DEVICE,
        note=None,
        branches=(),
    )
    after = Test(fact=fact.name, operator=Operator.ON_OR_AFTER, value=DAY)
    before = Test(fact=fact.name, operator=Operator.BEFORE, value=DAY)
    assert int(given(after, {fact.name: day}, fact).truth[0]) == expected
    assert int(given(before, {fact.name: day}, fact).truth[0]) == 2 - expected


def test_a_date_is_not_compared_with_a_word() -> None:
    with pytest.raises(TypeError, match="compared with a date"):
        truth("device.installed", "before", "soon")


@pytest.mark.parametrize(
    ("fact", "row", "expected"),
    [
        ("device.state", {}, NO),
        ("device.state", {"device.state": "removed"}, YES),
        ("site.sensitivity", {"site.sensitivity": "withheld"}, NO),
        ("device.installed", {"device.not_after": DAY}, YES),
        ("device.installed", {"device.doubtful_dates": False}, NO),
        ("device.producer", {"device.producer": "subject"}, YES),
        ("device.producer", {"device.producer.confidence": 0.9}, NO),
        ("device.core_network", {"device.core_connected": False}, YES),
        ("device.core_network", {"device.networked": True}, NO),
    ],
)
def test_whether_a_fact_is_known_is_always_known(
    fact: str, row: dict[str, Any], expected: int
) -> None:
    there = Test(fact=fact, operator=Operator.EXISTS, value=True)
    absent = Test(fact=fact, operator=Operator.EXISTS, value=False)
    assert int(given(there, row).truth[0]) == expected
    assert int(given(absent, row).truth[0]) == 2 - expected


def producer(**row: Any) -> Answer:
    named = {f"device.producer.{key}": value for key, value in row.items() if key != "maker"}
    test = Test(
        fact="device.producer", operator=Operator.IN_GROUP, value="subject_to_law", at_least=0.8
    )
    return given(test, {"device.producer": row.get("maker"), **named})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"maker": "subject", "confidence": 0.8}, YES),
        ({"maker": "subject", "confidence": 0.8, "clean": False}, YES),
        ({"maker": "subject", "confidence": 0.7999}, OPEN),
        ({"maker": "subject"}, OPEN),
        ({"maker": "elsewhere", "confidence": 0.9, "clean": True}, NO),
        ({"maker": "elsewhere", "confidence": 0.9, "clean": False}, OPEN),
        ({"maker": "elsewhere", "confidence": 0.9}, OPEN),
        ({"maker": "elsewhere", "confidence": 0.5, "clean": True}, OPEN),
        ({"maker": "open", "confidence": 0.9, "clean": True}, OPEN),
        ({"maker": "stranger", "confidence": 0.9, "clean": True}, OPEN),
        ({"confidence": 0.9, "clean": True}, OPEN),
    ],
)
def test_absence_of_evidence_alone_never_clears_a_device(
    row: dict[str, Any], expected: int
) -> None:
    assert int(producer(**row).truth[0]) == expected


@pytest.mark.parametrize(
    ("basis", "confirmed", "covered", "clear"),
    [
        ("evidenced", None, EVIDENCED, PRESUMED),
        ("presumed", None, PRESUMED, PRESUMED),
        ("declared", False, DECLARED, DECLARED),
        (None, None, DECLARED, DECLARED),
        ("rumoured", None, DECLARED, DECLARED),
        ("evidenced", True, EVIDENCED, EVIDENCED),
    ],
)
def test_what_a_producer_rests_on(
    *, basis: str | None, confirmed: bool | None, covered: int, clear: int
) -> None:
    row = {"confidence": 0.9, "clean": True, "basis": basis, "confirmed": confirmed}
    assert int(producer(maker="subject", **row).basis[0]) == covered
    assert int(producer(maker="elsewhere", **row).basis[0]) == clear


@pytest.mark.parametrize(
    ("connected", "networked", "expected"),
    [
        (True, True, YES),
        (True, None, YES),
        (True, False, YES),
        (False, True, NO),
        (None, False, NO),
        (None, True, OPEN),
        (None, None, OPEN),
    ],
)
def test_a_connection(*, connected: bool | None, networked: bool | None, expected: int) -> None:
    row = {"device__core_connected": connected, "device__networked": networked}
    assert truth("device.core_network", "is", True, **row) == expected
    assert truth("device.core_network", "is", False, **row) == 2 - expected


def test_a_recorded_decision_is_evidence_and_a_plain_flag_is_a_declaration() -> None:
    decided = Test(fact="decision.c", operator=Operator.IS, value=True)
    present = Test(fact="device.present", operator=Operator.IS, value=True)
    assert given(decided, {"decisions": "b c"}).basis[0] == EVIDENCED
    assert given(present, {"device.present": True}).basis[0] == DECLARED


def test_a_fact_can_be_supposed() -> None:
    test = Test(fact="site.sensitivity", operator=Operator.IS, value="yes")
    fact = WORDS["site.sensitivity"]
    assert [supposed(test, fact, word) for word in ("yes", "no")] == [YES, NO]
