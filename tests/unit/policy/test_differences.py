"""What two editions of a pack say otherwise, and which facts decided a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from camaudit.model.policy import FACTS, Interval, Named, Operator, Part, Policy, Test
from camaudit.model.words import Strength
from camaudit.policy import compile_policy, deciding_facts, differences
from tests.unit.policy.rows import IN_FORCE, MAKERS, USUAL, statement
from tests.unit.policy.test_weakening import chosen, group, rule, waiver, with_rule

OFF = Part(
    when=Test(fact="device.networked", operator=Operator.IS, value=True),
    otherwise="It is on no network.",
)


def told(other: Policy) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return [
        (each.what, each.requirement, each.name, each.before, each.after)
        for each in differences(statement(), other)
    ]


def test_the_same_pack_has_no_differences() -> None:
    assert differences(statement(), statement()) == ()


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            replace(statement(), requirements=statement().requirements[:-1]),
            ("requirement", "e", "e", rule("e").title, None),
        ),
        (with_rule("a", strength=Strength.MUST), ("strength", "a", "strength", "must_not", "must")),
        (with_rule("b", quote="another quote"), ("quote", "b", "quote", rule("b").quote,
                                                 "another quote")),
        (
            with_rule("c", scope=(*rule("c").scope, OFF)),
            ("conditions", "c", "scope", None, "device.networked is True"),
        ),
        (
            replace(
                statement(),
                validity=replace(
                    statement().validity,
                    suspended=(Interval(start=date(2024, 1, 1), end=date(2024, 1, 31)),),
                ),
            ),
            (
                "dates", None, "validity", "from 2022-11-24",
                "from 2022-11-24; suspended from 2024-01-01 to 2024-01-31",
            ),
        ),
        (
            group(named=(Named(maker="dahua", since=date(2023, 1, 1)),)),
            ("entities", None, "subject_to_law.dahua", None, "from 2023-01-01"),
        ),
        (
            chosen("executive_agency", "not_bound"),
            (
                "choice", None, "executive_agency", "bound of bound, not_bound",
                "not_bound of bound, not_bound",
            ),
        ),
        (
            replace(statement(), exceptions=(waiver("a", expires=date(2025, 1, 1)),)),
            (
                "exception", None, "waiver", None,
                "a waiver by the department, for a, until 2025-01-01",
            ),
        ),
        (
            replace(
                statement(),
                citations=(
                    replace(statement().citations[0], quote="other words"),
                    *statement().citations[1:],
                ),
            ),
            ("citation quote", None, "hcws386", statement().citations[0].quote, "other words"),
        ),
    ],
)  # fmt: skip
def test_each_difference_is_told_once(
    other: Policy, expected: tuple[str, str | None, str, str | None, str | None]
) -> None:
    assert told(other) == [expected]


def test_a_requirement_more_is_told_as_added() -> None:
    fewer = replace(statement(), requirements=statement().requirements[1:])
    (found,) = differences(fewer, statement())
    assert (found.requirement, found.before, found.after) == ("a", None, rule("a").title)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"device.state": "removed"}, ["device.state"]),
        ({"site.sensitivity": None}, ["site.sensitivity"]),
        ({"device.present": False}, ["device.present"]),
        ({}, ["device.producer"]),  # breached by who made it
        ({"device.producer": "elsewhere"}, ["device.producer"]),  # met by who made it
    ],
)
def test_the_facts_that_decided(facts: dict[str, Any], expected: list[str]) -> None:
    compiled = compile_policy(statement(), MAKERS, at=IN_FORCE)
    table = pa.Table.from_pylist([{**USUAL, **facts}], schema=FACTS)
    ((clause_a, *_),) = deciding_facts(compiled, table)
    assert [each.name for each in clause_a][:1] == expected


def test_where_the_rule_does_not_speak_no_fact_decides() -> None:
    compiled = compile_policy(statement(), MAKERS, at=date(2022, 11, 23))
    ((clause_a, *_),) = deciding_facts(compiled, pa.Table.from_pylist([USUAL], schema=FACTS))
    assert clause_a == ()
