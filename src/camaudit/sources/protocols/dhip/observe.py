"""Fields of a DHIP reply, under the names that the device gives them, and its MAC address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.addresses import usable_address
from camaudit.wirekit.mac import normalise_mac
from camaudit.wirekit.secrets import blank

from .codec import DhipReply, decode_reply, encode_reply

_PROTOCOL: Final = "dhip"


def observe(message: DhipReply) -> tuple[Seen, ...]:
    """Return what a reply shows."""
    return tuple(_seen(message))


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``dhip.reply``."""
    return observe(decode_reply(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows.

    Written again, so that nothing outside the closed list of fields is kept.
    """
    message = decode_reply(data)
    return (Seen(_PROTOCOL, "reply", blank(encode_reply(message))), *observe(message))


def _seen(message: DhipReply) -> Iterator[Seen]:
    mac = normalise_mac(message.mac)
    if mac is not None:
        yield Seen("mac", "address", mac.encode())
    for name, value in message.fields:
        text = str(value).strip()
        if text:
            yield Seen(_PROTOCOL, name, blank(text.encode()))
        address = usable_address(text) if name == "IPv4Address" else None
        if address is not None:
            yield Seen("ip", "address", address.encode())
