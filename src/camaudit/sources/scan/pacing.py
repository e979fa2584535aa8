"""A token bucket: so many packets a second over the whole scan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pace:
    """Hand out tokens at a steady rate; whoever asks first is served first."""

    __slots__ = ("_at", "_burst", "_clock", "_level", "_rate", "spent")

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a rate is above nought and a burst at least one")
        self._rate, self._burst, self._clock = rate, float(burst), clock
        self._level, self._at = float(burst), clock()
        #: Tokens handed out so far.
        self.spent = 0

    async def take(self) -> None:
        """Wait for one token. Debts queue up, so that the order is kept and the rate holds."""
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate) - 1.0
        self._at = now
        self.spent += 1
        if self._level < 0:
            await asyncio.sleep(-self._level / self._rate)
