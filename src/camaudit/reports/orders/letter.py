"""Letters to suppliers: they ask for facts and functions, of the lines as they were ordered.

Section 56(7) of the UK Procurement Act 2023 restricts naming a particular origin or producer in
procurement documents. So nothing here names one but the order's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from camaudit.model.orders import LineAnswer
from camaudit.reports.legible import one_line

#: The supplier of lines that name none.
NOBODY: Final = "supplier"
_OPENING: Final = """Reference: ____________________
Date: {on}
To: {supplier}

Request for information on items of our order

Please answer the questions below for each line, or attach documents that answer them. We ask every
supplier the same questions where an order does not tell enough about what an item is and does.
"""
_CLOSING: Final = """
Please sign the answer and say which items and revisions it holds for. If an item is to be replaced
by another, please name that one.

Name and function: ____________________     Signature: ____________________
"""


def letters(answers: Sequence[LineAnswer], on: date) -> dict[str, str]:
    """Return a letter (Markdown) for each supplier of lines with questions."""
    asked: dict[str, list[LineAnswer]] = {}
    for answer in answers:
        if answer.ask_supplier:
            asked.setdefault(one_line(answer.line.supplier or NOBODY), []).append(answer)
    return {supplier: _letter(supplier, lines, on) for supplier, lines in asked.items()}


def _letter(supplier: str, lines: Sequence[LineAnswer], on: date) -> str:
    parts = [_OPENING.format(on=on.isoformat(), supplier=supplier)]
    for answer in lines:
        line = answer.line
        quantity = f" (quantity {one_line(line.quantity)})" if line.quantity else ""
        parts.append(f"\n## Line {one_line(line.line)}: {one_line(line.description)}{quantity}\n")
        parts += [
            f"\n{number}. {question}\n" for number, question in enumerate(answer.ask_supplier, 1)
        ]
    return "".join(parts) + _CLOSING
