"""What people laid down about which devices are one, and which are not.

1. A ruling names anchors: what a device was known by when it was made. So it holds for whatever
   bears them later, in a file that nobody had then.
2. The later ruling outranks the earlier; one that was undone never was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from camaudit.model.estate import Device
from camaudit.model.ids import DeviceId
from camaudit.model.judgement import Judgement
from camaudit.model.words import JudgementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """These devices are one, which goes by the id of the first."""

    seq: int
    devices: tuple[tuple[DeviceId, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What bears the anchors of the part is not the device that bears those of the rest."""

    seq: int
    device: DeviceId
    part: tuple[str, ...]
    rest: tuple[str, ...]


Ruling = Merge | Split
RULINGS: Final = (JudgementKind.MERGED, JudgementKind.SPLIT)


def ruling_of(judgement: Judgement) -> Ruling:
    """Return what a judgement of one of the ``RULINGS`` says."""
    body = judgement.body
    if judgement.kind is JudgementKind.MERGED:
        devices = tuple((DeviceId(d["device"]), tuple(d["anchors"])) for d in body["devices"])
        return Merge(seq=judgement.seq, devices=devices)
    return Split(
        seq=judgement.seq,
        device=DeviceId(judgement.subject),
        part=tuple(body["part"]),
        rest=tuple(body["rest"]),
    )


def undone(judgements: Sequence[Judgement]) -> dict[int, Judgement]:
    """Return which rulings hold no more, by number, with what says so."""
    return {j.body["seq"]: j for j in judgements if j.kind is JudgementKind.UNDONE}


def in_force(judgements: Sequence[Judgement]) -> Iterator[Ruling]:
    """Yield the rulings that hold, the oldest first."""
    no_more = undone(judgements)
    for judgement in judgements:
        if judgement.kind in RULINGS and judgement.seq not in no_more:
            yield ruling_of(judgement)


def merge_body(devices: Sequence[Device], names: Sequence[DeviceId], reason: str) -> dict[str, Any]:
    """Return what to lay down so that devices are one: each with the anchors that only it has."""
    bearers = Counter(anchor for device in devices for anchor in device.anchors)
    by_id = {device.id: device for device in devices}
    return {
        "devices": [
            {"device": name, "anchors": [a for a in by_id[name].anchors if bearers[a] == 1]}
            for name in names
        ],
        "reason": reason,
    }


def split_body(
    keys: Mapping[str, Sequence[str]], part: Collection[str], rest: Collection[str], reason: str
) -> dict[str, Any]:
    """Return what to lay down so that subjects are two devices; what both sides bear tells nothing.

    ``keys``: subject -> its keys.
    """
    own = {key for name in part for key in keys[name]}
    others = {key for name in rest for key in keys[name]}
    return {
        "part": [*(f"subject:{name}" for name in sorted(part)), *sorted(own - others)],
        "rest": [*(f"subject:{name}" for name in sorted(rest)), *sorted(others - own)],
        "reason": reason,
    }


class Sides:
    """Which side of each split a subject is on, by its strongest anchor that says so."""

    def __init__(self, splits: Sequence[Split]) -> None:
        self._said: dict[str, dict[int, bool]] = {}
        for split in splits:
            for anchors, side in ((split.part, True), (split.rest, False)):
                for anchor in anchors:
                    self._said.setdefault(anchor, {})[split.seq] = side

    def __bool__(self) -> bool:
        return bool(self._said)

    def of(self, name: str, keys: Sequence[str]) -> set[tuple[int, bool]]:
        """Return (number of the split, whether it is of the part) of a subject."""
        found: dict[int, bool] = {}
        for anchor in (f"subject:{name}", *keys):
            for seq, side in self._said.get(anchor, {}).items():
                found.setdefault(seq, side)
        return set(found.items())
