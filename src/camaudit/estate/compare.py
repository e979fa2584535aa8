"""What two scans saw, side by side: new, back, gone, moved, changed.

1. "Gone" is said only where the later scan asked at the device's address and nothing answered.
   Where it did not ask, or could not, the device is "not looked for".
2. Nothing here says that a device was removed: that takes a person, or other evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from camaudit.model.ids import DeviceId
from camaudit.model.scan import Reach

#: Fields whose change is told: what a device is and runs, not what it says by the way.
TOLD: Final = frozenset(
    {
        "dhip.DeviceType",
        "dhip.Init",
        "dhip.Version",
        "http.server",
        "http.title",
        "onvif.firmware",
        "onvif.model",
        "onvif.scope_hardware",
        "onvif.scope_name",
        "port.open",
        "rtsp.server",
        "sadp.Activated",
        "sadp.AnalogChannelNum",
        "sadp.DeviceDescription",
        "sadp.DeviceSN",
        "sadp.DigitalChannelNum",
        "sadp.SoftwareVersion",
        "snmp.sysDescr",
        "tls.certificate_sha256",
        "tvt-mhed.firmware",
        "tvt-mhed.model",
        "upnp.friendly_name",
        "upnp.model_name",
        "xm-netip.SoftWareVersion",
    }
)


class Change(StrEnum):
    """What became of a device between two scans."""

    NEW = "new"
    #: Not in the earlier of the two scans, but in one before it.
    BACK = "back"
    #: Asked at its address, and nothing answered there.
    GONE = "gone"
    #: Not asked, or not reachable: nothing can be said.
    NOT_LOOKED_FOR = "not_looked_for"
    #: At its address another device answered, and it was not seen elsewhere.
    REPLACED = "replaced"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one scan saw of one device."""

    addresses: frozenset[str]
    fields: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One device, what became of it, and in which words."""

    device: DeviceId
    change: Change
    addresses: tuple[str, ...]
    says: tuple[str, ...]


def compare(
    before: Mapping[DeviceId, Look],
    after: Mapping[DeviceId, Look],
    earlier: frozenset[DeviceId],
    reach: Callable[[str], Reach | None],
) -> tuple[Difference, ...]:
    """Compare two scans.

    ``earlier`` are the devices of scans before both; ``reach`` says what the later scan came to at
    an address, ``None`` where it was no target. The result is ordered by change and device.
    """
    holders = {a: device for device, look in after.items() for a in look.addresses}
    found: list[Difference] = []
    for device in before.keys() | after.keys():
        old, new = before.get(device), after.get(device)
        if old is None and new is not None:
            found.append(_came(device, new, earlier))
        elif new is None and old is not None:
            found.append(_left(device, old, holders, reach))
        elif old is not None and new is not None:
            found += _stayed(device, old, new)
    order = list(Change)
    return tuple(sorted(found, key=lambda d: (order.index(d.change), d.device)))


def _came(device: DeviceId, look: Look, earlier: frozenset[DeviceId]) -> Difference:
    back = device in earlier
    return Difference(
        device=device,
        change=Change.BACK if back else Change.NEW,
        addresses=tuple(sorted(look.addresses)),
        says=("was seen before the earlier scan",) if back else (),
    )


def _left(
    device: DeviceId,
    look: Look,
    holders: Mapping[str, DeviceId],
    reach: Callable[[str], Reach | None],
) -> Difference:
    addresses = tuple(sorted(look.addresses))
    others = sorted({holders[a] for a in addresses if a in holders})
    reached = {a: reach(a) for a in addresses}
    says: tuple[str, ...]
    if others:
        change, says = Change.REPLACED, (f"its address now answers as {', '.join(others)}",)
    elif addresses and all(each in (Reach.SILENT, Reach.PRESENT) for each in reached.values()):
        change, says = Change.GONE, ("asked at its address, and it did not answer",)
    else:
        change = Change.NOT_LOOKED_FOR
        says = tuple(
            f"{address}: {'not asked' if each is None else each.value}"
            for address, each in reached.items()
        ) or ("its address is not known",)
    return Difference(device=device, change=change, addresses=addresses, says=says)


def _stayed(device: DeviceId, old: Look, new: Look) -> list[Difference]:
    found = []
    addresses = tuple(sorted(new.addresses))
    if old.addresses and new.addresses and old.addresses.isdisjoint(new.addresses):
        was = ", ".join(sorted(old.addresses))
        found.append(
            Difference(
                device=device, change=Change.MOVED, addresses=addresses, says=(f"was at {was}",)
            )
        )
    says = tuple(
        f"{name}: {_told(old.fields[name])} → {_told(new.fields[name])}"
        for name in sorted(TOLD & old.fields.keys() & new.fields.keys())
        if old.fields[name] != new.fields[name]
    )
    if says:
        found.append(
            Difference(device=device, change=Change.CHANGED, addresses=addresses, says=says)
        )
    return found


def _told(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))
