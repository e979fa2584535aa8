"""What one neighbour says of itself, whatever printed it (IEEE 802.1AB-2016 8.5)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from camaudit.sources.tables import BatchBuilder, strip_secrets
from camaudit.sources.tables.addresses import names_device, parse_ip, parse_mac
from camaudit.wirekit.secrets import blank

#: Ours. IEEE 802.1AB-2016 8.5.9 bounds the number of management addresses only by the frame.
MAX_ADDRESSES: Final = 16
_PLUGS: Final = frozenset({"lldp.local_port", "switch.name", "switch.port"})
_NOTHING: Final = frozenset({"", "-", "null", "n/a", "not advertised", "- not advertised"})


@dataclass(slots=True)
class Neighbour:
    """One neighbour; ``where`` is the place of its first value."""

    where: str
    texts: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    def tell(self, key: str, text: str) -> None:
        """Keep a value under its observation key, or ``ip.address``; the first of a key stands."""
        text = text.strip()
        if text.casefold() in _NOTHING:
            return
        if key != "ip.address":
            self.texts.setdefault(key, text)
        elif (ip := _one_host(text)) and len(self.addresses) < MAX_ADDRESSES:
            self.addresses.append(ip)

    def more(self, key: str, text: str, joint: str) -> None:
        """Add to a value."""
        known = self.texts.get(key, "")
        self.texts[key] = f"{known}{joint}{text.strip()}" if known else text.strip()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is known but where it would be plugged in."""
        return not self.addresses and self.texts.keys() <= _PLUGS

    def observe(self, batch: BatchBuilder) -> bool:
        """Add what it says; ``False`` where it names neither a hardware nor a network address."""
        macs = [parse_mac(self.texts.get(f"lldp.{key}", "")) for key in ("chassis_id", "port_id")]
        mac = next((mac for mac in macs if mac and names_device(mac)), None)
        chassis = _one_host(self.texts.get("lldp.chassis_id", ""))
        ips = list(dict.fromkeys([*self.addresses, *([chassis] if chassis else [])]))
        if mac is None and not ips:
            return False
        device = f"mac:{mac}" if mac else f"host:{ips[0]}"
        pairs = [("mac.address", mac or ""), *(("ip.address", ip) for ip in ips)]
        for key, text in (*pairs, *self.texts.items()):
            if text:
                batch.add(device, key, blank(strip_secrets(text).encode()), self.where)
        return True


def _one_host(text: str) -> str | None:
    ip = parse_ip(text)
    if ip is None:
        return None
    address = ipaddress.ip_address(ip)
    no_host = address.is_multicast or address.is_unspecified or address.is_loopback
    return None if no_host else ip
