"""Collect what was left out or assumed, so that a bad column is named without end but once."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Problem

#: Values of one column refused for one reason that are named singly; the rest are counted.
MAX_SINGLE: Final = 1000


class Remarks:
    """Problems of one table, ready to be drained at any time."""

    def __init__(self) -> None:
        self._ready: list[Problem] = []
        self._assumed: dict[tuple[str, str], tuple[str, int]] = {}
        self._refused: dict[tuple[str, str], int] = {}

    def add(self, position: str, field: str, message: str, *, rejected: bool) -> None:
        """Report one thing, always by itself."""
        self._ready.append(
            Problem(position=position, field=field, message=message, rejected=rejected)
        )

    def refuse(self, position: str, field: str, message: str, reason: str) -> None:
        """Report a value or row that was left out; after many of one reason only count them."""
        count = self._refused.get((field, reason), 0) + 1
        self._refused[field, reason] = count
        if count <= MAX_SINGLE:
            self.add(position, field, message, rejected=True)

    def assume(self, position: str, field: str, message: str) -> None:
        """Remark on a reading; told once a column, with the first place and the count."""
        first, count = self._assumed.get((field, message), (position, 0))
        self._assumed[field, message] = (first, count + 1)

    def drain(self) -> list[Problem]:
        """Return and forget what is ready."""
        ready, self._ready = self._ready, []
        return ready

    def close(self) -> list[Problem]:
        """Return the rest, with the counts that are known only at the end."""
        for (field, message), (first, count) in self._assumed.items():
            text = message if count == 1 else f"{message} ({count} times, first here)"
            self.add(first, field, text, rejected=False)
        for (field, reason), count in self._refused.items():
            if count > MAX_SINGLE:
                text = f"{reason}: {count - MAX_SINGLE} more, not named one by one"
                self.add("", field, text, rejected=True)
        self._assumed, self._refused = {}, {}
        return self.drain()
