"""Read the closed list of facts that rules may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from camaudit.model.policy import FACTS, Effort, FactType, FactWord, ObservedOf

from .strict import Document, parse, validate

FACTS_FILE: Final = "vocab/facts.yaml"

#: How many columns of the fact table stand behind a fact of these types, and how they are typed.
_COMPOSED: Final = {
    FactType.MAKER: ("string", "double", "bool", "string", "bool", "string", "string"),
    FactType.PARTS: ("string", "bool"),
    FactType.INTERVAL: ("date32[day]", "date32[day]", "bool"),
    FactType.CONNECTION: ("bool", "bool", "string"),
    FactType.STATE: (),
}
_SIMPLE: Final = {
    FactType.TEXT: ("string",),
    FactType.FLAG: ("bool",),
    FactType.NUMBER: ("double",),
    FactType.DATE: ("date32[day]",),
    FactType.RECORD: ("string",),
}
#: What ends the name of a fact that stands once for each clause or exception of a pack.
_EACH: Final = ".*"
#: The fact that a rule's own days are.
IN_FORCE: Final = "rule.in_force"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Branch(_Strict):
    value: str
    label: Annotated[str, Field(min_length=2)]


class _Fact(_Strict):
    type: Annotated[FactType, Field(strict=False)]
    columns: list[str] = []
    words: list[str] = []
    unknown: list[str] = []
    several: bool = False
    says: Annotated[str, Field(min_length=10)]
    gap: Annotated[str, Field(min_length=5)]
    question: Annotated[str, Field(min_length=10)]
    obtain: Annotated[str, Field(min_length=10)]
    effort: Annotated[Effort, Field(strict=False)]
    each: Annotated[ObservedOf, Field(strict=False)] = ObservedOf.DEVICE
    note: str | None = None
    branches: list[_Branch] = []


class _Facts(_Strict):
    facts: dict[str, _Fact]


def load_facts(content: bytes, file: str = FACTS_FILE) -> tuple[FactWord, ...]:
    """Build the fact vocabulary; raise ``PackError`` where it does not fit the fact table."""
    document = parse(content, file)
    raw = validate(document, _Facts)
    found = tuple(_fact(document, name, each) for name, each in raw.facts.items())
    used = {column for fact in found for column in (*fact.columns, fact.note or "")}
    for column in FACTS.names:
        if column not in used:
            raise document.error(("facts",), f"no fact says what column {column} means")
    return found


def facts_of(
    words: tuple[FactWord, ...], requirements: Iterable[str], exceptions: Iterable[str]
) -> tuple[FactWord, ...]:
    """Return the vocabulary of one pack: a fact for each clause to decide, and each exception."""
    ids = {f"decision{_EACH}": list(requirements), f"exception{_EACH}": list(exceptions)}
    return tuple(
        each
        for word in words
        for each in (
            (_filled(word, name) for name in ids[word.name]) if word.name in ids else (word,)
        )
    )


def _filled(word: FactWord, name: str) -> FactWord:
    return replace(
        word,
        name=word.name.removesuffix("*") + name,
        says=word.says.replace("{id}", name),
        gap=word.gap.replace("{id}", name),
        question=word.question.replace("{id}", name),
        obtain=word.obtain.replace("{id}", name),
    )


def _fact(document: Document, name: str, raw: _Fact) -> FactWord:
    path = ("facts", name)
    columns = tuple(raw.columns) or (() if raw.type is FactType.STATE else (name,))
    for column in (*columns, *([raw.note] if raw.note else [])):
        if column not in FACTS.names:
            raise document.error((*path, "columns"), f"the fact table has no column {column}")
    expected = (_COMPOSED | _SIMPLE)[raw.type]
    if tuple(str(FACTS.field(column).type) for column in columns) != expected:
        raise document.error(
            (*path, "columns"), f"a fact of type {raw.type} needs columns {', '.join(expected)}"
        )
    if (raw.words or raw.branches or raw.several) and raw.type is not FactType.TEXT:
        raise document.error((*path, "words"), "only a fact of type text has words")
    for key, words in (
        ("unknown", raw.unknown),
        ("branches", [branch.value for branch in raw.branches]),
    ):
        for at, word in enumerate(words):
            if word not in raw.words:
                raise document.error((*path, key, at), f"{word!r} is not among `words`")
    return FactWord(
        name=name,
        type=raw.type,
        columns=columns,
        words=tuple(raw.words),
        unknown=tuple(raw.unknown),
        several=raw.several,
        says=raw.says,
        gap=raw.gap,
        question=raw.question,
        obtain=raw.obtain,
        effort=raw.effort,
        each=raw.each,
        note=raw.note,
        branches=tuple((branch.value, branch.label) for branch in raw.branches),
    )
