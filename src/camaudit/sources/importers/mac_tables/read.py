"""Read MAC address tables: a line with one hardware address, a VLAN and a port is an entry.

``show mac address-table`` of Cisco IOS and NX-OS, ``show ethernet-switching table`` of Junos,
``show mac-address`` of HP and Aruba, ``show mac-address-table`` of AOS-CX, ``/interface bridge host
print`` of MikroTik, ``bridge fdb show`` of Linux. Each has its own order of columns; the shape of a
line tells which. Entries of groups and of the switch itself are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder
from camaudit.sources.tables.addresses import names_device, spelled_mac
from camaudit.sources.tables.pasted import ips_in, macs_in, pasted_lines, prompted_name, share_of

_MAC: Final = r"(?P<mac>[0-9A-Fa-f][0-9A-Fa-f:.\-]{10,15}[0-9A-Fa-f])"
_PORT: Final = r"(?P<port>\S+)"
_VLAN: Final = r"(?P<vlan>\d{1,4})"
_SHAPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Linux: 00:40:8c:00:00:01 dev eth1 vlan 10 master br0
        rf"{_MAC} dev {_PORT}(?:.*? vlan (?P<vlan>\d+))?.*",
        # Cisco: 10  0040.8c00.0001  DYNAMIC  Gi0/1, with marks in front on NX-OS
        rf"[*+~GORC ]*\s*(?P<vlan>\d{{1,4}}|All|-)\s+{_MAC}\s+(?i:dynamic|static)\b.*\s{_PORT}",
        # MikroTik: 0 D E 00:40:8C:00:00:01 10 ether2 bridge
        rf"\d+ {{1,4}}(?:(?P<flags>[A-Z ]{{0,9}}) )? {{0,9}}{_MAC}\s+(?:{_VLAN}\s+)?{_PORT}\s+\S.*",
        # Junos with ELS: vlan-name  00:40:8c:00:00:01  D  -  ge-0/0/1.0, and more columns
        rf"(?P<vlan>\S+)\s+{_MAC}\s+[A-Z,]+\s+(?:\S+\s+)?(?P<port>[a-z]{{2,4}}-?\d\S*)(?:\s.*)?",
        # Junos before ELS: vlan-name  00:40:8c:00:00:01  Learn  0  ge-0/0/1.0
        rf"(?P<vlan>\S+)\s+{_MAC}\s+[A-Z][a-z]+(?:\([LR]\))?\s+[-\d:]+\s+(?:-\s+)?{_PORT}",
        # AOS-CX: 00:40:8c:00:00:01  10  dynamic  1/1/2
        rf"{_MAC}\s+{_VLAN}\s+[a-z][a-z-]+\s+{_PORT}",
        # HP and Aruba: 00408c-000001  7  10
        rf"{_MAC}\s+(?P<port>\S{{1,12}})\s+{_VLAN}",
    )
)
#: What a line of the switch's own address says; ``G`` and ``sup-eth`` are of NX-OS.
_OWN: Final = re.compile(
    r"(?i:\bcpu\b|\bself\b|\brouter\b|\bpermanent\b|\bsup-eth\d)|^[*+~]?\s*G\s"
)


class _Entry(NamedTuple):
    mac: str
    vlan: str
    port: str
    #: Whether it is a group's or the switch's own.
    aside: bool


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that this is a MAC address table."""
    del name
    return 91 if share_of(head, lambda line: _entry(line) is not None) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the hardware address, port and VLAN of each entry."""
    batch = BatchBuilder()
    passed = 0
    switch = ""
    for line in pasted_lines(stream, options.encoding):
        if isinstance(line, Problem):
            yield line
            continue
        switch = prompted_name(line.text) or switch
        entry = _entry(line.text)
        if entry is None:
            if macs_in(line.text):
                yield Problem(position=line.where, field="", message="not an entry of a known form")
        elif entry.aside:
            passed += 1
        else:
            _add(batch, entry, switch, line.where)
        if len(batch) > MAX_BATCH_ROWS - 8:
            yield from batch.flush()
    yield from batch.flush()
    if passed:
        yield Problem(
            position="",
            field="",
            message=f"{passed} entries are of groups or of the switch itself, and no devices",
            rejected=False,
        )


def _entry(line: str) -> _Entry | None:
    text = line.strip()
    if ips_in(text):
        return None
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        mac = spelled_mac(found["mac"]) if found else None
        if found and mac is not None:
            parts = found.groupdict("")
            # MikroTik's flag L: an address of the router itself
            own = _OWN.search(text) or "L" in parts.get("flags", "")
            aside = bool(own) or not names_device(mac)
            return _Entry(mac, parts["vlan"], parts["port"], aside)
    return None


def _add(batch: BatchBuilder, entry: _Entry, switch: str, where: str) -> None:
    device = f"mac:{entry.mac}"
    batch.add(device, "mac.address", entry.mac.encode(), where)
    for key, text in (
        ("switch.port", entry.port),
        ("switch.vlan", entry.vlan),
        ("switch.name", switch),
    ):
        if text:
            batch.add(device, key, text.encode(), where)
