"""Tell what a policy is and how it stands on a day, requirement by requirement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camaudit.model.policy import Citation, Contested, Policy, Requirement, RuleState
from camaudit.policy import state_of
from camaudit.policy.compiling import state_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """A policy in a list."""

    id: str
    title: str
    jurisdiction: str
    legal_force: str
    #: What decides: an item, a supplier, a contractor's use, a data flow, a certificate.
    tests: str
    in_force_from: date
    in_force_to: date | None
    state: RuleState
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a rule stands on a day; ``reason`` where that is not simply in force."""

    state: RuleState
    reason: str | None
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """A requirement as it stands on a day."""

    id: str
    clause: str
    title: str
    quote: str
    strength: str
    #: How later documents describe its strength by then: (strength, since, in words).
    described_as: tuple[tuple[str, date, str], ...]
    action: str
    check: str
    deadline: str | None
    standing: Standing
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceLine:
    """A question that the instrument leaves open."""

    id: str
    question: str
    #: (option, what it means)
    options: tuple[tuple[str, str], ...]
    default: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionLine:
    """An exception that the instrument states."""

    id: str
    title: str
    applies_to: tuple[str, ...]
    approver: str
    expires: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCard:
    """Everything that is shown of a policy."""

    row: PolicyRow
    at: date
    issuer: str
    instrument_kind: str
    announced: date
    #: Until when the pack's author read the sources.
    as_of: date
    superseded_by: str | None
    digest: str
    standing: Standing
    requirements: tuple[RequirementLine, ...]
    choices: tuple[ChoiceLine, ...]
    exceptions: tuple[ExceptionLine, ...]
    #: (group, what it says, the makers that it names)
    makers: tuple[tuple[str, str, tuple[str, ...]], ...]
    sources: tuple[Citation, ...]


def policy_row(policy: Policy, at: date) -> PolicyRow:
    """Return a policy for a list, as it stands on a day."""
    return PolicyRow(
        id=policy.id,
        title=policy.title,
        jurisdiction=policy.jurisdiction,
        legal_force=policy.legal_force,
        tests=policy.tests,
        in_force_from=policy.validity.in_force_from,
        in_force_to=policy.validity.in_force_to,
        state=state_at(policy.validity, at)[0],
        version=policy.version,
    )


def policy_card(policy: Policy, at: date) -> PolicyCard:
    """Return what is to be shown of a policy on a day."""
    return PolicyCard(
        row=policy_row(policy, at),
        at=at,
        issuer=policy.issuer,
        instrument_kind=policy.instrument_kind,
        announced=policy.validity.announced,
        as_of=policy.as_of,
        superseded_by=policy.validity.superseded_by,
        digest=policy.digest,
        standing=_standing(policy, state_at(policy.validity, at), at),
        requirements=tuple(_requirement(policy, rule, at) for rule in policy.requirements),
        choices=tuple(
            ChoiceLine(
                id=each.id,
                question=each.question,
                options=each.options,
                default=each.default,
                note=each.note,
            )
            for each in policy.choices
        ),
        exceptions=tuple(
            ExceptionLine(
                id=each.id,
                title=each.title,
                applies_to=each.applies_to,
                approver=each.approver,
                expires=each.expires,
            )
            for each in policy.exceptions
        ),
        makers=tuple(
            (group.id, group.says, tuple(dict.fromkeys(each.maker for each in group.named)))
            for group in policy.groups
        ),
        sources=policy.citations,
    )


def _requirement(policy: Policy, rule: Requirement, at: date) -> RequirementLine:
    due = rule.deadline
    announced = due.announced is None or due.announced <= at
    return RequirementLine(
        id=rule.id,
        clause=rule.clause,
        title=rule.title,
        quote=rule.quote,
        strength=rule.strength.value,
        described_as=tuple(
            (each.strength.value, each.since, each.says)
            for each in rule.described_as
            if each.since <= at
        ),
        action=rule.action,
        check=rule.check.value,
        deadline=f"{due.day} ({due.kind.value})" if due.day and announced else None,
        standing=_standing(policy, state_of(policy, rule, at), at),
        citations=rule.citations,
    )


def _standing(policy: Policy, found: tuple[RuleState, Contested | None], at: date) -> Standing:
    state, contested = found
    reason = contested.says if contested else None
    if state is RuleState.NOT_YET:
        reason = policy.not_yet_says
    elif state in {RuleState.ENDED, RuleState.SUSPENDED}:
        reason = policy.ended_says
    return Standing(
        state=state,
        reason=reason.replace("{at}", at.isoformat()) if reason else None,
        citations=contested.citations if contested else (),
    )
