"""Read Linux: what ``ip route`` and ``iptables-save`` print."""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Iterator
from typing import Final

from .device import Device, Route, Rule

_FORWARD: Final = "FORWARD"
_POLICY: Final = re.compile(r":(?P<chain>\S+) (?P<policy>ACCEPT|DROP|-)(?: \[[0-9:]+\])?$")
_ROUTE: Final = re.compile(
    r"(?:(?P<drops>blackhole|unreachable|prohibit) )?(?P<network>default|[0-9a-f.:]+(?:/[0-9]+)?)"
    r"(?: via (?P<via>[0-9a-f.:]+))?(?: dev (?P<dev>\S+))?(?P<rest>(?: \S+)*)$"
)
#: What may follow in a route and changes nothing of where it leads.
_ROUTE_NOTES: Final = frozenset({"proto", "scope", "src", "metric", "onlink", "linkdown"})
_ENDS: Final = {"ACCEPT": True, "DROP": False, "REJECT": False}
_ESTABLISHED: Final = frozenset({"ESTABLISHED", "RELATED"})


def is_route(text: str) -> bool:
    """Tell whether a line is one of the routing table."""
    found = _ROUTE.match(" ".join(text.split()))
    return found is not None and bool(found["via"] or found["dev"] or found["drops"])


def read_route(device: Device, number: int, text: str) -> None:
    """Read one line of the routing table."""
    found = _ROUTE.match(" ".join(text.split()))
    words = found["rest"].split() if found else []
    if found is None or (words and words[0] not in _ROUTE_NOTES):
        device.puzzle(number, text)
        return
    wide = "::/0" if found["via"] and ":" in found["via"] else "0.0.0.0/0"
    try:
        network = ipaddress.ip_network(wide if found["network"] == "default" else found["network"])
        route = Route(
            network=network,
            interface=found["dev"],
            via=found["via"],
            line=device.line(number, text),
            drops=bool(found["drops"]),
            connected="proto kernel" in found["rest"],
        )
    except ValueError:
        device.puzzle(number, text)
        return
    device.routes.append(route)


class IptablesReader:
    """Reads the filter table; what other tables do to addresses is not understood."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._table = ""

    def take(self, number: int, text: str) -> bool:
        """Read one line; tell whether it belongs to a table."""
        if text.startswith("*"):
            self._table = text[1:].strip()
            return True
        if not self._table:
            return False
        if text.strip() == "COMMIT":
            self._table = ""
        elif text.startswith(":"):
            self._policy(number, text)
        elif self._table != "filter" or not self._rule(number, text):
            self._device.puzzle(number, text)
        return True

    def _policy(self, number: int, text: str) -> None:
        found = _POLICY.match(text.strip())
        if found is None:
            self._device.puzzle(number, text)
        elif self._table == "filter" and found["chain"] == _FORWARD:
            forward = self._device.rule_list(_FORWARD)
            forward.permits = found["policy"] == "ACCEPT"
            forward.line = self._device.line(number, text)
            self._device.forward = _FORWARD

    def _rule(self, number: int, text: str) -> bool:
        """Read a rule; tell whether it was understood. Other chains do not pass anything on."""
        try:
            words = iter(shlex.split(text))
        except ValueError:
            return False
        command, chain = next(words, ""), next(words, "")
        if command != "-A":
            return False
        if chain in ("INPUT", "OUTPUT"):
            return True
        if chain != _FORWARD:
            return False
        try:
            rule = _forward_rule(self._device, number, text, words)
        except (ValueError, StopIteration):
            return False
        self._device.forward = _FORWARD
        self._device.rule_list(_FORWARD).rules.append(rule)
        return True


def _forward_rule(device: Device, number: int, text: str, words: Iterator[str]) -> Rule:
    given: dict[str, str] = {}
    for word in words:
        if word not in _OPTIONS:
            raise ValueError(word)
        given[word] = next(words)
    target = given.get("-j", "")
    if target not in _ENDS:
        raise ValueError(target)
    if any(given.get(each, "").endswith("+") for each in ("-i", "-o")):
        raise ValueError("a name of many interfaces")
    states = set((given.get("--state") or given.get("--ctstate") or "").split(",")) - {""}
    if states and not states <= {*_ESTABLISHED, "NEW"}:
        raise ValueError(",".join(sorted(states)))
    return Rule(
        permits=_ENDS[target],
        line=device.line(number, text),
        sources=tuple(ipaddress.ip_network(given[each]) for each in ("-s",) if each in given),
        targets=tuple(ipaddress.ip_network(given[each]) for each in ("-d",) if each in given),
        narrow=bool(given.keys() & {"-p", "--dport", "--sport", "--dports"}),
        replies=bool(states) and states <= _ESTABLISHED,
        into=(given["-i"],) if "-i" in given else (),
        out_of=(given["-o"],) if "-o" in given else (),
    )


_OPTIONS: Final = frozenset(
    {"-s", "-d", "-i", "-o", "-p", "-m", "-j", "--dport", "--sport", "--dports", "--state"}
    | {"--ctstate", "--reject-with", "--comment"}
)
