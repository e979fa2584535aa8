"""The words for answers and destinations. None says that a maker's word is confirmed or refuted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from camaudit.model.isolation import WORST_FIRST, Contact, Separation
from camaudit.model.verification import Verification, Verified
from camaudit.reports.legible import one_line

ANSWERS: Final = {
    Separation.CONNECTED_TO_CORE: "connected to the core network",
    Separation.REACHES_MAKER_CLOUD: "reaches a maker's cloud",
    Separation.REACHES_INTERNET: "reaches the internet",
    Separation.INDIRECT_PATH: "has an indirect path",
    Separation.CANNOT_TELL: "cannot tell",
    Separation.ISOLATED: "isolated for the hours watched",
}
#: Tone of the chip of each answer, as in the other reports.
TONES: Final = {
    Separation.CONNECTED_TO_CORE: "breaches",
    Separation.REACHES_MAKER_CLOUD: "breaches",
    Separation.REACHES_INTERNET: "outstanding",
    Separation.INDIRECT_PATH: "outstanding",
    Separation.CANNOT_TELL: "cannot_tell",
    Separation.ISOLATED: "meets",
}
#: Destination -> (band of the picture, what it is called).
DESTINATIONS: Final = {
    "same_zone": ("near", "the same network"),
    "recorder": ("near", "recorder or video server"),
    "core": ("core", "core network"),
    "other_zone": ("inside", "another network of the site"),
    "other_site": ("inside", "another site"),
    "unknown_internal": ("inside", "undeclared private address"),
    "dns": ("outside", "name server"),
    "ntp": ("outside", "time server"),
    "update_host": ("outside", "update host"),
    "maker_cloud": ("outside", "a maker's cloud"),
    "p2p_relay": ("outside", "peer-to-peer relay"),
    "unknown_external": ("outside", "unknown address outside"),
}
BANDS: Final = {
    "near": "On its own network",
    "core": "Core network",
    "inside": "Elsewhere inside",
    "outside": "Servers and the outside",
}
_RANK: Final = {answer: rank for rank, answer in enumerate(WORST_FIRST)}
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")
_STEP: Final = 1000
_PROTOCOLS: Final = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6"}


def worst_first(devices: Sequence[Verified]) -> list[Verified]:
    """Return devices by their worst answer, then by name."""
    return sorted(devices, key=lambda each: (_worst(each), each.name, each.id))


def _worst(device: Verified) -> int:
    return min((_RANK[answer] for answer in device.isolation.answers), default=len(_RANK))


def destination(contact: Contact) -> str:
    """Return what the other end is called."""
    return DESTINATIONS.get(contact.destination.value, ("", contact.destination.value))[1]


def band(contact: Contact) -> str:
    """Return on which side of which boundary the other end stands."""
    return DESTINATIONS.get(contact.destination.value, ("outside", ""))[0]


def peer(contact: Contact) -> str:
    """Return the other end as people know it: its names, else its address."""
    names = ", ".join(one_line(name) for name in contact.names[:3])
    return f"{names} ({contact.peer})" if names else contact.peer


def port(contact: Contact) -> str:
    """Return protocol and port."""
    name = _PROTOCOLS.get(contact.protocol, f"IP protocol {contact.protocol}")
    return f"{name} {contact.port}" if contact.port else name


def size(count: int) -> str:
    """Return a number of bytes in SI units (powers of 1000)."""
    value, unit = float(count), 0
    while value >= _STEP and unit + 1 < len(_UNITS):
        value, unit = value / _STEP, unit + 1
    return f"{count:,} bytes" if unit == 0 else f"{value:,.1f} {_UNITS[unit]}"


def instant(at: datetime | None) -> str:
    """Return a moment, to the minute, in UTC."""
    return at.strftime("%-d %b %Y, %H:%M UTC") if at else "not known"


def stamp(at: datetime) -> str:
    """Return a moment in few letters, to the minute (UTC is said elsewhere)."""
    return at.strftime("%Y-%m-%d %H:%M")


def marking(found: Verification) -> str:
    """Return the marking for the head of the page."""
    text = (found.marking or "").strip() or "marking not set"
    return f"{text} - pretend estate" if found.pretend else text


def counts(found: Verification) -> list[tuple[Separation, int]]:
    """Return how many devices have each answer, worst first; one may have several."""
    return [
        (answer, sum(answer in each.isolation.answers for each in found.devices))
        for answer in WORST_FIRST
    ]
