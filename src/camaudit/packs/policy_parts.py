"""The small parts of a policy pack, from what the file says to the model's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from camaudit.model.policy import (
    AllOf,
    AnyOf,
    ChoiceIs,
    Citation,
    Condition,
    Group,
    Include,
    Interval,
    Named,
    Not,
    Operator,
    Test,
)
from camaudit.model.rule_words import ComponentDepth

from .policy_schema import RawCitation, RawGroup, RawInterval

#: The fact that rules ask beside the maker where they look into a device.
PARTS: Final = "device.parts"


def intervals(raw: Iterable[RawInterval]) -> tuple[Interval, ...]:
    """Give stretches of days as the model holds them."""
    return tuple(Interval(start=each.from_, end=each.to) for each in raw)


def model_group(name: str, raw: RawGroup) -> Group:
    """Give a group of makers as the model holds it, before what it takes over is resolved."""
    return Group(
        id=name,
        says=raw.says,
        named=tuple(Named(maker=each.maker, since=each.from_, until=each.to) for each in raw.named),
        includes=tuple(
            Include(policy=each.policy, group=each.group, on=each.on) for each in raw.includes
        ),
        reach=raw.reach,
        law_subject_to=raw.law_subject_to,
        incorporated_in=tuple(raw.incorporated_in),
        open_codes=tuple(raw.open_codes.items()),
        owned_on=raw.owned_on,
        threshold=raw.threshold,
    )


def facts_asked(condition: Condition) -> frozenset[str]:
    """Name every fact that a condition may ask for."""
    match condition:
        case Test():
            return frozenset({condition.fact})
        case ChoiceIs():
            return frozenset()
        case Not(part=part):
            return facts_asked(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return frozenset[str]().union(*map(facts_asked, parts))


def at_depth(condition: Condition, depth: ComponentDepth | None) -> Condition:
    """Widen every question for the maker to the makers of the parts that count at ``depth``."""
    if depth is None or depth is ComponentDepth.WHOLE_DEVICE:
        return condition
    match condition:
        case Test(operator=Operator.IN_GROUP):
            parts = Test(fact=PARTS, operator=Operator.IN_GROUP, value=condition.value, depth=depth)
            return AnyOf(parts=(condition, parts))
        case Not(part=part):
            return Not(part=at_depth(part, depth))
        case AllOf(parts=inner):
            return AllOf(parts=tuple(at_depth(each, depth) for each in inner))
        case AnyOf(parts=inner):
            return AnyOf(parts=tuple(at_depth(each, depth) for each in inner))
        case Test() | ChoiceIs():
            return condition


def citation(raw: RawCitation) -> Citation:
    """Give a citation as the model holds it."""
    return Citation(
        id=raw.id,
        locator=raw.locator,
        url=raw.url,
        retrieved=raw.retrieved,
        quote=raw.quote or "",
        confidence=raw.confidence,
    )
