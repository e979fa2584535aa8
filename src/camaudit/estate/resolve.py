"""Which subjects are one device, and what each device is called.

1. Keys, in this order of strength: MAC address; register asset id; serial number; certificate;
   endpoint; site and address. ``keys`` finds them, ``clusters`` joins by them.
2. What people laid down (``rulings``) outranks what keys say.
3. The result does not depend on the order of the input. A ``DeviceId`` that was minted once is
   found again by any of its anchors, the strongest first; recomputing never renames a device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.estate import Resolution
from camaudit.model.ids import DeviceId, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site

from .capacity import with_channels_seen
from .clusters import cluster
from .device import Recorders, build_device, site_of_members
from .keys import Keys, find_keys
from .naming import Known, Names, name_devices, strength
from .places import Files, Places
from .rulings import Merge, Split, in_force
from .subjects import Subject

#: Devices named in a remark; beyond it they are counted.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Which subjects are one device, and what each device is called."""

    places: Places
    keys: Keys
    clusters: list[list[Subject]]
    anchors: list[tuple[str, ...]]
    names: Names
    #: A serial number (as a key) -> the subjects that bear it and that contradict each other.
    rivals: dict[str, list[str]]


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
    keys = find_keys(ordered, places)
    known = Known(judgements)
    rulings = list(in_force(judgements))
    found = cluster(
        ordered,
        keys,
        known,
        places,
        [each for each in rulings if isinstance(each, Merge)],
        [each for each in rulings if isinstance(each, Split)],
    )
    anchors = [_anchors(members, keys.of) for members in found.groups]
    return Identities(
        places=places,
        keys=keys,
        clusters=found.groups,
        anchors=anchors,
        names=name_devices(anchors, known, secret, found.chosen),
        rivals=found.rivals,
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
    device_of = {
        subject.name: name
        for name, members in zip(names.ids, found.clusters, strict=True)
        for subject in members
    }
    remarks = _remarks(found, device_of)
    devices = [
        build_device(
            name, members, mine, places, about.get(name, []), recorders, remarks.get(name, [])
        )
        for name, members, mine in zip(names.ids, found.clusters, found.anchors, strict=True)
    ]
    return Resolution(
        devices=tuple(sorted(with_channels_seen(devices), key=lambda device: device.id)),
        device_of=device_of,
        to_mint=tuple(names.to_mint),
        unknown_sites=tuple(sorted(places.unknown.items())),
        absorbed=names.absorbed,
    )


def _remarks(found: Identities, device_of: Mapping[str, DeviceId]) -> dict[DeviceId, list[str]]:
    """Return what is to be said of keys that identify nothing, and of serial numbers held twice."""
    remarks: dict[DeviceId, dict[str, None]] = {}
    for name, texts in found.keys.remarks.items():
        remarks.setdefault(device_of[name], {}).update(dict.fromkeys(texts))
    for key, names in sorted(found.rivals.items()):
        devices = sorted({device_of[name] for name in names})
        for device in devices:
            others = [other for other in devices if other != device]
            if others:
                remarks.setdefault(device, {})[_same_serial(key, device, others)] = None
    return {device: list(texts) for device, texts in remarks.items()}


def _same_serial(key: str, device: DeviceId, others: Sequence[DeviceId]) -> str:
    serial = key.partition(":")[2]
    more = f" and {len(others) - _NAMED} others" if len(others) > _NAMED else ""
    return (
        f"has the same serial number {serial} as {', '.join(others[:_NAMED])}{more}; if they are "
        f"one device, say so: camaudit devices merge {device} {others[0]} --reason TEXT"
    )


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
