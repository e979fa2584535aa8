"""Join subjects that one key and no contradiction says are one device.

1. The stronger key goes first. Subjects that were one device before come together first, so that
   nothing new takes it apart.
2. MAC addresses, asset ids, and serial numbers told in the same field keep devices apart; for an
   address or an endpoint, so do models and what a register says of serial numbers.
3. A serial number, certificate or endpoint whose bearers contradict each other joins none of them:
   false joins hide cameras. A person can join them.
4. Of several devices that had an address, what else is seen there is the one of nearest in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import Final

from camaudit.model.ids import DeviceId

from .keys import Keys, Said
from .naming import Known, rank, strength
from .places import Places
from .rulings import Merge, Sides, Split
from .subjects import Subject

#: A key whose holders cannot be joined with each other is a placeholder; beyond so many groups
#: no more is tried.
_MAX_GROUPS: Final = 16
#: Ours. Bearers of one serial number that are compared with each other.
_MAX_BEARERS: Final = 64
#: Keys that decide only where all who bear them can be one device.
_AGREED: Final = frozenset({"serial", "certificate", "uuid"})
#: Keys that many a device may bear in turn: they need agreement on models too.
_WEAK: Final = frozenset({"uuid", "site"})
#: Merges by hand come after the keys that only units bear and before those that need agreement.
_STRONGEST: Final = frozenset({"mac", "asset"})


class Cluster:
    """Subjects that are one device, as far as is known, and what sets it apart."""

    __slots__ = ("assets", "looks", "macs", "members", "name", "serials", "sides")

    def __init__(self, subject: Subject, keys: Keys, sides: Sides) -> None:
        mine = keys.of[subject.name]
        self.members = [subject]
        self.macs = {key for key in mine if key.startswith("mac:")}
        self.assets = {key for key in mine if key.startswith("asset:")}
        self.serials: Said = keys.serials.get(subject.name, {})
        self.looks: Said = keys.looks.get(subject.name, {})
        self.sides = sides.of(subject.name, mine) if sides else set()
        #: The id that a person chose for it.
        self.name: DeviceId | None = None

    def split_from(self, other: Cluster, before: int | None = None) -> bool:
        """Tell whether a person said that these are two; ``before`` counts later rulings only."""
        return any(
            (seq, not side) in other.sides
            for seq, side in self.sides
            if before is None or seq > before
        )

    def drop_overruled(self) -> None:
        """Forget the splits between members: a later ruling brought them together."""
        both = {seq for seq, side in self.sides if (seq, not side) in self.sides}
        self.sides = {(seq, side) for seq, side in self.sides if seq not in both}

    def may_be(self, other: Cluster, *, weak: bool = False) -> bool:
        """Tell whether nothing contradicts that these are one device."""
        return not (
            (self.macs and other.macs and self.macs.isdisjoint(other.macs))
            or (self.assets and other.assets and self.assets.isdisjoint(other.assets))
            or _differ(self.serials, other.serials)
            or (weak and _differ(self.looks, other.looks))
            or (self.sides and self.split_from(other))
        )

    def take(self, other: Cluster) -> None:
        """Add another one's members and all that they are known by."""
        self.members += other.members
        self.macs |= other.macs
        self.assets |= other.assets
        self.serials = _both(self.serials, other.serials)
        self.looks = _both(self.looks, other.looks)
        self.sides |= other.sides
        names = {self.name, other.name} - {None}
        self.name = min(names, key=str) if names else None


def _differ(one: Said, other: Said) -> bool:
    return bool(one) and any(
        name in other and said.isdisjoint(other[name]) for name, said in one.items()
    )


def _both(one: Said, other: Said) -> Said:
    if not one or not other:
        return one or other
    return {name: one.get(name, set()) | other.get(name, set()) for name in {**one, **other}}


@dataclass(slots=True, kw_only=True)
class Clustering:
    """Which subjects are one device, and which keys could not say."""

    groups: list[list[Subject]]
    chosen: list[DeviceId | None]
    #: A serial number -> the subjects that bear it and that contradict each other.
    rivals: dict[str, list[str]] = field(default_factory=dict)


def cluster(
    subjects: Sequence[Subject],
    keys: Keys,
    known: Known,
    places: Places,
    merges: Sequence[Merge],
    splits: Sequence[Split],
) -> Clustering:
    """Return which subjects are one device; ``subjects`` are ordered by name."""
    work = _Work({subject.name: subject for subject in subjects}, keys, known, places, splits)
    holders: dict[str, list[str]] = {}
    for name, mine in keys.of.items():
        for key in mine:
            holders.setdefault(key, []).append(name)
    shared = sorted((key for key, names in holders.items() if len(names) > 1), key=strength)
    first = [key for key in shared if rank(key) in _STRONGEST]
    for key in first:
        work.join(key, holders[key])
    for merge in merges:
        work.merge(merge, holders)
    work.note_units()
    for key in shared[len(first) :]:
        work.join(key, holders[key])
    found = work.clusters()
    return Clustering(
        groups=[members for members, _ in found],
        chosen=[name for _, name in found],
        rivals=work.rivals,
    )


class _Work:
    def __init__(
        self,
        subjects: Mapping[str, Subject],
        keys: Keys,
        known: Known,
        places: Places,
        splits: Sequence[Split],
    ) -> None:
        self._subjects, self._keys, self._known = subjects, keys, known
        self._places = places
        self._sides = Sides(splits)
        #: Only of subjects that share a key with another.
        self._cluster_of: dict[str, Cluster] = {}
        #: Subject -> the device that MAC addresses, asset ids and people say it is of.
        self._unit: dict[str, int] = {}
        self.rivals: dict[str, list[str]] = {}

    def note_units(self) -> None:
        """Keep what the strongest keys and people came to: agreement is between these.

        It must not depend on what other keys join, before or after, or on which were joined at an
        earlier time: recomputing would rename devices.
        """
        self._unit = {name: id(mine) for name, mine in self._cluster_of.items()}

    def clusters(self) -> list[tuple[list[Subject], DeviceId | None]]:
        """Return the members of each cluster, and the id chosen for it, ordered by name."""
        result: list[tuple[list[Subject], DeviceId | None]] = []
        done: set[int] = set()
        for name, subject in self._subjects.items():
            mine = self._cluster_of.get(name)
            if mine is None:
                result.append(([subject], None))
            elif id(mine) not in done:
                done.add(id(mine))
                result.append((sorted(mine.members, key=lambda s: s.name), mine.name))
        return result

    def join(self, key: str, names: Sequence[str]) -> None:
        """Join what bears a key, where it may be one device."""
        one = self._cluster_of.get(names[0])
        if one is not None and all(self._cluster_of.get(name) is one for name in names):
            return  # a stronger key did it: nearly always
        kind = rank(key)
        weak = kind in _WEAK
        before: dict[DeviceId | None, list[str]] = {}
        for name in names:
            before.setdefault(self._known.last(f"subject:{name}"), []).append(name)
        agreed = kind not in _AGREED or self._agreed(key, names, weak=weak)
        for device, group in before.items():
            if device is not None and len(group) > 1:
                self._join(group, weak=weak)
        if agreed:
            self._join(self._in_time(names) if kind == "site" else names, weak=weak)

    def merge(self, merge: Merge, holders: Mapping[str, Sequence[str]]) -> None:
        """Join devices by hand, whatever contradicts it but a later split."""
        sides = [side for _, mine in merge.devices if (side := self._side(mine, holders))]
        for other in sides[1:]:
            target, other_now = self._now(sides[0]), self._now(other)
            if target.split_from(other_now, merge.seq):
                continue
            if target is not other_now:
                self._take(target, other_now)
                target.drop_overruled()
            target.name = merge.devices[0][0]

    def _side(self, anchors: Sequence[str], holders: Mapping[str, Sequence[str]]) -> Cluster | None:
        """Return the cluster that bears anchors, the strongest first."""
        found: Cluster | None = None
        for anchor in sorted(anchors, key=strength):
            kind, _, rest = anchor.partition(":")
            if kind == "site":  # the next device may have the address
                continue
            names = [rest] if kind == "subject" else holders.get(anchor, ())
            for name in names:
                if name not in self._subjects:
                    continue
                mine = self._of(name)
                if found is None:
                    found = mine
                elif mine is not found and found.may_be(mine):
                    self._take(found, mine)
        return found

    def _now(self, mine: Cluster) -> Cluster:
        return self._cluster_of[mine.members[0].name]

    def _of(self, name: str) -> Cluster:
        mine = self._cluster_of.get(name)
        if mine is None:
            mine = Cluster(self._subjects[name], self._keys, self._sides)
            self._cluster_of[name] = mine
        return mine

    def _take(self, into: Cluster, other: Cluster) -> None:
        into.take(other)
        for subject in other.members:
            self._cluster_of[subject.name] = into

    def _join(self, names: Iterable[str], *, weak: bool) -> None:
        groups: list[Cluster] = []
        for name in names:
            mine = self._of(name)
            if any(mine is group for group in groups):
                continue
            fitting = [at for at, group in enumerate(groups) if mine.may_be(group, weak=weak)]
            if fitting:
                at = fitting[0]
                if len(fitting) > 1:
                    at = self._nearest(mine, groups, fitting)
                small, large = sorted((mine, groups[at]), key=lambda each: len(each.members))
                self._take(large, small)
                groups[at] = large
            elif len(groups) < _MAX_GROUPS:
                groups.append(mine)

    def _agreed(self, key: str, names: Sequence[str], *, weak: bool) -> bool:
        """Tell whether no two that bear a key contradict each other."""
        units = [
            (self._unit.get(name, name), Cluster(self._subjects[name], self._keys, self._sides))
            for name in names[:_MAX_BEARERS]
        ]
        for at, (unit, mine) in enumerate(units):
            for other_unit, other in units[:at]:
                if unit != other_unit and not mine.may_be(other, weak=weak):
                    if rank(key) == "serial" and not mine.split_from(other):
                        self.rivals[key] = list(names)
                    return False
        found = list({id(mine): mine for mine in map(self._of, names)}.values())
        pairs = combinations(found[:_MAX_BEARERS], 2)
        return all(one.may_be(two, weak=weak) for one, two in pairs)

    def _in_time(self, names: Sequence[str]) -> Sequence[str]:
        if len(names) <= 2:  # of two there is nothing to choose
            return names
        return sorted(names, key=lambda name: (self._when(self._subjects[name])[0], name))

    def _when(self, subject: Subject) -> tuple[datetime, datetime]:
        """Return from when to when a subject is known; an entry is known when it was imported."""
        if subject.first_seen and subject.last_seen:
            return subject.first_seen, subject.last_seen
        day = self._places.files.listed_on.get(subject.file)
        at = datetime.combine(day, time(), UTC) if day else datetime.max.replace(tzinfo=UTC)
        return at, at

    def _nearest(self, mine: Cluster, groups: Sequence[Cluster], fitting: Sequence[int]) -> int:
        return min(fitting, key=lambda at: self._between(mine, groups[at]))

    def _between(self, one: Cluster, other: Cluster) -> timedelta:
        """Return the time between two clusters' nearest members: zero where they overlap."""
        spans = [self._when(subject) for subject in one.members]
        others = [self._when(subject) for subject in other.members]
        return min(
            max(first - until, since - last, timedelta())
            for first, last in spans
            for since, until in others
        )
