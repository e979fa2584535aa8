"""Read MAC address tables: a line with one hardware address, a VLAN and a port is an entry.

``show mac address-table`` of Cisco IOS and NX-OS, ``show ethernet-switching table`` of Junos,
``show mac-address`` of HP and Aruba, ``/interface bridge host print`` of MikroTik, ``bridge fdb
show`` of Linux. Each has its own order of columns; the shape of a line tells which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder
from camaudit.sources.tables.addresses import parse_mac
from camaudit.sources.tables.pasted import ips_in, is_group, macs_in, pasted_lines, share_of

_MAC: Final = r"(?P<mac>[0-9A-Fa-f][0-9A-Fa-f:.\-]{10,15}[0-9A-Fa-f])"
_SHAPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Linux: 00:40:8c:00:00:01 dev eth1 vlan 10 master br0
        rf"{_MAC} dev (?P<port>\S+)(?:.*? vlan (?P<vlan>\d+))?.*",
        # Cisco: 10  0040.8c00.0001  DYNAMIC  Gi0/1, with marks in front on NX-OS
        rf"[*+~GORC ]*\s*(?P<vlan>\d{{1,4}}|All)\s+{_MAC}\s+(?i:dynamic|static)\b.*\s(?P<port>\S+)",
        # MikroTik: 0 D E 00:40:8C:00:00:01 10 ether2 bridge
        rf"\d+\s+[A-Z ]*\s*{_MAC}\s+(?:(?P<vlan>\d{{1,4}})\s+)?(?P<port>\S+)\s+\S+.*",
        # Junos: vlan-name  00:40:8c:00:00:01  D  -  ge-0/0/1.0, with more columns after the port
        rf"(?P<vlan>\S+)\s+{_MAC}\s+[A-Z,]+\s+(?:\S+\s+)?(?P<port>[a-z]{{2,4}}-?\d\S*)(?:\s.*)?",
        # HP and Aruba: 00408c-000001  7  10
        rf"{_MAC}\s+(?P<port>\S{{1,12}})\s+(?P<vlan>\d{{1,4}})",
    )
)
#: ``switch-1#show mac address-table``, ``user@switch-1> show ethernet-switching table``
_PROMPT: Final = re.compile(
    r"(?:\S{1,32}@)?(?P<name>[A-Za-z][\w.-]{0,62})[#>]\s*(?:show|display)\s+(?:mac|ethernet)"
)
_OWN: Final = re.compile(r"(?i)\bcpu\b|\bself\b|\brouter\b|\bpermanent\b")


class _Entry(NamedTuple):
    mac: str
    vlan: str
    port: str


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that this is a MAC address table."""
    del name
    return 91 if share_of(head, lambda line: _entry(line) is not None) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the hardware address, port and VLAN of each entry."""
    del options
    batch = BatchBuilder()
    passed = 0
    for found in _entries(stream):
        if isinstance(found, Problem):
            yield found
        elif found is None:
            passed += 1
        else:
            _add(batch, *found)
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


def _entries(stream: BinaryIO) -> Iterator[tuple[_Entry, str, str] | Problem | None]:
    """Yield each entry with the switch's name and its line; ``None`` for what is no device."""
    switch = ""
    for line in pasted_lines(stream):
        if isinstance(line, Problem):
            yield line
            continue
        if found := _PROMPT.search(line.text):
            switch = found["name"]
        entry = _entry(line.text)
        if entry is not None:
            aside = is_group(entry.mac) or _OWN.search(line.text)
            yield None if aside else (entry, switch, line.where)
        elif macs_in(line.text):
            yield Problem(position=line.where, field="", message="not an entry of a known form")


def _entry(line: str) -> _Entry | None:
    text = line.strip()
    if ips_in(text):
        return None
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        mac = parse_mac(found["mac"]) if found else None
        if found and mac is not None:
            return _Entry(mac, found["vlan"] or "", found["port"])
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
