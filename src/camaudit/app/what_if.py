"""Suppose that facts were otherwise: checked against the vocabulary, applied, and never stored.

A supposition lies over the table of facts just before the rules are asked. Nothing of it reaches
the estate's file, and every verdict that comes of it is marked.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import UsageError
from camaudit.model.policy import FACTS, FactType, FactWord, Policy, Test
from camaudit.model.words import Basis, Sensitivity
from camaudit.policy import CompiledPolicy, columns_read

#: Other names by which people ask for a fact.
ALIASES: Final = {
    "site.sensitive": "site.sensitivity",
    "device.core_connected": "device.core_network",
    "device.maker": "device.producer",
}
#: What takes a value away, where the fact has no word of its own for it.
UNKNOWN: Final = "unknown"
#: What a requirement does that asks whether to treat other sites as sensitive ones.
EXTENDING: Final = "consider_extend"

_SITE_CLASS: Final = "site.sensitivity"
_FLAGS: Final = {"yes": True, "true": True, "no": False, "false": False, UNKNOWN: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One fact as it is supposed to be."""

    fact: str
    #: "site.sensitivity=yes", as it is told in every output.
    text: str
    #: (column, value) of ``FACTS``.
    columns: tuple[tuple[str, Any], ...] = ()
    #: (column, id, held) for what is on record or not.
    record: tuple[str, str, bool | None] | None = None
    #: (column, value): only where a site has this class on record.
    where: tuple[str, str] | None = None


def read_overrides(
    given: Iterable[str], policies: Sequence[Policy], makers: Mapping[str, str]
) -> tuple[Override, ...]:
    """Read ``FACT=VALUE`` texts by the fact vocabulary of the policies that are asked.

    Raises:
        UsageError: A fact is not in the vocabulary or stands twice, or cannot have the value.
    """
    words = {fact.name: fact for policy in policies for fact in policy.facts}
    found: dict[str, Override] = {}
    for text in given:
        override = _read(text, words, makers)
        if override.fact in found:
            raise UsageError(f"--what-if {text}: {override.fact} is supposed twice")
        found[override.fact] = override
    return tuple(found.values())


def can_extend(policy: Policy) -> bool:
    """Tell whether a policy has a clause that asks whether to extend it to other sites."""
    return any(each.action == EXTENDING for each in policy.requirements)


def extend_to_other_sites(policy: Policy) -> Override:
    """Return the supposition behind a policy's clause on extending it to other sites.

    Raises:
        UsageError: The policy has no such clause.
    """
    if not can_extend(policy):
        raise UsageError(
            f"--extend-to-other-sites: {policy.id} has no clause that asks whether to extend it to "
            "sites outside its definition; ask it of uk-2022-statement"
        )
    return Override(
        fact=_SITE_CLASS,
        text=f"{_SITE_CLASS}={Sensitivity.YES} where it is {Sensitivity.NO}",
        columns=((_SITE_CLASS, Sensitivity.YES.value),),
        where=(_SITE_CLASS, Sensitivity.NO.value),
    )


def extended(policy: Policy) -> tuple[str, ...]:
    """Return the requirements that hold on sensitive sites, by id: what would be extended."""
    return tuple(
        str(each.id)
        for each in policy.requirements
        if any(
            isinstance(part.when, Test)
            and (part.when.fact, part.when.value) == (_SITE_CLASS, Sensitivity.YES)
            for part in each.scope
        )
    )


def unread(overrides: Iterable[Override], compiled: CompiledPolicy) -> tuple[str, ...]:
    """Return which of the facts no rule of a policy reads: supposing them changes nothing."""
    read = columns_read(compiled)
    asked = {test.fact for test in compiled.questions}
    return tuple(
        each.fact
        for each in overrides
        if (
            each.fact not in asked if each.record else not read & {name for name, _ in each.columns}
        )
    )


def suppose(facts: pa.Table, overrides: Iterable[Override], policy: Policy) -> pa.Table:
    """Return the facts as they are supposed to be; a record of another policy is left out."""
    own = {fact.name for fact in policy.facts}
    for override in overrides:
        if override.record is not None and override.fact in own:
            facts = _set_record(facts, *override.record)
        rows = _where(facts, override.where)
        for name, value in override.columns:
            at = FACTS.get_field_index(name)
            field = FACTS.field(at)
            column = pc.if_else(rows, pa.scalar(value, field.type), facts.column(name))
            facts = facts.set_column(at, field, column)
    return facts


def _where(facts: pa.Table, where: tuple[str, str] | None) -> Any:
    if where is None:
        return pa.scalar(value=True)
    return pc.fill_null(pc.equal(facts.column(where[0]), where[1]), fill_value=False)


def _set_record(facts: pa.Table, column: str, name: str, held: bool | None) -> pa.Table:  # noqa: FBT001 -- one of a triple
    at = FACTS.get_field_index(column)
    values = [
        None if held is None else _with(value or "", name, held=held)
        for value in facts.column(column).to_pylist()
    ]
    return facts.set_column(at, FACTS.field(at), pa.array(values, pa.string()))


def _with(ids: str, name: str, *, held: bool) -> str:
    others = {each for each in ids.split() if each != name}
    return " ".join(sorted(others | ({name} if held else set())))


def _read(text: str, words: Mapping[str, FactWord], makers: Mapping[str, str]) -> Override:
    given, equals, value = (part.strip() for part in text.partition("="))
    if not given or not equals or not value:
        raise UsageError(f"--what-if {text}: want FACT=VALUE, such as site.sensitive=yes")
    name = ALIASES.get(given, given)
    if name not in words:
        near = difflib.get_close_matches(given, [*words, *ALIASES], 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(words)}"
        raise UsageError(f"--what-if {text}: no fact is called {given!r}; {hint}")
    fact = words[name]
    try:
        if fact.type is FactType.RECORD:
            held = _flag(value, fact)
            record = (fact.columns[0], name.partition(".")[2], held)
            return Override(fact=name, text=f"{name}={value.casefold()}", record=record)
        shown, columns = _VALUES[fact.type](value, fact, makers)
    except ValueError as error:
        raise UsageError(f"--what-if {text}: {error}") from error
    return Override(fact=name, text=f"{name}={shown}", columns=columns)


_Columns = tuple[str, tuple[tuple[str, Any], ...]]


def _flag(value: str, fact: FactWord) -> bool | None:
    if value.casefold() not in _FLAGS:
        raise ValueError(f"{fact.name} is yes, no or unknown, not {value!r}")
    return _FLAGS[value.casefold()]


def _a_flag(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    del makers
    return value.casefold(), ((fact.columns[0], _flag(value, fact)),)


def _text(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    del makers
    if not fact.words:
        known = None if value.casefold() == UNKNOWN else value
        return value, ((fact.columns[0], known),)
    word = value.casefold()
    if word in fact.words:
        return word, ((fact.columns[0], word),)
    if word == UNKNOWN:
        return word, ((fact.columns[0], None),)
    raise ValueError(f"{fact.name} is one of {', '.join(fact.words)}, not {value!r}")


def _number(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    del makers
    if value.casefold() == UNKNOWN:
        return UNKNOWN, ((fact.columns[0], None),)
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"{fact.name} is a number from 0 to 1, not {value!r}")
    return value, ((fact.columns[0], share),)


def _day(value: str, fact: FactWord) -> date | None:
    if value.casefold() == UNKNOWN:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{fact.name} is a date such as 2022-11-24, not {value!r}") from None


def _date(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    del makers
    return value.casefold(), ((fact.columns[0], _day(value, fact)),)


def _interval(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    """Take a day, or two with ``..`` between them."""
    del makers
    first, dots, last = value.partition("..")
    low = _day(first, fact)
    high = _day(last, fact) if dots else low
    if low and high and high < low:
        raise ValueError(f"{fact.name} ends before it starts: {value!r}")
    earliest, latest, doubtful = fact.columns
    return value.casefold(), ((earliest, low), (latest, high), (doubtful, False))


def _maker(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    """Take a maker's slug: supposed to be certain, and to rest on nobody's examination."""
    producer, confidence, clean, basis, confirmed, aspect, others = fact.columns
    slug = value.casefold()
    if slug == UNKNOWN:
        return UNKNOWN, tuple(
            (name, None) for name in (producer, confidence, clean, aspect, others)
        )
    if slug not in makers:
        near = difflib.get_close_matches(slug, makers, 1)
        hint = f"did you mean {near[0]}?" if near else "`camaudit makers list` has them"
        raise ValueError(f"no maker is called {value!r}; {hint}")
    return slug, (
        (producer, slug),
        (confidence, 1.0),
        (clean, True),
        (basis, Basis.DECLARED.value),
        (confirmed, False),
        (aspect, None),
        (others, None),
    )


def _connection(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    del makers
    connected, _, basis = fact.columns
    columns: tuple[tuple[str, Any], ...] = (
        (connected, _flag(value, fact)),
        (basis, Basis.DECLARED.value),
    )
    note: tuple[tuple[str, Any], ...] = ((fact.note, None),) if fact.note else ()
    return value.casefold(), (*columns, *note)


def _state(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    del value, makers
    raise ValueError(f"{fact.name} is of the rule and not of a device; ask at another day: --as-of")


def _parts(value: str, fact: FactWord, makers: Mapping[str, str]) -> _Columns:
    """Take a whole list of parts: place=maker between blanks."""
    del makers
    if value.casefold() == UNKNOWN:
        return UNKNOWN, tuple((name, None) for name in fact.columns)
    return value, tuple(zip(fact.columns, (value, True), strict=True))


_VALUES: Final[dict[FactType, Callable[[str, FactWord, Mapping[str, str]], _Columns]]] = {
    FactType.TEXT: _text,
    FactType.FLAG: _a_flag,
    FactType.NUMBER: _number,
    FactType.DATE: _date,
    FactType.INTERVAL: _interval,
    FactType.MAKER: _maker,
    FactType.CONNECTION: _connection,
    FactType.PARTS: _parts,
    FactType.STATE: _state,
}
