"""Read Cisco IOS: interfaces, access lists, static routes, and what ``show ip route`` prints."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

from camaudit.isolation.addresses import Network
from camaudit.model.configuration import Line

from .device import Device, Interface, Route, Rule, network_of, wildcard

#: Lines that say nothing about what is passed on between networks.
_HARMLESS: Final = re.compile(
    r"""!|\#|end$|exit$|version\ |hostname\ |service\ |description\ |name\ |no\ shutdown$
    |duplex\ |speed\ |spanning-tree\ |switchport\ (?:mode|access|trunk|nonegotiate)\b
    |vlan\ [0-9,-]+$|banner\ |clock\ |ntp\ |logging\ |negotiation\ auto$|remark\ |boot-
    |no\ ip\ (?:redirects|proxy-arp|unreachables|http)\b|no\ aaa\ |aaa\ |license\ |privilege\b
    |ip\ (?:domain|name-server|ssh|routing$|classless$|subnet-zero$|http)\b
    |(?:building|current)\ configuration|codes:|gateway\ of\ last\ resort
    |line\ (?:con|vty|aux)\b|login\b|transport\ input\b|exec-timeout\ |stopbits\b
    |enable\ |username\ |password\ |snmp-server\ |tacacs-server\ |radius-server\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: ``10.0.0.0/8 is variably subnetted, 3 subnets, 2 masks``: a heading of the routing table.
_HEADING: Final = re.compile(r"[0-9./]+ is (?:variably )?subnetted,")
_LEGEND: Final = re.compile(r"[A-Za-z0-9*+%] ?[A-Za-z0-9]? - \S")
_ROUTE: Final = re.compile(
    r"(?P<code>[A-Za-z][A-Za-z0-9*+% ]{0,5}?)\s+(?P<network>[0-9.]+/[0-9]+)\s+"
    r"(?:is directly connected, (?P<own>\S+)"
    r"|\[[0-9/]+\] via (?P<via>[0-9.]+)(?:.*, (?P<out>[A-Z]\S+))?)"
)
_SEQUENCE: Final = re.compile(r"[0-9]+ (?=(?:permit|deny|remark)\b)")
_STANDARD: Final = (range(1, 100), range(1300, 2000))
#: Words at the end of a rule that do not narrow it.
_NOTHING: Final = frozenset({"log", "log-input"})


class IosReader:
    """Reads line by line; an indented line belongs to the one that opened its block."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._interface: Interface | None = None
        self._list: tuple[str, bool] | None = None

    def take(self, number: int, text: str) -> None:
        """Read one line; what is not understood is noted."""
        words = text.split()
        if not text[0].isspace():
            self._interface, self._list = None, None
        try:
            if not (self._opens(words) or self._within(number, text, words)):
                self._alone(number, text, words)
        except (ValueError, IndexError):
            self._device.puzzle(number, text)

    def _opens(self, words: Sequence[str]) -> bool:
        if words[0] == "interface" and len(words) > 1:
            self._interface = self._device.interface("".join(words[1:]))
            return True
        if words[:2] == ["ip", "access-list"] and words[2] in ("standard", "extended"):
            self._list = (words[3], words[2] == "standard")
            self._device.rule_list(words[3])
            return True
        return False

    def _within(self, number: int, text: str, words: Sequence[str]) -> bool:
        """Read a line of an interface or a named list; tell whether it is one."""
        if self._list is not None:
            plain = _SEQUENCE.sub("", " ".join(words), count=1).split()
            name, standard = self._list
            if plain[0] in ("permit", "deny"):
                self._add(name, number, text, plain, standard=standard)
            return plain[0] in ("permit", "deny", "remark")
        if self._interface is not None:
            return self._setting(self._interface, self._device.line(number, text), words)
        return False

    def _setting(self, interface: Interface, line: Line, words: Sequence[str]) -> bool:
        if words[:2] == ["ip", "address"] and words[2] != "dhcp":
            interface.networks.append((network_of(words[2], words[3]), line))
        elif words[:2] == ["ip", "access-group"] and words[3] in ("in", "out"):
            side = "inward" if words[3] == "in" else "outward"
            setattr(interface, side, (words[2], line))
        elif words == ["shutdown"]:
            interface.down = line
        else:
            return " ".join(words) in ("no ip address", "no switchport")
        return True

    def _alone(self, number: int, text: str, words: Sequence[str]) -> None:
        line = self._device.line(number, text)
        plain = " ".join(words)
        if words[0] == "access-list":
            standard = any(int(words[1]) in span for span in _STANDARD)
            if words[2] != "remark":
                self._add(words[1], number, text, words[2:], standard=standard)
        elif words[:2] == ["ip", "route"] and words[2] != "vrf":
            target = words[4]
            via = target if target[0].isdigit() else None
            self._device.routes.append(
                Route(
                    network=network_of(words[2], words[3]),
                    interface=None if via else target,
                    via=via,
                    line=line,
                    drops=target.casefold().startswith("null"),
                )
            )
        elif (found := _ROUTE.match(plain)) is not None:
            self._device.routes.append(
                Route(
                    network=ipaddress.ip_network(found["network"]),
                    interface=found["own"] or found["out"],
                    via=found["via"],
                    line=line,
                    connected=found["code"].startswith("C"),
                    drops=(found["own"] or "").casefold().startswith("null"),
                )
            )
        elif not (_HARMLESS.match(plain) or _HEADING.match(plain) or _LEGEND.match(plain)):
            self._device.puzzle(number, text)

    def _add(
        self, name: str, number: int, text: str, words: Sequence[str], *, standard: bool
    ) -> None:
        if words[0] not in ("permit", "deny"):
            raise ValueError(words[0])
        rest = list(words[1:])
        protocol = "ip" if standard else rest.pop(0)
        sources = _end(rest)
        narrow = _ports(rest)
        targets = () if standard else _end(rest)
        narrow |= _ports(rest)
        replies = "established" in rest
        left = [each for each in rest if each not in _NOTHING and each != "established"]
        # an ICMP message type, or a code point, narrows; anything longer is not understood
        if len(left) > 1:
            raise ValueError(" ".join(left))
        self._device.rule_list(name).rules.append(
            Rule(
                permits=words[0] == "permit",
                line=self._device.line(number, text),
                sources=sources,
                targets=targets,
                narrow=narrow or bool(left) or protocol != "ip",
                replies=replies,
            )
        )


def _end(words: list[str]) -> tuple[Network, ...]:
    """Take one end of a rule from the front of ``words``."""
    first = words.pop(0)
    if first == "any":
        return ()
    if first == "host":
        return (ipaddress.ip_network(words.pop(0)),)
    address = ipaddress.IPv4Address(first)
    if words and words[0][0].isdigit():
        return (wildcard(first, words.pop(0)),)
    return (ipaddress.ip_network(address),)


def _ports(words: list[str]) -> bool:
    """Take a condition on ports from the front of ``words``, and tell whether there was one."""
    if not words or words[0] not in ("eq", "gt", "lt", "neq", "range"):
        return False
    count = 2 if words.pop(0) == "range" else 1
    del words[:count]
    return True
