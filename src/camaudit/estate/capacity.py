"""How many cameras a recorder takes, as it says itself, and how many hang under it on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from camaudit.model.estate import Device

from .subjects import Subject

#: SADP counts analogue and digital channels apart (device-signals 1.1, 3.9).
_ADDED: Final = ("sadp.DigitalChannelNum", "sadp.AnalogChannelNum")
#: Whether DHIP's two numbers overlap in a hybrid recorder is not on record: the larger is safe.
_EACH: Final = (
    "dhip.RemoteVideoInputChannels",
    "dhip.VideoInputChannels",
    "xm-netip.ChannelNum",
)
#: Ours. Beyond it a reply is damaged or lies: the largest recorders take a few hundred.
MOST_CHANNELS: Final = 4096


def channels_declared(members: Sequence[Subject]) -> int | None:
    """Return the largest number of channels that a device declares; one channel is a camera."""
    largest = max((_declared(dict(s.capacities)) for s in members if s.capacities), default=0)
    return largest if largest > 1 else None


def _declared(said: dict[str, str]) -> int:
    added = sum(_number(said.get(name, "")) for name in _ADDED)
    return max(added, *(_number(said.get(name, "")) for name in _EACH))


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len("4096") else 0
    return number if number <= MOST_CHANNELS else 0


def with_channels_seen(devices: Sequence[Device]) -> Iterable[Device]:
    """Yield devices with how many units hang under each."""
    seen: Counter[str] = Counter()
    for device in devices:
        if device.recorder is not None:
            seen[device.recorder] += device.quantity.units
    for device in devices:
        count = seen[device.id]
        yield replace(device, channels_seen=count) if count else device
