"""Reach the verdict of one requirement for every row at once, and say what stands in its way.

A requirement is an implication: within its scope, the forbidden state must not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from camaudit.model.policy import Check, Operator
from camaudit.model.words import VerdictCode

from .asking import ask, supposed
from .compiling import CompiledPart, CompiledPolicy, CompiledRequirement, weigh
from .kleene import FALSE, TRUE, UNKNOWN, Answer, Column, Mask, conjoin, constant, negate

#: The fact that is missing where it is not known whether a rule holds.
IN_FORCE: Final = "rule.in_force"

#: A verdict's number is its place here.
CODES: Final = tuple(VerdictCode)
MEETS: Final = np.int8(CODES.index(VerdictCode.MEETS))
BREACHES: Final = np.int8(CODES.index(VerdictCode.BREACHES))
CANNOT_TELL: Final = np.int8(CODES.index(VerdictCode.CANNOT_TELL))
NOT_APPLICABLE: Final = np.int8(CODES.index(VerdictCode.NOT_APPLICABLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The verdicts of one requirement, a row each, and the answers that led to them."""

    codes: Column
    outstanding: Mask
    basis: Column
    scope: tuple[Answer, ...]
    #: The forbidden state's parts, and last, for a duty that a record meets, that none is there.
    state: tuple[Answer, ...]


def answer_all(compiled: CompiledPolicy, facts: pa.Table) -> list[Answer]:
    """Put every question of the policy to ``facts``."""
    return [
        ask(test, compiled.facts[test.fact], facts, compiled.covered) for test in compiled.questions
    ]


def answer_otherwise(
    other: CompiledPolicy, compiled: CompiledPolicy, answers: Sequence[Answer], facts: pa.Table
) -> list[Answer]:
    """Answer the same pack with another choice; only who is covered can make answers differ."""
    known = dict(zip(compiled.questions, answers, strict=True))
    return [
        known[test]
        if test in known
        and (
            test.operator is not Operator.IN_GROUP
            or other.covered[str(test.value)] == compiled.covered[str(test.value)]
        )
        else ask(test, other.facts[test.fact], facts, other.covered)
        for test in other.questions
    ]


def decide(rule: CompiledRequirement, answers: Sequence[Answer], length: int) -> Outcome:
    """Return the verdict of ``rule`` for each row."""
    if rule.silent is not None:
        return _said_at_once(rule, length)
    scope = _weigh_parts(rule.scope, answers, length)
    if rule.requirement.check is Check.MANUAL:
        return _bound_or_said(rule, scope, length)
    state = _weigh_parts(rule.forbidden, answers, length)
    if rule.met_by is not None:
        state = (*state, negate(weigh(rule.met_by.node, answers, length)))
    applies = _all(scope, length)
    forbidden = _all(state, length)
    outside = applies.truth == FALSE
    unsettled = np.zeros(length, dtype=np.bool_)
    for compiled, answer in zip(rule.scope, scope, strict=True):
        if compiled.part.settle_first:
            unsettled |= answer.truth == UNKNOWN
    offends = (applies.truth == TRUE) & (forbidden.truth == TRUE)
    if rule.contested is not None:
        # whether it holds is one more condition that is not known: only what is forbidden if it
        # does hold is left open
        offends[:] = False
    recorded = rule.requirement.shown_by_record
    codes = np.full(length, CANNOT_TELL, dtype=np.int8)
    codes[(forbidden.truth == FALSE) & ~unsettled] = MEETS
    if not recorded:
        codes[offends] = BREACHES
    codes[outside] = NOT_APPLICABLE
    return Outcome(
        codes=codes,
        outstanding=offends & recorded,
        basis=forbidden.basis,
        scope=scope,
        state=state,
    )


def branches(
    compiled: CompiledPolicy,
    rule: CompiledRequirement,
    answers: Sequence[Answer],
    length: int,
    unknown: dict[str, Mask],
) -> list[tuple[str, Mask, Outcome]]:
    """Return, for each setting of a fact that is shown both ways: label, rows, outcome."""
    result: list[tuple[str, Mask, Outcome]] = []
    for name, rows in unknown.items():
        fact = compiled.facts[name]
        asked = [index for index in rule.asks if compiled.questions[index].fact == name]
        if not asked:
            continue
        for value, label in fact.branches:
            tried = list(answers)
            for index in asked:
                tried[index] = constant(supposed(compiled.questions[index], fact, value), length)
            result.append((label, rows, decide(rule, tried, length)))
    return result


def missing_facts(
    compiled: CompiledPolicy, rule: CompiledRequirement, answers: Sequence[Answer], outcome: Outcome
) -> dict[str, Mask]:
    """Return, for each fact, the rows where not knowing it keeps the verdict from being reached.

    Found by trying: an unknown fact matters where its settings do not all leave the verdict as it
    is. A decision that is not on record is missing where it alone is outstanding.
    """
    length = len(outcome.codes)
    result: dict[str, Mask] = {}
    if rule.contested is not None:
        result[IN_FORCE] = outcome.codes == CANNOT_TELL
    if rule.met_by is not None and outcome.outstanding.any():
        for index in rule.met_by.asks:
            result[compiled.questions[index].fact] = outcome.outstanding
    open_rows = np.flatnonzero((outcome.codes == CANNOT_TELL) & ~outcome.outstanding)
    if rule.requirement.check is Check.MANUAL or not len(open_rows):
        return result
    narrowed = _only(answers, open_rows)
    names = dict.fromkeys(compiled.questions[index].fact for index in rule.asks)
    found = {name: _matters(compiled, rule, narrowed, name) for name in names}
    nothing = ~np.any([matters for _, matters in found.values()], axis=0)
    for name, (unknown, matters) in found.items():
        # Where no single fact changes anything, all that are unknown stand in the way together.
        rows = np.zeros(length, dtype=np.bool_)
        together = nothing & unknown & (rule.contested is None)
        rows[open_rows] = matters | together
        if rows.any():
            result[name] = result.get(name, np.zeros(length, dtype=np.bool_)) | rows
    return result


def _only(answers: Sequence[Answer], rows: npt.NDArray[np.intp]) -> list[Answer]:
    return [Answer(truth=each.truth[rows], basis=each.basis[rows]) for each in answers]


def _matters(
    compiled: CompiledPolicy, rule: CompiledRequirement, answers: Sequence[Answer], name: str
) -> tuple[Mask, Mask]:
    """Return where the fact is unknown, and where that makes a difference.

    A part that must be settled first would hide whatever else is missing. So the other facts are
    tried as if it were fulfilled, and asked for only if they would still be wanted then.
    """
    asked = [index for index in rule.asks if compiled.questions[index].fact == name]
    unknown: Mask = np.any([answers[index].truth == UNKNOWN for index in asked], axis=0)
    rows = np.flatnonzero(unknown)
    matters = np.zeros(len(unknown), dtype=np.bool_)
    if not len(rows):
        return unknown, matters
    first = {index for each in rule.scope if each.part.settle_first for index in each.asks}
    if first.isdisjoint(asked):
        rest = tuple(each for each in rule.scope if not each.part.settle_first)
        rule = replace(rule, scope=rest)
    narrowed = _only(answers, rows)
    held_up = decide(rule, narrowed, len(rows)).codes == CANNOT_TELL
    changes = np.zeros(len(rows), dtype=np.bool_)
    for setting in _settings(compiled, name, asked):
        tried = list(narrowed)
        for index, truth in setting:
            tried[index] = constant(truth, len(rows))
        changes |= decide(rule, tried, len(rows)).codes != CANNOT_TELL
    matters[rows] = held_up & changes
    return unknown, matters


def _settings(
    compiled: CompiledPolicy, name: str, asked: Sequence[int]
) -> set[tuple[tuple[int, np.int8], ...]]:
    """Return what could come out if the fact were known: answers to the questions put to it.

    With a closed list of words every word is tried, for its answers hang together.
    """
    fact = compiled.facts[name]
    if not fact.words:
        return {((index, truth),) for index in asked for truth in (TRUE, FALSE)}
    return {
        tuple((index, supposed(compiled.questions[index], fact, word)) for index in asked)
        for word in fact.words
        if word not in fact.unknown
    }


def _weigh_parts(
    parts: Sequence[CompiledPart], answers: Sequence[Answer], length: int
) -> tuple[Answer, ...]:
    return tuple(weigh(each.node, answers, length) for each in parts)


def _all(parts: Sequence[Answer], length: int) -> Answer:
    return conjoin(parts) if parts else constant(TRUE, length)


def _bound_or_said(rule: CompiledRequirement, bound: tuple[Answer, ...], length: int) -> Outcome:
    """Return what a manual check says, except of whom the instrument does not bind."""
    said = _said_at_once(rule, length)
    codes = np.where(_all(bound, length).truth == FALSE, NOT_APPLICABLE, said.codes)
    return replace(said, codes=codes.astype(np.int8), scope=bound)


def _said_at_once(rule: CompiledRequirement, length: int) -> Outcome:
    said = None if rule.silent is not None else rule.requirement.manual_verdict
    verdict = said or VerdictCode.NOT_APPLICABLE
    return Outcome(
        codes=np.full(length, CODES.index(verdict), dtype=np.int8),
        outstanding=np.zeros(length, dtype=np.bool_),
        basis=np.zeros(length, dtype=np.int8),
        scope=(),
        state=(),
    )
