"""Read what switches and ``lldpctl`` print: blocks of labels and values, one a neighbour.

A block ends at a line of dashes, at a prompt, and where a label comes again that a neighbour has
once. A description goes on over the next lines, to a blank line or a label of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from camaudit.model.observation import Problem
from camaudit.sources.tables.pasted import PastedLine, prompted_name

from .neighbour import Neighbour

#: ``System Name: x``, ``Neighbor Chassis-ID   : x``, ``Vlan ID: - not advertised``.
_LABEL: Final = re.compile(r"\s*([A-Za-z][\w.()/-]*(?: [\w.()/-]+){0,5})\s{0,40}:(?:\s+(.*)|)")
_RULE: Final = re.compile(r"\s*-{20,}\s*")
#: lldpctl: ``Interface:    eth1, via: LLDP, RID: 1, ...``
_LLDPCTL: Final = re.compile(r"Interface:\s+(\S+), via: .*")
#: lldpctl -f keyvalue; the name of an interface may have dots.
_PAIR: Final = re.compile(r"lldp\.([^=]{1,64}?)\.(via|(?:chassis|port)\.([^=]{1,64}))=(.*)")
#: lldpctl gives the kind of an id before it.
_KIND: Final = re.compile(r"(?:mac|ifname|ifalias|local|ip|component|portcomponent) (?=\S)")

_CHASSIS, _PORT, _IP = "lldp.chassis_id", "lldp.port_id", "ip.address"
_NAME, _DESCRIPTION = "lldp.system_name", "lldp.system_description"
_CAPABILITIES, _LOCAL = "lldp.capabilities", "lldp.local_port"
_SWITCH_PORT: Final = "switch.port"
#: Labels in letters only: Cisco, Junos, ArubaOS-Switch, AOS-CX, lldpctl.
_LABELS: Final = {
    "chassisid": _CHASSIS,
    "neighborchassisid": _CHASSIS,
    "portid": _PORT,
    "neighborportid": _PORT,
    "sysname": _NAME,
    "systemname": _NAME,
    "neighborsystemname": _NAME,
    "neighborchassisname": _NAME,
    "sysdescr": _DESCRIPTION,
    "systemdescr": _DESCRIPTION,
    "systemdescription": _DESCRIPTION,
    "neighborsystemdescription": _DESCRIPTION,
    "neighborchassisdescription": _DESCRIPTION,
    "systemcapabilities": _CAPABILITIES,
    "systemcapabilitiessupported": _CAPABILITIES,
    "supported": _CAPABILITIES,
    "chassiscapabilitiesavailable": _CAPABILITIES,
    "localintf": _SWITCH_PORT,
    "localinterface": _SWITCH_PORT,
    "localport": _SWITCH_PORT,
    "localportid": _SWITCH_PORT,
    "port": _SWITCH_PORT,
    "mgmtip": _IP,
    "managementaddress": _IP,
    "managementaddressipv": _IP,
    "neighbormanagementaddress": _IP,
    "ip": _IP,
    "ipv": _IP,
    "address": _IP,
}
#: Labels that end a description, and say nothing that is kept.
_OTHERS: Final = frozenset(
    {
        "autonegotiation", "capability", "chassiscapabilitiesenabled", "chassistype", "enabled",
        "enabledcapabilities", "managementaddresses", "neighborportdesc", "neighborportvlanid",
        "portdescr", "portdescription", "porttype", "pvid", "systemcapabilitiesenabled",
        "timeremaining", "ttl", "unknowntlvs", "vlanid",
    }
)  # fmt: skip
_ONCE: Final = (_CHASSIS, _SWITCH_PORT)
_PAIRS: Final = {
    "chassis.name": _NAME,
    "chassis.descr": _DESCRIPTION,
    "chassis.mgmt-ip": _IP,
}
_ID_KINDS: Final = frozenset({"mac", "ifname", "ifalias", "local", "ip"})


def text_neighbours(lines: Iterable[PastedLine | Problem]) -> Iterator[Neighbour | Problem]:
    """Yield the neighbours of a text."""
    reader = _Reader()
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif (done := reader.take(line)) is not None:
            yield done
    if (done := reader.end()) is not None:
        yield done


class _Reader:
    """Gather the values of one neighbour after the other; each step returns the one before."""

    def __init__(self) -> None:
        self._held = Neighbour("")
        #: The interface that lldpctl names, and the switch that a prompt names.
        self._link = self._switch = ""
        #: Whether the next line may go on with a description.
        self._goes_on = False

    def take(self, line: PastedLine) -> Neighbour | None:
        """Take one line."""
        if switch := prompted_name(line.text):
            self._switch = switch
            return self.end()
        if found := _LLDPCTL.fullmatch(line.text):
            return self._begin(line.where, found[1])
        if found := _PAIR.fullmatch(line.text):
            return self._pair(found, line.where)
        return self.end() if _RULE.fullmatch(line.text) else self._line(line)

    def end(self) -> Neighbour | None:
        """End the neighbour that is being read."""
        done, self._held, self._goes_on, self._link = self._held, Neighbour(""), False, ""
        if not done.texts and not done.addresses:
            return None
        if _LOCAL not in done.texts:
            done.tell("switch.name", self._switch)
        return done

    def _begin(self, where: str, link: str = "") -> Neighbour | None:
        done = self.end()
        self._held, self._link = Neighbour(where), link
        self._held.tell(_LOCAL, link)
        return done

    def _line(self, line: PastedLine) -> Neighbour | None:
        found = _LABEL.fullmatch(line.text)
        label = re.sub(r"[^a-z]", "", found[1].casefold()) if found else ""
        value = (found[2] or "").strip() if found else ""
        if key := _LABELS.get(label):
            return self._value(key, label, value, line.where)
        if label in _OTHERS or line.text.startswith("lldp."):
            self._goes_on = False
        elif not line.text.strip():
            # Cisco IOS may leave a line before the description, and leaves one after it
            self._goes_on = self._goes_on and _DESCRIPTION not in self._held.texts
        elif self._goes_on:
            self._held.more(_DESCRIPTION, line.text, " ")
        if label == "capability":
            self._held.more(_CAPABILITIES, value.rpartition(",")[0], ", ")
        return None

    def _value(self, key: str, label: str, value: str, where: str) -> Neighbour | None:
        # Junos tells the index of its interface after the name
        if label == "localportid" and _SWITCH_PORT in self._held.texts:
            return None
        begins = not self._held.where or (key in _ONCE and key in self._held.texts)
        done = self._begin(where) if begins else None
        self._held.tell(key, _KIND.sub("", value, count=1) if self._link else value)
        self._goes_on = key == _DESCRIPTION
        return done

    def _pair(self, found: re.Match[str], where: str) -> Neighbour | None:
        link, name, kind, value = found[1], found[2], found[3] or "", found[4]
        key = _PAIRS.get(name, "")
        if kind in _ID_KINDS:
            key = _CHASSIS if name.startswith("chassis") else _PORT
        again = key == _CHASSIS and key in self._held.texts
        done = self._begin(where, link) if name == "via" or link != self._link or again else None
        if key:
            self._held.tell(key, value)
        elif name.startswith("chassis.") and kind.endswith(".enabled"):
            self._held.more(_CAPABILITIES, kind.removesuffix(".enabled"), ", ")
        self._goes_on = key == _DESCRIPTION
        return done
