"""What a watch covers: when the sensor saw anything, and what lacks before silence can count."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.isolation import Gap, WatchProfile
from camaudit.model.traffic import Traffic

from .addresses import Mask
from .flows import Ends, find
from .names import moment

#: Microseconds, as all times are here.
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

#: Ours. A longer watch is a sensor whose clock jumped.
MAX_HOURS: Final = 24 * 400

#: What every device may have, and what the operator must account for.
INTERFACES: Final = {
    "wired": "its wired interface",
    "wifi": "Wi-Fi",
    "cellular": "a cellular modem",
    "second_port": "a second network port",
}

#: A DHCP client that restarts asks for a lease it had (RFC 2131 3.2) and announces its address
#: (RFC 5227 2.3); either alone also happens while it runs. Ours: how near each other.
_TOGETHER: Final = 2 * MINUTE
_STARTS: Final = ("dhcp_discover", "hello")

Span: TypeAlias = tuple[int, int]
Times: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The same for all devices of a capture or flow log."""

    first: int | None
    last: int | None
    gaps: tuple[Gap, ...]
    #: Without the gaps.
    hours: float
    sentinel_seen: bool | None
    #: Start of each clock hour, and whether it was watched in full.
    starts: Times
    proven: Mask
    #: What lacks, whatever the device: it holds for each single hour too, or only for the whole.
    lacking_always: tuple[str, ...]
    lacking_in_all: tuple[str, ...]
    not_looked_at: tuple[str, ...]


def read_watch(traffic: Traffic, ends: Ends, profile: WatchProfile, core: Sequence[str]) -> Watch:
    """Find out what was watched, and what the declared profile asks for besides."""
    first, last = _number(traffic.first), _number(traffic.last)
    seen = None if profile.sentinel is None else _heard(traffic, profile.sentinel)
    found: list[tuple[Span, str]] = []
    if first is not None and last is not None:
        longest = int(profile.longest_silence.total_seconds() * SECOND)
        found += [
            (span, "the sensor saw nothing at all")
            for span in _silences(_active(traffic), first, last, longest)
        ]
        if seen is not None:
            why = f"the sentinel {profile.sentinel} was silent"
            found += [(span, why) for span in _silences(seen, first, last, longest)]
    found.sort()
    holes = [span for span, _ in found]
    watched = 0.0
    starts = np.zeros(0, dtype=np.int64)
    proven = np.zeros(0, dtype=np.bool_)
    jumped = False
    if first is not None and last is not None:
        watched = (last - first - _covered(holes)) / HOUR
        jumped = last - first > MAX_HOURS * HOUR
        if not jumped:
            starts, proven = _hours(first, last, holes, profile)
    lacking = list(_lacking_always(traffic, profile, core))
    if seen == []:
        lacking.append(_unheard(traffic, ends, profile.sentinel or ""))
    if jumped:
        lacking.append("the times span more than a year: the sensor's clock jumped")
    return Watch(
        first=first,
        last=last,
        gaps=tuple(Gap(start=moment(a), end=moment(b), why=why) for (a, b), why in found),
        hours=watched,
        sentinel_seen=None if seen is None else bool(seen),
        starts=starts,
        proven=proven,
        lacking_always=tuple(lacking),
        lacking_in_all=tuple(_lacking_in_all(watched, profile)),
        not_looked_at=tuple(_not_looked_at(traffic, profile)),
    )


def _number(at: datetime | None) -> int | None:
    if at is None:
        return None
    number: int = pa.scalar(at, pa.timestamp("us", "UTC")).cast(pa.int64()).as_py()
    return number


def _active(traffic: Traffic) -> list[Span]:
    table = traffic.activity
    table = table.filter(pc.greater(table.column("packets"), 0))
    starts = table.column("minute").cast(pa.int64()).to_pylist()
    return [(start, start + MINUTE) for start in sorted(starts)]


def _heard(traffic: Traffic, sentinel: str) -> list[Span]:
    """Return when the sentinel was heard: what others send to it proves nothing."""
    rows = traffic.heard
    rows = rows.filter(pc.equal(rows.column("address"), _canonical(sentinel)))
    firsts, lasts = (rows.column(name).cast(pa.int64()).to_pylist() for name in ("first", "last"))
    return sorted(zip(firsts, lasts, strict=True))


def _unheard(traffic: Traffic, ends: Ends, sentinel: str) -> str:
    """Return why the sentinel was not heard: it was silent, or nobody listened for it."""
    at = find(ends.addresses, [_canonical(sentinel)])[0]
    sent, answered = (
        traffic.conversations.column(name).to_numpy() > 0
        for name in ("packets_out", "packets_back")
    )
    if at >= 0 and (((ends.client == at) & sent) | ((ends.server == at) & answered)).any():
        return (
            f"the sentinel {sentinel} was not declared when this traffic was read, so its beats "
            "are not known: import the files again"
        )
    return f"the sentinel {sentinel} was not seen"


def _canonical(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address


def _silences(seen: Iterable[Span], first: int, last: int, longest: int) -> Iterable[Span]:
    """Return the stretches between ``first`` and ``last`` that are longer than ``longest``."""
    heard = first
    for start, end in seen:
        if start - heard > longest:
            yield heard, min(start, last)
        heard = max(heard, end)
    if last - heard > longest or (not seen and last >= first):
        yield heard, last


def _covered(holes: Sequence[Span]) -> int:
    total, done = 0, None
    for start, end in holes:
        begin = start if done is None else max(start, done)
        total += max(0, end - begin)
        done = end if done is None else max(done, end)
    return total


def _hours(
    first: int, last: int, holes: Sequence[Span], profile: WatchProfile
) -> tuple[Times, Mask]:
    begin = first // HOUR
    end = max(begin, (last - 1) // HOUR)
    starts = np.arange(begin, end + 1, dtype=np.int64) * HOUR
    slack = int(profile.longest_silence.total_seconds() * SECOND)
    proven: Mask = (starts >= first - slack) & (starts + HOUR <= last + slack)
    for start, stop in holes:
        silent = np.minimum(starts + HOUR, stop) - np.maximum(starts, start)
        # a gap begins at the last sign of life and ends at the next: of an hour at its edge it may
        # take what any hour may be silent, as long as another hour is lost to it
        lost = silent > slack
        if not lost.any():
            lost = (starts < max(stop, start + 1)) & (start < starts + HOUR)
        proven &= ~lost
    return starts, proven


def _lacking_always(traffic: Traffic, profile: WatchProfile, core: Sequence[str]) -> Iterable[str]:
    if not core:
        yield "no core network is declared"
    if not profile.vantage:
        yield "it is not declared where the sensor stands"
    if profile.sentinel is None:
        yield "no sentinel is declared whose traffic would show that the sensor sees the path"
    for name, words in INTERFACES.items():
        if name not in profile.interfaces:
            yield f"{words} is not accounted for"
    total = traffic.packets + (traffic.lost or 0)
    if traffic.lost and traffic.lost > profile.most_lost * total:
        yield f"the sensor lost {traffic.lost:,} of {total:,} packets"
    yield from _hidden(traffic)


def _hidden(traffic: Traffic) -> Iterable[str]:
    for each in traffic.damage:
        if each.hides:
            yield f"{each.count:,} {each.what}: whom they went to is not known"


def _lacking_in_all(watched: float, profile: WatchProfile) -> Iterable[str]:
    if watched < profile.hours:
        yield f"{watched:.1f} hours were watched, and {profile.hours:g} are asked for"


def _not_looked_at(traffic: Traffic, profile: WatchProfile) -> Iterable[str]:
    yield "what the conversations held: names, sizes and ports were looked at, content was not"
    yield "traffic that did not pass the sensor, such as between two ports of one switch"
    yield "what recorders, name servers and time servers pass on to others"
    yield "interfaces of the device that have another hardware address than those named"
    if "cellular" not in profile.interfaces:
        yield "a cellular interface: no sensor on a cable sees it"
    if traffic.lost is None:
        yield "packets that the sensor lost: it does not say how many"
    if traffic.cut:
        yield f"what stood in the cut part of {traffic.cut:,} packets"
    damaged = sum(each.count for each in traffic.damage)
    if damaged:
        yield f"what stood in {damaged:,} damaged places"
    if traffic.conversations.num_rows and not any(
        traffic.conversations.column(name).null_count < traffic.conversations.num_rows
        for name in ("client_mac", "server_mac")
    ):
        yield "which interface an address belonged to: there are no hardware addresses"


def read_restarts(traffic: Traffic, macs: Sequence[bytes]) -> tuple[datetime, ...]:
    """Return when a device is shown to have started anew."""
    table = traffic.events
    mine = table.filter(pc.is_in(table.column("mac"), pa.array(macs, pa.binary(6))))
    kinds = mine.column("kind").to_pylist()
    times = mine.column("at").cast(pa.int64()).to_pylist()
    found = {at for kind, at in zip(kinds, times, strict=True) if kind in _STARTS}
    asked = [at for kind, at in zip(kinds, times, strict=True) if kind == "dhcp_request"]
    told = [at for kind, at in zip(kinds, times, strict=True) if kind == "arp_announcement"]
    found |= {at for at in asked if any(0 <= other - at <= _TOGETHER for other in told)}
    first, last = _number(traffic.first), _number(traffic.last)
    inside = (
        at for at in sorted(found) if first is not None and last is not None and first <= at <= last
    )
    return tuple(moment(at) for at in inside)
