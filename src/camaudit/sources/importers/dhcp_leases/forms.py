"""The forms in which DHCP servers keep their leases, each read into the same entries.

ISC: dhcpd.leases(5); dnsmasq: its --dhcp-leasefile; Kea: the memfile of "lease commands" with its
header; Windows: ``Get-DhcpServerv4Lease | Export-Csv``, and ``netsh dhcp server scope ... show
clients``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from camaudit.model.observation import Problem
from camaudit.sources.tables.addresses import parse_ip, parse_mac
from camaudit.sources.tables.pasted import PastedLine

from .isc import instant, isc
from .lease import Entry, Latest, Lease, Passed, mac_of_duid

_ISC_LEASE: Final = re.compile(r"\s*lease\s+(?=\S{0,40}[.:])\S+\s*\{.*")
#: Seconds, hardware address or (IPv6) IAID, address, name, client identifier or DUID.
_DNSMASQ: Final = re.compile(
    r"(\d{1,11}) ([0-9A-Fa-f:]{17}|T?\d{1,10}(?= [0-9A-Fa-f]{1,4}:)) (\S+) (\S+) (\S+)"
)
#: dnsmasq's own DUID, before the leases of IPv6.
_DNSMASQ_DUID: Final = re.compile(r"duid [0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){2,129}")
#: Address - mask - identifier - expiry -D- name; Windows fills up with blanks.
_NETSH: Final = re.compile(
    r"\s*(?P<ip>[\d.]{7,15})\s{0,20}-\s{0,20}[\d.]{7,15}\s{0,20}-"
    r"\s{0,20}(?P<id>[0-9A-Fa-f][0-9A-Fa-f-]{0,80})\s{0,20}-"
    r"\s{0,20}(?P<expires>\S.{0,40}?)\s{0,20}-\s{0,4}[NDBUR]\s{0,20}(?:-(?P<name>.*))?"
)
#: ``AddressState`` of Get-DhcpServerv4Lease. An expired lease was held; these are not.
_WINDOWS_NOT_HELD: Final = frozenset({"declined", "offered", "inactive", "inactivereservation"})


def form_of(first: str) -> Callable[[Iterable[PastedLine]], Iterator[Entry]] | None:
    """Return the reader for a file by a line of it; ``None`` where it is of no known form."""
    line = first.strip()
    if _ISC_LEASE.fullmatch(line) or line.startswith("# The format of this file is documented in"):
        return isc
    if _DNSMASQ.fullmatch(line) or _DNSMASQ_DUID.fullmatch(line):
        return dnsmasq
    if line.startswith(("address,hwaddr,client_id", "address,duid,valid_lifetime")):
        return kea
    if _NETSH.fullmatch(line):
        return netsh
    header = {cell.strip('"').casefold() for cell in line.split(",")}
    return windows if header >= {"ipaddress", "clientid", "scopeid"} else None


def dnsmasq(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read ``expiry mac address name client-id``; the expiry is no time of sight.

    A lease of IPv6 has an IAID instead, and its hardware address in the DUID, if anywhere.
    """
    for line in lines:
        text = line.text.strip()
        found = _DNSMASQ.fullmatch(text)
        if found is None:
            if text and not _DNSMASQ_DUID.fullmatch(text):
                yield Problem(position=line.where, field="", message="not a lease of dnsmasq")
            continue
        ip, is_v6 = parse_ip(found[3]), ":" not in found[2]
        mac = mac_of_duid(found[5]) if is_v6 else parse_mac(found[2])
        if ip is None or (mac is None and not is_v6):
            yield Problem(position=line.where, field="", message="a lease without its addresses")
        elif mac is None:
            yield Passed.NO_MAC
        else:
            name = "" if found[4] == "*" else found[4]
            yield Lease(ip, mac, line.where, hostname=name)


def kea(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read Kea's memfile, to which rows are added: the last row of an address counts."""
    latest = Latest()
    for row, where in _rows(lines):
        ip = parse_ip(row.get("address", ""))
        if ip is None:
            yield Problem(position=where, field="address", message="not an address")
        else:
            latest.put(ip, _of_kea(row, ip, where))
    yield from latest.entries()


def _of_kea(row: dict[str, str], ip: str, where: str) -> Lease | Passed:
    mac = parse_mac(row.get("hwaddr", "")) or mac_of_duid(row.get("duid", ""))
    lifetime, name = row.get("valid_lifetime", ""), row.get("hostname", "").rstrip(".")
    if lifetime == "0":
        return Passed.REMOVED
    # 0 is assigned, 1 declined, 2 expired and reclaimed, 3 released
    if row.get("state", "0") not in ("0", ""):
        return Passed.NOT_HELD
    if mac is None:
        return Passed.NO_MAC
    return Lease(ip, mac, where, _began(row.get("expire", ""), lifetime), name)


def _began(expire: str, lifetime: str) -> datetime | None:
    """Return when a lease began: when it expires, less how long it is valid."""
    if not (expire.isdecimal() and lifetime.isdecimal()):
        return None
    return instant(str(int(expire[:12]) - int(lifetime[:12])))


def windows(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read the export of Windows Server; its times have no time zone and are not used."""
    for row, where in _rows(lines):
        ip, client = row.get("ipaddress", ""), row.get("clientid", "")
        held = row.get("addressstate", "").casefold() not in _WINDOWS_NOT_HELD
        yield _of_windows(ip, client, row.get("hostname", ""), where, held=held)


def netsh(lines: Iterable[PastedLine]) -> Iterator[Entry]:
    """Read the clients that netsh lists; INACTIVE stands where an address is only reserved."""
    for line in lines:
        if found := _NETSH.fullmatch(line.text):
            held = found["expires"].upper() != "INACTIVE"
            name = (found["name"] or "").strip()
            yield _of_windows(found["ip"], found["id"], name, line.where, held=held)
        elif parse_ip(line.text.partition(" -")[0].strip()):
            yield Problem(position=line.where, field="", message="not a client as netsh lists them")


def _of_windows(ip: str, client: str, name: str, where: str, *, held: bool) -> Entry:
    mac, address = parse_mac(client), parse_ip(ip)
    if address is None:
        return Problem(position=where, field="IPAddress", message="not an address")
    if not held:
        return Passed.NOT_HELD
    return Passed.NO_MAC if mac is None else Lease(address, mac, where, None, name)


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
