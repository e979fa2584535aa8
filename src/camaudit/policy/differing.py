"""Tell two versions of a policy apart, and say where the second asks less than the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from camaudit.model.policy import Policy, Requirement, Validity
from camaudit.model.words import Strength

#: How hard a requirement presses, hardest first.
_HARDEST: Final = (
    Strength.MUST_NOT,
    Strength.MUST,
    Strength.SHOULD,
    Strength.CONSIDER,
    Strength.MAY,
    Strength.INFORMATION,
)
_HARD: Final = {strength: len(_HARDEST) - at for at, strength in enumerate(_HARDEST)}
#: The two that press as hard as each other: a duty and a ban.
_HARD_AS: Final = {Strength.MUST_NOT: Strength.MUST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not the same; ``weaker``: the second version may ask less."""

    where: str
    says: str
    weaker: bool = False


def differences(one: Policy, other: Policy) -> tuple[Difference, ...]:
    """Return what differs from ``one`` to ``other``, in the order of the first."""
    return tuple(_differences(one, other))


def weakened(shipped: Policy, overlay: Policy) -> tuple[str, ...]:
    """Return where an overlay may ask less than the shipped pack that it replaces.

    What cannot be compared (conditions, equipment, choices) counts as weaker where it changed at
    all: nobody is to find out afterwards.
    """
    return tuple(
        f"{each.where}: {each.says}" for each in differences(shipped, overlay) if each.weaker
    )


def _differences(one: Policy, other: Policy) -> Iterator[Difference]:
    if one.version != other.version:
        yield Difference(where="version", says=f"{one.version} became {other.version}")
    yield from _validity("validity", one.validity, other.validity)
    yield from _groups(one, other)
    if one.equipment_kinds != other.equipment_kinds:
        lost = sorted(set(one.equipment_kinds) - set(other.equipment_kinds))
        more = sorted(set(other.equipment_kinds) - set(one.equipment_kinds))
        told = [f"without {', '.join(lost)}"] if lost else []
        told += [f"with {', '.join(more)}"] if more else []
        says = "; ".join(told)
        yield Difference(where="equipment", says=says or "another order", weaker=bool(lost))
    yield from _choices(one, other)
    yield from _exceptions(one, other)
    rules = {rule.id: rule for rule in other.requirements}
    for rule in one.requirements:
        if rule.id not in rules:
            yield Difference(where=f"requirement {rule.id}", says="is gone", weaker=True)
        else:
            yield from _rule(rule, rules[rule.id])
    known = {rule.id for rule in one.requirements}
    for rule in other.requirements:
        if rule.id not in known:
            yield Difference(where=f"requirement {rule.id}", says="is new")


def _rule(one: Requirement, other: Requirement) -> Iterator[Difference]:
    where = f"requirement {one.id}"
    if one.strength is not other.strength:
        yield Difference(
            where=where,
            says=f"{one.strength} became {other.strength}",
            weaker=_hardness(other.strength) < _hardness(one.strength),
        )
    changed = (
        (one.check is not other.check, f"{one.check} became {other.check}", True),
        (one.quote != other.quote, "another quote", False),
        (one.scope != other.scope, "applies under other conditions", True),
        (one.forbidden != other.forbidden, "forbids something else", True),
        (one.met_by != other.met_by, "is met by something else", True),
        (one.deadline != other.deadline, "another deadline", True),
    )
    for differs, says, weaker in changed:
        if differs:
            yield Difference(where=where, says=says, weaker=weaker)
    if one.validity and other.validity:
        yield from _validity(where, one.validity, other.validity)
    elif one.validity != other.validity:
        yield Difference(where=where, says="holds on other days", weaker=True)


def _hardness(strength: Strength) -> int:
    return _HARD[_HARD_AS.get(strength, strength)]


def _validity(where: str, one: Validity, other: Validity) -> Iterator[Difference]:
    if one.in_force_from != other.in_force_from:
        yield Difference(
            where=where,
            says=f"in force from {other.in_force_from}, not {one.in_force_from}",
            weaker=other.in_force_from > one.in_force_from,
        )
    if one.in_force_to != other.in_force_to:
        yield Difference(
            where=where,
            says=f"ends {other.in_force_to or 'never'}, not {one.in_force_to or 'never'}",
            weaker=(other.in_force_to or date.max) < (one.in_force_to or date.max),
        )
    if one.suspended != other.suspended or one.contested != other.contested:
        yield Difference(where=where, says="suspended or contested on other days", weaker=True)


def _groups(one: Policy, other: Policy) -> Iterator[Difference]:
    groups = {group.id: group for group in other.groups}
    for group in one.groups:
        found = groups.get(group.id)
        if found is None:
            yield Difference(where=f"makers {group.id}", says="is gone", weaker=True)
        elif found != group:
            lost = {each.maker for each in group.named} - {each.maker for each in found.named}
            says = f"without {', '.join(sorted(lost))}" if lost else "covers others"
            yield Difference(where=f"makers {group.id}", says=says, weaker=True)


def _choices(one: Policy, other: Policy) -> Iterator[Difference]:
    choices = {choice.id: choice for choice in other.choices}
    for choice in one.choices:
        found = choices.get(choice.id)
        if found is None:
            yield Difference(where=f"choice {choice.id}", says="is gone", weaker=True)
        elif found.default != choice.default:
            says = f"is answered {found.default}, not {choice.default}"
            yield Difference(where=f"choice {choice.id}", says=says, weaker=True)


def _exceptions(one: Policy, other: Policy) -> Iterator[Difference]:
    known = {each.id for each in one.exceptions}
    for each in other.exceptions:
        if each.id not in known:
            yield Difference(where=f"exception {each.id}", says="is new", weaker=True)
    for name in sorted(known - {each.id for each in other.exceptions}):
        yield Difference(where=f"exception {name}", says="is gone")
