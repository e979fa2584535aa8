"""Fields of announcements, and of descriptions: of the root device, not of those within it."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.leaves import XmlLeaves
from camaudit.wirekit.secrets import blank

from .codec import decode_announcement, decode_description

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

#: UPnP Device Architecture 1.1, 1.2.2 and 1.3.3. NT is to an announcement what ST is to a reply.
_ANNOUNCED: Final = (
    ("server", b"server"),
    ("location", b"location"),
    ("usn", b"usn"),
    ("st", b"st"),
    ("st", b"nt"),
)
#: UPnP Device Architecture 1.1, 1.2.3: a device that takes its leave is not there.
_GOODBYE: Final = b"ssdp:byebye"


def observe_announcement(message: HeadedMessage) -> tuple[Seen, ...]:
    """Return what a reply to a search or a NOTIFY shows."""
    if _GOODBYE in message.values(b"nts"):
        return ()
    seen = (
        Seen("ssdp", field, kept)
        for field, name in _ANNOUNCED
        for value in message.values(name)
        if (kept := blank(value))
    )
    return tuple(dict.fromkeys(seen))


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``ssdp.reply``: one datagram."""
    return observe_announcement(decode_announcement(value))


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
