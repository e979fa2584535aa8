"""What every part of a running lab shares: plan, words, log, delay, loss, locks."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from .journal import Journal
from .plan import Device, Plan
from .speaking import Speaker

#: Knuth's multiplicative hash: the loss of a datagram follows from the seed and a counter.
_SPREAD: Final = 0x9E3779B1
_WORD: Final = 0xFFFFFFFF


@dataclass(kw_only=True)
class Conditions:
    """One running lab, or one process of it."""

    plan: Plan
    speaker: Speaker
    journal: Journal | None = None
    delay_s: float = 0.0
    loss: float = 0.0
    #: Counted from here, so that several processes lose different datagrams.
    counter: int = 0
    contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    _recent: dict[int, deque[float]] = field(default_factory=dict)
    _locked: dict[int, float] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    _passed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._bar = int(self.loss * _WORD)

    def delay_of(self, device: Device) -> float:
        """Return after how many seconds a device answers."""
        return self.delay_s + device.persona.delay_ms / 1000

    def loses(self, way: str) -> bool:
        """Return whether the next datagram ``in`` or ``out`` is lost.

        Each way is counted by itself: which answer comes between two questions depends on the
        machine, and which are lost must not.
        """
        if not self._bar:
            return False
        self._passed[way] += 1
        number = self.counter + self._passed[way] << 1 | (way == "out")
        mixed = (number ^ self.plan.seed) * _SPREAD & _WORD
        mixed = (mixed ^ mixed >> 15) * _SPREAD & _WORD
        return (mixed ^ mixed >> 13) < self._bar

    def lock_state(self, device: Device) -> str:
        """Return ``open``, ``locking`` for the connection that is one too many, or ``locked``."""
        rule = device.persona.lock_out
        if rule is None:
            return "open"
        now = self._loop.time()
        if self._locked.get(device.address, 0.0) > now:
            return "locked"
        recent = self._recent.setdefault(device.address, deque())
        while recent and recent[0] < now - rule.seconds:
            recent.popleft()
        recent.append(now)
        if len(recent) <= rule.connections:
            return "open"
        recent.clear()
        self._locked[device.address] = now + rule.refusing
        return "locking"
