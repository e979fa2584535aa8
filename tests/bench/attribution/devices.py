"""Whole devices, put together from the sets, and what is left of the answer with less, or lies.

A device has one string of each group of fields that a maker has strings of. *Degraded*: only its
hardware address, only its web page, only its line in a register. *Contradictory*: the web page of
one maker with the other answers of another, who are no relatives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import PackSet
from camaudit.attribution.graph import MakerGraph
from camaudit.model.ids import MakerId
from camaudit.model.words import OUTSIDE_KINDS

from .measure import classify_devices
from .sets import Row

#: Devices that are put together for one maker, at most.
MOST: Final = 4
#: What is left of a degraded device: protocols, by what the table calls it.
DEGRADED: Final = {
    "only the hardware address": "mac",
    "only the web page": "http",
    "only the register's line": "inventory",
}
WHOLE: Final = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A device that was put together, and what was said of it."""

    maker: str
    line: DeviceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A device whose web page is of one maker and whose other answers are of another."""

    makers: tuple[str, str]
    line: DeviceLine
    #: How sure the answer was with either maker's strings alone, at most.
    before: float

    @property
    def shown(self) -> bool:
        """Tell whether both makers are seen: as a conflict, or as makers of different aspects."""
        seen = {each.maker for each in self.line.aspects.values()}
        named = {maker for each in self.line.conflicts for maker in each.makers}
        return set(self.makers) <= seen | named

    @property
    def after(self) -> float:
        return self.line.maker_confidence or 0.0

    @property
    def fell(self) -> bool:
        return self.after < self.before


def put_together(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return consistent devices: of one maker, each with a string of every group that it has."""
    makers: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.maker and row.brand in {None, row.maker} and row.kind not in OUTSIDE_KINDS:
            makers[row.maker][_group(row)].append(row)
    devices = []
    for maker, groups in sorted(makers.items()):
        if len(groups) > 1:
            count = min(MOST, max(map(len, groups.values())))
            devices += [
                (maker, [each[at % len(each)] for each in groups.values()]) for at in range(count)
            ]
    return devices


def _group(row: Row) -> str:
    return row.protocol if row.protocol in DEGRADED.values() else "other"


def degraded(rows: Iterable[Row], packs: PackSet) -> dict[str, list[Tried]]:
    """Classify devices whole, and with one group of their strings only."""
    devices = put_together(rows)
    ways = {WHOLE: devices}
    for name, group in DEGRADED.items():
        left = [(maker, [row for row in each if _group(row) == group]) for maker, each in devices]
        ways[name] = [(maker, each) for maker, each in left if each]
    return {
        name: [
            Tried(maker=maker, line=line)
            for (maker, _), line in zip(
                each, classify_devices([rows for _, rows in each], packs), strict=True
            )
        ]
        for name, each in ways.items()
    }


def contradictory(rows: Iterable[Row], packs: PackSet) -> list[Contradiction]:
    """Classify devices with the web page of each maker and the other answers of the next one."""
    graph = MakerGraph(packs.makers.makers, packs.makers.vocabulary)
    first: dict[str, dict[str, Row]] = {}
    for maker, each in put_together(rows):
        first.setdefault(maker, {_group(row): row for row in each})
    both = [maker for maker, groups in first.items() if {"http", "other"} <= groups.keys()]
    pairs = [
        (one, other)
        for one, other in zip(both, [*both[1:], *both[:1]], strict=True)
        if not graph.tied(MakerId(one), MakerId(other))
    ]
    alone = {
        (maker, group): line
        for group in ("http", "other")
        for maker, line in zip(both, _each(first, both, group, packs), strict=True)
    }
    mixed = classify_devices(
        [[first[one]["http"], first[other]["other"]] for one, other in pairs], packs
    )
    return [
        Contradiction(
            makers=(one, other),
            line=line,
            before=max(_sure(alone[one, "http"]), _sure(alone[other, "other"])),
        )
        for (one, other), line in zip(pairs, mixed, strict=True)
        if alone[one, "http"].maker == one and alone[other, "other"].maker == other
    ]


def _each(
    first: dict[str, dict[str, Row]], makers: Sequence[str], group: str, packs: PackSet
) -> list[DeviceLine]:
    return classify_devices([[first[maker][group]] for maker in makers], packs)


def _sure(line: DeviceLine) -> float:
    return line.maker_confidence or 0.0
