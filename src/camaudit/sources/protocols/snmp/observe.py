"""What a response says of the system, and tables of neighbours put together by row."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from camaudit.model.observation import Seen
from camaudit.wirekit.secrets import blank

from .codec import Binding, Response, ValueKind, decode_response

_PROTOCOL: Final = "snmp"
#: RFC 3418 2, the system group.
SYSTEM: Final = {
    "1.3.6.1.2.1.1.1.0": "sysDescr",
    "1.3.6.1.2.1.1.2.0": "sysObjectID",
    "1.3.6.1.2.1.1.5.0": "sysName",
}
#: RFC 4293 7, ipNetToMediaPhysAddress: interface, then the address as four numbers.
ARP: Final = "1.3.6.1.2.1.4.22.1.2"
#: RFC 4188 4, dot1dTpFdbPort: the hardware address as six numbers.
FORWARDING: Final = "1.3.6.1.2.1.17.4.3.1.2"
#: IEEE 802.1AB, lldpRemEntry: a column, then time mark, local port, index.
LLDP: Final = "1.0.8802.1.1.2.1.4.1.1"
_LLDP_COLUMNS: Final = {"5": "chassis", "7": "port", "9": "system_name", "10": "system_description"}
_MAC_BYTES: Final = 6
_IPV4_NUMBERS: Final = 4


def observe(message: Response) -> tuple[Seen, ...]:
    """Return what a response says of the system."""
    return tuple(
        Seen(_PROTOCOL, name, blank(binding.value))
        for binding in message.bindings
        if binding.value and (name := SYSTEM.get(binding.oid)) is not None
    )


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``snmp.response``."""
    return observe(decode_response(value))


def observe_table(root: str, rows: tuple[Binding, ...]) -> Iterator[Seen]:
    """Yield a neighbour for each row of a table; rows that are none are passed over."""
    reader = {ARP: _of_arp, FORWARDING: _of_forwarding, LLDP: _of_lldp}[root]
    for entry in reader({row.oid.removeprefix(f"{root}."): row for row in rows}):
        content = msgspec.json.encode(dict(sorted(entry.items())))
        yield Seen("neighbour", "entry", blank(content))


def _of_arp(rows: Mapping[str, Binding]) -> Iterator[dict[str, str]]:
    for index, row in rows.items():
        address = _ipv4(index.split(".")[1:])
        mac = _mac(row.value)
        if address and mac:
            yield {"ip": address, "mac": mac, "source": "snmp-arp"}


def _of_forwarding(rows: Mapping[str, Binding]) -> Iterator[dict[str, str]]:
    for index, row in rows.items():
        numbers = [int(part) for part in index.split(".")]
        if len(numbers) == _MAC_BYTES and max(numbers) < 256 and row.kind is ValueKind.INTEGER:
            mac = _mac(bytes(numbers))
            if mac:
                port = row.value.decode()
                yield {"mac": mac, "port": port, "source": "snmp-fdb"}


def _of_lldp(rows: Mapping[str, Binding]) -> Iterator[dict[str, str]]:
    entries: dict[str, dict[str, str]] = {}
    for index, row in rows.items():
        column, _, place = index.partition(".")
        name = _LLDP_COLUMNS.get(column)
        if name is None or row.kind is not ValueKind.TEXT:
            continue
        entry = entries.setdefault(place, {"source": "snmp-lldp"})
        if name == "chassis":
            mac = _mac(row.value)
            if mac:
                entry["mac"] = mac
        elif name == "port":
            entry[name] = _mac(row.value) or _text(row.value)
        else:
            entry[name] = _text(row.value)
    for entry in entries.values():
        if "mac" in entry:
            yield {name: text for name, text in entry.items() if text}


def _mac(value: bytes) -> str | None:
    # IEEE 802-2014 8.2.2: the first bit sent marks groups, which are no one device
    if len(value) != _MAC_BYTES or value[0] & 1 or not any(value):
        return None
    return value.hex(":")


def _ipv4(parts: list[str]) -> str | None:
    if len(parts) != _IPV4_NUMBERS:
        return None
    try:
        return str(ipaddress.IPv4Address(".".join(parts)))
    except ValueError:
        return None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip("\0 \r\n\t")
