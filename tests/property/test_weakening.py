"""What a comparison of two packs does not find, no row of facts shows either."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from camaudit.model.policy import (
    AllOf,
    AnyOf,
    ChoiceIs,
    Condition,
    Not,
    Operator,
    Part,
    Policy,
    Test,
)
from camaudit.policy import compile_policy, explain_rows, weakened
from tests.property.test_policy import rows, table
from tests.unit.policy.rows import MAKERS, statement

AT = date(2023, 8, 1)

leaves: st.SearchStrategy[Condition] = st.sampled_from(
    [
        Test(fact="device.present", operator=Operator.IS, value=True),
        Test(fact="device.surveillance", operator=Operator.IS, value=True),
        Test(fact="device.state", operator=Operator.IN, value=("in_service", "seen_again")),
        Test(fact="device.state", operator=Operator.IS, value="in_service"),
        Test(fact="body.kind", operator=Operator.IS, value="department"),
        Test(fact="body.kind", operator=Operator.IN, value=("department", "executive_agency")),
        Test(fact="site.sensitivity", operator=Operator.IS, value="yes"),
        Test(fact="site.sensitivity", operator=Operator.EXISTS, value=True),
        Test(fact="device.installed", operator=Operator.ON_OR_AFTER, value=date(2022, 11, 24)),
        Test(fact="device.installed", operator=Operator.BEFORE, value=date(2022, 11, 26)),
        Test(fact="device.core_network", operator=Operator.IS, value=True),
        Test(
            fact="device.producer",
            operator=Operator.IN_GROUP,
            value="subject_to_law",
            at_least=0.8,
        ),
        Test(
            fact="device.producer",
            operator=Operator.IN_GROUP,
            value="subject_to_law",
            at_least=0.9,
        ),
        Test(fact="decision.c", operator=Operator.IS, value=True),
        ChoiceIs(choice="executive_agency", option="bound"),
        ChoiceIs(choice="executive_agency", option="not_bound"),
    ]
)


def _joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(lambda each: AllOf(parts=each)),
        several.map(lambda each: AnyOf(parts=each)),
        parts.map(lambda each: Not(part=each)),
    )


conditions = st.recursive(leaves, _joined, max_leaves=4)
parts = st.lists(
    st.builds(
        lambda when, first: Part(when=when, otherwise="It is otherwise.", settle_first=first),
        conditions,
        st.booleans(),
    ),
    min_size=1,
    max_size=2,
).map(tuple)


def policy(scope: tuple[Part, ...], forbidden: tuple[Part, ...]) -> Policy:
    (first, *_) = statement().requirements
    return replace(statement(), requirements=(replace(first, scope=scope, forbidden=forbidden),))


def gravity(pack: Policy, row: dict[str, Any]) -> int:
    """Return 2 for a breach, 1 for what is open, 0 for the rest."""
    compiled = compile_policy(pack, MAKERS, at=AT)
    ((verdict,),) = explain_rows(compiled, table([row]))
    return {"breaches": 2, "cannot_tell": 1}.get(verdict.verdict, 0)


@settings(max_examples=300, deadline=None)
@given(parts, parts, parts, parts, st.booleans(), rows)
def test_a_pack_that_is_no_weaker_never_says_less(
    scope: tuple[Part, ...],
    other_scope: tuple[Part, ...],
    forbidden: tuple[Part, ...],
    other_forbidden: tuple[Part, ...],
    both: bool,  # noqa: FBT001 -- hypothesis gives it by position
    row: dict[str, Any],
) -> None:
    shipped = policy(scope, forbidden)
    overlay = policy(other_scope if both else scope, other_forbidden)
    found = weakened(shipped, overlay)
    event("weaker" if found else "no weaker")
    if not found:
        assert gravity(overlay, row) >= gravity(shipped, row)
    assert weakened(shipped, shipped) == ()
