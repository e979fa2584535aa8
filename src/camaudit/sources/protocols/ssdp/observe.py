"""Fields of a UPnP description: those of the root device, not of devices embedded in it."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.leaves import XmlLeaves
from camaudit.wirekit.secrets import blank

from .codec import decode_description

#: UPnP Device Architecture 1.1, 2.3: children of ``device``.
_FIELDS: Final = {
    "friendlyName": "friendly_name",
    "manufacturer": "manufacturer",
    "manufacturerURL": "manufacturer_url",
    "modelDescription": "model_description",
    "modelName": "model_name",
    "modelNumber": "model_number",
    "serialNumber": "serial_number",
    "UDN": "udn",
}
#: Where the root device's fields stand: whole, without its root, or without anything around.
_PARENTS: Final = frozenset({("root", "device"), ("device",), ()})


def observe(message: XmlLeaves) -> tuple[Seen, ...]:
    """Return what a description shows."""
    seen = (
        Seen("upnp", _FIELDS[leaf.name], blank(leaf.text.encode()))
        for leaf in message.leaves
        if leaf.name in _FIELDS and leaf.path[:-1] in _PARENTS and leaf.text
    )
    return tuple(dict.fromkeys(seen))


def expand_description(value: bytes) -> tuple[Seen, ...]:
    """Read ``upnp.device_description`` and ``ssdp.device_description``."""
    return observe(decode_description(value))
