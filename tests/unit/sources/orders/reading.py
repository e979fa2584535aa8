"""Read orders in tests."""

from __future__ import annotations

import io

from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.orders import read_order


def read(data: bytes | str, name: str = "order") -> tuple[list[OrderLine], list[Problem]]:
    """Return the lines and the problems of an order."""
    raw = data.encode() if isinstance(data, str) else data
    items = list(read_order(io.BytesIO(raw), name))
    lines = [each for each in items if isinstance(each, OrderLine)]
    return lines, [each for each in items if isinstance(each, Problem)]


def lines_of(data: bytes | str) -> list[OrderLine]:
    """Return the lines of an order that has no line that is refused."""
    lines, problems = read(data)
    assert [each for each in problems if each.rejected] == []
    return lines
