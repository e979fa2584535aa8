"""Tell two editions of a pack apart, field by field, without judging which asks more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from camaudit.model.changes import Difference
from camaudit.model.ids import RequirementId
from camaudit.model.policy import (
    AllOf,
    AnyOf,
    ChoiceIs,
    Condition,
    Group,
    Not,
    Part,
    Policy,
    Requirement,
    Test,
    Validity,
)

_Held = TypeVar("_Held", Policy, Requirement)


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Return what the second says otherwise than the first, in the order of the first."""
    rules = {rule.id: rule for rule in before.requirements}
    others = {rule.id: rule for rule in after.requirements}
    return (
        *_fields(None, _INSTRUMENT, before, after),
        *_sets(None, "citation quote", _quotes(before), _quotes(after)),
        *_sets(None, "entities", _groups(before), _groups(after)),
        *_sets(None, "choice", _choices(before), _choices(after)),
        *_sets(None, "exception", _exceptions(before), _exceptions(after)),
        *(
            each
            for name in dict.fromkeys((*rules, *others))
            for each in _requirement(name, rules.get(name), others.get(name))
        ),
    )


def _requirement(
    name: RequirementId, before: Requirement | None, after: Requirement | None
) -> Iterator[Difference]:
    if before is not None and after is not None:
        yield from _fields(name, _RULE, before, after)
        for field, was, now in (
            ("scope", before.scope, after.scope),
            ("forbidden", before.forbidden, after.forbidden),
        ):
            yield from _parts_apart(name, field, was, now)
        return
    yield Difference(
        what="requirement",
        requirement=name,
        name=name,
        before=before.title if before else None,
        after=after.title if after else None,
    )


def _fields(
    requirement: RequirementId | None,
    fields: Iterable[tuple[str, str, Callable[[_Held], str | None]]],
    before: _Held,
    after: _Held,
) -> Iterator[Difference]:
    for what, name, read in fields:
        was, now = read(before), read(after)
        if was != now:
            yield Difference(what=what, requirement=requirement, name=name, before=was, after=now)


def _sets(
    requirement: RequirementId | None, what: str, before: dict[str, str], after: dict[str, str]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield Difference(what=what, requirement=requirement, name=name, before=was, after=now)


def _quotes(policy: Policy) -> dict[str, str]:
    return {each.id: each.quote for each in policy.citations}


def _groups(policy: Policy) -> dict[str, str]:
    return {f"{group.id}.{name}": text for group in policy.groups for name, text in _group(group)}


def _group(group: Group) -> Iterator[tuple[str, str]]:
    yield "reach", group.reach.value
    if group.owned_on:
        yield "owned_on", group.owned_on
    if group.incorporated_in:
        yield "incorporated_in", ", ".join(group.incorporated_in)
    for code, choice in group.open_codes:
        yield f"open_codes.{code}", choice
    spans: dict[str, list[str]] = {}
    for each in group.named:
        spans.setdefault(each.maker, []).append(_span(each.since, each.until))
    for maker, texts in spans.items():
        yield maker, "; ".join(sorted(texts))


def _choices(policy: Policy) -> dict[str, str]:
    return {
        choice.id: f"{choice.default} of {', '.join(option for option, _ in choice.options)}"
        for choice in policy.choices
    }


def _exceptions(policy: Policy) -> dict[str, str]:
    return {
        each.id: f"{each.title}, for {', '.join(each.applies_to)}"
        + (f", until {each.expires}" if each.expires else "")
        for each in policy.exceptions
    }


def _span(start: object, end: object) -> str:
    parts = (f"from {start}" if start else "", f"to {end}" if end else "")
    return " ".join(filter(None, parts)) or "always"


def _days(validity: Validity | None) -> str | None:
    if validity is None:
        return None
    texts = [_span(validity.in_force_from, validity.in_force_to)]
    texts += [f"suspended {_span(each.start, each.end)}" for each in validity.suspended]
    texts += [f"contested {_span(each.start, each.end)}" for each in validity.contested]
    return "; ".join(texts)


def _deadline(rule: Requirement) -> str | None:
    due = rule.deadline
    return f"{due.day} ({due.kind.value})" if due.day else None


def _described(rule: Requirement) -> str | None:
    texts = [f"{each.strength.value} from {each.since}" for each in rule.described_as]
    return "; ".join(texts) or None


def _parts_apart(
    requirement: RequirementId, name: str, before: Sequence[Part], after: Sequence[Part]
) -> Iterator[Difference]:
    """Yield the conditions that only one side has; those that both have are left out."""
    was, now = [part.when for part in before], [part.when for part in after]
    lost, new = [each for each in was if each not in now], [each for each in now if each not in was]
    if lost or new:
        yield Difference(
            what="conditions",
            requirement=requirement,
            name=name,
            before=_all(lost),
            after=_all(new),
        )


def _all(conditions: Iterable[Condition]) -> str | None:
    return " and ".join(map(in_words, conditions)) or None


def _first(rule: Requirement) -> str | None:
    return _all(part.when for part in rule.scope if part.settle_first)


def in_words(condition: Condition) -> str:
    """Return a condition as one line, near to how packs write it."""
    match condition:
        case Test():
            value = condition.value
            text = ", ".join(value) if isinstance(value, tuple) else str(value)
            share = f" from {condition.at_least}" if condition.at_least else ""
            return f"{condition.fact} {condition.operator.value} {text}{share}"
        case ChoiceIs(choice=choice, option=option):
            return f"choice {choice} is {option}"
        case Not(part=part):
            return f"not ({in_words(part)})"
        case AllOf(parts=parts):
            return f"all ({'; '.join(map(in_words, parts))})"
        case AnyOf(parts=parts):
            return f"any ({'; '.join(map(in_words, parts))})"


#: (what it is about, field, how it is read)
_INSTRUMENT: Final[tuple[tuple[str, str, Callable[[Policy], str | None]], ...]] = (
    ("instrument", "id", lambda p: p.id),
    ("instrument", "version", lambda p: p.version),
    ("instrument", "title", lambda p: p.title),
    ("instrument", "jurisdiction", lambda p: p.jurisdiction),
    ("instrument", "legal_force", lambda p: p.legal_force),
    ("instrument", "tests", lambda p: p.tests),
    ("instrument", "as_of", lambda p: str(p.as_of)),
    ("instrument", "usual_body", lambda p: p.usual_body),
    ("instrument", "superseded_by", lambda p: p.validity.superseded_by),
    ("dates", "validity", lambda p: _days(p.validity)),
    ("equipment", "kinds", lambda p: ", ".join(p.equipment_kinds)),
    ("equipment", "component_depth", lambda p: p.component_depth),
)
_RULE: Final[tuple[tuple[str, str, Callable[[Requirement], str | None]], ...]] = (
    ("strength", "strength", lambda r: r.strength.value),
    ("strength", "described_as", _described),
    ("strength", "strength_choice", lambda r: r.strength_choice),
    ("dates", "validity", lambda r: _days(r.validity)),
    ("dates", "deadline", _deadline),
    ("quote", "quote", lambda r: r.quote),
    ("requirement", "clause", lambda r: r.clause),
    ("requirement", "title", lambda r: r.title),
    ("requirement", "action", lambda r: r.action),
    ("requirement", "check", lambda r: r.check.value),
    (
        "requirement",
        "manual_verdict",
        lambda r: r.manual_verdict.value if r.manual_verdict else None,
    ),
    ("conditions", "met_by", lambda r: in_words(r.met_by.when) if r.met_by else None),
    ("conditions", "settle_first", _first),
    ("requirement", "breaches", lambda r: r.breach_says or None),
)
