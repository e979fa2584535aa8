"""Judge each watched device: whom it reached, what that leads to, and whether silence counts.

1. A contact is an answer, whatever the watch lacks. Silence is one only where the watch is complete
   and no attempt leaves open whether it arrived.
2. ``isolated`` stands alone. So does ``cannot_tell``, for the whole; each hour has one answer.
3. Nothing here says whether a maker's word holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from camaudit.model.clouds import Catalogue, ServiceRole
from camaudit.model.isolation import (
    Contact,
    Coverage,
    Destination,
    Isolation,
    Separation,
    Watched,
    WatchProfile,
    Zones,
)
from camaudit.model.traffic import Traffic

from .addresses import Mask, Nature, read_addresses
from .carriers import find_carriers
from .destinations import DESTINATIONS, Placed, areas_of, place, survey
from .flows import MOST_OWN_ADDRESSES, Ends, Flows, State, find, raw_mac, read_ends, see_flows
from .names import SPOKEN, Names, moment, read_names
from .paths import Paths, find_paths
from .telling import Teller
from .watch import HOUR, INTERFACES, Watch, read_restarts, read_watch
from .zones import Area, Place, read_zones

#: Ours. Contacts, and attempts, that are listed for one device; all of them count.
MOST_LISTED: Final = 100
#: Sentences for one answer; the rest is counted.
_MOST_SENTENCES: Final = 3


class _Weight:
    """What a sum means for the answer, the greater the more it outweighs in an hour."""

    NOTHING: Final = 0
    UNSETTLED: Final = 1
    INDIRECT: Final = 2
    INTERNET: Final = 3
    CLOUD: Final = 4
    CORE: Final = 5


_ANSWERS: Final = {
    _Weight.CORE: Separation.CONNECTED_TO_CORE,
    _Weight.CLOUD: Separation.REACHES_MAKER_CLOUD,
    _Weight.INTERNET: Separation.REACHES_INTERNET,
    _Weight.INDIRECT: Separation.INDIRECT_PATH,
}
_UNDECIDED: Final = (
    Destination.OTHER_SITE,
    Destination.OTHER_ZONE,
    Destination.UNKNOWN_INTERNAL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What a device's own addresses come to."""

    addresses: frozenset[str]
    areas: tuple[Area, ...]
    #: How many addresses its interface carries, where that is too many to be its own.
    carried: int

    @property
    def zones(self) -> frozenset[str]:
        """Return the names of its zones."""
        return frozenset(each.name for each in self.areas if each.place is Place.ZONE)

    @property
    def core(self) -> tuple[Area, ...]:
        """Return the core networks that it has an address in."""
        return tuple(each for each in self.areas if each.place is Place.CORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """All that is known before single devices are judged."""

    traffic: Traffic
    profile: WatchProfile
    core: tuple[str, ...]
    watch: Watch
    flows: Flows
    placed: Placed
    names: Names
    paths: Paths
    #: Sum -> why it may carry more than it shows.
    carriers: Mapping[int, str]
    teller: Teller
    #: Sums whose peer is in core, on the internet, or in no network that counts as the device's.
    beyond: Mask
    weights: npt.NDArray[np.int8]
    #: For each device, the greatest weight in each hour of the watch.
    hourly: npt.NDArray[np.int8]


def assess(
    traffic: Traffic,
    devices: Sequence[Watched],
    zones: Zones,
    profile: WatchProfile,
    catalogue: Catalogue,
) -> list[Isolation]:
    """Return the answers for each device, in the order given.

    Raises:
        UsageError: A declared network cannot be read, or a hardware address of a device.
    """
    territory = read_zones(zones)
    ends = read_ends(traffic.conversations)
    watch = read_watch(traffic, ends, profile, zones.core)
    flows = see_flows(traffic, ends, devices)
    own = [
        _Own(addresses=found, areas=tuple(areas_of(found, territory)), carried=carried)
        for found, carried in _own_addresses(traffic, ends, devices)
    ]
    names = read_names(traffic, devices, catalogue)
    grounds = survey(ends.addresses, territory)
    placed = place(flows, grounds, [each.zones for each in own], names, catalogue)
    paths = find_paths(traffic, ends, flows, placed, devices)
    carriers = find_carriers(flows, placed, names)
    beyond = _beyond(placed)
    unsettled = [*_proxies(flows, placed, names), *carriers, *paths.unsettled]
    weights = _weigh(flows, placed, beyond, unsettled, paths)
    case = _Case(
        traffic=traffic,
        profile=profile,
        core=zones.core,
        watch=watch,
        flows=flows,
        placed=placed,
        names=names,
        paths=paths,
        carriers=carriers,
        teller=Teller(flows=flows, placed=placed, names=names),
        beyond=beyond,
        weights=weights,
        hourly=_hourly(flows, watch, weights, len(devices)),
    )
    bounds = np.searchsorted(flows.sums.device, np.arange(len(devices) + 1)).tolist()
    return [
        _judge(case, at, device, own[at], range(bounds[at], bounds[at + 1]))
        for at, device in enumerate(devices)
    ]


def _own_addresses(
    traffic: Traffic, ends: Ends, devices: Sequence[Watched]
) -> Iterable[tuple[frozenset[str], int]]:
    """Yield each device's own addresses, and how many its interface carries if too many."""
    carried = _carried(ends, devices)
    for at, device in enumerate(devices):
        found = {ends.addresses[each].as_py() for each in carried.get(at, ())}
        for mac in device.macs:
            found.update(traffic.addresses.get(mac, ()))
        found = _nameable(found)
        passed_on = max((traffic.carried.get(mac, 0) for mac in device.macs), default=0)
        if passed_on:
            yield frozenset(device.addresses), passed_on
        elif len(found) > MOST_OWN_ADDRESSES:
            yield frozenset(device.addresses), len(found)
        else:
            yield frozenset(found) | frozenset(device.addresses), 0


def _carried(ends: Ends, devices: Sequence[Watched]) -> dict[int, set[int]]:
    wanted = [(at, raw_mac(mac)) for at, device in enumerate(devices) for mac in device.macs]
    owner = np.full(len(ends.macs) + 1, -1, dtype=np.int32)
    places = find(ends.macs, [mac for _, mac in wanted])
    for (at, _), where in zip(wanted, places.tolist(), strict=True):
        if where >= 0:
            owner[where] = at
    found: dict[int, set[int]] = {}
    for macs, addresses in ((ends.client_mac, ends.client), (ends.server_mac, ends.server)):
        owners = owner[macs]
        mine = owners >= 0
        pairs = np.unique(owners[mine].astype(np.int64) << 32 | addresses[mine])
        for pair in pairs.tolist():
            found.setdefault(pair >> 32, set()).add(pair & 0xFFFFFFFF)
    return found


def _nameable(texts: set[str]) -> set[str]:
    """Leave out what is no address of one host: unset, groups, everybody."""
    ordered = sorted(texts)
    natures = read_addresses(pa.array(ordered, pa.string())).natures()
    nobody = np.isin(natures, (Nature.SELF, Nature.MULTICAST, Nature.BROADCAST))
    return {text for text, left in zip(ordered, nobody.tolist(), strict=True) if not left}


def _weigh(
    flows: Flows, placed: Placed, beyond: Mask, unsettled: Sequence[int], paths: Paths
) -> npt.NDArray[np.int8]:
    """Return what each sum means for the answer."""
    sums = flows.sums
    contact = sums.state == State.CONTACT
    undecided = _is_of(placed, _UNDECIDED)
    open_ended = np.isin(sums.state, (State.REFUSED, State.UNANSWERED))
    weights = np.full(len(contact), _Weight.NOTHING, dtype=np.int8)
    # a silent opening by the device shows no path; one that comes in from beyond has found one
    weights[beyond & (open_ended | ~sums.outbound)] = _Weight.UNSETTLED
    weights[contact & undecided] = _Weight.UNSETTLED
    weights[list(unsettled)] = _Weight.UNSETTLED
    for at in paths.indirect:
        weights[at] = _Weight.INDIRECT
    weights[contact & placed.external] = _Weight.INTERNET
    for at, known in placed.known.items():
        service = known.service
        theirs = service.maker is not None or service.role is ServiceRole.P2P_RELAY
        if contact[at] and theirs and known.by != "port" and not _tells_time(placed, at):
            weights[at] = _Weight.CLOUD
    weights[contact & _is_of(placed, (Destination.CORE,))] = _Weight.CORE
    return weights


def _is_of(placed: Placed, kinds: Sequence[Destination]) -> Mask:
    return np.isin(placed.destination, [DESTINATIONS.index(each) for each in kinds])


def _beyond(placed: Placed) -> Mask:
    return placed.external | _is_of(placed, (Destination.CORE, *_UNDECIDED))


def _tells_time(placed: Placed, at: int) -> bool:
    return DESTINATIONS[placed.destination[at]] is Destination.NTP


def _proxies(flows: Flows, placed: Placed, names: Names) -> list[int]:
    """Return contacts within, that a device spoke to by the name of a known service."""
    sums, result = flows.sums, []
    keys = [
        key
        for key, named in names.known.items()
        if any(name in names.services and ways & SPOKEN for name, ways in named.names.items())
    ]
    peers = find(flows.addresses, [address for _, address in keys])
    for (device, _), peer in zip(keys, peers.tolist(), strict=True):
        fits = (sums.device == device) & (sums.peer == peer) & ~placed.external
        result += np.flatnonzero(fits & (sums.state == State.CONTACT)).tolist()
    return result


def _hourly(
    flows: Flows, watch: Watch, weights: npt.NDArray[np.int8], devices: int
) -> npt.NDArray[np.int8]:
    """Return the greatest weight of each device in each hour of the watch."""
    hours = np.zeros((devices, len(watch.starts)), dtype=np.int8)
    weight = weights[flows.group]
    # a row that nothing answered, of a contact that something answered in another hour
    contact = flows.sums.state[flows.group] == State.CONTACT
    weight = np.where(contact & ~flows.answered, np.minimum(weight, _Weight.UNSETTLED), weight)
    rows = np.flatnonzero(weight > _Weight.NOTHING)
    if not len(rows) or not len(watch.starts):
        return hours
    last = len(watch.starts) - 1
    begin = np.clip(flows.first[rows] // HOUR - watch.starts[0] // HOUR, 0, last)
    end = np.clip(flows.last[rows] // HOUR - watch.starts[0] // HOUR, begin, last)
    spans = (end - begin + 1).astype(np.int64)
    each = np.repeat(np.arange(len(rows)), spans)
    offset = np.arange(len(each)) - np.repeat(np.cumsum(spans) - spans, spans)
    np.maximum.at(hours, (flows.device[rows][each], (begin[each] + offset)), weight[rows][each])
    return hours


def _judge(case: _Case, at: int, device: Watched, own: _Own, sums: range) -> Isolation:
    weights = case.weights[sums.start : sums.stop]
    by_weight = {
        weight: case.teller.order(np.flatnonzero(weights == weight) + sums.start)
        for weight in (*_ANSWERS, _Weight.UNSETTLED)
    }
    structural = _structural(device, own)
    always = [*case.watch.lacking_always, *_lacking(case, device, own, sums)]
    macs = [raw_mac(mac) for mac in device.macs]
    restarts = read_restarts(case.traffic, macs) if macs else ()
    lacking = [*always, *case.watch.lacking_in_all]
    if case.profile.restart and not restarts:
        lacking.append("the device was not seen to start anew during the watch")
    coverage = _coverage(case, restarts, device, lacking)
    answers, because = _answers(case, by_weight, structural, coverage)
    contact = case.flows.sums.state[sums.start : sums.stop] == State.CONTACT
    contacts, left = _listed(case, np.flatnonzero(contact) + sums.start)
    attempts, missed = _listed(case, np.flatnonzero(~contact) + sums.start)
    return Isolation(
        device=device.device,
        answers=answers,
        because=(*because, *_tried(case, at, sums)),
        contacts=contacts,
        attempts=attempts,
        asked=case.names.asked.get(at, ()),
        coverage=coverage,
        hours=_timeline(case, at, structural, bool(always)),
        core=case.core,
        not_looked_at=case.watch.not_looked_at,
        unlisted=left + missed,
    )


def _structural(device: Watched, own: _Own) -> dict[int, str]:
    """Return what holds at any hour, by its weight."""
    found: dict[int, str] = {}
    for area in own.core[:1]:
        found[_Weight.CORE] = (
            f"It has an address of its own in {area.network}, which is declared core."
        )
    if "cellular" in device.unwatched:
        found[_Weight.INDIRECT] = "It is declared to have a cellular interface."
    return found


def _lacking(case: _Case, device: Watched, own: _Own, sums: range) -> Iterable[str]:
    """Yield what lacks for one device in any hour."""
    if own.carried:
        yield (
            f"its interface carries {own.carried} addresses: it is a router, or stands behind one"
        )
    elif not own.zones and not own.core:
        yield "the zone that the device is in is not declared"
    if not len(sums):
        yield "the device was not seen at all"
    else:
        peers = case.flows.sums.peer[sums.start : sums.stop]
        groups = np.isin(
            case.placed.grounds.natures[peers],
            (Nature.MULTICAST, Nature.BROADCAST, Nature.SELF),
        )
        if groups.all():
            yield "of the device only what goes to everybody was seen, as at any port of a switch"
    for name in device.unwatched:
        if name != "cellular":
            yield f"{INTERFACES.get(name, name)} of the device is not watched"


def _coverage(
    case: _Case, restarts: tuple[datetime, ...], device: Watched, lacking: Sequence[str]
) -> Coverage:
    watch = case.watch
    unwatched = set(device.unwatched)
    return Coverage(
        vantage=case.profile.vantage,
        first=moment(watch.first) if watch.first is not None else None,
        last=moment(watch.last) if watch.last is not None else None,
        hours=watch.hours,
        gaps=watch.gaps,
        packets=case.traffic.packets,
        lost=case.traffic.lost,
        sentinel_seen=watch.sentinel_seen,
        restarts=restarts,
        interfaces=tuple(each for each in case.profile.interfaces if each not in unwatched),
        lacking=tuple(lacking),
    )


def _answers(
    case: _Case, by_weight: dict[int, list[int]], structural: dict[int, str], coverage: Coverage
) -> tuple[tuple[Separation, ...], tuple[str, ...]]:
    answers: list[Separation] = []
    because: list[str] = []
    for weight, answer in _ANSWERS.items():
        shown = by_weight[weight]
        if weight in structural:
            because.append(structural[weight])
        because += _sentences(case, shown)
        # who reaches a maker's cloud on the internet reaches the internet
        through = weight == _Weight.INTERNET and bool(
            case.placed.external[by_weight[_Weight.CLOUD]].any()
        )
        if shown or weight in structural or through:
            answers.append(answer)
    if answers:
        return tuple(answers), tuple(because)
    because += _sentences(case, by_weight[_Weight.UNSETTLED])
    if coverage.complete and not by_weight[_Weight.UNSETTLED]:
        because.append(
            f"In {coverage.hours:.1f} hours nothing reached core, the internet or an undeclared "
            "network, and nothing of the watch lacks."
        )
        return (Separation.ISOLATED,), tuple(because)
    because += [f"Cannot tell: {each}." for each in coverage.lacking]
    because += [
        f"Cannot tell from {gap.start:%Y-%m-%d %H:%M} to {gap.end:%Y-%m-%d %H:%M}: {gap.why}."
        for gap in coverage.gaps[:_MOST_SENTENCES]
    ]
    return (Separation.CANNOT_TELL,), tuple(because)


def _sentences(case: _Case, numbers: Sequence[int]) -> Iterable[str]:
    for at in numbers[:_MOST_SENTENCES]:
        yield case.teller.sentence(at)
        if (why := case.paths.indirect.get(at)) is not None:
            yield f"A path leads on from there: {why}."
        elif (why := case.carriers.get(at)) is not None:
            yield f"It may carry more than it shows: {why}."
    if len(numbers) > _MOST_SENTENCES:
        yield f"And {len(numbers) - _MOST_SENTENCES:,} more like these."


def _tried(case: _Case, at: int, sums: range) -> Iterable[str]:
    """Yield what shows intent and no path."""
    here = slice(sums.start, sums.stop)
    silent = case.flows.sums.state[here] == State.SILENT
    openings = silent & case.beyond[here] & case.flows.sums.outbound[here]
    yield from _sentences(case, case.teller.order(np.flatnonzero(openings) + sums.start))
    for each in case.paths.tried.get(at, ()):
        yield f"{each[0].upper()}{each[1:]}."
    asked = case.names.asked.get(at, ())
    for each_asked in asked[:_MOST_SENTENCES]:
        yield f"It asked for {each_asked.name}, a name of {each_asked.service}."
    if len(asked) > _MOST_SENTENCES:
        yield f"And for {len(asked) - _MOST_SENTENCES:,} more names of known services."


def _listed(case: _Case, numbers: npt.NDArray[np.int64]) -> tuple[tuple[Contact, ...], int]:
    ordered = case.teller.order(numbers)
    shown = tuple(case.teller.contact(at) for at in ordered[:MOST_LISTED])
    return shown, max(0, len(ordered) - MOST_LISTED)


def _timeline(
    case: _Case,
    at: int,
    structural: dict[int, str],
    lacks: bool,  # noqa: FBT001 - one caller
) -> tuple[tuple[datetime, Separation], ...]:
    least = max(structural, default=_Weight.NOTHING)
    proven: Mask = case.watch.proven
    result = []
    for start, weight, whole in zip(
        case.watch.starts.tolist(), case.hourly[at].tolist(), proven.tolist(), strict=True
    ):
        most = max(weight, least)
        answer = _ANSWERS.get(most, Separation.CANNOT_TELL)
        if most == _Weight.NOTHING and whole and not lacks:
            answer = Separation.ISOLATED
        result.append((moment(start), answer))
    return tuple(result)
