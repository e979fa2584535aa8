"""The purchase gate: what the rules say of an order before it is signed.

A line is judged for its intended event, as if it were done: an item to be deployed is judged where
it will stand. What an order does not say stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pyarrow as pa

from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.orders import Function, Item, ItemAnswer, LineAnswer, OrderLine
from camaudit.model.policy import FACTS, Check, Gap, Policy, Verdict
from camaudit.model.words import Basis, BodyKind, Kind, Sensitivity, VerdictCode
from camaudit.policy import compile_policy, explain_rows
from camaudit.policy.distinct import distinct_rows

from .order_items import items_of
from .order_makers import Made, makers_of
from .packset import PackSet

#: Orders are short; a longer list is a register, and `camaudit import` reads those.
MAX_LINES: Final = 100_000
#: Gravest first: an item that may not be bought decides, then what cannot be told.
_GRAVEST: Final = (
    VerdictCode.BREACHES,
    VerdictCode.CANNOT_TELL,
    VerdictCode.MEETS,
    VerdictCode.NOT_APPLICABLE,
)
_WEAKEST: Final = (Basis.DECLARED, Basis.PRESUMED, Basis.EVIDENCED)
#: What an item is by its words, where it goes with equipment and is none.
_BESIDE: Final = frozenset({Function.ACCESSORY, Function.STORAGE, Function.OTHER})
#: Facts that the buyer knows and no supplier does; the debarment list is the buyer's to read.
_BUYERS: Final = (
    "site.", "event.", "use.", "body.", "decision.", "exception.", "rule.", "device.core_network",
    "device.networked", "device.internet", "device.installed", "device.acquired", "device.present",
    "device.state", "supplier.debarment",
)  # fmt: skip
#: Questions to a supplier ask for facts and functions, and name neither origin nor producer.
_QUESTIONS: Final = {
    "device.producer": (
        "What are the exact model and the manufacturer's part number, who develops and supports "
        "the firmware and until when, and which statements or certificates are held for it?"
    ),
    "device.components": (
        "Which system on a chip, radio modules and software does it contain, by part number?"
    ),
    "device.certified": "Which certificate does this model hold, with number and last day?",
    "device.data_flow": (
        "Which services and addresses does it contact, where are data stored, and from where is "
        "it administered?"
    ),
    "item": "What is the item, what does it do, and what is the manufacturer's part number?",
}
_ITEM_FACTS: Final = frozenset({"device.surveillance", "device.kind", "item.function"})
#: Statements of suppliers that are weighed: words of the fact vocabulary.
_STATED: Final = {
    "does_not": ("supplier.representation", "does_not"),
    "does": ("supplier.representation", "does"),
    "excluded": ("supplier.debarment", "excluded"),
    "not_excluded": ("supplier.debarment", "not_excluded"),
    "listed_state": ("supplier.origin", "listed_state"),
    "other_state": ("supplier.origin", "other_state"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is true of a whole order, where its lines do not say otherwise."""

    on: date
    event: str = "procure"
    purpose: str | None = None
    body: str | None = None
    site: str | None = None
    sensitivity: Mapping[SiteId, Sensitivity] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


def check_order(
    lines: Iterable[OrderLine], packs: PackSet, policies: Sequence[Policy], intent: Intent
) -> list[LineAnswer]:
    """Return what each policy says of each line, in the order of the lines.

    Raises:
        UsageError: An event, purpose, body or choice is none of the words that rules know, or
            there are more than ``MAX_LINES`` lines.
    """
    wanted = list(_bounded(lines))
    items = [items_of(line) for line in wanted]
    flat = [item for each in items for item in each]
    made = makers_of(flat, packs)
    probable = next(b.at_least for b in packs.makers.vocabulary.bands if b.id == "probable")
    owners = [line for line, each in zip(wanted, items, strict=True) for _ in each]
    rows = [
        _facts(line, item, each, intent, probable)
        for line, item, each in zip(owners, flat, made, strict=True)
    ]
    _check_words(rows, owners, policies)
    verdicts = {
        policy.id: _judge(policy, packs, intent, [_bound(row, policy) for row in rows])
        for policy in policies
    }
    answers = iter(
        ItemAnswer(
            item=item,
            brand=item.brand or each.conclusion.brand,
            model=item.model or each.model,
            maker=each.conclusion.maker,
            maker_confidence=each.conclusion.maker_confidence,
            kind=_kind(item, each),
            verdicts={name: found[at] for name, found in verdicts.items()},
        )
        for at, (item, each) in enumerate(zip(flat, made, strict=True))
    )
    return [
        _answer(line, tuple(next(answers) for _ in each), intent)
        for line, each in zip(wanted, items, strict=True)
    ]


def _bounded(lines: Iterable[OrderLine]) -> Iterator[OrderLine]:
    for number, line in enumerate(lines, start=1):
        if number > MAX_LINES:
            raise UsageError(
                f"the order has more than {MAX_LINES:,} lines: a list of what is there already "
                "is read by `camaudit import`"
            )
        yield line


# ---------------------------------------------------------------------------------------- facts


def _facts(
    line: OrderLine, item: Item, made: Made, intent: Intent, probable: float
) -> dict[str, Any]:
    found = made.conclusion
    row: dict[str, Any] = {
        "body.kind": _words(line.body) or intent.body,
        "device.surveillance": _surveillance(item, made, probable),
        "device.kind": _kind(item, made).value,
        "device.producer": found.maker,
        "device.producer.confidence": found.maker_confidence,
        "device.producer.aspect": found.maker_aspect,
        "device.producer.clean": made.others == (),
        "device.producer.basis": Basis.DECLARED.value,
        "device.producer.confirmed": False,
        "device.producer.others": None if made.others is None else " ".join(made.others),
        "device.not_before": intent.on,
        "device.not_after": intent.on,
        "device.acquired_not_before": intent.on,
        "device.acquired_not_after": intent.on,
        "device.doubtful_dates": False,
        "device.present": True,
        "device.state": "in_service",
        "event.kind": _word(line.event) or intent.event,
        "use.purpose": _word(line.purpose) or intent.purpose,
        "item.function": _function(item, made).value,
        "site.sensitivity": _sensitivity(line, intent),
        "decisions": "",
        "exceptions": "",
    }
    for word in (line.attestation or "").split(";"):
        if (stated := _word(word)) in _STATED:
            fact, value = _STATED[stated]
            row[fact] = value
    return row


def _word(text: str | None) -> str | None:
    """Return a word as vocabularies write it: ``government-facility-security`` is one."""
    return text.strip().casefold().replace("-", "_").replace(" ", "_") or None if text else None


def _words(text: str | None) -> str | None:
    """Return the kinds of a body, which may be several with semicolons between them."""
    return " ".join(word for each in (text or "").split(";") if (word := _word(each))) or None


def _sensitivity(line: OrderLine, intent: Intent) -> str:
    """Return the class of the site where the item will stand; stock stands nowhere yet."""
    site = line.site or intent.site
    if site is None or (_word(line.event) or intent.event) == "stock":
        return Sensitivity.UNKNOWN.value
    return intent.sensitivity.get(SiteId(site), Sensitivity.UNKNOWN).value


def _surveillance(item: Item, made: Made, probable: float) -> bool | None:
    """Tell whether an item is surveillance equipment: by its words, then by what its model is."""
    found = made.conclusion
    if item.function in _BESIDE:
        # a screen sees nothing; whether one of a maker of systems is part of these is not told
        return None if found.maker and found.kind is Kind.DISPLAY else False
    if item.function in {Function.SERVICE, Function.SOFTWARE}:
        # a service or a licence of a maker may be covered, one that names nobody is not equipment
        return None if found.maker or found.brand else False
    if found.surveillance is not None and found.surveillance >= probable:
        return True
    if found.kind_confidence is not None and found.kind_confidence >= probable:
        return found.kind not in {Kind.NETWORK, Kind.DISPLAY, Kind.ACCESSORY, Kind.NOT_SURVEILLANCE}
    # what stands in the makers' grammars are cameras, recorders and the like
    return True if item.function is Function.EQUIPMENT or made.model else None


def _function(item: Item, made: Made) -> Function:
    """Return what an item is: equipment, where a maker is known and no word calls it otherwise."""
    unsaid = item.function is Function.UNKNOWN and made.conclusion.maker is not None
    return Function.EQUIPMENT if unsaid else item.function


def _kind(item: Item, made: Made) -> Kind:
    if item.function is Function.ACCESSORY:
        return Kind.ACCESSORY
    if item.function is Function.SERVICE:
        return Kind.SERVICE
    return Kind.NOT_SURVEILLANCE if item.function in _BESIDE else made.conclusion.kind


def _bound(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Ask as a body that the policy binds, where the order names none."""
    return row if row["body.kind"] else row | {"body.kind": policy.usual_body}


def _check_words(
    rows: Sequence[Mapping[str, Any]], lines: Sequence[OrderLine], policies: Sequence[Policy]
) -> None:
    words = {word.name: word.words for policy in policies[:1] for word in policy.facts}
    words["body.kind"] = tuple(BodyKind)
    for row, line in zip(rows, lines, strict=True):
        for fact in ("event.kind", "use.purpose", "body.kind"):
            value = row[fact]
            given = value.split() if fact == "body.kind" and value else [value]
            if value is not None and not set(given) <= set(words[fact]):
                column = fact.partition(".")[0].replace("use", "purpose")
                raise UsageError(
                    f"line {line.line} ({line.position}): {column}: {value!r} is none of "
                    f"{', '.join(words[fact])}"
                )


# -------------------------------------------------------------------------------------- verdicts


def _judge(
    policy: Policy, packs: PackSet, intent: Intent, rows: Sequence[dict[str, Any]]
) -> list[tuple[Verdict, ...]]:
    if not rows:
        return []
    choices = {each.id for each in policy.choices}
    compiled = compile_policy(
        policy,
        packs.makers.makers,
        at=intent.on,
        choices={name: option for name, option in intent.choices.items() if name in choices},
    )
    facts = pa.Table.from_pylist([dict(row) for row in rows], schema=FACTS)
    distinct, row_of = distinct_rows(facts)
    found = explain_rows(compiled, distinct)
    return [found[row] for row in row_of.tolist()]


def _answer(line: OrderLine, items: tuple[ItemAnswer, ...], intent: Intent) -> LineAnswer:
    policies = items[0].verdicts if items else {}
    codes = {name: _gravest(_code(item, name) for item in items) for name in policies}
    deciding = [
        verdict
        for item in items
        for name, verdicts in item.verdicts.items()
        for verdict in verdicts
        if verdict.verdict is codes[name]
        and _code(item, name) is codes[name]
        and verdict.check is Check.AUTOMATED
    ]
    bases = [verdict.basis for verdict in deciding if verdict.basis is not None]
    gaps = {gap.fact: gap for verdict in deciding for gap in verdict.gaps}
    return LineAnswer(
        line=line,
        items=items,
        verdicts=codes,
        basis=min(bases, key=_WEAKEST.index) if bases else None,
        not_examined=tuple(dict.fromkeys(each for v in deciding for each in v.not_examined)),
        reasons=tuple(dict.fromkeys(_reasons(line, items, deciding, gaps, intent))),
        ask_supplier=tuple(dict.fromkeys(_questions(items, gaps))),
    )


def _code(item: ItemAnswer, policy: str) -> VerdictCode:
    verdicts = item.verdicts[policy]
    code = _gravest(v.verdict for v in verdicts if v.check is Check.AUTOMATED)
    # what may be replaced by something else is not cleared
    return VerdictCode.CANNOT_TELL if item.item.or_equal and code is VerdictCode.MEETS else code


def _gravest(codes: Iterable[VerdictCode]) -> VerdictCode:
    return min(codes, key=_GRAVEST.index, default=VerdictCode.NOT_APPLICABLE)


def _reasons(
    line: OrderLine,
    items: Sequence[ItemAnswer],
    deciding: Sequence[Verdict],
    gaps: Mapping[str, Gap],
    intent: Intent,
) -> Iterator[str]:
    for verdict in deciding:
        yield verdict.sentence
    if any(each.item.or_equal for each in items):
        yield "The line allows something equal: what is delivered may be another product."
    if (_word(line.event) or intent.event) == "stock" and "site.sensitivity" in gaps:
        yield "It is ordered for stock. Where will it go?"
    for fact, gap in gaps.items():
        if fact.startswith(_BUYERS):
            yield gap.question
    if line.attestation:
        weighed = any(_word(word) in _STATED for word in line.attestation.split(";"))
        yield f"The supplier states: {line.attestation}." + (
            "" if weighed else " It is recorded and not weighed."
        )


def _questions(items: Sequence[ItemAnswer], gaps: Mapping[str, Gap]) -> Iterator[str]:
    for fact, gap in gaps.items():
        if fact in _ITEM_FACTS:
            yield _QUESTIONS["item"]
        elif not fact.startswith(_BUYERS):
            yield _QUESTIONS.get(fact, gap.question)
    if any(each.item.or_equal for each in items):
        yield "Which product, by model and manufacturer's part number, will be delivered?"
