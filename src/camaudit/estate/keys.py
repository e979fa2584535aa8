"""What each subject can be recognised by, and what looks like a key and is none.

1. A MAC address, a serial number, a certificate or an endpoint that one file gives to what cannot
   be one device is a placeholder, shared by a router, or shipped with a firmware: it joins nothing.
2. How many addresses show that is counted per file and day: a lease that changes is no crowd.
3. What is no key is remarked on every device that bears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from .places import Places
from .serials import compact, implausible, names_unit, normalise_serial
from .subjects import Named, Subject

#: Ours. More IPv4 addresses than this, in one file on one day, are no one camera's or recorder's.
MOST_ADDRESSES: Final = 4
#: RFC 8981: one interface has a link-local, a stable and several temporary IPv6 addresses.
MOST_ADDRESSES_6: Final = 16
#: Ours. A serial number with more MAC addresses or asset ids than this is nobody's; with two to
#: four it may be one device's with several interfaces, which a person has to say.
MOST_UNITS: Final = 4
#: Fields in which people write what they read or were told; a typing error is no other device.
WRITTEN: Final = frozenset({"inventory.serial"})
_URN: Final = ("urn:", "uuid:")
#: Ours. Endpoints of fewer different characters say nothing: the nil UUID, "upnp".
_MIN_DISTINCT: Final = 6

#: ``protocol.field`` -> what it said.
Said = Mapping[str, set[str]]


@dataclass(slots=True)
class Keys:
    """The keys of subjects, what they contradict each other by, and remarks on them."""

    #: Subject -> its keys, strongest first.
    of: dict[str, list[str]] = field(default_factory=dict)
    #: Subject -> plausible serial numbers by field, as devices told them.
    serials: dict[str, Said] = field(default_factory=dict)
    #: Subject -> models and written serial numbers by field: they keep weak keys from joining.
    looks: dict[str, Said] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)

    def remark(self, subject: Subject, text: str) -> None:
        """Remark on a subject, once."""
        known = self.remarks.setdefault(subject.name, [])
        if text not in known:
            known.append(text)


def find_keys(subjects: Sequence[Subject], places: Places) -> Keys:
    """Return the keys of each subject."""
    keys = Keys()
    crowds = _Crowds(subjects, places, keys)
    local = _local_assets(subjects, places)
    for subject in subjects:
        site = places.site_of(subject)
        mine = [f"mac:{mac}" for mac in subject.macs if mac not in crowds.macs]
        for asset in subject.asset_ids:
            word = asset.casefold()
            mine.append(f"asset:{site}/{word}" if word in local else f"asset:{word}")
        if subject.serials or subject.uuids or subject.certificates:
            mine += crowds.told_by(subject)
        where = site or places.written(subject)
        if where is not None and not _is_router(subject, keys):
            mine += [f"site:{where}/{address}" for address in subject.addresses]
        keys.of[subject.name] = mine
        if subject.models or subject.serials:
            _note_looks(subject, keys)
    return keys


def _note_looks(subject: Subject, keys: Keys) -> None:
    looks = _by_field((name, _plain(text)) for name, text in subject.models)
    for name in WRITTEN & keys.serials.get(subject.name, {}).keys():
        looks[name] = keys.serials[subject.name][name]
    keys.looks[subject.name] = looks
    if subject.name in keys.serials:
        keys.serials[subject.name] = {
            name: said for name, said in keys.serials[subject.name].items() if name not in WRITTEN
        }


_plain = lru_cache(maxsize=65_536)(compact)  # models repeat


def _by_field(said: Iterable[Named]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, text in said:
        found.setdefault(name, set()).add(text)
    return found


def _is_router(subject: Subject, keys: Keys) -> bool:
    if len(subject.addresses) <= MOST_ADDRESSES or not _many([subject]):
        return False
    keys.remark(
        subject, f"answers for {len(subject.addresses)} addresses, so none of them identifies it"
    )
    return True


def _many(holders: Iterable[Subject]) -> bool:
    """Tell whether one file gives more addresses on one day than one device has."""
    return any(
        len(fours) > MOST_ADDRESSES or len(sixes) > MOST_ADDRESSES_6
        for fours, sixes in _addresses(holders)
    )


def _addresses(holders: Iterable[Subject]) -> Iterator[tuple[set[str], set[str]]]:
    found: dict[object, tuple[set[str], set[str]]] = {}
    for subject in holders:
        day = subject.first_seen.date() if subject.first_seen else None
        fours, sixes = found.setdefault((subject.file, day), (set(), set()))
        for address in subject.addresses:
            (sixes if ":" in address else fours).add(address)
    yield from found.values()


def _local_assets(subjects: Iterable[Subject], places: Places) -> set[str]:
    sites: dict[tuple[str, str], set[object]] = {}
    for subject in subjects:
        for asset in subject.asset_ids:
            where = sites.setdefault((subject.file, asset.casefold()), set())
            where.add(places.site_of(subject))
    return {asset for (_, asset), found in sites.items() if len(found) > 1}


def swap_remarks(members: Sequence[Subject]) -> Iterator[str]:
    """Yield what to say where a device tells another serial number than its register entry has."""
    said = _by_field(
        (name, serial)
        for subject in members
        for name, text in subject.serials
        if implausible(serial := normalise_serial(text)) is None
    )
    written = {serial for name, serials in said.items() if name in WRITTEN for serial in serials}
    told = {serial for name, serials in said.items() if name not in WRITTEN for serial in serials}
    if written and told and not any(w in t or t in w for w in written for t in told):
        yield (
            f"its serial number is {', '.join(sorted(written))} in the register and "
            f"{', '.join(sorted(told))} on the network: a swapped unit, or an error in the register"
        )


def normalise_uuid(text: str) -> str | None:
    """Return an endpoint or unique name without its scheme; ``None`` where it says nothing."""
    name = text.strip().lower()
    for start in _URN:
        name = name.removeprefix(start)
    name = name.partition("::")[0]
    return name if len(set(compact(name))) >= _MIN_DISTINCT else None


def _serials_of(subject: Subject) -> Iterable[str]:
    return dict.fromkeys(normalise_serial(text) for _, text in subject.serials)


def _uuids_of(subject: Subject) -> Iterable[str]:
    found = dict.fromkeys(normalise_uuid(text) for _, text in subject.uuids)
    return [uuid for uuid in found if uuid]


def _certificates_of(subject: Subject) -> Iterable[str]:
    return dict.fromkeys(digest.lower() for _, digest in subject.certificates)


def _held(
    subjects: Iterable[Subject], values: Callable[[Subject], Iterable[str]]
) -> dict[str, list[Subject]]:
    holders: dict[str, list[Subject]] = {}
    for subject in subjects:
        for value in values(subject):
            holders.setdefault(value, []).append(subject)
    return holders


class _Crowds:
    """Who holds what, and which of it cannot be one device's."""

    def __init__(self, subjects: Sequence[Subject], places: Places, keys: Keys) -> None:
        self._places, self._keys = places, keys
        self._serials = self._check(_held(subjects, _serials_of), self._bad_serial)
        for subject in subjects:
            if subject.serials:
                good = [(name, normalise_serial(text)) for name, text in subject.serials]
                keys.serials[subject.name] = _by_field(s for s in good if s[1] not in self._serials)
        self.macs = self._check(_held(subjects, lambda s: s.macs), self._bad_mac)
        self._uuids = self._check(_held(subjects, _uuids_of), self._bad_uuid)
        self._certificates = self._check(_held(subjects, _certificates_of), self._bad_certificate)

    def told_by(self, subject: Subject) -> Iterator[str]:
        """Yield the keys that a device tells of itself, strongest first."""
        for kind, values, bad in (
            ("serial", _serials_of(subject), self._serials),
            ("certificate", _certificates_of(subject), self._certificates),
            ("uuid", _uuids_of(subject), self._uuids),
        ):
            yield from (f"{kind}:{value}" for value in values if value not in bad)

    def _check(
        self,
        held: Mapping[str, list[Subject]],
        fault: Callable[[str, list[Subject]], str | None],
    ) -> set[str]:
        bad: set[str] = set()
        for value, holders in held.items():
            text = fault(value, holders)
            if text is not None:
                bad.add(value)
                if text:
                    for subject in holders:
                        self._keys.remark(subject, text)
        return bad

    def _bad_serial(self, serial: str, holders: list[Subject]) -> str | None:
        why = implausible(serial)
        if why:
            return f"its serial number “{serial}” {why}, and identifies nothing" if serial else ""
        if len(holders) > 1 and (self._several_sites(holders) or _too_many(holders)):
            return f"its serial number “{serial}” is given to many devices, and identifies none"
        return None

    def _bad_mac(self, mac: str, holders: list[Subject]) -> str | None:
        alone = len(holders) == 1
        if alone and len(holders[0].asset_ids) <= 1 and len(holders[0].addresses) <= MOST_ADDRESSES:
            return None  # nearly always
        if (
            _several_assets(holders)
            or self._several_sites(holders)
            or self._several_serials(holders)
            or _many(holders)
        ):
            return f"its MAC address {mac} is given to several devices, and identifies none"
        return None

    def _bad_uuid(self, uuid: str, holders: list[Subject]) -> str | None:
        if len(holders) == 1:
            return None
        shared = self._several_sites(holders) or self._several_units(holders)
        if not shared and not any(mark in compact(uuid) for mark in self._marks(holders)):
            # nothing shows that it is not the firmware's: two addresses are too many
            shared = any(len(fours) > 1 or len(sixes) > 1 for fours, sixes in _addresses(holders))
        if shared or _too_many(holders):
            return f"its endpoint {uuid} is given to several devices, and identifies none"
        return None

    def _bad_certificate(self, digest: str, holders: list[Subject]) -> str | None:
        names = [text for subject in holders for _, text in subject.certificate_names]
        if not names_unit(names, self._marks(holders)):
            return ""  # no fault: most name no unit
        if len(holders) > 1 and (
            self._several_sites(holders) or self._several_units(holders) or _too_many(holders)
        ):
            return f"its certificate {digest[:16]} is given to several devices, and identifies none"
        return None

    def _marks(self, holders: Iterable[Subject]) -> set[str]:
        """Return what a unit would be named by: its MAC addresses and serial numbers."""
        marks = {compact(mac) for subject in holders for mac in subject.macs}
        for subject in holders:
            for said in self._keys.serials.get(subject.name, {}).values():
                marks |= said
        return marks

    def _several_sites(self, holders: Iterable[Subject]) -> bool:
        sites: dict[str, set[object]] = {}
        for subject in holders:
            if site := self._places.site_of(subject):
                sites.setdefault(subject.file, set()).add(site)
        return any(len(found) > 1 for found in sites.values())

    def _several_serials(self, holders: Iterable[Subject]) -> bool:
        said: dict[tuple[str, str], list[set[str]]] = {}
        for subject in holders:
            for name, serials in self._keys.serials.get(subject.name, {}).items():
                said.setdefault((subject.file, name), []).append(serials)
        return any(not set.intersection(*each) for each in said.values())

    def _several_units(self, holders: Sequence[Subject]) -> bool:
        """Tell whether one file shows different MAC addresses or serial numbers."""
        macs: dict[str, list[set[str]]] = {}
        for subject in holders:
            if subject.macs:
                macs.setdefault(subject.file, []).append(set(subject.macs))
        return any(not set.intersection(*each) for each in macs.values()) or self._several_serials(
            holders
        )


def _several_assets(holders: Iterable[Subject]) -> bool:
    assets: dict[str, set[str]] = {}
    for subject in holders:
        assets.setdefault(subject.file, set()).update(map(str.casefold, subject.asset_ids))
    return any(len(found) > 1 for found in assets.values())


def _too_many(holders: Sequence[Subject]) -> bool:
    macs = {mac for subject in holders for mac in subject.macs}
    assets = {asset.casefold() for subject in holders for asset in subject.asset_ids}
    bare: dict[str, int] = {}
    for subject in holders:
        if not (subject.macs or subject.asset_ids or subject.addresses):
            bare[subject.file] = bare.get(subject.file, 0) + 1
    most = max(len(macs), len(assets), *bare.values(), 0)
    return most > MOST_UNITS or _many(holders)
