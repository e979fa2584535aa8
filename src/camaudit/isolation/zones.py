"""The operator's declaration of networks, read once so that many addresses can be put in place.

Where several networks hold an address, the most specific one counts; nothing may be declared twice
with different meanings. A declared role (recorder, DNS and so on) says what a host is, a network
where it is; being in a core network outranks every role.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from camaudit.errors import UsageError
from camaudit.model.isolation import Zones

from .addresses import Addresses, Mask, Network, Numbers

_HOST: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")


class Place(IntEnum):
    """Where a network is."""

    NOWHERE = 0
    CORE = 1
    ZONE = 2
    OTHER_SITE = 3


class Role(IntEnum):
    """What a host is declared to be."""

    RECORDER = 1
    JUMP_HOST = 2
    DNS = 3
    NTP = 4
    UPDATES = 5
    GATEWAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One declared network."""

    place: Place
    #: Of the zone or site; empty for core.
    name: str
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One declared role of an address or network."""

    role: Role
    #: Of the recorder or jump host; two addresses of one name are one host.
    name: str
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """All that was declared, in a form that answers for many addresses."""

    core: tuple[str, ...]
    areas: tuple[Area, ...]
    duties: tuple[Duty, ...]
    #: Update hosts that are declared by name.
    update_names: frozenset[str]

    def area_of(self, addresses: Addresses) -> Numbers:
        """Return the number of the area that holds each address; -1: none."""
        return addresses.locate([each.network for each in self.areas])

    def named_hosts(self, addresses: Addresses) -> Numbers:
        """Return which duty names each address as a recorder or jump host; -1: none."""
        hosts = [at for at, each in enumerate(self.duties) if each.name]
        found = addresses.locate([self.duties[at].network for at in hosts])
        return np.array([*hosts, -1], dtype=np.int32)[found]

    def has_role(self, role: Role, addresses: Addresses) -> Mask:
        """Tell which addresses are declared to have a role; one may have several."""
        found = np.zeros(len(addresses.family), dtype=np.bool_)
        for each in self.duties:
            if each.role is role:
                found |= addresses.within(each.network)
        return found

    def places(self, areas: Numbers) -> npt.NDArray[np.int8]:
        """Return the place of each area number."""
        return _look_up([each.place for each in self.areas], areas)


def _look_up(values: Iterable[int], numbers: Numbers) -> npt.NDArray[np.int8]:
    # number -1 (none) finds the last one, which is 0
    return np.array([*values, 0], dtype=np.int8)[numbers]


def read_zones(zones: Zones) -> Territory:
    """Read a declaration; ``UsageError`` names the entry that is no network or stands twice."""
    areas = [*_areas(Place.CORE, {"": zones.core}, lambda _: "core")]
    areas += _areas(Place.ZONE, zones.site, lambda name: f"site.{name}")
    areas += _areas(Place.OTHER_SITE, zones.other_sites, lambda name: f"other_sites.{name}")
    _check_meanings(areas)
    updates = [each for each in zones.updates if _HOST.fullmatch(each) and _is_name(each)]
    duties = [*_duties(Role.RECORDER, zones.recorders, "recorders")]
    duties += _duties(Role.JUMP_HOST, zones.jump_hosts, "jump_hosts")
    for role, entries, field in (
        (Role.DNS, zones.dns, "dns"),
        (Role.NTP, zones.ntp, "ntp"),
        (Role.UPDATES, tuple(each for each in zones.updates if each not in updates), "updates"),
        (Role.GATEWAY, zones.gateways, "gateways"),
    ):
        duties += [Duty(role=role, name="", network=_network(each, field)) for each in entries]
    return Territory(
        core=zones.core,
        areas=tuple(areas),
        duties=tuple(duties),
        update_names=frozenset(updates),
    )


class _Naming(Protocol):
    def __call__(self, name: str, /) -> str: ...


def _areas(place: Place, networks: Mapping[str, tuple[str, ...]], field: _Naming) -> Iterable[Area]:
    for name, entries in networks.items():
        for each in entries:
            yield Area(place=place, name=name, network=_network(each, field(name)))


def _duties(role: Role, hosts: Mapping[str, tuple[str, ...]], field: str) -> Iterable[Duty]:
    for name, entries in hosts.items():
        for each in entries:
            yield Duty(role=role, name=name, network=_network(each, f"{field}.{name}"))


def _network(text: str, field: str) -> Network:
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError as error:
        raise UsageError(
            f"zones: {field}: {error}; write a network as 192.0.2.0/24, or one address"
        ) from error


def _is_name(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return True
    return False


def _check_meanings(areas: Iterable[Area]) -> None:
    seen: dict[Network, Area] = {}
    for each in areas:
        other = seen.setdefault(each.network, each)
        if (other.place, other.name) != (each.place, each.name):
            raise UsageError(
                f"zones: {each.network} is declared as {_called(other)} and as {_called(each)}; "
                "leave one of them, or name a smaller network"
            )


def _called(area: Area) -> str:
    words = {Place.CORE: "core", Place.ZONE: "zone", Place.OTHER_SITE: "site"}
    return f"{words[area.place]} {area.name}".strip()
