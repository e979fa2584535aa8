"""Read neighbour tables: a line with one address and one hardware address is an entry.

``arp -a`` of Linux, macOS, the BSDs and Windows; ``ip neigh`` and ``ip -j neigh``; ``show ip arp``
of Cisco IOS, ``show arp`` of Junos and of HP and Aruba switches. Entries that never came about
(incomplete, failed) and those of groups are counted; a line with addresses that gives no entry is a
problem. One hardware address at many addresses stays as it is: identity decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO, Final, NamedTuple, TypeAlias

import msgspec

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder
from camaudit.sources.tables.addresses import names_device, parse_ip, spelled_mac
from camaudit.sources.tables.pasted import (
    head_text,
    ips_in,
    macs_in,
    pasted_lines,
    pasted_text,
    share_of,
)

#: Also Cisco's word for IPv6, INCMP.
_NEVER: Final = re.compile(r"(?i)\bincomplete\b|\bincmp\b|\bfailed\b")
#: Words that other tables with both addresses have in their lines.
_OTHERS: Final = re.compile(r"(?i)\blease\b|\bchassis|\bdhcp-|^\d{9,11} ")
#: Windows: ``Interface: 192.0.2.5 --- 0xb``, in the language of the system.
_INTERFACE: Final = re.compile(r"\S[^:]{0,40}: (\S+) --- 0x[0-9a-fA-F]+\s*")
#: A prompt, with the command and perhaps an address to look for.
_PROMPT: Final = re.compile(r"\S{0,80}[#>$]")
#: Ours. ``ip -j neigh`` writes one line; a /16 has about 8 MB.
_MAX_JSON: Final = 32 << 20


class _Neighbour(msgspec.Struct):
    dst: str = ""
    lladdr: str = ""


class _Entry(NamedTuple):
    ip: str
    mac: str
    where: str


class _Passed(StrEnum):
    """What is counted, and no device."""

    NEVER = "entries never came about (incomplete, failed): no device answered"
    NOBODY = "entries are of groups, of all or of nobody, and no devices"


_Found: TypeAlias = _Entry | _Passed | Problem


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that this is a neighbour table."""
    del name
    start = head_text(head).lstrip()
    if start.startswith("["):
        return 95 if '"dst"' in start and '"lladdr"' in start else 0
    return 92 if share_of(head, _is_entry) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield an observation of both addresses for each entry."""
    batch = BatchBuilder()
    start = pasted_text(stream, options.encoding, 64)
    passed = dict.fromkeys(_Passed, 0)
    is_json = start.lstrip().startswith("[")
    for entry in (_of_json if is_json else _of_text)(stream, options.encoding):
        if isinstance(entry, Problem):
            yield entry
        elif isinstance(entry, _Passed):
            passed[entry] += 1
        else:
            device = f"mac:{entry.mac}"
            batch.add(device, "mac.address", entry.mac.encode(), entry.where)
            batch.add(device, "ip.address", entry.ip.encode(), entry.where)
        if len(batch) > MAX_BATCH_ROWS - 2:
            yield from batch.flush()
    yield from batch.flush()
    for reason, count in passed.items():
        if count:
            yield Problem(position="", field="", message=f"{count} {reason}", rejected=False)


def _is_entry(line: str) -> bool:
    if _OTHERS.search(line):
        return False
    if _NEVER.search(line) or _INTERFACE.fullmatch(line):
        return True
    return len(macs_in(line)) == 1 and 1 <= len(ips_in(line)) <= 2


def _of_text(stream: BinaryIO, declared: str | None) -> Iterator[_Found]:
    for line in pasted_lines(stream, declared):
        if isinstance(line, Problem):
            yield line
        elif (found := _entry(line.text, line.where)) is not None:
            yield found


def _entry(text: str, where: str) -> _Found | None:
    """Return what a line holds; ``None`` where it is a heading, a prompt or without addresses."""
    macs, ips = list(dict.fromkeys(macs_in(text))), list(dict.fromkeys(ips_in(text)))
    if _PROMPT.match(text) or (not macs and (not ips or _INTERFACE.fullmatch(text))):
        return None
    if not macs and _NEVER.search(text):
        return _Passed.NEVER
    if len(macs) == 1 and len(ips) == 1:
        return _Entry(ips[0], macs[0], where) if names_device(macs[0]) else _Passed.NOBODY
    message = (
        f"{len(macs)} hardware and {len(ips)} network addresses; an entry has one of each. Not read"
    )
    return Problem(position=where, field="", message=message)


def _of_json(stream: BinaryIO, declared: str | None) -> Iterator[_Found]:
    try:
        text = pasted_text(stream, declared, _MAX_JSON)
        found = msgspec.json.decode(text, type=list[_Neighbour])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        yield Problem(position="", field="", message=f"not the JSON of ip neigh: {error}")
        return
    for number, each in enumerate(found, start=1):
        ip, mac, where = parse_ip(each.dst), spelled_mac(each.lladdr), f"entry {number}"
        if ip is None:
            yield Problem(position=where, field="dst", message="not an address")
        elif mac is None:
            yield _Passed.NEVER
        else:
            yield _Entry(ip, mac, where) if names_device(mac) else _Passed.NOBODY
