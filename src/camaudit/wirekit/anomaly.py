"""Oddities of a message that was readable all the same; counted, never logged."""

from __future__ import annotations

from typing import NamedTuple


class Anomaly(NamedTuple):
    """Something that the protocol does not allow, and how often it was met."""

    code: str
    times: int = 1


class Tally:
    """Count anomalies by code while one message is read."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, code: str, count: int = 1) -> None:
        """Count ``code``; a count of nought leaves no trace."""
        if count:
            self._counts[code] = self._counts.get(code, 0) + count

    def result(self) -> tuple[Anomaly, ...]:
        """Return the anomalies in the order in which they were first met."""
        return tuple(Anomaly(code, count) for code, count in self._counts.items())
