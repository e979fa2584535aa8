"""Read the conditions of rules: a closed set of operators, and nothing that is code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from camaudit.model.policy import (
    AllOf,
    AnyOf,
    ChoiceIs,
    Condition,
    FactType,
    FactWord,
    Not,
    Operator,
    Test,
)

from .policy_schema import FIRST_YEAR, LAST_YEAR
from .strict import Document, Path

#: Deeper nesting is a rule that nobody can read.
MAX_DEPTH: Final = 8

#: Of which types of fact each operator can be asked.
ASKED_OF: Final = {
    Operator.IS: {FactType.TEXT, FactType.FLAG, FactType.CONNECTION, FactType.RECORD},
    Operator.IN: {FactType.TEXT},
    Operator.IN_GROUP: {FactType.MAKER},
    Operator.AT_LEAST: {FactType.NUMBER},
    Operator.BEFORE: {FactType.DATE, FactType.INTERVAL},
    Operator.ON_OR_AFTER: {FactType.DATE, FactType.INTERVAL},
    Operator.EXISTS: frozenset(FactType) - {FactType.RECORD, FactType.STATE},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a condition may name."""

    facts: Mapping[str, FactWord]
    #: Option names, by choice.
    choices: Mapping[str, frozenset[str]]
    groups: frozenset[str]
    #: The lower bound of each band of confidence.
    bands: Mapping[str, float]


def parse_condition(document: Document, path: Path, words: Words, depth: int = 0) -> Condition:
    """Read the condition at ``path``; anything outside the closed set is refused there."""
    data = _at(document, path)
    if depth > MAX_DEPTH:
        raise document.error(path, f"nested deeper than {MAX_DEPTH}")
    if not isinstance(data, dict) or not data:
        raise document.error(
            path, "a condition is `all`, `any`, `not`, or a `fact` with a question"
        )
    if "fact" in data:
        return _test(document, path, words)
    if "choice" in data:
        return _choice(document, path, words)
    return _combination(document, path, words, depth)


def _combination(document: Document, path: Path, words: Words, depth: int) -> Condition:
    data = _at(document, path)
    if len(data) != 1:
        raise document.error(path, "give one of `all`, `any`, `not` alone")
    ((word, inner),) = data.items()
    inside: Path = (*path, word)
    if word == "not":
        return Not(part=parse_condition(document, inside, words, depth + 1))
    if word not in {"all", "any"}:
        raise document.error(inside, f"unknown word {word!r}: a condition is all, any, not or fact")
    if not isinstance(inner, list) or not inner:
        raise document.error(inside, "needs a list with at least one condition")
    parts = tuple(
        parse_condition(document, (*inside, at), words, depth + 1) for at in range(len(inner))
    )
    return AllOf(parts=parts) if word == "all" else AnyOf(parts=parts)


def _at(document: Document, path: Path) -> Any:
    data = document.data
    for step in path:
        data = data[step]
    return data


def _choice(document: Document, path: Path, words: Words) -> ChoiceIs:
    data = _at(document, path)
    if set(data) != {"choice", "is"}:
        raise document.error(path, "a choice is asked with `is` and nothing else")
    options = words.choices.get(str(data["choice"]))
    if options is None:
        raise document.error((*path, "choice"), f"no choice is called {data['choice']}")
    if str(data["is"]) not in options:
        raise document.error(
            (*path, "is"), f"{data['is']!r} is none of {', '.join(sorted(options))}"
        )
    return ChoiceIs(choice=data["choice"], option=data["is"])


def _test(document: Document, path: Path, words: Words) -> Test:
    data = _at(document, path)
    fact = words.facts.get(data["fact"]) if isinstance(data["fact"], str) else None
    if fact is None:
        raise document.error((*path, "fact"), f"unknown fact {data['fact']}: see vocab/facts.yaml")
    asked = [word for word in data if word not in {"fact", "band"}]
    if len(asked) != 1 or asked[0] not in set(Operator):
        raise document.error(
            (*path, asked[0]) if asked else path,
            f"ask a fact exactly one of {', '.join(Operator)}",
        )
    operator = Operator(asked[0])
    if fact.type not in ASKED_OF[operator]:
        raise document.error(
            (*path, operator), f"{fact.name} is a {fact.type}, which cannot be asked `{operator}`"
        )
    value = data[operator]
    problem = _problem(operator, fact, value, words)
    if problem:
        raise document.error((*path, operator), problem)
    return Test(
        fact=fact.name,
        operator=operator,
        value=_plain(value),
        at_least=_band(document, path, operator, words),
    )


def _plain(value: Any) -> str | bool | float | date | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]  # `_problem` has checked it


def _band(document: Document, path: Path, operator: Operator, words: Words) -> float:
    data = _at(document, path)
    if (operator is Operator.IN_GROUP) != ("band" in data):
        raise document.error(path, "`band` goes with `in_group`, and `in_group` needs it")
    if "band" not in data:
        return 0.0
    bound = words.bands.get(str(data["band"]))
    if bound is None:
        known = ", ".join(words.bands)
        raise document.error((*path, "band"), f"{data['band']!r} is none of {known}")
    return bound


def _problem(operator: Operator, fact: FactWord, value: Any, words: Words) -> str | None:
    """Return what is wrong with an operator's value, if anything."""
    if operator is Operator.IS and fact.type is FactType.TEXT:
        return _bad_word(fact, value)
    if operator is Operator.IN:
        if not isinstance(value, list) or not value:
            return "needs a list of words"
        return next((bad for bad in (_bad_word(fact, each) for each in value) if bad), None)
    if operator is Operator.IN_GROUP:
        known = ", ".join(sorted(words.groups))
        return None if str(value) in words.groups else f"{value!r} is none of {known}"
    wanted = _VALUE_TYPES[operator]
    given_flag = isinstance(value, bool)
    if not isinstance(value, wanted) or given_flag != (wanted is bool):
        return f"needs {_NAMES[operator]}"
    if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
        return f"is no day of an instrument: give one from {FIRST_YEAR} to {LAST_YEAR}"
    return None


_VALUE_TYPES: Final[dict[Operator, type | tuple[type, ...]]] = {
    Operator.IS: bool,
    Operator.EXISTS: bool,
    Operator.AT_LEAST: (int, float),
    Operator.BEFORE: date,
    Operator.ON_OR_AFTER: date,
}
_NAMES: Final = {
    Operator.IS: "true or false",
    Operator.EXISTS: "true or false",
    Operator.AT_LEAST: "a number",
    Operator.BEFORE: "a date",
    Operator.ON_OR_AFTER: "a date",
}


def _bad_word(fact: FactWord, value: Any) -> str | None:
    if not isinstance(value, str):
        return "needs a word"
    if fact.words and value not in fact.words:
        return f"{value!r} is none of {', '.join(fact.words)}"
    if value in fact.unknown:
        return f"{value!r} means not known; ask with `exists`"
    return None
