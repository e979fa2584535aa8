"""What every form of lease file is read into, and which lease of an address counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from camaudit.model.observation import Problem
from camaudit.sources.tables.addresses import parse_mac

#: RFC 8415 11.2 and 11.4: DUID-LLT has four octets of time before the address, DUID-LL none; 0001
#: is Ethernet (RFC 826). It is an address of the device, if not always of this interface.
_DUID: Final = re.compile(r"(?i)(?:00:01:00:01(?::[0-9a-f]{2}){4}|00:03:00:01):(.{17})")


@dataclass(slots=True)
class Lease:
    """One lease; ``seen`` is when the server last heard of the device, as far as it says."""

    ip: str
    mac: str
    where: str
    seen: datetime | None = None
    hostname: str = ""
    vendor_class: str = ""


class Passed(StrEnum):
    """Why a lease that was understood names no device; such are counted."""

    NO_MAC = "leases name no hardware address"
    NOT_HELD = "leases are declined, reclaimed, abandoned, only offered or only reserved"
    REMOVED = "leases were removed by the server"
    SUPERSEDED = "leases were followed by a later one of the same address"
    GROUP = "leases are of a group's hardware address"


Entry: TypeAlias = Lease | Passed | Problem


class Latest:
    """The last word on each address."""

    def __init__(self) -> None:
        self._last: dict[str, Lease | Passed] = {}
        self._superseded = 0

    def put(self, ip: str, entry: Lease | Passed) -> None:
        """Take what a later place of the file says of an address."""
        self._superseded += ip in self._last
        self._last[ip] = entry

    def entries(self) -> Iterator[Lease | Passed]:
        """Yield what counts, and what was superseded."""
        yield from self._last.values()
        for _ in range(self._superseded):
            yield Passed.SUPERSEDED


def mac_of_duid(duid: str) -> str | None:
    """Return the Ethernet address in a DUID that is made of one."""
    found = _DUID.fullmatch(duid)
    return parse_mac(found[1]) if found else None
