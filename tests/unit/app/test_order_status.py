"""How many realistic order lines the gate answers, how rightly, and that it passes nothing covered.

The bounds are those that the gate is held to: it answers 85 % of the lines whose status is known,
97 % of these answers agree with it, and no line of a covered or an unpublished maker is passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import pytest

from camaudit.app.assess import need_policy, policies
from camaudit.app.check import Intent, check_order
from camaudit.app.packset import load_packs
from camaudit.model.orders import OrderLine
from tests.order_status_more_tables import SECOND_STATUS_ROWS, THIRD_STATUS_ROWS
from tests.order_status_table import STATUS_ROWS, StatusRow

PART_A: Final = "us-889-part-a"
PASSED: Final = frozenset({"meets", "not_applicable"})
#: What agrees with a status that is known.
RIGHT: Final = {"covered": frozenset({"breaches"}), "clear": PASSED, "beside": PASSED}


def verdicts(rows: Sequence[StatusRow]) -> list[tuple[StatusRow, str]]:
    packs = load_packs()
    order = [
        OrderLine(
            line=str(number),
            position=f"row {number}",
            description=row.description,
            brand=row.brand,
            model=row.model,
        )
        for number, row in enumerate(rows, start=1)
    ]
    intent = Intent(on=date(2026, 6, 1), purpose="government_facility_security")
    found = check_order(order, packs, [need_policy(policies(packs), PART_A)], intent)
    return [(row, each.verdicts[PART_A].value) for row, each in zip(rows, found, strict=True)]


@pytest.mark.parametrize(
    "rows", [STATUS_ROWS, SECOND_STATUS_ROWS, THIRD_STATUS_ROWS], ids=["first", "second", "third"]
)
def test_lines_of_orders_are_answered_and_nothing_covered_passes(rows: Sequence[StatusRow]) -> None:
    found = verdicts(rows)
    never = [row for row, code in found if row.status in {"covered", "open"} and code in PASSED]
    assert not never
    known = [(row, code) for row, code in found if row.status != "open"]
    answered = [(row, code) for row, code in known if code != "cannot_tell"]
    assert len(answered) >= 0.85 * len(known)
    wrong = [(row, code) for row, code in answered if code not in RIGHT[row.status]]
    assert len(wrong) <= 0.03 * len(answered), wrong
