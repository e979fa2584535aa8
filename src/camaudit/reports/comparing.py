"""Set what several policies say of the same devices side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.snapshot import DeviceRow, Snapshot

from .standing import STANDINGS, standing

WORDS: Final = tuple(word for word, _, _ in STANDINGS)
_FORBIDDEN: Final = frozenset({"breach", "advice"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One device under every policy; ``rows`` and ``standings`` are in the policies' order."""

    device: DeviceRow
    policies: tuple[str, ...]
    rows: tuple[DeviceRow, ...]
    #: The worst that any clause of the policy says: a word of ``standing.STANDINGS``.
    standings: tuple[str, ...]

    @property
    def breached(self) -> tuple[str, ...]:
        """Return the policies that the device breaches, or whose advice it goes against."""
        return self._where(_FORBIDDEN)

    @property
    def met(self) -> tuple[str, ...]:
        """Return the policies of which it meets every clause that applies."""
        return self._where(frozenset({"meets"}))

    @property
    def outside(self) -> tuple[str, ...]:
        """Return the policies of which no clause applies to it."""
        return self._where(frozenset({"not_applicable"}))

    @property
    def conflict(self) -> bool:
        """Tell whether the regimes disagree: one is breached, and another one that applies is met.

        That a policy does not bind the body, or that a fact is missing, is no disagreement.
        """
        return bool(self.breached and self.met)

    def _where(self, words: frozenset[str]) -> tuple[str, ...]:
        pairs = zip(self.policies, self.standings, strict=True)
        return tuple(policy for policy, word in pairs if word in words)


def compare(snapshots: Sequence[Snapshot]) -> list[Compared]:
    """Return every device under every policy: where regimes disagree first, then worst first.

    The snapshots are of one estate at one date of knowledge, each under another policy.
    """
    policies = tuple(each.policy.id for each in snapshots)
    found = [
        Compared(
            device=rows[0],
            policies=policies,
            rows=rows,
            standings=tuple(map(standing, rows)),
        )
        for rows in zip(*(each.devices for each in snapshots), strict=True)
    ]
    return sorted(found, key=_order)


def tallies(snapshots: Sequence[Snapshot]) -> Iterator[tuple[Snapshot, Counter[str]]]:
    """Yield, for each policy, how many devices stand how."""
    for each in snapshots:
        yield each, Counter(map(standing, each.devices))


def _order(compared: Compared) -> tuple[bool, list[int], str]:
    ranks = sorted(WORDS.index(word) for word in compared.standings)
    return (not compared.conflict, ranks, compared.device.id)
