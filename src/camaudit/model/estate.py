"""What an estate resolves to: devices at sites, with their history.

Produced by: estate. Read by: app, reports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from .ids import DeviceId, SiteId
from .observation import Interval
from .words import DeviceState, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """A device's state from a date on, who said so, and by what evidence."""

    state: DeviceState
    on: date
    who: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who owns, runs or maintains a device: a fact of the device, not of its site."""

    role: str
    of: str
    on: date | None
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How many units one register entry stands for."""

    units: int = 1
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device (or one register entry), resolved from everything that was seen of it."""

    id: DeviceId
    #: Unique over files: ``<file prefix>/<subject>``.
    subjects: tuple[str, ...]
    anchors: tuple[str, ...]
    site: SiteId | None
    #: The site as it was written, where no site of the estate goes by that name.
    site_text: str | None
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    asset_ids: tuple[str, ...]
    location: str | None
    recorder: DeviceId | None
    channel: str | None
    zone: Zone | None
    networked: bool | None
    quantity: Quantity
    roles: tuple[Role, ...]
    states: tuple[StateChange, ...]
    #: From the register, as written there.
    installed: Interval | None
    invoiced: Interval | None
    first_seen: datetime | None
    last_seen: datetime | None
    in_register: bool
    on_network: bool
    sighted: bool
    remarks: tuple[str, ...] = ()
    #: How many cameras a recorder says that it takes; ``None`` where it says nothing, or one.
    channels_declared: int | None = None
    #: How many units of the estate hang under it.
    channels_seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    """A device id that a judgement laid down, with what it is known by."""

    device: DeviceId
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Devices, which subject is which device, and what is to be minted for it to stay so."""

    devices: tuple[Device, ...]
    device_of: dict[str, DeviceId]
    to_mint: tuple[Minted, ...]
    #: Sites that are written in files but not in the estate's register, with how often.
    unknown_sites: tuple[tuple[str, int], ...]
    #: Ids of devices that turned out to be one with another -> that one's id.
    absorbed: dict[DeviceId, DeviceId] = field(default_factory=dict)

    def current(self, device: DeviceId) -> DeviceId:
        """Return the id that a device goes by now."""
        return self.absorbed.get(device, device)
