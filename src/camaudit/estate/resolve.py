"""Which subjects are one device: three keys, in this order of strength.

1. MAC address; register asset id; site and address. A key joins two subjects unless that would join
   different MAC addresses or different asset ids.
2. A MAC address that one file gives to rows with different asset ids, or at different sites, is a
   placeholder or shared, and joins nothing. An asset id that one file uses at several sites counts
   per site.
3. The result does not depend on the order of the input. A ``DeviceId`` that was minted once is
   found again by any of its anchors, the strongest first; recomputing never renames a device.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.estate import Resolution
from camaudit.model.ids import DeviceId, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site

from .device import Recorders, build_device, site_of_members
from .naming import Known, Names, name_devices, strength
from .places import Files, Places
from .subjects import Subject

#: A key whose holders cannot be joined with each other is a placeholder; beyond so many groups
#: no more is tried.
_MAX_GROUPS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Which subjects are one device, and what each device is called."""

    places: Places
    clusters: list[list[Subject]]
    anchors: list[tuple[str, ...]]
    names: Names


def identify(
    subjects: Mapping[str, Subject],
    judgements: Sequence[Judgement],
    sites: Sequence[Site],
    files: Files,
    secret: bytes = b"",
) -> Identities:
    """Return which subjects are one device, without looking at what else is said of them.

    ``secret`` keeps new ids from being guessed back to the addresses that they come from.
    """
    places = Places(sites, files)
    ordered = [subjects[name] for name in sorted(subjects)]
    keys = _keys(ordered, places)
    known = Known(judgements)
    clusters = _clusters(ordered, keys, known)
    anchors = [_anchors(members, keys) for members in clusters]
    return Identities(
        places=places,
        clusters=clusters,
        anchors=anchors,
        names=name_devices(anchors, known, secret),
    )


def resolve(
    subjects: Mapping[str, Subject],
    judgements: Sequence[Judgement],
    sites: Sequence[Site],
    files: Files,
    secret: bytes = b"",
) -> Resolution:
    """Return the devices that subjects resolve to, with the history that judgements give them."""
    found = identify(subjects, judgements, sites, files, secret)
    names, places = found.names, found.places
    recorders = _recorders(found.clusters, names.ids, names.absorbed, places)
    about = _by_device(judgements, names.absorbed)
    devices = [
        build_device(name, members, mine, places, about.get(name, []), recorders)
        for name, members, mine in zip(names.ids, found.clusters, found.anchors, strict=True)
    ]
    return Resolution(
        devices=tuple(sorted(devices, key=lambda device: device.id)),
        device_of={
            subject.name: name
            for name, members in zip(names.ids, found.clusters, strict=True)
            for subject in members
        },
        to_mint=tuple(names.to_mint),
        unknown_sites=tuple(sorted(places.unknown.items())),
        absorbed=names.absorbed,
    )


def _keys(subjects: Sequence[Subject], places: Places) -> dict[str, list[str]]:
    """Return the keys of each subject, strongest first."""
    shared = _shared_macs(subjects, places)
    local = _local_assets(subjects, places)
    keys: dict[str, list[str]] = {}
    for subject in subjects:
        site = places.site_of(subject)
        mine = [f"mac:{mac}" for mac in subject.macs if mac not in shared]
        for asset in subject.asset_ids:
            word = asset.casefold()
            mine.append(f"asset:{site}/{word}" if word in local else f"asset:{word}")
        where = site or places.written(subject)
        if where is not None:
            mine += [f"site:{where}/{address}" for address in subject.addresses]
        keys[subject.name] = mine
    return keys


def _shared_macs(subjects: Iterable[Subject], places: Places) -> set[str]:
    assets: dict[tuple[str, str], set[str]] = {}
    sites: dict[tuple[str, str], set[SiteId]] = {}
    for subject in subjects:
        site = places.site_of(subject)
        for mac in subject.macs:
            key = (subject.file, mac)
            assets.setdefault(key, set()).update(asset.casefold() for asset in subject.asset_ids)
            sites.setdefault(key, set()).update([site] if site else [])
    return {mac for file, mac in assets if len(assets[file, mac]) > 1 or len(sites[file, mac]) > 1}


def _local_assets(subjects: Iterable[Subject], places: Places) -> set[str]:
    sites: dict[tuple[str, str], set[SiteId | None]] = {}
    for subject in subjects:
        for asset in subject.asset_ids:
            where = sites.setdefault((subject.file, asset.casefold()), set())
            where.add(places.site_of(subject))
    return {asset for (_, asset), found in sites.items() if len(found) > 1}


class _Cluster:
    """Subjects that are one device, as far as is known, and what sets it apart."""

    __slots__ = ("assets", "macs", "members")

    def __init__(self, subject: Subject, keys: Sequence[str]) -> None:
        self.members = [subject]
        self.macs = {key for key in keys if key.startswith("mac:")}
        self.assets = {key for key in keys if key.startswith("asset:")}

    def may_be(self, other: _Cluster) -> bool:
        return not (
            (self.macs and other.macs and self.macs.isdisjoint(other.macs))
            or (self.assets and other.assets and self.assets.isdisjoint(other.assets))
        )

    def take(self, other: _Cluster) -> None:
        self.members += other.members
        self.macs |= other.macs
        self.assets |= other.assets


def _clusters(
    subjects: Sequence[Subject], keys: Mapping[str, Sequence[str]], known: Known
) -> list[list[Subject]]:
    cluster_of = {subject.name: _Cluster(subject, keys[subject.name]) for subject in subjects}
    holders: dict[str, list[str]] = {}
    for name, mine in keys.items():
        for key in mine:
            holders.setdefault(key, []).append(name)
    for key in sorted(holders, key=strength):
        names = holders[key]
        if len(names) > 1:
            # what was one device before comes together first, so that nothing new takes it apart
            before: dict[DeviceId | None, list[str]] = {}
            for name in names:
                before.setdefault(known.last(f"subject:{name}"), []).append(name)
            for device, group in before.items():
                if device is not None:
                    _join(group, cluster_of)
            _join(names, cluster_of)
    clusters = {id(cluster): cluster for cluster in cluster_of.values()}.values()
    groups = [sorted(cluster.members, key=lambda s: s.name) for cluster in clusters]
    return sorted(groups, key=lambda group: group[0].name)


def _join(names: Sequence[str], cluster_of: dict[str, _Cluster]) -> None:
    """Join the clusters of subjects that hold one key, where they may be one device."""
    groups: list[_Cluster] = []
    for name in names:
        mine = cluster_of[name]
        if any(mine is group for group in groups):
            continue
        at = next((at for at, group in enumerate(groups) if mine.may_be(group)), None)
        if at is not None:
            small, large = sorted((mine, groups[at]), key=lambda each: len(each.members))
            large.take(small)
            groups[at] = large
            for subject in small.members:
                cluster_of[subject.name] = large
        elif len(groups) < _MAX_GROUPS:
            groups.append(mine)


def _anchors(members: Sequence[Subject], keys: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found = {key for subject in members for key in keys[subject.name]}
    found.update(f"subject:{subject.name}" for subject in members)
    return tuple(sorted(found, key=strength))


def _recorders(
    clusters: Sequence[Sequence[Subject]],
    names: Sequence[DeviceId],
    absorbed: Mapping[DeviceId, DeviceId],
    places: Places,
) -> Recorders:
    by_asset: dict[str, dict[DeviceId, SiteId | None]] = {}
    for members, name in zip(clusters, names, strict=True):
        for asset in {asset.casefold() for subject in members for asset in subject.asset_ids}:
            by_asset.setdefault(asset, {})[name] = site_of_members(members, places)
    return Recorders(by_asset=by_asset, absorbed=absorbed)


def _by_device(
    judgements: Sequence[Judgement], absorbed: Mapping[DeviceId, DeviceId]
) -> dict[DeviceId, list[Judgement]]:
    """Return the judgements about each device, under whichever of its ids they were given."""
    found: dict[DeviceId, list[Judgement]] = {}
    for judgement in judgements:
        name = DeviceId(judgement.subject)
        found.setdefault(absorbed.get(name, name), []).append(judgement)
    return found
