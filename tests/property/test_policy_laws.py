"""Laws of three-valued logic, and that learning a fact takes back nothing that was decided.

`test_policy` holds the lattice laws and what they mean for the statement; here are their duals, and
all shipped packs together with what a fact of several words and a list of parts may leave unknown.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model.packs import Maker
from camaudit.model.policy import FACTS, Check, FactType, Policy
from camaudit.model.words import VerdictCode
from camaudit.policy import CompiledPolicy, compile_policy, explain
from camaudit.policy.kleene import (
    EVIDENCED,
    FALSE,
    TRUE,
    UNKNOWN,
    Answer,
    conjoin,
    constant,
    disjoin,
    negate,
)
from tests.property.test_policy import answers, same
from tests.unit.policy.rows import maker
from tests.unit.policy.small_packs import PEOPLE, ROW, shipped, small

DAYS = (date(2022, 12, 1), date(2024, 4, 2), date(2026, 4, 1), date(2026, 11, 26))
COVERED = ("hikvision", "dahua", "hytera", "huawei", "zte", "tiandy")


@cache
def people() -> tuple[Maker, ...]:
    """Return stand-ins under the names that packs use, and others."""
    return (*PEOPLE, *(maker(name, "CN") for name in COVERED))


@cache
def compiled(policy: str, at: date) -> CompiledPolicy:
    return compile_policy(shipped()[policy], people(), at=at)


# ------------------------------------------------------------------------------------- laws


@given(answers, answers)
def test_de_morgan_both_ways(one: Answer, two: Answer) -> None:
    assert same(negate(conjoin([one, two])), disjoin([negate(one), negate(two)]))
    assert same(negate(disjoin([one, two])), conjoin([negate(one), negate(two)]))


@given(answers)
def test_true_and_false_are_the_ends_and_a_thing_is_itself(one: Answer) -> None:
    length = len(one.truth)
    true, false = (constant(truth, length, EVIDENCED) for truth in (TRUE, FALSE))
    assert same(conjoin([one, one]), one)
    assert same(disjoin([one, one]), one)
    assert same(conjoin([one, true]), one)
    assert same(disjoin([one, false]), one)
    assert same(conjoin([one, false]), false)
    assert same(disjoin([one, true]), true)


@given(answers, answers, answers)
def test_each_distributes_over_the_other(one: Answer, two: Answer, three: Answer) -> None:
    assert same(
        disjoin([one, conjoin([two, three])]),
        conjoin([disjoin([one, two]), disjoin([one, three])]),
    )


@given(answers)
def test_the_middle_is_excluded_only_where_something_is_known(one: Answer) -> None:
    """The two laws of ordinary logic that unknown breaks, and breaks only there."""
    known = one.truth != UNKNOWN
    middle, clash = disjoin([one, negate(one)]).truth, conjoin([one, negate(one)]).truth
    assert (middle[known] == TRUE).all()
    assert (clash[known] == FALSE).all()
    assert (middle[~known] == UNKNOWN).all()
    assert (clash[~known] == UNKNOWN).all()


@given(answers, answers)
def test_more_truth_never_makes_and_or_or_less_true(one: Answer, two: Answer) -> None:
    higher = Answer(truth=np.maximum(one.truth, two.truth), basis=one.basis)
    for join in (conjoin, disjoin):
        assert (join([higher, two]).truth >= join([one, two]).truth).all()


# ------------------------------------------------------------------------------ monotonicity


def may_become(before: VerdictCode, after: VerdictCode) -> bool:
    """Whether knowing more may lead from one verdict to the other.

    ``meets`` says that nothing is asked by either reading; it may turn out which reading it is.
    """
    if before is VerdictCode.CANNOT_TELL:
        return True
    return after is before or (before, after) == (VerdictCode.MEETS, VerdictCode.NOT_APPLICABLE)


def _words(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the facts of a policy that are one word, or yes or no, and stand alone."""
    return {
        fact.name: tuple(word for word in fact.words if word not in fact.unknown)
        for fact in policy.facts
        if fact.type in {FactType.TEXT, FactType.FLAG} and len(fact.columns) == 1
        if not fact.name.startswith("device.producer") and fact.name != "device.networked"
    }


def settled(data: st.DataObject, policy: Policy, name: str) -> Any:
    words = _words(policy)[name]
    return data.draw(st.sampled_from(words) if words else st.booleans())


@pytest.mark.parametrize("policy", sorted(shipped()))
@given(data=st.data())
def test_learning_a_fact_takes_no_verdict_of_any_pack_back(
    policy: str, data: st.DataObject
) -> None:
    """From a row with some facts, to the same row with one more: what was decided stays."""
    pack = shipped()[policy]
    names = [name for name in sorted(_words(pack)) if name not in {"device.kind", "device.made_in"}]
    known = data.draw(st.sets(st.sampled_from(names), max_size=6))
    learned = data.draw(st.sampled_from([name for name in names if name not in known]))
    row: dict[str, Any] = {
        "body.kind": pack.usual_body,
        "device.producer": data.draw(st.sampled_from([None, "elsewhere", "hikvision", "huawei"])),
        "device.producer.confidence": 0.95,
        "device.producer.clean": True,
        "device.producer.basis": "evidenced",
        "decisions": data.draw(st.sampled_from(["", None])),
        "exceptions": data.draw(st.sampled_from(["", None])),
    } | {name: settled(data, pack, name) for name in sorted(known)}
    if learned in row:
        row[learned] = None
    rule = compiled(policy, data.draw(st.sampled_from(DAYS)))
    more = row | {learned: settled(data, pack, learned)}
    for before, after in zip(explain(rule, row), explain(rule, more), strict=True):
        if before.check is Check.AUTOMATED:
            assert may_become(before.verdict, after.verdict), (before.requirement, learned)


DEEP = compile_policy(small(extra="component_depth: any_component"), PEOPLE, at=DAYS[-1])
makers = st.sampled_from(["?", "named", "child", "elsewhere", "stranger"])


@given(
    parts=st.lists(makers, max_size=4),
    whole=st.sampled_from([None, False, True]),
    data=st.data(),
)
def test_learning_who_made_a_part_takes_no_verdict_back(
    *, parts: list[str], whole: bool | None, data: st.DataObject
) -> None:
    """Parts become known, and more of them, and at last all."""

    def verdict(names: list[str], *, listed: bool | None) -> VerdictCode:
        text = " ".join(f"part{at}={name}" for at, name in enumerate(names))
        row = {**ROW, "device.parts": text, "device.parts_whole": listed}
        return explain(DEEP, row)[0].verdict

    before = verdict(parts, listed=whole)
    known = [data.draw(makers) if name == "?" else name for name in parts]
    # a list that is said to be whole gets no more parts
    found = known if whole else [*known, *data.draw(st.lists(makers, max_size=2))]
    assert may_become(before, verdict(found, listed=whole))
    assert may_become(before, verdict(found, listed=True))


@given(st.lists(st.sampled_from(["department", "council", "nhs"]), min_size=1, max_size=3))
def test_a_body_is_bound_exactly_if_one_of_its_kinds_is(kinds: list[str]) -> None:
    (found,) = explain(
        compile_policy(small(), PEOPLE, at=DAYS[-1]), {**ROW, "body.kind": " ".join(kinds)}
    )
    bound = "department" in kinds
    assert (found.verdict is not VerdictCode.NOT_APPLICABLE) is bound
    (open_one,) = explain(
        compile_policy(small(), PEOPLE, at=DAYS[-1]),
        {**ROW, "device.producer": "named", "body.kind": " ".join([*kinds, "unknown"])},
    )
    assert open_one.verdict is (VerdictCode.BREACHES if bound else VerdictCode.CANNOT_TELL)


def test_the_facts_above_are_columns() -> None:
    for policy in shipped().values():
        assert set(_words(policy)) <= set(FACTS.names)
