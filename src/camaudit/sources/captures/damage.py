"""Count what is damaged or not read, and remember where each sort was met first."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from camaudit.model.traffic import Damage

#: Ours. Sorts of damage told apart; our own words are fewer, the rest names link and ether types.
_MAX_SORTS: Final = 64
_OTHERS: Final = "damage of further sorts"


class Tally:
    """The damage met so far."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}
        self._hiding: set[str] = set()

    def count(self, what: str, place: str, times: int = 1) -> None:
        """Add ``times`` to one sort; ``place`` is where the first of them is."""
        if times < 1:
            return
        if what not in self._counts and len(self._counts) >= _MAX_SORTS:
            what = _OTHERS
        self._counts[what] = self._counts.get(what, 0) + times
        self._first.setdefault(what, place)

    def hide(self, what: str, place: str, times: int = 1) -> None:
        """Do the same with damage that hides whole packets: whom they went to is not known."""
        known = what in self._counts or len(self._counts) < _MAX_SORTS
        self.count(what, place, times)
        if times > 0:
            self._hiding.add(what if known else _OTHERS)

    def hide_packets(self, what: str, numbers: NDArray[np.int64]) -> None:
        """Hide the packets with these numbers, the lowest first."""
        if len(numbers):
            self.hide(what, f"packet {numbers[0]}", len(numbers))

    def count_packets(self, what: str, numbers: NDArray[np.int64]) -> None:
        """Add the packets with these numbers, the lowest first."""
        if len(numbers):
            self.count(what, f"packet {numbers[0]}", len(numbers))

    def told(self) -> tuple[Damage, ...]:
        """Return everything counted, in the order in which it was met."""
        return tuple(
            Damage(what=what, count=count, first=self._first[what], hides=what in self._hiding)
            for what, count in self._counts.items()
        )
