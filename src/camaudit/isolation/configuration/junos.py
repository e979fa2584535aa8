"""Read Juniper's set format: addresses, firewall filters and static routes."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final

from camaudit.isolation.addresses import Network
from camaudit.model.configuration import Line

from .device import Device, Route, Rule

_UNIT: Final = re.compile(r"set interfaces (\S+) unit (\S+) family inet6? (.+)$")
_TERM: Final = re.compile(
    r"set firewall(?: family inet6?)? filter (\S+) term (\S+) (from|then)(?: (.+))?$"
)
_STATIC: Final = re.compile(
    r"set routing-options static route (\S+) (?:next-hop (\S+)|(discard|reject))$"
)
_HARMLESS: Final = re.compile(
    r"set (?:version|system (?:host-name|services|ntp|syslog|name-server|time-zone|domain-name)"
    r"|vlans \S+ (?:vlan-id|description|l3-interface)|interfaces \S+ description"
    r"|interfaces \S+ unit \S+ (?:description|vlan-id|family ethernet-switching))\b"
)
_NARROWING: Final = frozenset(
    {"protocol", "port", "source-port", "destination-port", "icmp-type", "icmp-code", "dscp"}
)
_THEN: Final = {"accept": True, "discard": False, "reject": False}
_NO_DECISION: Final = frozenset({"log", "syslog", "count"})


@dataclass(slots=True)
class _Term:
    sources: list[Network] = field(default_factory=list)
    targets: list[Network] = field(default_factory=list)
    narrow: bool = False
    replies: bool = False
    permits: bool | None = None
    line: Line | None = None


class JunosReader:
    """Reads line by line; terms are put together at the end, in their order."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._terms: dict[str, dict[str, _Term]] = {}

    def take(self, number: int, text: str) -> None:
        """Read one line; what is not understood is noted."""
        plain = " ".join(text.split())
        try:
            done = self._unit(number, plain) or self._term(number, plain)
            done = done or self._static(number, plain)
        except (ValueError, IndexError):
            done = False
        if not done and not _HARMLESS.match(plain):
            self._device.puzzle(number, text)

    def _unit(self, number: int, text: str) -> bool:
        found = _UNIT.match(text)
        if found is None:
            return False
        name, unit, rest = found.groups()
        interface = self._device.interface(f"{name}.{unit}")
        line = self._device.line(number, text)
        words = rest.split()
        if words[0] == "address" and len(words) > 1:
            network = ipaddress.ip_network(words[1], strict=False)
            interface.networks.append((network, line))
        elif words[:2] == ["filter", "input"]:
            interface.inward = (words[2], line)
        elif words[:2] == ["filter", "output"]:
            interface.outward = (words[2], line)
        else:
            return False
        return True

    def _term(self, number: int, text: str) -> bool:
        found = _TERM.match(text)
        if found is None:
            return False
        name, term_name, part, rest = found.groups()
        term = self._terms.setdefault(name, {}).setdefault(term_name, _Term())
        words = (rest or "").split()
        if part == "then":
            return self._then(term, number, text, words)
        if words[0] in ("source-address", "destination-address"):
            if len(words) != 2:  # `except` takes addresses out again
                return False
            side = term.sources if words[0] == "source-address" else term.targets
            side.append(ipaddress.ip_network(words[1]))
        elif words[0] == "tcp-established":
            term.replies = True
        elif words[0] in _NARROWING:
            term.narrow = True
        else:
            return False
        return True

    def _then(self, term: _Term, number: int, text: str, words: list[str]) -> bool:
        if words and words[0] in _THEN:
            term.permits = _THEN[words[0]]
            term.line = self._device.line(number, text)
            return True
        return bool(words) and words[0] in _NO_DECISION

    def _static(self, number: int, text: str) -> bool:
        found = _STATIC.match(text)
        if found is None:
            return False
        network, via, drops = found.groups()
        self._device.routes.append(
            Route(
                network=ipaddress.ip_network(network),
                interface=None,
                via=via,
                line=self._device.line(number, text),
                drops=bool(drops),
            )
        )
        return True

    def finish(self) -> None:
        """Turn terms into rules; one without a decision is accepted, as Juniper does."""
        for name, terms in self._terms.items():
            rules = self._device.rule_list(name).rules
            for term_name, term in terms.items():
                decided = term.permits is not None and term.line is not None
                line = term.line if decided else None
                rules.append(
                    Rule(
                        permits=bool(term.permits) if decided else True,
                        line=line or self._device.line(0, f"filter {name} term {term_name}"),
                        sources=tuple(term.sources),
                        targets=tuple(term.targets),
                        narrow=term.narrow,
                        replies=term.replies,
                    )
                )
