"""One device of a home: what a capture shows of it, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import load_packs
from camaudit.sources.captures.passive_hosts import TELLING_HOSTS, is_below
from tests.traffic import said

CAMERA: Final = "camera"
#: Stands between cameras and their cloud, and may keep pictures: any answer but "camera".
HUB: Final = "hub"
OTHER: Final = "other"

#: Kinds that are right for a camera; a doorbell with one is a door station too.
CAMERAS: Final = frozenset({"camera", "intercom"})
WATCHING: Final = CAMERAS | {"recorder", "encoder", "body_worn", "video_management"}


@dataclass(frozen=True, slots=True)
class Device:
    """A device; of ``maker`` only those may be named that it names, with blanks between."""

    id: str
    block: str
    what: str
    maker: str | None
    name: str | None = None
    asks: tuple[str, ...] = ()
    vendor_class: str | None = None
    friendly: str | None = None

    def rows(self) -> list[tuple[str, str, str, bytes]]:
        """Return what reading a capture makes of it."""
        told = [("mac", "address", f"{self.block}:00:00:01")]
        told += [("dhcp", "hostname", self.name)] if self.name else []
        told += [("dhcp", "vendor_class", self.vendor_class)] if self.vendor_class else []
        told += [("upnp", "friendly_name", self.friendly)] if self.friendly else []
        told += [("dns", "query", each) for each in self.asks if is_below(each, TELLING_HOSTS)]
        return [(self.id, protocol, field, value.encode()) for protocol, field, value in told]

    def judge(self, line: DeviceLine) -> str:
        """Return "right", "unknown" or "wrong" for what is said of its kind."""
        if self.what == CAMERA:
            if line.kind in CAMERAS:
                return "right"
        elif self.what == HUB:
            return "wrong" if line.kind in CAMERAS else "right"
        elif line.kind in WATCHING:
            return "wrong"
        elif line.kind != "unknown":
            return "right"
        return "unknown" if line.kind == "unknown" else "wrong"

    def judge_maker(self, line: DeviceLine) -> str:
        """Return the same for who is said to have made it."""
        if line.maker is None or self.maker is None:
            return "right" if line.maker == self.maker else "unknown" if self.maker else "wrong"
        return "right" if line.maker in self.maker.split() else "wrong"


@cache
def told(devices: tuple[Device, ...]) -> dict[str, DeviceLine]:
    """Return what ``classify`` says of each device."""
    rows = [row for device in devices for row in device.rows()]
    batches = said(*rows).unify_dictionaries().combine_chunks().to_batches()
    return {line.device: line for line in classify(iter(batches), load_packs())}
