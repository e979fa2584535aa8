"""What would the rules say if some facts were otherwise? Nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from camaudit.errors import UsageError
from camaudit.model.policy import FACTS, Evaluation, FactType, FactWord, Policy
from camaudit.policy import CompiledPolicy, evaluate

from .assess import Assessment
from .facts import build_facts

#: Other words for facts, as people say them.
_ALIASES: Final = {"site.sensitive": "site.sensitivity", "device.maker": "device.producer"}
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many devices have a verdict under a requirement, as it is and as supposed."""

    requirement: str
    verdict: str
    as_it_is: int
    supposed: int


def suppose(assessment: Assessment, given: Mapping[str, str]) -> tuple[Count, ...]:
    """Count the verdicts with the facts ``given`` (name to value) for every device.

    Raises:
        UsageError: There is no such fact, or it cannot have such a value.
    """
    facts = build_facts(
        assessment.survey, assessment.policy, assessment.probable, assessment.setting
    )
    changed = override(facts, assessment.policy, given)
    return compare(assessment.policy, assessment.evaluation, _judge(assessment.compiled, changed))


def override(facts: pa.Table, policy: Policy, given: Mapping[str, str]) -> pa.Table:
    """Return the table with the facts that are supposed in every row."""
    words = {word.name: word for word in policy.facts}
    for name, text in given.items():
        word = words.get(_ALIASES.get(name, name))
        if word is None or not word.columns:
            known = ", ".join(each for each, word in words.items() if word.columns)
            raise UsageError(f"--what-if {name}: no such fact; there are {known}")
        for column, value in _values(word, text.strip(), facts).items():
            at = facts.schema.get_field_index(column)
            field = FACTS.field(column)
            supposed = (
                value
                if isinstance(value, pa.ChunkedArray)
                else pa.array([value] * facts.num_rows, field.type)
            )
            facts = facts.set_column(at, field, supposed)
    return facts


def compare(policy: Policy, before: Evaluation, after: Evaluation) -> tuple[Count, ...]:
    """Return the counts of two evaluations side by side, in the order of the policy."""
    was, now = _counts(before), _counts(after)
    return tuple(
        Count(
            requirement=str(rule.id),
            verdict=verdict,
            as_it_is=was[str(rule.id), verdict],
            supposed=now[str(rule.id), verdict],
        )
        for rule in policy.requirements
        for verdict in sorted({v for r, v in (*was, *now) if r == rule.id})
    )


def _judge(compiled: CompiledPolicy, facts: pa.Table) -> Evaluation:
    return evaluate(compiled, facts)


def _counts(found: Evaluation) -> Counter[tuple[str, str]]:
    devices = Counter(found.row_of.to_pylist())
    counts: Counter[tuple[str, str]] = Counter()
    for row, rule, verdict in zip(
        found.verdicts.column("row").to_pylist(),
        found.verdicts.column("requirement").to_pylist(),
        found.verdicts.column("verdict").to_pylist(),
        strict=True,
    ):
        counts[rule, verdict] += devices[row]
    return counts


def _values(word: FactWord, text: str, facts: pa.Table) -> dict[str, Any]:
    """Return what the columns of a fact hold if it is ``text``."""
    if text == _UNKNOWN and _UNKNOWN not in word.words:
        return dict.fromkeys(word.columns)
    if word.type is FactType.RECORD:
        return {word.columns[0]: _recorded(word, facts, held=_flag(word, text))}
    if word.type is FactType.MAKER:
        producer, confidence, clean, basis, *_ = word.columns
        return {producer: text, confidence: 1.0, clean: True, basis: "evidenced"}
    if word.type in {FactType.DATE, FactType.INTERVAL}:
        return dict.fromkeys(word.columns[:2], _day(word, text))
    if word.type is FactType.PARTS:
        return dict(zip(word.columns, (text, True), strict=True))
    read = {FactType.TEXT: _text, FactType.NUMBER: _number}.get(word.type, _flag)
    return {word.columns[0]: read(word, text)}


def _text(word: FactWord, text: str) -> str:
    if word.words and text not in word.words:
        raise _wrong(word, text, word.words)
    return text


def _flag(word: FactWord, text: str) -> bool:
    if text not in _YES:
        raise _wrong(word, text, ("yes", "no", _UNKNOWN))
    return _YES[text]


def _recorded(word: FactWord, facts: pa.Table, *, held: bool) -> pa.ChunkedArray:
    name = word.name.partition(".")[2]
    rows = [
        " ".join(sorted({*(text or "").split(), name} if held else set(text.split()) - {name}))
        for text in (each or "" for each in facts.column(word.columns[0]).to_pylist())
    ]
    return pa.chunked_array([pa.array(rows, pa.string())])


def _number(word: FactWord, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _wrong(word, text, ("a number",)) from None


def _day(word: FactWord, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(word, text, ("a day such as 2022-11-24", _UNKNOWN)) from None


def _wrong(word: FactWord, text: str, wanted: Sequence[str]) -> UsageError:
    return UsageError(f"--what-if {word.name}={text}: want {', '.join(wanted)}")
