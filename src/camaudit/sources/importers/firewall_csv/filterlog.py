"""Read the filter log of pf (pfSense and OPNsense), with or without syslog's head.

A line has comma-separated fields in the order of the pfSense documentation ("Raw Filter Log
Format"): rule, sub rule, anchor, tracker, interface, reason, action, direction, IP version; then
those of IPv4 or IPv6; then ports of TCP and UDP. It tells of one packet: the one that began a
state, or one that was blocked.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from camaudit.sources.bulk import RecordError

#: ``filterlog[123]: `` or, in RFC 5424 form, ``filterlog 123 - - `` before the fields.
_TAG: Final = re.compile(
    r"\bfilterlog(?:\[\d{1,10}\]:| \d{1,10} \S{1,40} (?:\[[^\]]{0,200}\]|-)) ?"
)
#: RFC 3339, as RFC 5424 has it; the older form has no year.
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}")
_FIELDS: Final = re.compile(
    rb"filterlog(?:\[\d+\]:| \d+ )[^\n]{0,80}?,[^\n]*,(?:pass|block|match),"
)
_ACTION, _VERSION = 6, 8
#: Where the length, the addresses and the ports stand, and the number of the protocol.
_V4: Final = {"protocol": 15, "length": 17, "source": 18, "target": 19, "ports": 20}
_V6: Final = {"protocol": 13, "length": 14, "source": 15, "target": 16, "ports": 17}
#: RFC 8200 3: the payload length of IPv6 does not count the fixed header.
_V6_HEADER: Final = 40


class Packet(NamedTuple):
    """One line: texts as they stand."""

    time: str
    source: str
    target: str
    source_port: str
    target_port: str
    protocol: str
    length: str
    header: int
    action: str


def is_filterlog(head: bytes) -> bool:
    """Tell whether ``head`` has a line of the filter log."""
    return _FIELDS.search(head[:8192]) is not None


def packet(line: str) -> Packet | None:
    """Return what a line tells; ``None`` where it is of another program.

    Raises:
        RecordError: It is damaged, or its time has no year.
    """
    tag = _TAG.search(line)
    if tag is None:
        return None
    time = _TIME.search(line[: tag.start()])
    if time is None:
        raise RecordError(
            "time", "has no year; have syslog write RFC 5424, and export the log again"
        )
    cells = line[tag.end() :].split(",")
    version = cells[_VERSION] if len(cells) > _VERSION else ""
    places = {"4": _V4, "6": _V6}.get(version)
    if places is None or len(cells) <= places["target"]:
        raise RecordError("", "the line is cut off or not in the form of the filter log")
    sport, dport = [*cells[places["ports"] : places["ports"] + 2], "", ""][:2]
    return Packet(
        time[0],
        cells[places["source"]],
        cells[places["target"]],
        sport if sport.isdecimal() else "",
        dport if dport.isdecimal() else "",
        cells[places["protocol"]],
        cells[places["length"]],
        _V6_HEADER if version == "6" else 0,
        cells[_ACTION],
    )
