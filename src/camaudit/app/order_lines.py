"""Put the answers of the purchase gate into the shape of the ``check`` contract."""

from __future__ import annotations

import msgspec

from camaudit.model.orders import ItemAnswer, LineAnswer


class ItemLine(msgspec.Struct, frozen=True):
    """One thing that a line asks for, and who probably makes it."""

    brand: str | None
    model: str | None
    maker: str | None
    maker_confidence: float | None
    kind: str


class OrderAnswerLine(msgspec.Struct, frozen=True):
    """What ``check --json`` writes for a line of an order; this shape is kept stable."""

    line: str
    items: list[ItemLine]
    verdicts: dict[str, str]
    basis: str | None
    not_examined: list[str]
    reasons: list[str]
    ask_supplier: list[str]


def order_answer_line(answer: LineAnswer) -> OrderAnswerLine:
    """Return the answer of one line; ``line`` is what the order says, echoed."""
    return OrderAnswerLine(
        line=answer.line.line,
        items=[_item(each) for each in answer.items],
        verdicts={name: code.value for name, code in answer.verdicts.items()},
        basis=answer.basis.value if answer.basis else None,
        not_examined=list(answer.not_examined),
        reasons=list(answer.reasons),
        ask_supplier=list(answer.ask_supplier),
    )


def _item(answer: ItemAnswer) -> ItemLine:
    confidence = answer.maker_confidence
    return ItemLine(
        brand=answer.brand,
        model=answer.model,
        maker=answer.maker,
        maker_confidence=None if confidence is None else round(confidence, 4),
        kind=answer.kind.value,
    )
