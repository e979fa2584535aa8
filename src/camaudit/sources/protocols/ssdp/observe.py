"""Fields of announcements, and of descriptions: of the root device, not of those within it.

Of what a device asks of others only this is told: that it looks for a gateway which opens ports,
and that it asks one to.
"""

from __future__ import annotations

import re
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.leaves import XmlLeaves
from camaudit.wirekit.secrets import blank

from .codec import decode_announcement, decode_description, gateway_target

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

#: UPnP WANIPConnection 1 (2.4.16) and 2 (AddAnyPortMapping), WANPPPConnection 1, and
#: WANIPv6FirewallControl 1 (AddPinhole): the actions that open a port from outside.
_MAPPING: Final = re.compile(
    rb"\"?urn:schemas-upnp-org:service:"
    rb"(?:WAN(?:IP|PPP)Connection:[0-9]{1,3}#Add(?:Any)?PortMapping"
    rb"|WANIPv6FirewallControl:[0-9]{1,3}#AddPinhole)\"?"
)
#: The arguments of these that are kept: which port, and of which protocol (IANA number for a
#: pinhole).
_PORT: Final = re.compile(
    rb"<(?:NewExternalPort|InternalPort)(?:\s[^<>]{0,64})?>\s{0,8}([0-9]{1,5})\s{0,8}<"
)
_PROTOCOL: Final = re.compile(
    rb"<(?:NewProtocol|Protocol)(?:\s[^<>]{0,64})?>\s{0,8}(TCP|UDP|6|17)\s{0,8}<"
)
_PROTOCOL_NAMES: Final = {b"6": b"TCP", b"17": b"UDP"}
#: Ours. The arguments of these actions come to less than 1 KiB.
_LOOKED_AT: Final = 4096


def observe_search(data: bytes) -> tuple[Seen, ...]:
    """Return what the search of a device shows of it: that it looks for a gateway, or nothing."""
    target = gateway_target(data)
    return (Seen("ssdp", "search_target", target),) if target else ()


def observe_mapping(message: HeadedMessage, gateway: str) -> tuple[Seen, ...]:
    """Return whether a request asks ``gateway`` to open a port from outside, and which.

    The value is the gateway's address, then protocol and port where the body tells them; nothing
    else of a body is kept.
    """
    if not any(_MAPPING.fullmatch(each) for each in message.values(b"soapaction")):
        return ()
    body = message.body[:_LOOKED_AT]
    port, protocol = _PORT.search(body), _PROTOCOL.search(body)
    words = [gateway.encode()]
    if port and protocol:
        words += [_PROTOCOL_NAMES.get(protocol[1], protocol[1]), b"%d" % int(port[1])]
    return (Seen("upnp", "port_mapping", b" ".join(words)),)


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
