"""Read and write MUD files: JSON (RFC 7951) of the modules of RFC 8520 and RFC 8519.

1. A field that is not in these modules, or that is not understood here, refuses the file: a rule
   that is half read would allow more, or less, than it says.
2. A file is read as a whole and within bounds; nothing it holds makes reading run on.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from camaudit.errors import SourceError
from camaudit.model.mud import Direction, FlowRule, MudProfile, PeerKind, PortRange

#: Ours. A profile names some dozens of hosts.
MAX_MUD_BYTES: Final = 1 << 20
_MOST_LISTS: Final = 64
_MOST_ENTRIES: Final = 4096

_TCP: Final = 6
_UDP: Final = 17
_LAST_PORT: Final = 65535

#: RFC 8519: names of lists and entries.
_Name = Annotated[str, Meta(min_length=1, max_length=64)]
_Port = Annotated[int, Meta(ge=0, le=_LAST_PORT)]
_Protocol = Annotated[int, Meta(ge=0, le=255)]
_Text = Annotated[str, Meta(min_length=1, max_length=255)]
#: RFC 7951 6.9: a leaf of type empty.
_Empty = Annotated[list[None], Meta(min_length=1, max_length=1)]

_EMPTY: Final[list[None]] = [None]


def _hyphens(name: str) -> str:
    return name.replace("_", "-")


class _Node(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename=_hyphens):
    """A container or list entry."""


class _ListName(_Node, frozen=True):
    name: _Name


class _ListNames(_Node, frozen=True):
    access_list: Annotated[list[_ListName], Meta(max_length=_MOST_LISTS)]


class _Policy(_Node, frozen=True):
    access_lists: _ListNames


class _Mud(_Node, frozen=True):
    mud_version: Annotated[int, Meta(ge=1, le=1)]
    mud_url: _Text
    last_update: datetime
    is_supported: bool
    #: RFC 8520 3.5: hours.
    cache_validity: Annotated[int, Meta(ge=1, le=168)] | UnsetType = UNSET
    mud_signature: _Text | UnsetType = UNSET
    systeminfo: _Text | UnsetType = UNSET
    mfg_name: _Text | UnsetType = UNSET
    model_name: _Text | UnsetType = UNSET
    firmware_rev: _Text | UnsetType = UNSET
    software_rev: _Text | UnsetType = UNSET
    documentation: _Text | UnsetType = UNSET
    #: Read, so that a file which uses one is refused by its name.
    extensions: list[_Text] | UnsetType = UNSET
    from_device_policy: _Policy | UnsetType = UNSET
    to_device_policy: _Policy | UnsetType = UNSET


class _Ports(_Node, frozen=True):
    lower_port: _Port | UnsetType = UNSET
    upper_port: _Port | UnsetType = UNSET
    operator: str | UnsetType = UNSET
    port: _Port | UnsetType = UNSET


class _Tcp(_Node, frozen=True):
    direction_initiated: Annotated[Direction | UnsetType, "ietf-mud"] = msgspec.field(
        default=UNSET, name="ietf-mud:direction-initiated"
    )
    source_port: _Ports | UnsetType = UNSET
    destination_port: _Ports | UnsetType = UNSET


class _Udp(_Node, frozen=True):
    source_port: _Ports | UnsetType = UNSET
    destination_port: _Ports | UnsetType = UNSET


class _Ip(_Node, frozen=True):
    """The fields of both families; a network of the other family is refused when it is read."""

    protocol: _Protocol | UnsetType = UNSET
    source_ipv4_network: str | UnsetType = UNSET
    destination_ipv4_network: str | UnsetType = UNSET
    source_ipv6_network: str | UnsetType = UNSET
    destination_ipv6_network: str | UnsetType = UNSET
    src_dnsname: _Text | UnsetType = msgspec.field(default=UNSET, name="ietf-acldns:src-dnsname")
    dst_dnsname: _Text | UnsetType = msgspec.field(default=UNSET, name="ietf-acldns:dst-dnsname")


class _Abstract(_Node, frozen=True):
    manufacturer: _Text | UnsetType = UNSET
    same_manufacturer: _Empty | UnsetType = UNSET
    model: _Text | UnsetType = UNSET
    local_networks: _Empty | UnsetType = UNSET
    controller: _Text | UnsetType = UNSET
    my_controller: _Empty | UnsetType = UNSET


class _Matches(_Node, frozen=True):
    mud: _Abstract | UnsetType = msgspec.field(default=UNSET, name="ietf-mud:mud")
    ipv4: _Ip | UnsetType = UNSET
    ipv6: _Ip | UnsetType = UNSET
    tcp: _Tcp | UnsetType = UNSET
    udp: _Udp | UnsetType = UNSET


class _Actions(_Node, frozen=True):
    forwarding: str


class _Entry(_Node, frozen=True):
    name: _Name
    matches: _Matches
    actions: _Actions


class _Entries(_Node, frozen=True):
    ace: Annotated[list[_Entry], Meta(max_length=_MOST_ENTRIES)]


class _List(_Node, frozen=True):
    name: _Name
    type: str
    aces: _Entries


class _Lists(_Node, frozen=True):
    acl: Annotated[list[_List], Meta(max_length=_MOST_LISTS)]


class _File(_Node, frozen=True):
    mud: _Mud = msgspec.field(name="ietf-mud:mud")
    acls: _Lists | UnsetType = msgspec.field(default=UNSET, name="ietf-access-control-list:acls")


_FAMILIES: Final = {"ipv4-acl-type": 4, "ipv6-acl-type": 6}
_MODULE: Final = "ietf-access-control-list:"
_FORWARDING: Final = {"accept": True, "drop": False, "reject": False}
_decoder: Final = msgspec.json.Decoder(_File)


def read_mud(data: bytes) -> MudProfile:
    """Read a MUD file.

    Raises:
        SourceError: It is no MUD file, or says something that is not understood; names the place.
    """
    if len(data) > MAX_MUD_BYTES:
        raise SourceError(f"MUD file: larger than {MAX_MUD_BYTES} bytes")
    try:
        file = _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise SourceError(f"MUD file: {error}") from error
    mud = file.mud
    if mud.extensions:
        raise SourceError(f"MUD file: extensions are not understood: {', '.join(mud.extensions)}")
    if mud.last_update.tzinfo is None:
        raise SourceError("MUD file: last-update has no time zone")
    lists: dict[str, _List] = {}
    for each in file.acls.acl if file.acls else []:
        if lists.setdefault(each.name, each) is not each:
            raise SourceError(f"MUD file: two access lists are called {each.name}")
    rules = [
        rule
        for direction, policy in (
            (Direction.FROM_DEVICE, mud.from_device_policy),
            (Direction.TO_DEVICE, mud.to_device_policy),
        )
        if policy
        for named in policy.access_lists.access_list
        for rule in _rules(direction, named.name, lists)
    ]
    return MudProfile(
        url=mud.mud_url,
        last_update=mud.last_update,
        rules=tuple(rules),
        cache_validity=mud.cache_validity or 48,
        is_supported=mud.is_supported,
        systeminfo=mud.systeminfo or "",
        mfg_name=mud.mfg_name or "",
        model_name=mud.model_name or "",
        documentation=mud.documentation or "",
    )


def _rules(direction: Direction, name: str, lists: Mapping[str, _List]) -> Iterable[FlowRule]:
    found = lists.get(name)
    if found is None:
        raise SourceError(f"MUD file: no access list is called {name}")
    family = _FAMILIES.get(found.type.removeprefix(_MODULE))
    if family is None:
        raise SourceError(f"MUD file: access list {name}: type {found.type} is not understood")
    names: set[str] = set()
    for entry in found.aces.ace:
        if entry.name in names:
            raise SourceError(f"MUD file: access list {name}: two entries called {entry.name}")
        names.add(entry.name)
        try:
            yield _rule(direction, family, entry)
        except ValueError as error:
            raise SourceError(f"MUD file: access list {name}: {entry.name}: {error}") from error


def _rule(direction: Direction, family: int, entry: _Entry) -> FlowRule:
    matches = entry.matches
    ip, other = (matches.ipv4, matches.ipv6) if family == 4 else (matches.ipv6, matches.ipv4)
    if other:
        raise ValueError(f"matches the other family than its list, which is IPv{family}")
    if matches.tcp and matches.udp:
        raise ValueError("matches both tcp and udp")
    forwarding = entry.actions.forwarding.removeprefix(_MODULE)
    if forwarding not in _FORWARDING:
        raise ValueError(f"forwarding {forwarding!r} is none of {', '.join(_FORWARDING)}")
    kind, name = _peer(direction, family, ip, matches.mud)
    device, peer = _port_sides(direction, matches.tcp or matches.udp)
    initiated = matches.tcp.direction_initiated if matches.tcp else UNSET
    return FlowRule(
        direction=direction,
        family=family,
        peer=kind,
        name=name,
        protocol=_protocol(ip, matches),
        device_ports=device,
        peer_ports=peer,
        initiated=initiated or None,
        accept=_FORWARDING[forwarding],
    )


def _protocol(ip: _Ip | UnsetType, matches: _Matches) -> int | None:
    said = ip.protocol if ip and ip.protocol is not UNSET else None
    meant = _TCP if matches.tcp else _UDP if matches.udp else None
    if said is not None and meant is not None and said != meant:
        raise ValueError(f"protocol {said} is not that of the ports, {meant}")
    return meant if said is None else said


def _peer(
    direction: Direction, family: int, ip: _Ip | UnsetType, mud: _Abstract | UnsetType
) -> tuple[PeerKind, str]:
    """Return how the other end is named; more than one way is refused."""
    found = [*_abstract(mud), *_concrete(direction, family, ip)]
    if len(found) > 1:
        raise ValueError(f"names the other end in {len(found)} ways")
    return found[0] if found else (PeerKind.ANY, "")


def _abstract(mud: _Abstract | UnsetType) -> Iterable[tuple[PeerKind, str]]:
    if mud:
        for kind in _ABSTRACT:
            said = getattr(mud, kind.value.replace("-", "_"))
            if said is not UNSET:
                yield kind, said if isinstance(said, str) else ""


_ABSTRACT: Final = (
    PeerKind.LOCAL_NETWORKS,
    PeerKind.SAME_MANUFACTURER,
    PeerKind.MANUFACTURER,
    PeerKind.MODEL,
    PeerKind.CONTROLLER,
    PeerKind.MY_CONTROLLER,
)


def _concrete(
    direction: Direction, family: int, ip: _Ip | UnsetType
) -> Iterable[tuple[PeerKind, str]]:
    if not ip:
        return
    out = direction is Direction.FROM_DEVICE
    there, here = ("destination", "source") if out else ("source", "destination")
    other = 10 - family
    for side in (there, here):
        if getattr(ip, f"{side}_ipv{other}_network") is not UNSET:
            raise ValueError(f"names a network of IPv{other} in a list of IPv{family}")
    name, own = (ip.dst_dnsname, ip.src_dnsname) if out else (ip.src_dnsname, ip.dst_dnsname)
    if own is not UNSET or getattr(ip, f"{here}_ipv{family}_network") is not UNSET:
        raise ValueError("names the device's own side, which only the network knows")
    if name:
        yield PeerKind.HOST, name.casefold().rstrip(".")
    network = getattr(ip, f"{there}_ipv{family}_network")
    if network is not UNSET:
        parsed = ipaddress.ip_network(network)
        if parsed.version != family:
            raise ValueError(f"{network} is no network of IPv{family}")
        yield PeerKind.NETWORK, str(parsed)


def _port_sides(
    direction: Direction, layer: _Tcp | _Udp | UnsetType
) -> tuple[PortRange | None, PortRange | None]:
    if not layer:
        return None, None
    source, destination = _ports(layer.source_port), _ports(layer.destination_port)
    out = direction is Direction.FROM_DEVICE
    return (source, destination) if out else (destination, source)


def _ports(ports: _Ports | UnsetType) -> PortRange | None:
    if not ports:
        return None
    given = (ports.lower_port, ports.upper_port, ports.operator, ports.port)
    if given[2:] == (UNSET, UNSET) and UNSET not in given[:2]:
        first, last = given[:2]
    elif given[:2] == (UNSET, UNSET) and ports.port is not UNSET:
        # RFC 8519: the operator is eq where none is given; all but these two are spans
        spans = {"eq": (ports.port, ports.port), "lte": (0, ports.port)}
        spans["gte"] = (ports.port, _LAST_PORT)
        operator = ports.operator or "eq"
        if operator not in spans:
            raise ValueError(f"ports: operator {operator!r} is not understood")
        first, last = spans[operator]
    else:
        raise ValueError("ports: give lower-port and upper-port, or operator and port")
    if not (isinstance(first, int) and isinstance(last, int) and first <= last):
        raise ValueError("ports: the lower one is above the upper one")
    return PortRange(first=first, last=last)


def write_mud(profile: MudProfile) -> bytes:
    """Return a profile as a MUD file, in one spelling."""
    lists: dict[tuple[Direction, int], list[_Entry]] = {}
    for rule in profile.rules:
        entries = lists.setdefault((rule.direction, rule.family), [])
        side = "from" if rule.direction is Direction.FROM_DEVICE else "to"
        entries.append(_entry(rule, f"{side}-ipv{rule.family}-{len(entries) + 1}"))
    file = _File(
        mud=_Mud(
            mud_version=1,
            mud_url=profile.url,
            last_update=profile.last_update,
            cache_validity=profile.cache_validity,
            is_supported=profile.is_supported,
            systeminfo=profile.systeminfo or UNSET,
            mfg_name=profile.mfg_name or UNSET,
            model_name=profile.model_name or UNSET,
            documentation=profile.documentation or UNSET,
            from_device_policy=_policy(Direction.FROM_DEVICE, lists),
            to_device_policy=_policy(Direction.TO_DEVICE, lists),
        ),
        acls=_Lists(
            acl=[
                _List(name=_list_name(*key), type=f"ipv{key[1]}-acl-type", aces=_Entries(ace=each))
                for key, each in sorted(lists.items())
            ]
        ),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def _list_name(direction: Direction, family: int) -> str:
    return f"{direction.value}-ipv{family}"


def _policy(
    direction: Direction, lists: Mapping[tuple[Direction, int], list[_Entry]]
) -> _Policy | UnsetType:
    names = [_ListName(name=_list_name(*key)) for key in sorted(lists) if key[0] is direction]
    return _Policy(access_lists=_ListNames(access_list=names)) if names else UNSET


def _entry(rule: FlowRule, name: str) -> _Entry:
    out = rule.direction is Direction.FROM_DEVICE
    source, destination = rule.device_ports, rule.peer_ports
    if not out:
        source, destination = destination, source
    ports: dict[str, Any] = {
        "source_port": _shown(source),
        "destination_port": _shown(destination),
    }
    matches: dict[str, Any] = {f"ipv{rule.family}": _ip(rule, out=out)}
    if rule.protocol == _TCP:
        matches["tcp"] = _Tcp(direction_initiated=rule.initiated or UNSET, **ports)
    elif rule.protocol == _UDP:
        matches["udp"] = _Udp(**ports)
    if rule.peer in _ABSTRACT:
        named: dict[str, Any] = {rule.peer.value.replace("-", "_"): rule.name or _EMPTY}
        matches["mud"] = _Abstract(**named)
    forwarding = "accept" if rule.accept else "drop"
    return _Entry(name=name, matches=_Matches(**matches), actions=_Actions(forwarding=forwarding))


def _ip(rule: FlowRule, *, out: bool) -> _Ip | UnsetType:
    fields: dict[str, Any] = {}
    if rule.protocol is not None:
        fields["protocol"] = rule.protocol
    if rule.peer is PeerKind.HOST:
        fields["dst_dnsname" if out else "src_dnsname"] = rule.name
    elif rule.peer is PeerKind.NETWORK:
        side = "destination" if out else "source"
        fields[f"{side}_ipv{rule.family}_network"] = rule.name
    return _Ip(**fields) if fields else UNSET


def _shown(ports: PortRange | None) -> _Ports | UnsetType:
    if ports is None:
        return UNSET
    if ports.first == ports.last:
        return _Ports(operator="eq", port=ports.first)
    return _Ports(lower_port=ports.first, upper_port=ports.last)
