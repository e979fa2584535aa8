"""Say whether configurations let one network open conversations to another.

1. A path needs a way (an interface or a route towards both) and that no list in it denies all.
2. One line that is not understood makes it unknown: it may change everything.
3. Permitted in part is permitted: a single port is a path.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from camaudit.errors import UsageError
from camaudit.isolation.addresses import Network
from camaudit.model.configuration import ConfiguredPath, Line, PathAnswer

from .device import Device, Interface, Route, Rule, RuleList

#: Ours. A table with more routes to parts of two networks is not worked through.
_MOST_PAIRS: Final = 400
_MOST_LINES: Final = 40


@dataclass(slots=True)
class _Found:
    """What one device does with what comes from the source for the target."""

    answer: PathAnswer
    because: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    #: Whether it has the source, and the target, at one of its own interfaces.
    has_source: bool = False
    has_target: bool = False
    next_hop: str | None = None


def configured_path(devices: Sequence[Device], source: str, target: str) -> ConfiguredPath:
    """Decide for two networks, over all configurations that were given."""
    one, other = _network(source), _network(target)
    found: list[_Found] = []
    if _overlap((one,), other):
        answer, because = PathAnswer.CANNOT_TELL, ["the two networks overlap: nothing is between"]
    else:
        found = [_device(each, one, other) for each in devices]
        answer, because = _together(found, source, target)
    puzzling = [line for each in devices for line in each.not_understood]
    if puzzling and answer is not PathAnswer.CANNOT_TELL:
        answer = PathAnswer.CANNOT_TELL
        because = [*because, f"{len(puzzling)} lines are not understood, and may change this"]
    return ConfiguredPath(
        source=source,
        target=target,
        answer=answer,
        because=tuple(dict.fromkeys(because)),
        lines=tuple(dict.fromkeys(line for each in found for line in each.lines)),
        not_understood=tuple(puzzling),
    )


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no network: {error}; write it as 192.0.2.0/24") from error


def _together(found: Sequence[_Found], source: str, target: str) -> tuple[PathAnswer, list[str]]:
    """Follow the way from the devices at the source to those at the target."""
    because = [reason for each in found for reason in each.because]
    first = [each for each in found if each.has_source]
    if not first:
        return PathAnswer.CANNOT_TELL, [*because, f"no configuration has an interface in {source}"]
    if all(each.answer is PathAnswer.NOT_PERMITTED for each in first):
        return PathAnswer.NOT_PERMITTED, because
    if any(each.answer is PathAnswer.CANNOT_TELL for each in first):
        return PathAnswer.CANNOT_TELL, because
    if any(each.has_target and each.answer is PathAnswer.PERMITTED for each in first):
        return PathAnswer.PERMITTED, because
    last = [each for each in found if each.has_target and not each.has_source]
    if not last:
        hops = sorted({each.next_hop for each in first if each.next_hop})
        where = f" by {', '.join(hops)}" if hops else ""
        reason = f"the way to {target} leads on{where}, and no configuration there was given"
        return PathAnswer.CANNOT_TELL, [*because, reason]
    if all(each.answer is PathAnswer.NOT_PERMITTED for each in last):
        return PathAnswer.NOT_PERMITTED, because
    if all(each.answer is PathAnswer.PERMITTED for each in last):
        return PathAnswer.PERMITTED, because
    return PathAnswer.CANNOT_TELL, because


def _device(device: Device, source: Network, target: Network) -> _Found:
    found = _Found(PathAnswer.CANNOT_TELL)
    entries, exits = _ways(device, source), _ways(device, target)
    found.has_source = any(way.connected for way, _ in entries)
    found.has_target = any(way.connected for way, _ in exits)
    found.lines += [way.line for way, _ in (*entries, *exits)][:_MOST_LINES]
    if len(entries) * len(exits) > _MOST_PAIRS:
        found.because.append(f"{device.file}: too many routes lead to parts of the two networks")
        return found
    if not entries or not exits:
        return _no_way(device, source if not entries else target, found)
    answers = {
        _pair(device, (entry, leave), (one, other), found)
        for entry, one in entries
        for leave, other in exits
    }
    order = (PathAnswer.PERMITTED, PathAnswer.CANNOT_TELL, PathAnswer.NOT_PERMITTED)
    found.answer = next(each for each in order if each in answers)
    found.next_hop = next((way.via for way, _ in exits if way.via), None)
    return found


def _no_way(device: Device, network: Network, found: _Found) -> _Found:
    if device.routes:
        found.because.append(f"{device.file} has no way to {network}")
        found.answer = PathAnswer.NOT_PERMITTED
    else:
        found.because.append(f"{device.file} gives no routes, and has no interface in {network}")
    return found


def _pair(
    device: Device, ways: tuple[Route, Route], ends: tuple[Network, Network], found: _Found
) -> PathAnswer:
    for way in ways:
        if way.drops:
            found.because.append(f"{device.file}, line {way.line.number}: {way.network} is dropped")
            return PathAnswer.NOT_PERMITTED
    return _filters(device, ways, ends, found)


def _ways(device: Device, network: Network) -> list[tuple[Route, Network]]:
    """Return the ways to a network: the one that covers it, and those to parts of it."""
    own = [
        Route(network=each, interface=one.name, via=None, line=line, connected=True)
        for one in device.interfaces.values()
        if one.down is None
        for each, line in one.networks
    ]
    known = (*own, *device.routes)
    found = {
        each.network: each
        for each in sorted(known, key=lambda each: each.connected)
        if _holds(network, each.network) and each.network != network
    }
    covering = [each for each in known if _holds(each.network, network)]
    ways = [(_resolved(each, known), each.network) for each in found.values()]
    if covering:
        best = max(covering, key=lambda each: (each.network.prefixlen, each.connected))
        ways.insert(0, (_resolved(best, known), network))
    return ways


def _resolved(route: Route, known: Sequence[Route]) -> Route:
    """Find the interface behind a next hop, where it is one's own network that holds it."""
    if route.interface is not None or route.via is None:
        return route
    hop = ipaddress.ip_network(route.via)
    near = [each for each in known if each.connected and _holds(each.network, hop)]
    if not near:
        return route
    return replace(route, interface=max(near, key=lambda each: each.network.prefixlen).interface)


def _holds(wide: Network, narrow: Network) -> bool:
    return (
        wide.version == narrow.version
        and wide.prefixlen <= narrow.prefixlen
        and narrow.network_address in wide
    )


def _overlap(networks: Sequence[Network], network: Network) -> bool:
    return not networks or any(_holds(each, network) or _holds(network, each) for each in networks)


def _filters(
    device: Device, ways: tuple[Route, Route], ends: tuple[Network, Network], found: _Found
) -> PathAnswer:
    """Run through the lists between two interfaces; the first that denies all ends it."""
    names = list(_applied(device, ways))
    for name, line in names:
        if line is not None:
            found.lines.append(line)
        rules = device.lists.get(name)
        if rules is None or (not rules.rules and name != device.forward):
            found.because.append(f"{device.file}: the list {name} is applied and not given")
            return PathAnswer.CANNOT_TELL
        answer = _list(name, rules, ways, ends, found)
        if answer is not PathAnswer.PERMITTED:
            return answer
    if not names:
        found.because.append(f"{device.file}: no list stands between {ends[0]} and {ends[1]}")
    return PathAnswer.PERMITTED


def _applied(device: Device, ways: tuple[Route, Route]) -> Iterable[tuple[str, Line | None]]:
    into, out_of = (_interface(device, each) for each in ways)
    if into is not None and into.inward is not None:
        yield into.inward
    if device.forward is not None:
        yield device.forward, None
    if out_of is not None and out_of.outward is not None:
        yield out_of.outward


def _interface(device: Device, way: Route) -> Interface | None:
    return device.interfaces.get(way.interface.casefold()) if way.interface else None


def _list(
    name: str,
    rules: RuleList,
    ways: tuple[Route, Route],
    ends: tuple[Network, Network],
    found: _Found,
) -> PathAnswer:
    before: list[Rule] = []
    for rule in rules.rules:
        if (fits := _fits(rule, ways, ends)) is False:
            continue
        answer = PathAnswer.CANNOT_TELL if fits is None else _decided(rule, before, ends)
        if answer is not None:
            found.lines.append(rule.line)
            where = f"{rule.line.file}, line {rule.line.number}"
            found.because.append(f"{where}: {name}, {_WORDS[answer]}: {rule.line.text}")
            return answer
        before.append(rule)
    if rules.line is not None:
        found.lines.append(rules.line)
    if rules.permits:
        found.because.append(f"{name}: what no rule fits is permitted")
        return PathAnswer.PERMITTED
    if any(each.permits for each in before):
        found.because.append(f"{name}: rules deny and permit parts; what is left is not clear")
        return PathAnswer.CANNOT_TELL
    found.because.append(f"{name}: what no rule fits is denied")
    return PathAnswer.NOT_PERMITTED


_WORDS: Final = {
    PathAnswer.PERMITTED: "permits all or a part",
    PathAnswer.NOT_PERMITTED: "denies all",
    PathAnswer.CANNOT_TELL: "cannot be worked out here",
}


def _decided(
    rule: Rule, before: Sequence[Rule], ends: tuple[Network, Network]
) -> PathAnswer | None:
    """Return what a rule decides after others that decided nothing; ``None``: it does not either.

    A part that is permitted after a part was denied may be the same part.
    """
    whole = _decides_all(rule, ends)
    if rule.permits:
        shadowed = not whole and any(not each.permits for each in before)
        return None if shadowed else PathAnswer.PERMITTED
    if not whole:
        return None
    unclear = any(each.permits for each in before)
    return PathAnswer.CANNOT_TELL if unclear else PathAnswer.NOT_PERMITTED


def _fits(rule: Rule, ways: tuple[Route, Route], ends: tuple[Network, Network]) -> bool | None:
    """Tell whether a rule has to do with who opens from one network to the other."""
    if rule.replies:
        return False
    if not (_overlap(rule.sources, ends[0]) and _overlap(rule.targets, ends[1])):
        return False
    return _fits_interfaces(rule, ways)


def _decides_all(rule: Rule, ends: tuple[Network, Network]) -> bool:
    """Tell whether nothing between the two networks gets past a rule."""
    return not rule.narrow and all(
        not networks or any(_holds(each, end) for each in networks)
        for networks, end in zip((rule.sources, rule.targets), ends, strict=True)
    )


def _fits_interfaces(rule: Rule, ways: tuple[Route, Route]) -> bool | None:
    """Tell whether a rule is for these interfaces; ``None``: they are not known."""
    unknown = False
    for wanted, way in zip((rule.into, rule.out_of), ways, strict=True):
        if not wanted:
            continue
        if way.interface is None:
            unknown = True
        elif way.interface not in wanted:
            return False
    return None if unknown else True
