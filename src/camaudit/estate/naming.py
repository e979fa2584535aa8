"""Give each device the id that it had before, or a new one."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.estate import Minted
from camaudit.model.ids import DeviceId, canonical
from camaudit.model.judgement import Judgement
from camaudit.model.words import JudgementKind

from .rulings import RULINGS, Ruling, Split, ruling_of, undone

#: What an anchor begins with, the strongest first.
RANKS: Final = ("mac", "asset", "serial", "certificate", "uuid", "site", "subject")
_ORDER: Final = {word: at for at, word in enumerate(RANKS)}
#: Five bytes are eight characters in base 32.
_ID_BYTES: Final = 5
_ID_CHARACTERS: Final = 8


def strength(anchor: str) -> tuple[int, str]:
    """Return a sort key that puts the strongest anchors first."""
    return _ORDER[anchor.partition(":")[0]], anchor


def rank(anchor: str) -> str:
    """Return what kind of anchor it is, one of ``RANKS``."""
    return anchor.partition(":")[0]


class Known:
    """What was minted so far."""

    def __init__(self, judgements: Sequence[Judgement]) -> None:
        self.anchors: dict[DeviceId, set[str]] = {}
        #: The devices that an anchor was minted for, the oldest first.
        self.holders: dict[str, list[DeviceId]] = {}
        #: Ids that a person led on to another one.
        self.merged: set[DeviceId] = set()
        #: What was minted since each ruling that was undone later.
        self._since: dict[int, list[tuple[DeviceId, str]]] = {}
        no_more = undone(judgements)
        rulings: dict[int, Ruling] = {}
        for judgement in judgements:
            if judgement.kind is JudgementKind.DEVICE_MINTED:
                self._give(DeviceId(judgement.subject), judgement.body["anchors"])
            elif judgement.kind in RULINGS:
                ruling = rulings[judgement.seq] = ruling_of(judgement)
                if ruling.seq in no_more:
                    self._since[ruling.seq] = []
                else:
                    self._rule(ruling)
            elif judgement.kind is JudgementKind.UNDONE and judgement.body["seq"] in rulings:
                self._undo(rulings[judgement.body["seq"]])

    def _rule(self, ruling: Ruling) -> None:
        if isinstance(ruling, Split):
            self._take(ruling.device, ruling.part)
        else:
            self.merged.update(device for device, _ in ruling.devices[1:])

    def _give(self, device: DeviceId, anchors: Sequence[str]) -> None:
        for anchor in anchors:
            self.anchors.setdefault(device, set()).add(anchor)
            self.holders.setdefault(anchor, []).append(device)
            for minted in self._since.values():
                minted.append((device, anchor))

    def _take(self, device: DeviceId, anchors: Sequence[str]) -> None:
        for anchor in anchors:
            self.anchors.get(device, set()).discard(anchor)
            held = self.holders.get(anchor, [])
            self.holders[anchor] = [each for each in held if each != device]

    def _undo(self, ruling: Ruling) -> None:
        """Give anchors back to the device that had them before a merge or a split."""
        since = self._since.pop(ruling.seq, [])
        if isinstance(ruling, Split):
            parts = {device for anchor in ruling.part for device in self.holders.get(anchor, ())}
            shared = {anchor for device in parts for anchor in self.anchors[device]}
            old = self.anchors.get(ruling.device, set())
            self._give(ruling.device, [*ruling.part, *sorted(shared & old)])
            return
        merged = {device for device, _ in ruling.devices}
        for device, anchor in since:
            if device in merged and self.holders[anchor][:1] != [device]:
                self._take(device, [anchor])  # it was another's, and came over with the merge
        for device, anchors in ruling.devices:
            for other in merged:
                if other != device:
                    self._take(other, anchors)

    def last(self, anchor: str) -> DeviceId | None:
        """Return the device that an anchor belonged to last."""
        held = self.holders.get(anchor)
        return held[-1] if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The id of each device, what to mint so that it stays, and which ids became another's."""

    ids: list[DeviceId]
    to_mint: list[Minted]
    absorbed: dict[DeviceId, DeviceId]


def name_devices(
    anchors: Sequence[Sequence[str]],
    known: Known,
    secret: bytes,
    chosen: Sequence[DeviceId | None] = (),
) -> Names:
    """Name each device by what was minted for its anchors; ``anchors`` are strongest first.

    ``chosen``: the id that a person chose, for each device; it outranks everything.

    What only one device has decides before what several have, then the strongest anchor of all: so
    a camera that was put in another's place never takes over its id by the address alone.
    """
    bearers = Counter(anchor for mine in anchors for anchor in mine)
    named = _chosen(chosen, known)
    taken = set(named.values())
    for at, name in _undisputed(anchors, known).items():
        if at not in named and name not in taken:
            named[at] = name
    taken.update(named.values())
    claims = sorted(
        (
            bearers[anchor] > 1 or device != known.last(anchor),
            strength(anchor),
            -order,
            at,
            device,
        )
        for at, mine in enumerate(anchors)
        if at not in named
        for anchor in mine
        for order, device in enumerate(known.holders.get(anchor, ()))
        # what a merged device was known by, the one that goes on was known by since
        if device not in known.merged or device == known.last(anchor)
    )
    for _, _, _, at, device in claims:
        if at not in named and device not in taken:
            named[at] = device
            taken.add(device)
    taken.update(known.anchors)
    ids: list[DeviceId] = []
    to_mint: list[Minted] = []
    for at, mine in enumerate(anchors):
        called = named.get(at) or _new_id(mine[0], secret, taken)
        taken.add(called)
        ids.append(called)
        fresh = tuple(
            anchor
            for anchor in mine
            if anchor not in known.anchors.get(called, ())
            or (bearers[anchor] == 1 and known.last(anchor) != called)
        )
        if fresh:
            to_mint.append(Minted(device=called, anchors=fresh))
    return Names(ids=ids, to_mint=to_mint, absorbed=_absorbed(known.anchors, ids, anchors))


def _chosen(chosen: Sequence[DeviceId | None], known: Known) -> dict[int, DeviceId]:
    named: dict[int, DeviceId] = {}
    for at, name in enumerate(chosen):
        if name in known.anchors and name not in named.values():
            named[at] = name
    return named


def _undisputed(anchors: Sequence[Sequence[str]], known: Known) -> dict[int, DeviceId]:
    """Return the names that nobody else claims: nearly all, and quick to find."""
    claimants: dict[DeviceId, int] = {}
    wanted: list[DeviceId | None] = []
    for mine in anchors:
        devices = {device for anchor in mine for device in known.holders.get(anchor, ())}
        for device in devices:
            claimants[device] = claimants.get(device, 0) + 1
        wanted.append(devices.pop() if len(devices) == 1 else None)
    return {
        at: device
        for at, device in enumerate(wanted)
        if device is not None and claimants[device] == 1
    }


def _absorbed(
    known: Mapping[DeviceId, set[str]], ids: Sequence[DeviceId], anchors: Sequence[Sequence[str]]
) -> dict[DeviceId, DeviceId]:
    """Return where ids went whose devices turned out to be one with another.

    An address proves nothing here: the next device may have it.
    """
    gone = sorted(known.keys() - set(ids))
    if not gone:
        return {}
    bearers: dict[str, set[DeviceId]] = {}
    for name, mine in zip(ids, anchors, strict=True):
        for anchor in mine:
            bearers.setdefault(anchor, set()).add(name)
    result: dict[DeviceId, DeviceId] = {}
    for device in gone:
        for anchor in sorted(known[device], key=strength):
            now = bearers.get(anchor, set())
            if len(now) == 1 and not anchor.startswith("site:"):
                result[device] = next(iter(now))
                break
    return result


def _new_id(anchor: str, secret: bytes, taken: set[DeviceId]) -> DeviceId:
    keyed = hashlib.sha256(canonical((secret, anchor.encode()))).digest()
    name = DeviceId(f"D-{b32encode(keyed[:_ID_BYTES]).decode()}")
    if name not in taken:
        return name
    digest = b32encode(keyed).decode().rstrip("=")  # only now: the whole takes ten times as long
    lengths = range(_ID_CHARACTERS + 1, len(digest) + 1)
    return next(
        name for length in lengths if (name := DeviceId(f"D-{digest[:length]}")) not in taken
    )
