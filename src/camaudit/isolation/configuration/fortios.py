"""Read FortiOS: interfaces, addresses, policies and static routes of ``show`` or a backup."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from camaudit.isolation.addresses import Network
from camaudit.model.configuration import Line

from .device import Device, Route, Rule, network_of

_FORWARD: Final = "firewall policy"
_SECTIONS: Final = frozenset(
    {"system interface", "firewall address", "firewall policy", "router static"}
)
#: Sections that decide nothing of what is passed on between networks.
_ASIDE: Final = frozenset(
    {"system global", "system admin", "system dns", "system ntp", "system accprofile"}
    | {"system snmp sysinfo", "system snmp community", "system password-policy"}
    | {"log syslogd setting", "log memory setting", "firewall service category"}
    | {"firewall service custom", "firewall service group", "firewall schedule recurring"}
    | {"firewall schedule onetime"}
)
#: Settings that change nothing of what is passed on between networks.
_HARMLESS: Final[Mapping[str, frozenset[str]]] = {
    "system interface": frozenset(
        {"vdom", "allowaccess", "type", "snmp-index", "alias", "description", "role", "interface"}
        | {"vlanid", "device-identification"}
    ),
    "firewall address": frozenset({"uuid", "comment", "color", "associated-interface", "type"}),
    "firewall policy": frozenset(
        {"name", "uuid", "logtraffic", "comments", "nat", "logtraffic-start"}
    ),
    "router static": frozenset({"distance", "priority", "comment"}),
}
_MEANT: Final[Mapping[str, frozenset[str]]] = {
    "system interface": frozenset({"ip", "status"}),
    "firewall address": frozenset({"subnet"}),
    "firewall policy": frozenset(
        {"srcintf", "dstintf", "srcaddr", "dstaddr", "action", "schedule", "service", "status"}
    ),
    "router static": frozenset({"dst", "gateway", "device", "blackhole", "status"}),
}


class FortiosReader:
    """Reads line by line; each ``edit`` is put together at its ``next``."""

    def __init__(self, device: Device) -> None:
        self._device = device
        # nothing passes without a policy; where none are given, it is not known what passes
        device.forward = _FORWARD
        self._section = ""
        self._depth = 0
        self._entry: tuple[str, Line] | None = None
        self._settings: dict[str, tuple[list[str], Line]] = {}
        self._addresses: dict[str, tuple[Network, ...]] = {"all": ()}
        self._policies: list[tuple[Line, dict[str, tuple[list[str], Line]]]] = []

    def take(self, number: int, text: str) -> None:
        """Read one line; what is not understood is noted."""
        try:
            words = shlex.split(text, posix=True)
            done = bool(words) and self._word(number, text, words)
        except (ValueError, IndexError):
            done = False
        if not done:
            self._device.puzzle(number, text)

    def _word(self, number: int, text: str, words: list[str]) -> bool:
        if words[0] in ("config", "end"):
            return self._block(words)
        if self._depth > 1 or self._section not in _SECTIONS:
            return True
        if words[0] == "edit" and len(words) > 1:
            self._entry, self._settings = (words[1], self._device.line(number, text)), {}
            return True
        if words[0] == "next":
            return self._finish_entry()
        if words[0] == "set" and self._entry and len(words) > 1:
            return self._set(number, text, words)
        return False

    def _block(self, words: list[str]) -> bool:
        """Open or close a block; tell whether what it holds is understood.

        Of a block that is not, the first line is noted for all of it.
        """
        if words[0] == "end":
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._entry = None
            return True
        self._depth += 1
        if self._depth == 1:
            self._section = " ".join(words[1:])
            if self._section == _FORWARD:
                self._device.rule_list(_FORWARD)
            return self._section in _SECTIONS or self._section in _ASIDE
        return self._section not in _SECTIONS

    def _set(self, number: int, text: str, words: list[str]) -> bool:
        name = words[1]
        if name in _HARMLESS.get(self._section, ()):
            return True
        self._settings[name] = (words[2:], self._device.line(number, text))
        return name in _MEANT.get(self._section, ())

    def _value(self, name: str, otherwise: str = "") -> str:
        values = self._settings.get(name, ([], None))[0]
        return " ".join(values) if values else otherwise

    def _finish_entry(self) -> bool:
        if self._entry is None:
            return True
        name, line = self._entry
        self._entry = None
        if self._section == "system interface":
            self._interface(name)
        elif self._section == "firewall address" and "subnet" in self._settings:
            self._addresses[name] = (_network(self._value("subnet").split()),)
        elif self._section == "firewall policy":
            self._policies.append((line, self._settings))
        elif self._section == "router static":
            self._route(line)
        return True

    def _interface(self, name: str) -> None:
        interface = self._device.interface(name)
        if "ip" in self._settings:
            values, line = self._settings["ip"]
            interface.networks.append((_network(values), line))
        if self._value("status") == "down":
            interface.down = self._settings["status"][1]

    def _route(self, line: Line) -> None:
        if self._value("status") != "disable":
            target = self._value("dst", "0.0.0.0 0.0.0.0").split()
            self._device.routes.append(
                Route(
                    network=_network(target),
                    interface=self._value("device") or None,
                    via=self._value("gateway") or None,
                    line=line,
                    drops=self._value("blackhole") == "enable",
                )
            )

    def finish(self) -> None:
        """Turn policies into rules, now that all addresses are known."""
        for line, settings in self._policies:
            values = {name: each for name, (each, _) in settings.items()}
            if values.get("status") == ["disable"]:
                continue
            named = [*values.get("srcaddr", []), *values.get("dstaddr", [])]
            if any(name not in self._addresses for name in named):
                self._device.puzzle(line.number, f"{line.text} names an address that is not given")
                continue
            self._device.rule_list(_FORWARD).rules.append(
                Rule(
                    permits=values.get("action") == ["accept"],
                    line=line,
                    sources=self._networks(values.get("srcaddr", [])),
                    targets=self._networks(values.get("dstaddr", [])),
                    narrow=values.get("service", ["ALL"]) != ["ALL"]
                    or values.get("schedule", ["always"]) != ["always"],
                    into=_interfaces(values.get("srcintf", [])),
                    out_of=_interfaces(values.get("dstintf", [])),
                )
            )

    def _networks(self, names: list[str]) -> tuple[Network, ...]:
        found = [self._addresses[name] for name in names]
        return () if () in found else tuple(each for group in found for each in group)


def _network(words: list[str]) -> Network:
    """Return the network of ``ADDRESS MASK`` or ``ADDRESS/BITS``; ``ValueError`` of all else."""
    address, mask = words if len(words) == 2 else " ".join(words).split("/")
    return network_of(address, mask)


def _interfaces(names: list[str]) -> tuple[str, ...]:
    return () if "any" in names else tuple(names)
