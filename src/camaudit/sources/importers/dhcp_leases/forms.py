"""The forms in which DHCP servers keep their leases, each read into the same entries.

ISC: dhcpd.leases(5); dnsmasq: its --dhcp-leasefile; Kea: the memfile of "lease commands" with its
header; Windows: ``Get-DhcpServerv4Lease | Export-Csv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from camaudit.model.observation import Problem
from camaudit.sources.tables.addresses import parse_ip, parse_mac
from camaudit.sources.tables.pasted import PastedLine

#: Seconds of a year that the calendar of datetime still has.
_MAX_SECONDS: Final = 253_402_300_799


@dataclass(slots=True)
class Lease:
    """One lease; ``seen`` is when the server last heard of the device, as far as it says."""

    ip: str
    mac: str
    where: str
    seen: datetime | None = None
    hostname: str = ""
    vendor_class: str = ""


Entry: TypeAlias = Lease | Problem

_ISC_STATEMENT: Final = re.compile(
    r"\s*(starts|cltt|hardware ethernet|client-hostname|set vendor-class-identifier\s*=)"
    r"\s+(.*?);\s*"
)
_ISC_LEASE: Final = re.compile(r"\s*lease\s+(\S+)\s*\{\s*")
_ISC_DATE: Final = re.compile(r"(?:\d )?(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)")
_DNSMASQ: Final = re.compile(r"(\d{1,11}) ([0-9A-Fa-f:]{17}) (\S+) (\S+) (\S+)")


def form_of(first: str) -> Callable[[Iterable[PastedLine]], Iterator[Entry]] | None:
    """Return the reader for a file by a line of it; ``None`` where it is of no known form."""
    line = first.strip()
    if _ISC_LEASE.fullmatch(line) or line.startswith("# The format of this file is documented in"):
        return isc
    if _DNSMASQ.fullmatch(line):
        return dnsmasq
    if line.startswith(("address,hwaddr,client_id", "address,duid,valid_lifetime")):
        return kea
    header = {cell.strip('"').casefold() for cell in line.split(",")}
    return windows if header >= {"ipaddress", "clientid", "scopeid"} else None


def isc(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read blocks of statements; of several leases of an address the last one counts."""
    latest: dict[str, Lease] = {}
    lease: Lease | None = None
    for line in lines:
        opened = _ISC_LEASE.fullmatch(line.text)
        if opened:
            ip = parse_ip(opened[1])
            lease = Lease(ip, "", line.where) if ip else None
            if ip is None:
                yield Problem(position=line.where, field="lease", message="not an address")
        elif line.text.strip() == "}" and lease is not None:
            if lease.mac:
                latest[lease.ip] = lease
            lease = None
        elif lease is not None and (said := _ISC_STATEMENT.fullmatch(line.text)):
            _isc_statement(lease, said[1], said[2])
    yield from latest.values()


def _isc_statement(lease: Lease, word: str, value: str) -> None:
    text = value.strip('"')
    if word == "hardware ethernet":
        lease.mac = parse_mac(text) or ""
    elif word in ("starts", "cltt"):
        lease.seen = _isc_date(value) or lease.seen
    elif word == "client-hostname":
        lease.hostname = text
    else:
        lease.vendor_class = text


def _isc_date(text: str) -> datetime | None:
    found = _ISC_DATE.match(text)
    if found is None:
        return None
    try:
        return datetime(*(int(part) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def dnsmasq(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read ``expiry mac address name client-id``; the expiry is no time of sight."""
    for line in lines:
        found = _DNSMASQ.fullmatch(line.text.strip())
        if found is None:
            if line.text.strip() and not line.text.startswith("duid "):
                yield Problem(position=line.where, field="", message="not a lease of dnsmasq")
            continue
        ip, mac = parse_ip(found[3]), parse_mac(found[2])
        if ip is None or mac is None:
            yield Problem(position=line.where, field="", message="a lease without its addresses")
            continue
        name = "" if found[4] == "*" else found[4]
        yield Lease(ip, mac, line.where, hostname=name)


def kea(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read Kea's memfile; a lease began when it expires, less how long it is valid."""
    for row, where in _rows(lines):
        mac = parse_mac(row.get("hwaddr", ""))
        ip = parse_ip(row.get("address", ""))
        if ip is None:
            yield Problem(position=where, field="address", message="not an address")
        elif mac is not None and row.get("state", "0") == "0":
            seen = _instant(row.get("expire", ""), row.get("valid_lifetime", ""))
            yield Lease(ip, mac, where, seen, row.get("hostname", "").rstrip("."))


def windows(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read the export of Windows Server; its times have no time zone and are not used."""
    for row, where in _rows(lines):
        mac, ip = parse_mac(row.get("clientid", "")), parse_ip(row.get("ipaddress", ""))
        if ip is None:
            yield Problem(position=where, field="IPAddress", message="not an address")
        elif mac is not None:
            yield Lease(ip, mac, where, None, row.get("hostname", ""))


def _rows(lines: Iterable[PastedLine]) -> Iterator[tuple[dict[str, str], str]]:
    header: list[str] | None = None
    for line in lines:
        if not line.text.strip() or line.text.startswith("#"):
            continue
        cells = next(csv.reader([line.text.replace("\r", " ")]), [])
        if header is None:
            header = [cell.strip().casefold() for cell in cells]
        else:
            yield dict(zip(header, cells, strict=False)), line.where


def _instant(expire: str, lifetime: str) -> datetime | None:
    if not (expire.isdecimal() and lifetime.isdecimal()):
        return None
    seconds = int(expire[:12]) - int(lifetime[:12])
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= _MAX_SECONDS else None
