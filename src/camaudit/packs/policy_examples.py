"""Run a policy pack's own proof: facts, and the verdict that each clause must give on them.

The rule is run by a function that is handed in, so that packs need not know the stage that judges.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from camaudit.errors import PackError, UsageError
from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker, Tie
from camaudit.model.policy import FACTS, Check, FactWord, Policy, Verdict
from camaudit.model.words import Basis, Firmness, MakerKind, Strength, TieKind, VerdictCode

from .strict import Document, Path, validate

#: Policy, makers, rule date, choices, facts by column: the verdict of every requirement.
Judge: TypeAlias = Callable[
    [Policy, Sequence[Maker], dt.date, Mapping[str, str], Mapping[str, Any]], Sequence[Verdict]
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCounts:
    """What a pack's proof consisted of."""

    policy: str
    requirements: int
    examples: int
    verdicts: int
    #: How many expected verdicts, by requirement and verdict.
    by_verdict: Mapping[tuple[str, VerdictCode], int]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Maker(_Strict):
    id: str
    jurisdiction: str | None = None
    owned_by: str | None = None
    firmness: Annotated[Firmness, Field(strict=False)] = Firmness.FIRM
    from_: Annotated[dt.date | None, Field(alias="from")] = None
    until: dt.date | None = None


class _Expected(_Strict):
    verdict: Annotated[VerdictCode, Field(strict=False)]
    outstanding: bool | None = None
    basis: Annotated[Basis | None, Field(strict=False)] = None
    strength: Annotated[Strength | None, Field(strict=False)] = None
    described_as: Annotated[Strength | None, Field(strict=False)] = None
    gaps: list[str] | None = None
    branches: dict[str, Annotated[VerdictCode, Field(strict=False)]] | None = None
    choices: list[str] | None = None


class _Example(_Strict):
    name: Annotated[str, Field(min_length=5)]
    at: dt.date
    facts: dict[str, Any]
    expect: dict[str, Any]
    choices: dict[str, str] = {}


class _Examples(_Strict):
    makers: list[_Maker]
    #: Facts that every example starts from.
    usual: dict[str, Any]
    examples: Annotated[list[_Example], Field(min_length=1)]


def check_examples(policy: Policy, examples: Document, judge: Judge) -> ExampleCounts:
    """Run every example and check that each verdict a requirement can give has one.

    Raises ``PackError`` with file, line and field on the first failure.
    """
    return _Proof(policy, examples, judge).run()


class _Proof:
    def __init__(self, policy: Policy, examples: Document, judge: Judge) -> None:
        self._policy = policy
        self._document = examples
        self._judge = judge
        self._raw = validate(self._document, _Examples)
        self._makers = tuple(_maker(each) for each in self._raw.makers)
        self._counts: dict[tuple[str, VerdictCode], int] = {}

    def run(self) -> ExampleCounts:
        self._check_facts(self._raw.usual, ("usual",))
        for at, example in enumerate(self._raw.examples):
            self._check_example(example, ("examples", at))
        self._check_coverage()
        return ExampleCounts(
            policy=self._policy.id,
            requirements=len(self._policy.requirements),
            examples=len(self._raw.examples),
            verdicts=sum(self._counts.values()),
            by_verdict=dict(self._counts),
        )

    def _error(self, path: Path, message: str) -> PackError:
        return self._document.error(path, message)

    def _check_facts(self, facts: Mapping[str, Any], path: Path) -> None:
        words = {column: fact for fact in self._policy.facts for column in fact.columns}
        for name, value in facts.items():
            if name not in FACTS.names:
                raise self._error((*path, name), "no column of the fact table has this name")
            problem = _bad_value(name, value, words.get(name))
            if problem:
                raise self._error((*path, name), problem)

    def _check_example(self, example: _Example, path: Path) -> None:
        self._check_facts(example.facts, (*path, "facts"))
        row = {**self._raw.usual, **example.facts}
        try:
            given = self._judge(self._policy, self._makers, example.at, example.choices, row)
        except UsageError as error:
            raise self._error((*path, "choices"), str(error)) from error
        verdicts = {str(verdict.requirement): verdict for verdict in given}
        for requirement in self._policy.requirements:
            if requirement.id not in example.expect and requirement.check is Check.AUTOMATED:
                raise self._error(
                    (*path, "expect"), f"says nothing of {requirement.id}; name every requirement"
                )
        for name in example.expect:
            if name not in verdicts:
                raise self._error((*path, "expect", name), "no requirement has this id")
            self._check_expected(name, verdicts[name], (*path, "expect", name))

    def _check_expected(self, name: str, given: Verdict, path: Path) -> None:
        expected = self._expected(path)
        for field, found in _shown(given).items():
            wanted = getattr(expected, field)
            if isinstance(wanted, list):
                wanted = sorted(wanted)
            if wanted is not None and wanted != found:
                raise self._error(path, f"{field} is {_say(found)}, not {_say(wanted)}")
        key = (name, expected.verdict)
        self._counts[key] = self._counts.get(key, 0) + 1

    def _expected(self, path: Path) -> _Expected:
        data = self._document.data
        for step in path:
            data = data[step]
        if isinstance(data, dict):
            return validate(self._document, _Expected, path)
        if data not in tuple(VerdictCode):
            raise self._error(path, f"{data!r} is none of {', '.join(VerdictCode)}")
        return _Expected(verdict=VerdictCode(data))

    def _check_coverage(self) -> None:
        for requirement in self._policy.requirements:
            for verdict in VerdictCode:
                shown = (str(requirement.id), verdict) in self._counts
                can = verdict in requirement.can_give
                if can and not shown:
                    raise self._error(
                        ("examples",), f"no example shows that {requirement.id} can give {verdict}"
                    )
                if shown and not can and requirement.check is Check.AUTOMATED:
                    raise self._error(
                        ("examples",),
                        f"{requirement.id} gives {verdict}, which its `can_give` leaves out",
                    )


def _shown(verdict: Verdict) -> dict[str, Any]:
    described = verdict.described_as[-1].strength if verdict.described_as else None
    return {
        "verdict": verdict.verdict,
        "outstanding": verdict.outstanding,
        "basis": verdict.basis,
        "strength": verdict.strength,
        "described_as": described,
        "gaps": sorted(gap.fact for gap in verdict.gaps),
        "branches": {branch.label: branch.verdict for branch in verdict.branches},
        "choices": sorted(choice.id for choice in verdict.choices),
    }


def _say(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {each}" for key, each in value.items()) or "none"
    return str(value)


def _bad_value(name: str, value: Any, fact: FactWord | None) -> str | None:
    """Return what is wrong with a fact's value, if anything."""
    if value is None:
        return None
    try:
        pa.scalar(value, FACTS.field(name).type)
    except (pa.ArrowException, TypeError, ValueError):
        return f"{value!r} is not a {FACTS.field(name).type}"
    words = fact.words if fact is not None and fact.name == name else ()
    given = str(value).split() if fact is not None and fact.several else [value]
    known = not words or all(each in words for each in given)
    return None if known else f"{value!r} is none of {', '.join(words)}"


def _maker(raw: _Maker) -> Maker:
    tie = Tie(
        to=MakerId(raw.owned_by or ""),
        tie=TieKind.OWNED_BY,
        firmness=raw.firmness,
        from_date=raw.from_,
        to_date=raw.until,
        scope=None,
        kinds=(),
        models=None,
        source="example",
    )
    return Maker(
        id=MakerId(raw.id),
        kind=MakerKind.MANUFACTURER,
        names=(raw.id,),
        jurisdiction=raw.jurisdiction,
        jurisdiction_source=None,
        ties=(tie,) if raw.owned_by else (),
        sources=(),
    )
