"""Turn a pack into questions over columns, once for each date and set of choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, assert_never

from camaudit.errors import UsageError
from camaudit.model.packs import Maker
from camaudit.model.policy import (
    AllOf,
    AnyOf,
    Check,
    ChoiceIs,
    Condition,
    Contested,
    Deadline,
    Description,
    FactWord,
    Not,
    Part,
    Policy,
    Requirement,
    RuleState,
    Test,
    Validity,
)
from camaudit.model.words import Strength, VerdictCode

from .coverage import Coverage, cover
from .kleene import FALSE, TRUE, Answer, conjoin, constant, disjoin, negate

#: What is said of a rule that is suspended, where its pack has no sentence of its own.
_SUSPENDED: Final = "On {at} the rule was suspended."


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The answer to one question; ``index`` counts the policy's distinct questions."""

    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A choice, already made."""

    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All of the nodes."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """At least one of the nodes."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposite:
    """Not the node."""

    node: Node


Node: TypeAlias = Leaf | Fixed | Every | Some | Opposite


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPart:
    """A part of a rule: its condition over columns, and the part of the pack that it says."""

    node: Node
    part: Part
    #: Indexes of the questions that it asks.
    asks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRequirement:
    """One requirement at the date and with the choices made."""

    requirement: Requirement
    strength: Strength
    described_as: tuple[Description, ...]
    deadline: Deadline | None
    #: Why the rule says nothing on that day, if so.
    silent: str | None
    #: Why it is not known whether the rule holds on that day, if so.
    contested: Contested | None
    scope: tuple[CompiledPart, ...]
    forbidden: tuple[CompiledPart, ...]
    met_by: CompiledPart | None
    #: Indexes of the questions that it asks, each once, in the order of the rule.
    asks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPolicy:
    """A pack at a date: what ``evaluate`` runs and ``explain`` reads."""

    policy: Policy
    at: date
    choices: Mapping[str, str]
    #: By the group's name.
    covered: Mapping[str, Coverage]
    maker_names: Mapping[str, str]
    questions: tuple[Test, ...]
    facts: Mapping[str, FactWord]
    requirements: tuple[CompiledRequirement, ...]
    #: The same pack with one choice made otherwise: (choice, compiled).
    alternatives: tuple[tuple[str, CompiledPolicy], ...]


def compile_policy(
    policy: Policy, makers: Iterable[Maker], *, at: date, choices: Mapping[str, str] | None = None
) -> CompiledPolicy:
    """Compile ``policy`` as of the rule date ``at``.

    ``choices`` overrides the pack's interpretation choices by id; an unknown one is a
    ``UsageError``.
    """
    known = tuple(makers)
    made = _made_choices(policy, choices or {})
    alternatives = tuple(
        (choice.id, _compile(policy, known, at, made | {choice.id: option}, ()))
        for choice in policy.choices
        for option, _ in choice.options
        if option != made[choice.id]
    )
    return _compile(policy, known, at, made, alternatives)


def weigh(node: Node, answers: Sequence[Answer], length: int) -> Answer:
    """Return the answer of a condition, from the answers to the policy's questions."""
    match node:
        case Leaf(index=index):
            return answers[index]
        case Fixed(holds=holds):
            return constant(TRUE if holds else FALSE, length)
        case Every(nodes=nodes):
            return conjoin([weigh(each, answers, length) for each in nodes])
        case Some(nodes=nodes):
            return disjoin([weigh(each, answers, length) for each in nodes])
        case Opposite(node=inner):
            return negate(weigh(inner, answers, length))
        case _:
            assert_never(node)


def _made_choices(policy: Policy, given: Mapping[str, str]) -> dict[str, str]:
    made = {choice.id: choice.default for choice in policy.choices}
    options = {choice.id: [option for option, _ in choice.options] for choice in policy.choices}
    for name, option in given.items():
        if name not in options:
            raise UsageError(f"{policy.id} has no choice {name}; it has {', '.join(options)}")
        if option not in options[name]:
            raise UsageError(f"{name} cannot be {option}; it is one of {', '.join(options[name])}")
        made[name] = option
    return made


class _Questions:
    """Gives each distinct question its number."""

    def __init__(self) -> None:
        self.numbers: dict[Test, int] = {}

    def node(self, condition: Condition, choices: Mapping[str, str]) -> Node:
        match condition:
            case Test():
                return Leaf(index=self.numbers.setdefault(condition, len(self.numbers)))
            case ChoiceIs(choice=choice, option=option):
                return Fixed(holds=choices[choice] == option)
            case AllOf(parts=parts):
                return Every(nodes=tuple(self.node(each, choices) for each in parts))
            case AnyOf(parts=parts):
                return Some(nodes=tuple(self.node(each, choices) for each in parts))
            case Not(part=part):
                return Opposite(node=self.node(part, choices))
            case _:
                assert_never(condition)


def _compile(
    policy: Policy,
    makers: tuple[Maker, ...],
    at: date,
    choices: Mapping[str, str],
    alternatives: tuple[tuple[str, CompiledPolicy], ...],
) -> CompiledPolicy:
    questions = _Questions()
    requirements = tuple(
        _requirement(each, questions, choices, at, policy) for each in policy.requirements
    )
    return CompiledPolicy(
        policy=policy,
        at=at,
        choices=choices,
        covered={group.id: cover(makers, group, choices, at) for group in policy.groups},
        maker_names={str(maker.id): maker.names[0] for maker in makers},
        questions=tuple(questions.numbers),
        facts={fact.name: fact for fact in policy.facts},
        requirements=requirements,
        alternatives=alternatives,
    )


def state_at(validity: Validity, at: date) -> tuple[RuleState, Contested | None]:
    """Return how a rule stands on a day, and if that is not known, why."""
    if at < validity.in_force_from:
        return RuleState.NOT_YET, None
    if validity.in_force_to is not None and at > validity.in_force_to:
        return RuleState.ENDED, None
    if any(_holds(each.start, each.end, at) for each in validity.suspended):
        return RuleState.SUSPENDED, None
    for each in validity.contested:
        if _holds(each.start, each.end, at):
            return RuleState.UNKNOWN, each
    return RuleState.IN_FORCE, None


def _holds(start: date, end: date | None, at: date) -> bool:
    return start <= at and (end is None or at <= end)


def _silence(policy: Policy, validity: Validity, at: date) -> str | None:
    """Return what is said on a day on which a rule does not hold; ``None`` where it may hold."""
    state, _ = state_at(validity, at)
    if state is RuleState.NOT_YET:
        return validity.not_yet_says or policy.not_yet_says
    if state is RuleState.SUSPENDED:
        return validity.suspended_says or _SUSPENDED
    return (validity.ended_says or policy.ended_says) if state is RuleState.ENDED else None


def _requirement(
    requirement: Requirement,
    questions: _Questions,
    choices: Mapping[str, str],
    at: date,
    policy: Policy,
) -> CompiledRequirement:
    # a requirement with days of its own holds on those of the instrument's days
    days = [each for each in (policy.validity, requirement.validity) if each is not None]
    silent = next((says for each in days if (says := _silence(policy, each, at))), None)
    contested = next((each for day in days if (each := state_at(day, at)[1])), None)

    def compiled(part: Part) -> CompiledPart:
        node = questions.node(part.when, choices)
        return CompiledPart(node=node, part=part, asks=tuple(dict.fromkeys(_leaves(node))))

    scope = tuple(compiled(part) for part in requirement.scope)
    forbidden = tuple(compiled(part) for part in requirement.forbidden)
    met_by = compiled(requirement.met_by) if requirement.met_by else None
    described = tuple(each for each in requirement.described_as if each.since <= at)
    parts = (*scope, *forbidden, *((met_by,) if met_by else ()))
    asked = dict.fromkeys(index for part in parts for index in part.asks)
    announced = requirement.deadline.announced
    return CompiledRequirement(
        requirement=requirement,
        strength=_strength(requirement, described, choices),
        described_as=described,
        deadline=requirement.deadline
        if requirement.deadline.day is not None and (announced is None or announced <= at)
        else None,
        silent=silent if requirement.manual_verdict is not VerdictCode.NOT_APPLICABLE else None,
        contested=contested if requirement.check is Check.AUTOMATED and not silent else None,
        scope=scope,
        forbidden=forbidden,
        met_by=met_by,
        asks=tuple(asked),
    )


def _strength(
    requirement: Requirement, described: tuple[Description, ...], choices: Mapping[str, str]
) -> Strength:
    choice = requirement.strength_choice
    if choice is not None and choices[choice] == "as_described" and described:
        return described[-1].strength
    return requirement.strength


def _leaves(node: Node) -> Iterable[int]:
    match node:
        case Leaf(index=index):
            yield index
        case Fixed():
            return
        case Every(nodes=nodes) | Some(nodes=nodes):
            for each in nodes:
                yield from _leaves(each)
        case Opposite(node=inner):
            yield from _leaves(inner)
        case _:
            assert_never(node)
