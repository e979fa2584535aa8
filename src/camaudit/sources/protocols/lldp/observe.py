"""Fields of an announcement: what a device is, and what it calls itself.

Switches announce themselves too, and more often than cameras: ``lldp.capabilities`` tells who
passes on what others send (Bridge, Router). Names are those of the importer of LLDP neighbours.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.addresses import usable_address
from camaudit.wirekit.shown import shown_mac, shown_text

from .codec import Announcement, Inventory, Kind, decode_frame

_PROTOCOL: Final = "lldp"
#: IEEE 802.1AB tables 8-2 and 8-3: which kind of id is a hardware address, and which one of IP.
_CHASSIS_MAC, _CHASSIS_NETWORK = 4, 5
_PORT_MAC, _PORT_NETWORK = 3, 4
#: IANA address family numbers, and how long their addresses are.
_FAMILIES: Final = {1: 4, 2: 16}
_MAC_BYTES: Final = 6
#: IEEE 802.1AB table 8-4, by bit, in the words of ``lldpctl``.
_CAPABILITIES: Final = (
    *("Other", "Repeater", "Bridge", "Wlan"),
    *("Router", "Tel", "Docsis", "Station"),
)
#: IEEE 802.1AB 8.5.4: who takes its leave says that what it said is good for no time.
_GOODBYE: Final = b"\0\0"
#: ANSI/TIA-1057 10.2.6: the version of the software, before that of what starts it.
_INVENTORY: Final = (
    ("manufacturer", Inventory.MANUFACTURER),
    ("model", Inventory.MODEL),
    ("firmware", Inventory.SOFTWARE),
    ("firmware", Inventory.FIRMWARE),
    ("serial", Inventory.SERIAL),
)


def observe(message: Announcement) -> tuple[Seen, ...]:
    """Return what an announcement shows of the device that sent it."""
    if message.value(Kind.TIME_TO_LIVE)[:2] == _GOODBYE:
        return ()
    return tuple(dict.fromkeys(seen for seen in _seen(message) if seen.value))


def expand_frame(value: bytes) -> tuple[Seen, ...]:
    """Read ``lldp.frame``: what one frame carries behind its ether type."""
    return observe(decode_frame(value))


def _seen(message: Announcement) -> Iterator[Seen]:
    chassis, port = message.value(Kind.CHASSIS_ID), message.value(Kind.PORT_ID)
    if chassis[:1] == bytes((_CHASSIS_MAC,)):
        yield Seen("mac", "address", _mac(chassis[1:]))
    for kind, value in message.values:
        if kind == Kind.MANAGEMENT_ADDRESS:
            # how long the address is with its family, then these
            yield Seen("ip", "address", _usable(value[1 : 1 + value[0]] if value else b""))
    yield Seen(_PROTOCOL, "chassis_id", _id(chassis, _CHASSIS_MAC, _CHASSIS_NETWORK))
    yield Seen(_PROTOCOL, "port_id", _id(port, _PORT_MAC, _PORT_NETWORK))
    yield Seen(_PROTOCOL, "system_name", shown_text(message.value(Kind.SYSTEM_NAME)))
    described = shown_text(message.value(Kind.SYSTEM_DESCRIPTION))
    yield Seen(_PROTOCOL, "system_description", described)
    yield Seen(_PROTOCOL, "capabilities", _capabilities(message.value(Kind.CAPABILITIES)))
    told: set[str] = set()
    for field, subtype in _INVENTORY:
        value = shown_text(message.inventory(subtype))
        if value and field not in told:
            told.add(field)
            yield Seen(_PROTOCOL, field, value)


def _id(value: bytes, mac: int, network: int) -> bytes:
    kind, content = value[:1], value[1:]
    if kind == bytes((mac,)):
        return _mac(content)
    return _address(content) if kind == bytes((network,)) else shown_text(content)


def _mac(content: bytes) -> bytes:
    one_host = len(content) == _MAC_BYTES and any(content) and not content[0] & 1
    return shown_mac(content) if one_host else b""


def _address(content: bytes) -> bytes:
    """Return an address behind its family as text."""
    if _FAMILIES.get(content[0] if content else 0) != len(content) - 1:
        return b""
    return str(ipaddress.ip_address(content[1:])).encode()


def _usable(content: bytes) -> bytes:
    """Return an address behind its family that can be one host's."""
    return (usable_address(_address(content).decode()) or "").encode()


def _capabilities(value: bytes) -> bytes:
    if len(value) < 2:
        return b""
    bits = int.from_bytes(value[:2], "big")
    names = (name for at, name in enumerate(_CAPABILITIES) if bits >> at & 1)
    return ", ".join(names).encode()
