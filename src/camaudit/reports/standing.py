"""Order devices by what the rules ask of them, worst first, and group them for a reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from camaudit.model.snapshot import DeviceRow, VerdictLine
from camaudit.model.words import Strength, VerdictCode

#: (id, heading, what it means), worst first.
STANDINGS: Final = (
    (
        "breach",
        "Breaches of a must or must not",
        "The forbidden state is there, and the clause is an instruction.",
    ),
    (
        "advice",
        "Breaches of advice",
        "The state that the clause advises against is there. Advice is not an instruction.",
    ),
    (
        "outstanding",
        "Decision outstanding",
        "The clause asks to consider or assess something; no record shows it. That is no breach.",
    ),
    (
        "cannot_tell",
        "Cannot tell",
        "A fact is missing. The question under each clause says which one would settle it.",
    ),
    (
        "meets",
        "Meets every clause that applies",
        "The word in brackets says what that rests on, and what was not examined.",
    ),
    (
        "not_applicable",
        "Outside the instrument",
        "No clause applies: not surveillance equipment, not in service, or the body is not bound.",
    ),
)
_INSTRUCTIONS: Final = frozenset({Strength.MUST, Strength.MUST_NOT})
_RANK: Final = {standing: rank for rank, (standing, _, _) in enumerate(STANDINGS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The devices that stand alike; ``left`` of them are not shown."""

    id: str
    heading: str
    meaning: str
    devices: tuple[DeviceRow, ...]
    left: int

    @property
    def total(self) -> int:
        """Return how many there are, shown or not."""
        return len(self.devices) + self.left


def standing(device: DeviceRow) -> str:
    """Return the worst that any clause says of a device."""
    return min(map(_standing, device.verdicts), key=_RANK.__getitem__, default="not_applicable")


def worst_first(lines: Iterable[VerdictLine]) -> list[VerdictLine]:
    """Return verdicts with the one that matters most first."""
    return sorted(lines, key=lambda line: (_RANK[_standing(line)], line.clause))


def groups(devices: Iterable[DeviceRow], most: int) -> tuple[Group, ...]:
    """Return the devices group by group, worst first, and no more than ``most`` of them."""
    sorted_in: dict[str, list[DeviceRow]] = {word: [] for word in _RANK}
    for device in devices:
        sorted_in[standing(device)].append(device)
    result = []
    for word, heading, meaning in STANDINGS:
        members = sorted(sorted_in[word], key=_order)
        shown = members[:most]
        most -= len(shown)
        result.append(
            Group(
                id=word.replace("_", "-"),
                heading=heading,
                meaning=meaning,
                devices=tuple(shown),
                left=len(members) - len(shown),
            )
        )
    return tuple(result)


def _standing(line: VerdictLine) -> str:
    if line.outstanding:
        return "outstanding"
    if line.verdict == VerdictCode.BREACHES:
        return "breach" if line.strength in _INSTRUCTIONS else "advice"
    return line.verdict


def _order(device: DeviceRow) -> tuple[int, float, str, str]:
    breaches = sum(line.verdict == VerdictCode.BREACHES for line in device.verdicts)
    return (-breaches, -(device.maker_confidence or 0.0), device.site or "", device.id)
