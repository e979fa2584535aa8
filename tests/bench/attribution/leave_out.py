"""Leave one maker out: what is said of its devices by packs that do not know it.

The maker's signatures say nothing, and nobody is tied to it. Its devices must then be left unnamed,
or be given to a name of its own family; whoever else is named is named falsely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from camaudit.app.classifier import Classified, Tally
from camaudit.app.classify import classify_batches
from camaudit.app.packset import PackSet
from camaudit.attribution import Attributor
from camaudit.attribution.graph import MakerGraph
from camaudit.model.ids import MakerId
from camaudit.model.packs import MakerPacks

from .measure import read_devices
from .sets import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A string of a maker that the packs did not know, and whom they named."""

    row: Row
    maker: str | None
    confidence: float
    #: The name belongs to the maker's family: its brand, its owner, who builds for it.
    family: bool

    @property
    def another(self) -> bool:
        return self.maker is not None and not self.family


def leave_each_out(rows: Sequence[Row], packs: PackSet) -> list[LeftOut]:
    """Ask for each row what packs without its maker say of it."""
    ordered = sorted(rows, key=lambda row: row.maker or "")
    (found,) = classify_batches(read_devices([[row] for row in ordered]), packs, Tally())
    places = [int(name) for name in found.devices.to_pylist()]
    assert places == list(range(len(ordered)))
    related = MakerGraph(packs.makers.makers, packs.makers.vocabulary)
    result = []
    for maker, group in groupby(range(len(ordered)), key=lambda at: ordered[at].maker or ""):
        devices = list(group)
        said = _without(MakerId(maker), devices, found, packs.makers)
        result += [
            LeftOut(
                row=ordered[at],
                maker=named,
                confidence=confidence,
                family=named is not None and related.tied(MakerId(maker), named),
            )
            for at, (named, confidence) in zip(devices, said, strict=True)
        ]
    return result


def _without(
    maker: MakerId, devices: Sequence[int], found: Classified, packs: MakerPacks
) -> list[tuple[MakerId | None, float]]:
    """Conclude anew for the devices, with the maker's signatures and ties gone."""
    makers = tuple(
        replace(each, ties=tuple(tie for tie in each.ties if maker not in (each.id, tie.to)))
        for each in packs.makers
    )
    numbers = found.signals.column("signature").to_pylist()
    members, offsets = [], [0]
    for at in devices:
        mine = found.members[found.offsets[at] : found.offsets[at + 1]].tolist()
        members += [each for each in mine if packs.signatures[numbers[each]].maker != maker]
        offsets.append(len(members))
    said = Attributor(replace(packs, makers=makers)).attribute_batch(
        found.signals, np.array(members, np.int64), np.array(offsets, np.int64)
    )
    concluded = [said.conclusions[code] for code in said.codes.tolist()]
    return [(each.maker, each.maker_confidence or 0.0) for each in concluded]
