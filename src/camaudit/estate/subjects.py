"""Gather what identifies and places each subject out of a stream of observations.

A subject is what one file calls a device: a row, a host. Only a closed list of fields is read here;
everything else is for signatures.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.batches import rows_by_field
from camaudit.model.observation import Interval
from camaudit.wirekit.mac import normalise_mac

#: ``protocol.field`` -> attribute of ``Subject`` that collects it.
FIELDS: Final = {
    "mac.address": "macs",
    "sadp.MAC": "macs",
    "ip.address": "addresses",
    "register.asset_id": "asset_ids",
    "register.site": "sites",
    "register.location": "locations",
    "register.installed_on": "installed",
    "register.invoiced_on": "invoiced",
    "register.status": "statuses",
    "register.owner": "owners",
    "register.operator": "operators",
    "register.maintainer": "maintainers",
    "register.zone": "zones",
    "register.recorder": "recorders",
    "register.channel": "channels",
    "register.networked": "networked",
    "register.quantity": "quantities",
    "sighting.who": "sighted_by",
    "sighting.place": "places",
}
#: ``protocol.field`` -> attribute that collects it with the field beside it: what two devices say
#: can be compared only where it was said in the same field.
NAMED: Final = {
    "sadp.DeviceSN": "serials",
    "dhip.SerialNo": "serials",
    "onvif.serial": "serials",
    "onvif.scope_serial": "serials",
    "upnp.serial_number": "serials",
    "tvt-mhed.serial": "serials",
    "xm-netip.SerialNo": "serials",
    "uniview-lapi.SerialNumber": "serials",
    "inventory.serial": "serials",
    "ws-discovery.endpoint": "uuids",
    "upnp.udn": "uuids",
    "tls.certificate_sha256": "certificates",
    "tls.subject": "certificate_names",
    "tls.san": "certificate_names",
    "onvif.model": "models",
    "sadp.DeviceDescription": "models",
    "dhip.DeviceType": "models",
    "tvt-mhed.model": "models",
    "sadp.DigitalChannelNum": "capacities",
    "sadp.AnalogChannelNum": "capacities",
    "dhip.RemoteVideoInputChannels": "capacities",
    "dhip.VideoInputChannels": "capacities",
    "xm-netip.ChannelNum": "capacities",
}
#: (``protocol.field``, what it said).
Named: TypeAlias = tuple[str, str]
#: Protocols whose observations are not replies of a device.
_WRITTEN: Final = frozenset({"register", "inventory", "sighting"})
#: An IPv4 address in its one canonical form: four numbers to 255 without leading zeroes.
_IPV4: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?=\d)|$)){4}", re.ASCII)
#: IEEE 802-2014 8.2.2: the first bit sent says that an address is a group's, so no one device's.
_GROUP_BIT: Final = 1


@dataclass(slots=True)
class Subject:
    """What one file says of one device, as far as identity and place go."""

    name: str
    macs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    asset_ids: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    installed: tuple[str, ...] = ()
    invoiced: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    maintainers: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    recorders: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    networked: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    sighted_by: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    serials: tuple[Named, ...] = ()
    models: tuple[Named, ...] = ()
    uuids: tuple[Named, ...] = ()
    certificates: tuple[Named, ...] = ()
    certificate_names: tuple[Named, ...] = ()
    capacities: tuple[Named, ...] = ()
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    in_register: bool = False
    on_network: bool = False
    sighted: bool = False

    @property
    def file(self) -> str:
        """Return the prefix that names the file."""
        return self.name.partition("/")[0]


def gather(batches: Iterable[pa.RecordBatch]) -> dict[str, Subject]:
    """Collect subjects from batches of ``OBSERVATIONS``, in order of first appearance."""
    subjects: dict[str, Subject] = {}
    for batch in batches:
        for name in batch.column("device").unique().to_pylist():
            if name not in subjects:
                subjects[name] = Subject(name=name)
        _collect(batch, subjects)
        _see(batch, subjects)
    for subject in subjects.values():
        if subject.sighted:  # an asset id on a label does not put the device in a register
            subject.in_register = False
    return subjects


def _collect(batch: pa.RecordBatch, subjects: dict[str, Subject]) -> None:
    for protocol, name, rows in rows_by_field(batch):
        where = pa.array(rows)
        devices = batch.column("device").take(where)
        _mark(protocol, devices, subjects)
        key = f"{protocol}.{name}"
        attribute = FIELDS.get(key) or NAMED.get(key)
        if attribute is None:
            continue
        named = key in NAMED
        values = batch.column("value").take(where).to_pylist()
        for device, value in zip(devices.to_pylist(), values, strict=True):
            text = _clean(attribute, value.decode("utf-8", "replace").strip())
            kept = (key, text) if named else text
            known: tuple[object, ...] = getattr(subjects[device], attribute)
            if text and kept not in known:
                setattr(subjects[device], attribute, (*known, kept))


def _mark(protocol: str, devices: pa.Array, subjects: dict[str, Subject]) -> None:
    if protocol in ("mac", "ip"):  # written in registers as well as seen
        return
    mark = "sighted" if protocol == "sighting" else "in_register"
    if protocol not in _WRITTEN:
        mark = "on_network"
    for name in devices.unique().to_pylist():
        setattr(subjects[name], mark, True)


def _see(batch: pa.RecordBatch, subjects: dict[str, Subject]) -> None:
    seen = batch.column("seen_at")
    if seen.null_count == len(seen):
        return
    table = pa.table({"device": batch.column("device"), "at": seen})
    table = table.filter(pc.is_valid(table["at"]))
    spans = table.group_by("device").aggregate([("at", "min"), ("at", "max")])
    for row in spans.to_pylist():
        subject = subjects[row["device"]]
        first, last = row["at_min"], row["at_max"]
        subject.first_seen = min(subject.first_seen or first, first)
        subject.last_seen = max(subject.last_seen or last, last)


def _clean(attribute: str, text: str) -> str:
    if attribute == "macs":
        mac = normalise_mac(text)
        return "" if mac is None or int(mac[:2], 16) & _GROUP_BIT else mac
    if attribute == "addresses":
        if _IPV4.fullmatch(text):  # canonical already, and quicker to see
            return text
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            return ""
    return text


@lru_cache(maxsize=4096)
def parse_interval(text: str) -> Interval | None:
    """Read ``2021-03-01``, or ``2021-01-01/2021-12-31`` where the day is not known."""
    start, slash, end = text.partition("/")
    try:
        not_before = date.fromisoformat(start)
        not_after = date.fromisoformat(end) if slash else not_before
    except ValueError:
        return None
    return Interval(not_before=not_before, not_after=not_after)
