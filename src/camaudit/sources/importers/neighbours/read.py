"""Read neighbour tables: a line with one address and one hardware address is an entry.

``arp -a`` of Linux, macOS and Windows; ``ip neigh`` and ``ip -j neigh``; ``show ip arp`` of Cisco
IOS, ``show arp`` of Junos and of HP and Aruba switches. Entries that never came about (incomplete,
failed) are counted. One hardware address at many addresses stays as it is: identity decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder
from camaudit.sources.tables.addresses import parse_ip, parse_mac
from camaudit.sources.tables.pasted import ips_in, is_group, macs_in, pasted_lines, share_of

_NEVER: Final = re.compile(r"(?i)\bincomplete\b|\bfailed\b|\bnone\b.*\bincomplete\b")
#: Words that other tables with both addresses have in their lines.
_OTHERS: Final = re.compile(r"(?i)\blease\b|\bchassis|\bdhcp-|^\d{9,11} ")
#: Ours. ``ip -j neigh`` writes one line; a /16 has about 8 MB.
_MAX_JSON: Final = 32 << 20


class _Neighbour(msgspec.Struct):
    dst: str = ""
    lladdr: str = ""


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that this is a neighbour table."""
    del name
    start = head.lstrip()
    if start.startswith(b"["):
        return 95 if b'"dst"' in start and b'"lladdr"' in start else 0
    return 92 if share_of(head, _is_entry) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield an observation of both addresses for each entry."""
    del options
    batch = BatchBuilder()
    start = stream.read(64)
    stream.seek(0)
    never = 0
    entries = _of_json(stream) if start.lstrip().startswith(b"[") else _of_text(stream)
    for entry in entries:
        if isinstance(entry, Problem):
            yield entry
        elif entry is None:
            never += 1
        else:
            ip, mac, where = entry
            batch.add(f"mac:{mac}", "mac.address", mac.encode(), where)
            batch.add(f"mac:{mac}", "ip.address", ip.encode(), where)
        if len(batch) > MAX_BATCH_ROWS - 2:
            yield from batch.flush()
    yield from batch.flush()
    if never:
        yield Problem(
            position="",
            field="",
            message=f"{never} entries never came about (incomplete, failed): no device answered",
            rejected=False,
        )


def _is_entry(line: str) -> bool:
    return _OTHERS.search(line) is None and (
        _NEVER.search(line) is not None or (len(macs_in(line)) == 1 and 1 <= len(ips_in(line)) <= 2)
    )


def _of_text(stream: BinaryIO) -> Iterator[tuple[str, str, str] | Problem | None]:
    for line in pasted_lines(stream):
        if isinstance(line, Problem):
            yield line
            continue
        macs, ips = macs_in(line.text), ips_in(line.text)
        if ips and not macs and _NEVER.search(line.text):
            yield None
        elif len(macs) == 1 and ips and len(set(ips)) == 1 and not is_group(macs[0]):
            yield ips[0], macs[0], line.where


def _of_json(stream: BinaryIO) -> Iterator[tuple[str, str, str] | Problem | None]:
    try:
        found = msgspec.json.decode(stream.read(_MAX_JSON), type=list[_Neighbour])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        yield Problem(position="", field="", message=f"not the JSON of ip neigh: {error}")
        return
    for number, each in enumerate(found, start=1):
        ip, mac = parse_ip(each.dst), parse_mac(each.lladdr)
        if ip is None:
            yield Problem(position=f"entry {number}", field="dst", message="not an address")
        elif mac is None or is_group(mac):
            yield None
        else:
            yield ip, mac, f"entry {number}"
