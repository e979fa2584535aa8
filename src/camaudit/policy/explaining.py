"""Say why: read a verdict's reasons back from the same compiled rule that reached it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from camaudit.errors import UsageError
from camaudit.model.packs import Maker
from camaudit.model.policy import (
    FACTS,
    Branch,
    Check,
    ChoiceUsed,
    Citation,
    FactType,
    FactUsed,
    Gap,
    Part,
    Policy,
    Verdict,
)
from camaudit.model.words import Basis, VerdictCode

from .acting import acting
from .compiling import CompiledPart, CompiledPolicy, CompiledRequirement, compile_policy
from .evaluating import BASIS_WORDS, fit, gap, has_basis, shown_both_ways
from .judging import CODES, Outcome, answer_all, answer_otherwise, branches, decide, missing_facts
from .kleene import FALSE, UNKNOWN, Answer, Mask

Row = Mapping[str, Any]


def explain(compiled: CompiledPolicy, row: Row) -> tuple[Verdict, ...]:
    """Return every requirement's verdict for one row of facts; an absent key is not known."""
    unknown = set(row) - set(FACTS.names)
    if unknown:
        raise UsageError(f"no fact column is called {', '.join(sorted(unknown))}")
    return explain_rows(compiled, pa.Table.from_pylist([dict(row)], schema=FACTS))[0]


def explain_rows(compiled: CompiledPolicy, facts: pa.Table) -> list[tuple[Verdict, ...]]:
    """Return every requirement's verdict, with its reasons, for each row of ``facts``."""
    table = fit(facts)
    answers = answer_all(compiled, table)
    others = [
        (name, other, answer_otherwise(other, compiled, answers, table))
        for name, other in compiled.alternatives
    ]
    readings = [
        _read(compiled, number, answers, others, table)
        for number in range(len(compiled.requirements))
    ]
    return [
        tuple(reading.verdict(at, row) for reading in readings)
        for at, row in enumerate(table.to_pylist())
    ]


def deciding_facts(
    compiled: CompiledPolicy, facts: pa.Table
) -> list[tuple[tuple[FactUsed, ...], ...]]:
    """Return, for each row and requirement, the facts of the part of the rule that decided.

    Where it is breached or outstanding those of what is forbidden; where it cannot be told, those
    that are missing; where the rule does not speak on that day, none.
    """
    table = fit(facts)
    answers = answer_all(compiled, table)
    readings = [
        _read(compiled, number, answers, (), table) for number in range(len(compiled.requirements))
    ]
    return [
        tuple(reading.deciding(at, row) for reading in readings)
        for at, row in enumerate(table.to_pylist())
    ]


def judge(
    policy: Policy, makers: Iterable[Maker], at: date, choices: Mapping[str, str], row: Row
) -> tuple[Verdict, ...]:
    """Compile and explain in one go: what the examples of a pack are checked with."""
    return explain(compile_policy(policy, makers, at=at, choices=choices), row)


_NOBODY: Final = "an unknown maker"
_EITHER_WAY: Final = (
    " Whether the clause applies here is not known; either way it asks nothing more."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One requirement's outcome for all rows, ready to be put into words row by row."""

    compiled: CompiledPolicy
    rule: CompiledRequirement
    outcome: Outcome
    based: Mask
    missing: Mapping[str, Mask]
    branches: Sequence[tuple[str, Mask, Outcome]]
    #: Choices, and the rows that each decided.
    decided_by: Sequence[tuple[str, Mask]]

    def verdict(self, at: int, row: Row) -> Verdict:
        policy, asked = self.compiled.policy, self.rule.requirement
        code = CODES[self.outcome.codes[at]]
        gaps = self._gaps(at, row)
        reason = self._reason(at, code)
        due = code is VerdictCode.BREACHES or bool(self.outcome.outstanding[at])
        act = acting(asked.action, row, due=due)
        before = "".join(f" {each.says}" for each in asked.outranked_by)
        aside = act.says + (before if code is not VerdictCode.NOT_APPLICABLE else "")
        basis = BASIS_WORDS[self.outcome.basis[at]] if self.based[at] else None
        return Verdict(
            requirement=asked.id,
            clause=asked.clause,
            title=asked.title,
            verdict=code,
            outstanding=bool(self.outcome.outstanding[at]),
            strength=self.rule.strength,
            described_as=self.rule.described_as,
            basis=basis,
            not_examined=self._not_examined(code, basis, reason),
            sentence=self._sentence(at, code, reason, gaps, row) + aside,
            quote=asked.quote,
            citations=self._citations(reason if code is VerdictCode.NOT_APPLICABLE else None),
            facts=tuple(self._facts(row)),
            gaps=gaps,
            branches=tuple(
                Branch(
                    label=label,
                    verdict=CODES[outcome.codes[at]],
                    outstanding=bool(outcome.outstanding[at]),
                )
                for label, rows, outcome in self.branches
                if rows[at]
            ),
            choices=tuple(
                self._choice(name)
                for name in dict.fromkeys(name for name, rows in self.decided_by if rows[at])
            ),
            deadline=self.rule.deadline,
            check=asked.check,
            policy=policy.id,
            version=policy.version,
            digest=policy.digest,
            at=self.compiled.at,
            action=act.action,
            lease_ends=act.lease_ends,
            outranked_by=asked.outranked_by,
        )

    def _reason(self, at: int, code: VerdictCode) -> Part | None:
        """Return the part of the rule that decided: what is not fulfilled, or not forbidden."""
        if code is VerdictCode.NOT_APPLICABLE:
            failed = _false_parts(self.rule.scope, self.outcome.scope, at)
            return failed[0][1] if failed else None
        if code is VerdictCode.MEETS:
            parts = (*self.rule.forbidden, *((self.rule.met_by,) if self.rule.met_by else ()))
            absent = _false_parts(parts, self.outcome.state, at)
            return max(absent, key=lambda each: each[0])[1]
        return None

    def _not_examined(
        self, code: VerdictCode, basis: Basis | None, reason: Part | None
    ) -> tuple[str, ...]:
        if code is not VerdictCode.MEETS or basis is Basis.EVIDENCED or reason is None:
            return ()
        return reason.not_examined

    def _sentence(
        self, at: int, code: VerdictCode, reason: Part | None, gaps: Sequence[Gap], row: Row
    ) -> str:
        asked = self.rule.requirement
        if asked.check is Check.MANUAL and asked.manual_verdict is code:
            return asked.manual_says
        if code is VerdictCode.NOT_APPLICABLE:
            return self._fill(reason.otherwise if reason else self.rule.silent or "", row)
        if code is VerdictCode.MEETS and reason is not None:
            open_scope = self.rule.contested is not None or any(
                answer.truth[at] == UNKNOWN for answer in self.outcome.scope
            )
            return self._fill(reason.otherwise, row) + (_EITHER_WAY if open_scope else "")
        if code is VerdictCode.BREACHES:
            return self._fill(asked.breach_says, row)
        if self.outcome.outstanding[at]:
            return f"Decision outstanding. {self._fill(asked.breach_says, row)}"
        if self.rule.contested is not None:
            return self.rule.contested.says
        wanted = "; ".join(
            f"{each.missing} ({each.note})" if each.note else each.missing for each in gaps
        )
        return f"Not enough is known to tell. Missing: {wanted}."

    def _fill(self, text: str, row: Row) -> str:
        producer, confidence = row["device.producer"], row["device.producer.confidence"]
        filled = {
            "producer": self.compiled.maker_names.get(producer or "", producer or _NOBODY),
            "confidence": _confidence(confidence),
            "body": " and ".join(map(_plain, (row["body.kind"] or "").split())) or _plain(None),
            "kind": _plain(row["device.kind"]),
            "state": _plain(row["device.state"]),
            "at": self.compiled.at.isoformat(),
        }
        for name, value in filled.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _gaps(self, at: int, row: Row) -> tuple[Gap, ...]:
        names = [name for name, rows in self.missing.items() if rows[at]]
        notes = {name: self.compiled.facts[name].note for name in names}
        return tuple(
            gap(
                self.compiled,
                name,
                verdicts=1,
                settles=int(len(names) == 1),
                note=row[note] if (note := notes[name]) else None,
            )
            for name in names
        )

    def _citations(self, reason: Part | None) -> tuple[Citation, ...]:
        ids = [
            *self.rule.requirement.citations,
            *(each for described in self.rule.described_as for each in described.citations),
            *(self.rule.deadline.citations if self.rule.deadline else ()),
            *(self.rule.contested.citations if self.rule.contested else ()),
            *(reason.citations if reason else ()),
        ]
        by_id = {citation.id: citation for citation in self.compiled.policy.citations}
        return tuple(by_id[each] for each in dict.fromkeys(ids))

    def deciding(self, at: int, row: Row) -> tuple[FactUsed, ...]:
        code = CODES[self.outcome.codes[at]]
        if code is VerdictCode.CANNOT_TELL and not self.outcome.outstanding[at]:
            return tuple(
                FactUsed(name=gap.fact, says=self.compiled.facts[gap.fact].says, value=None)
                for gap in self._gaps(at, row)
            )
        reason = self._reason(at, code)
        parts = (*self.rule.scope, *self.rule.forbidden, self.rule.met_by)
        if code in {VerdictCode.MEETS, VerdictCode.NOT_APPLICABLE}:
            chosen = [part for part in parts if part is not None and part.part is reason]
        else:
            chosen = list(self.rule.forbidden)
        return tuple(self._used(row, dict.fromkeys(i for part in chosen for i in part.asks)))

    def _facts(self, row: Row) -> Iterable[FactUsed]:
        return self._used(row, self.rule.asks)

    def _used(self, row: Row, asks: Iterable[int]) -> Iterable[FactUsed]:
        seen: set[str] = set()
        for index in asks:
            fact = self.compiled.facts[self.compiled.questions[index].fact]
            if fact.type is FactType.RECORD:
                held = row[fact.columns[0]]
                known = None if held is None else fact.name.partition(".")[2] in held.split()
                yield FactUsed(name=fact.name, says=fact.says, value=_text(known))
                continue
            for column in (*fact.columns, *((fact.note,) if fact.note else ())):
                if column not in seen:
                    seen.add(column)
                    word = self.compiled.facts.get(column, fact)
                    yield FactUsed(name=column, says=word.says, value=_text(row[column]))

    def _choice(self, name: str) -> ChoiceUsed:
        choice = next(each for each in self.compiled.policy.choices if each.id == name)
        made = self.compiled.choices[name]
        return ChoiceUsed(
            id=name,
            question=choice.question,
            option=made,
            says=dict(choice.options)[made],
            alternatives=tuple(option for option, _ in choice.options if option != made),
        )


def _read(
    compiled: CompiledPolicy,
    number: int,
    answers: Sequence[Answer],
    others: Sequence[tuple[str, CompiledPolicy, Sequence[Answer]]],
    table: pa.Table,
) -> _Reading:
    rule, length = compiled.requirements[number], table.num_rows
    outcome = decide(rule, answers, length)
    decided_by: list[tuple[str, Mask]] = []
    for name, other, other_answers in others:
        otherwise = other.requirements[number]
        codes = decide(otherwise, other_answers, length).codes
        stronger = np.full(length, otherwise.strength is not rule.strength)
        applies = outcome.codes != CODES.index(VerdictCode.NOT_APPLICABLE)
        decided_by.append((name, (codes != outcome.codes) | (stronger & applies)))
    shown = shown_both_ways(compiled, table)
    return _Reading(
        compiled=compiled,
        rule=rule,
        outcome=outcome,
        based=has_basis(outcome),
        missing=missing_facts(compiled, rule, answers, outcome),
        branches=branches(compiled, rule, answers, length, shown),
        decided_by=decided_by,
    )


def _false_parts(
    parts: Sequence[CompiledPart], answers: Sequence[Answer], at: int
) -> list[tuple[int, Part]]:
    return [
        (int(answer.basis[at]), compiled.part)
        for compiled, answer in zip(parts, answers, strict=False)
        if answer.truth[at] == FALSE
    ]


def _plain(word: str | None) -> str:
    return "not known" if word is None else word.replace("_", " ")


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _confidence(share: float | None) -> str:
    """Return a probability in two digits, which never round up to certainty."""
    if share is None:
        return "not known"
    return "over 0.99" if share >= 0.995 else f"{share:.2f}"
