"""Which pretend device stands at which address: arithmetic, so that a /8 costs no memory.

1. Offsets in the network are shuffled by an odd factor and an exclusive or, both from the seed.
   That is a bijection, and simple enough for the kernel's packet filter (``binding``).
2. The first ``count`` places of the shuffled order are taken, by personas in turn; so a small
   estate has each persona once before it has any twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from camaudit.errors import UsageError
from camaudit.packs.lab import Persona, Personas

DEFAULT_NETWORK: Final = "127.77.0.0/24"
#: The lower half of a MAC address, which tells the devices of one prefix apart.
_TAIL_BITS: Final = 24
#: Ours. Chances that a shuffle keeps the first and the last address of a network free.
_TRIES: Final = 4096


@dataclass(frozen=True, slots=True)
class Device:
    """One pretend device."""

    number: int
    address: int
    tail: int
    persona: Persona

    @property
    def ip(self) -> str:
        """Return its address."""
        return str(IPv4Address(self.address))

    @property
    def mac(self) -> str:
        """Return its MAC address: a real prefix, a made-up tail."""
        digits = f"{self.tail:06x}"
        return f"{self.persona.mac}:{digits[:2]}:{digits[2:4]}:{digits[4:]}"

    @property
    def serial(self) -> str:
        """Return its serial number in the form of its maker."""
        text = self.persona.serial
        bare = self.mac.replace(":", "")
        for name, value in (
            ("tail", f"{self.tail:08d}"),
            ("mac_upper_bare", bare.upper()),
            ("mac_bare", bare),
            ("model", self.persona.truth.model),
        ):
            text = text.replace(f"${{{name}}}", value)
        return text

    def filled(self, text: str) -> str:
        """Put what the device has into a text of its persona's services."""
        bare = self.mac.replace(":", "")
        for word, value in (
            ("mac_upper_bare", bare.upper()),
            ("mac_bare", bare),
            ("mac", self.mac),
            ("model", self.persona.truth.model),
            ("serial", self.serial),
        ):
            text = text.replace(f"${{{word}}}", value)
        return text


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A pretend estate. ``silent`` of 100 places have a device that answers nothing at all."""

    personas: Personas
    network: IPv4Network
    count: int
    seed: int = 0
    silent: int = 0
    hostile: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.count <= self.network.num_addresses - 2:
            raise UsageError(
                f"{self.network} has no room for {self.count} devices; give a wider --network"
            )
        if self.network.prefixlen < 8:
            raise UsageError(f"{self.network} is too wide; the lab goes up to a /8")

    def resized(self, count: int) -> Plan:
        """Return the same plan with another number of devices."""
        return replace(self, count=count)

    @cached_property
    def chosen(self) -> tuple[Persona, ...]:
        """Return the personas that take part."""
        return tuple(p for p in self.personas.personas if self.hostile or not p.hostile)

    @cached_property
    def slots(self) -> tuple[Persona | None, ...]:
        """Return the personas in turn, each as often as its weight; ``None`` is silence."""
        most = max(p.weight for p in self.chosen)
        loud = [p for turn in range(most) for p in self.chosen if p.weight > turn]
        quiet = len(loud) * self.silent // max(1, 100 - self.silent)
        return tuple(loud) + (None,) * quiet

    @cached_property
    def factors(self) -> tuple[int, int]:
        """Return the odd factor and the mask of the shuffle."""
        last = self.network.num_addresses - 1
        state = hashlib.sha256(f"camaudit lab {self.seed}".encode()).digest()
        for turn in range(_TRIES):
            word = hashlib.sha256(state + turn.to_bytes(4, "big")).digest()
            factor = (int.from_bytes(word[:4], "big") | 1) & last
            mask = int.from_bytes(word[4:8], "big") & last
            if min(mask, (last * factor & last) ^ mask) >= self.count:
                return factor, mask
        return last, last  # counts down: the first address comes last

    def spans(self, address: int) -> bool:
        """Return whether an address is in the network."""
        return 0 <= address - int(self.network.network_address) < self.network.num_addresses

    def device(self, address: int) -> Device | None:
        """Return the device at an address; ``None`` where nothing answers."""
        offset = address - int(self.network.network_address)
        last = self.network.num_addresses - 1
        if not self.spans(address):
            return None
        factor, mask = self.factors
        number = (offset * factor & last) ^ mask
        if number >= self.count:
            return None
        persona = self.slots[number % len(self.slots)]
        return None if persona is None else self._made(number, address, persona)

    def devices(self) -> Iterator[Device]:
        """Yield all devices that answer, by address."""
        first = int(self.network.network_address)
        for address in range(first, first + self.network.num_addresses):
            device = self.device(address)
            if device is not None:
                yield device

    @cached_property
    def udp_ports(self) -> frozenset[int]:
        """Return the ports of all listeners."""
        return frozenset(each.port for p in self.slots if p for each in p.listeners)

    @cached_property
    def tcp_ports(self) -> frozenset[int]:
        """Return the ports of all doors."""
        return frozenset(each.port for p in self.slots if p for each in p.doors)

    def _made(self, number: int, address: int, persona: Persona) -> Device:
        salt = self.seed * 0x9E3779B1 & (1 << _TAIL_BITS) - 1
        tail = (number * 0x5BD1E5 + 0x01A2B3 ^ salt) & (1 << _TAIL_BITS) - 1  # an odd factor
        return Device(number=number, address=address, tail=tail, persona=persona)
