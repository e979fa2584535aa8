"""Judge the estate under a policy at a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.policy import Evaluation, Gap, Policy, PolicyPacks, Verdict
from camaudit.model.words import Sensitivity, Strength, VerdictCode
from camaudit.policy import CompiledPolicy, compile_policy, count_gaps, evaluate, explain_rows
from camaudit.store import EstateStore

from .facts import Setting, build_facts
from .packset import PackSet
from .survey import Survey, survey
from .what_if import Override, suppose

#: Strengths whose breach is a finding (exit code 3) without being asked for.
BINDING = frozenset({Strength.MUST, Strength.MUST_NOT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which rules, at which dates. The three dates differ: rule, fact, knowledge."""

    policy: str
    rules_on: date
    facts_on: date
    known_at: datetime
    sensitivity: Mapping[SiteId, Sensitivity] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    #: Facts that are supposed to be otherwise than on record.
    what_if: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The estate's answer to a question."""

    question: Question
    survey: Survey
    policy: Policy
    compiled: CompiledPolicy
    evaluation: Evaluation
    setting: Setting
    #: The confidence from which an attribution counts as probable.
    probable: float
    #: For each device, in the order of ``survey.devices``: its place in ``verdicts``.
    rows: list[int]
    #: One tuple of verdicts for each distinct row of facts.
    verdicts: list[tuple[Verdict, ...]]
    gaps: tuple[Gap, ...]

    def verdicts_of(self, at: int) -> tuple[Verdict, ...]:
        """Return the verdicts of the device at a place in ``survey.devices``."""
        return self.verdicts[self.rows[at]]


def policies(packs: PackSet) -> PolicyPacks:
    """Return the policy packs in force."""
    return packs.policies


def assess(store: EstateStore, packs: PackSet, question: Question) -> Assessment:
    """Resolve, attribute and judge."""
    policy = need_policy(policies(packs), question.policy)
    found = survey(store, packs, question.known_at)
    return judge_survey(found, policy, packs, question)


def assess_all(
    store: EstateStore, packs: PackSet, questions: Sequence[Question]
) -> list[Assessment]:
    """Resolve and attribute once, and judge under each policy; the known-at date is the first's.

    A choice of reading goes to the policies that have it.

    Raises:
        UsageError: A policy is not there, or none of them has a choice.
    """
    known = policies(packs)
    asked = [need_policy(known, each.policy) for each in questions]
    having = {choice.id for policy in asked for choice in policy.choices}
    for name in {name for each in questions for name in each.choices} - having:
        raise UsageError(
            f"{', '.join(each.id for each in asked)} has no choice {name}; there are "
            f"{', '.join(sorted(having)) or 'none'}"
        )
    found = survey(store, packs, questions[0].known_at)
    return [
        judge_survey(found, policy, packs, _choosing(question, policy))
        for policy, question in zip(asked, questions, strict=True)
    ]


def on_record(assessment: Assessment, packs: PackSet) -> Assessment:
    """Return the same assessment without what was supposed."""
    question = replace(assessment.question, what_if=())
    return judge_survey(assessment.survey, assessment.policy, packs, question)


def _choosing(question: Question, policy: Policy) -> Question:
    own = {choice.id for choice in policy.choices}
    return replace(
        question, choices={name: each for name, each in question.choices.items() if name in own}
    )


def judge_survey(found: Survey, policy: Policy, packs: PackSet, question: Question) -> Assessment:
    """Judge an estate that is surveyed already."""
    probable = next(b.at_least for b in packs.makers.vocabulary.bands if b.id == "probable")
    setting = Setting(on=question.facts_on, sensitivity=question.sensitivity)
    compiled = compile_policy(
        policy, packs.makers.makers, at=question.rules_on, choices=dict(question.choices)
    )
    facts = suppose(build_facts(found, policy, probable, setting), question.what_if, policy)
    evaluation = evaluate(compiled, facts)
    return Assessment(
        question=question,
        survey=found,
        policy=policy,
        compiled=compiled,
        evaluation=evaluation,
        setting=setting,
        probable=probable,
        rows=evaluation.row_of.to_pylist(),
        verdicts=explain_rows(compiled, evaluation.facts),
        gaps=count_gaps(compiled, evaluation),
    )


def need_policy(packs: PolicyPacks, name: str) -> Policy:
    """Return a policy by id, or say which there are."""
    for policy in packs.policies:
        if policy.id == name:
            return policy
    known = ", ".join(policy.id for policy in packs.policies)
    raise UsageError(f"no policy is called {name!r}; there are {known}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the exit code says."""

    breaches: int
    #: Breaches of the strengths that count.
    findings: int
    incomplete: int


def outcome(assessment: Assessment, fail_on: frozenset[Strength] = frozenset()) -> Outcome:
    """Count findings and open questions over the estate."""
    counting = BINDING | fail_on
    breaches = findings = incomplete = 0
    for row, devices in Counter(assessment.rows).items():
        for verdict in assessment.verdicts[row]:
            if verdict.verdict is VerdictCode.BREACHES:
                breaches += devices
                findings += devices * (verdict.strength in counting)
            elif verdict.verdict is VerdictCode.CANNOT_TELL:
                incomplete += devices
    return Outcome(breaches=breaches, findings=findings, incomplete=incomplete)
