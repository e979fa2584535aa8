"""What is read from a configuration, whatever its vendor: interfaces, routes and lists of rules."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from camaudit.isolation.addresses import Network
from camaudit.model.configuration import Line

#: Words after which it is safe to show one more: it names a thing, and is no secret.
_SHOW_NEXT: Final = frozenset({"-A", "-I", "config", "ip", "ipv6", "no", "set", "router"})


@dataclass(slots=True, kw_only=True)
class Interface:
    """One interface with its own networks, and the lists that are applied to it."""

    name: str
    networks: list[tuple[Network, Line]] = field(default_factory=list)
    inward: tuple[str, Line] | None = None
    outward: tuple[str, Line] | None = None
    down: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route; with ``drops`` what it covers is thrown away.

    Raises:
        ValueError: ``via`` is no address.
    """

    network: Network
    interface: str | None
    via: str | None
    line: Line
    drops: bool = False
    #: The network is the interface's own.
    connected: bool = False

    def __post_init__(self) -> None:
        if self.via is not None:
            ipaddress.ip_address(self.via)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; no networks mean any."""

    permits: bool
    line: Line
    sources: tuple[Network, ...] = ()
    targets: tuple[Network, ...] = ()
    #: Whether it is for some protocols, ports or times only.
    narrow: bool = False
    #: Whether it is for answers only: it opens nothing.
    replies: bool = False
    #: Interfaces that it is for; empty: any.
    into: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class RuleList:
    """Rules in their order; the first that fits decides, and ``permits`` what none fits."""

    rules: list[Rule] = field(default_factory=list)
    permits: bool = False
    #: Where it says what happens to what no rule fits; ``None``: implied by the vendor.
    line: Line | None = None


@dataclass(slots=True, kw_only=True)
class Device:
    """One configuration."""

    file: str
    interfaces: dict[str, Interface] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    lists: dict[str, RuleList] = field(default_factory=dict)
    #: The list that everything which is passed on runs through.
    forward: str | None = None
    not_understood: list[Line] = field(default_factory=list)

    def line(self, number: int, text: str) -> Line:
        """Return a line that is understood."""
        return Line(file=self.file, number=number, text=" ".join(text.split()))

    def puzzle(self, number: int, text: str) -> None:
        """Note a line that is not understood; of it no more is kept than names it.

        Configurations hold passwords and keys.
        """
        words = text.split()
        shown = words[: 2 if words[0] in _SHOW_NEXT else 1]
        rest = " ..." if len(words) > len(shown) else ""
        self.not_understood.append(Line(file=self.file, number=number, text=" ".join(shown) + rest))

    def interface(self, name: str) -> Interface:
        """Return an interface by its name, new or known."""
        return self.interfaces.setdefault(name.casefold(), Interface(name=name))

    def rule_list(self, name: str) -> RuleList:
        """Return a list of rules by its name, new or known."""
        return self.lists.setdefault(name, RuleList())


def network_of(address: str, mask: str) -> Network:
    """Return the network of an address and a mask, as ``255.255.255.0`` or a number of bits."""
    return ipaddress.ip_network(f"{address}/{mask}", strict=False)


def wildcard(address: str, bits: str) -> Network:
    """Return the network of an address and a wildcard; ``ValueError`` where it has holes."""
    free = int(ipaddress.IPv4Address(bits))
    if free & (free + 1):
        raise ValueError(f"{bits} is not contiguous")
    return ipaddress.ip_network(f"{address}/{32 - free.bit_length()}", strict=False)
