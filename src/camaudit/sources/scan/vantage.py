"""Where a scan stands: the interfaces of this machine, and whom its neighbour table knows."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from camaudit.errors import UsageError
from camaudit.wirekit.mac import normalise_mac

#: Linux, proc(5): IPv4 neighbours, with flag 0x2 for a complete entry.
_NEIGHBOURS: Final = Path("/proc/net/arp")
_COMPLETE: Final = 0x2
#: How old a reading of the neighbour table may be, in seconds.
_FRESH_S: Final = 1.0
#: Ours. A table of the largest segment that is sensible, a /16, is about 6 MB.
_MAX_TABLE_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """One address of one interface."""

    name: str
    index: int
    address: str
    prefix: int

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """Return the network that the interface is on."""
        return ipaddress.ip_network(f"{self.address}/{self.prefix}", strict=False)


def vantages(names: tuple[str, ...] = ()) -> tuple[Vantage, ...]:
    """Return this machine's addresses, of the interfaces named or of all; one a network."""
    import ifaddr

    found: dict[tuple[str, str], Vantage] = {}
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            text = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            vantage = Vantage(
                name=adapter.name, index=adapter.index or 0, address=text, prefix=ip.network_prefix
            )
            found.setdefault((adapter.name, str(vantage.network)), vantage)
    known = sorted({name for name, _ in found})
    for name in names:
        if name not in known:
            raise UsageError(f"no interface is called {name!r}; there are {', '.join(known)}")
    return tuple(v for v in found.values() if not names or v.name in names)


class Neighbours:
    """Hardware addresses of IPv4 neighbours, as the system has learnt them by itself."""

    def __init__(self, clock: Callable[[], float], table: Path = _NEIGHBOURS) -> None:
        self._clock, self._table = clock, table
        self._read_at: float | None = None
        self._macs: dict[str, str] = {}

    def mac(self, address: str) -> str | None:
        """Return the hardware address of a neighbour; ``None`` where it is not known."""
        known = self._macs.get(address)
        now = self._clock()
        if known is None and (self._read_at is None or now - self._read_at > _FRESH_S):
            self._read_at = now
            self._macs = self._read()
            known = self._macs.get(address)
        return known

    def _read(self) -> dict[str, str]:
        try:
            with self._table.open("rb") as stream:
                text = stream.read(_MAX_TABLE_BYTES).decode("ascii", "replace")
        except OSError:
            return {}
        found: dict[str, str] = {}
        for line in text.splitlines()[1:]:
            words = line.split()
            if len(words) < 4 or not words[2].startswith("0x"):
                continue
            mac = normalise_mac(words[3])
            if int(words[2], 16) & _COMPLETE and mac is not None and mac.strip("0:"):
                found[words[0]] = mac
        return found
