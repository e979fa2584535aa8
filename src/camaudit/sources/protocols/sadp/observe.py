"""Fields of a SADP reply, under the names that the device gives them, and its MAC address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.addresses import usable_address
from camaudit.wirekit.mac import normalise_mac
from camaudit.wirekit.secrets import blank

from .codec import SadpReply, decode_reply, encode_reply

_PROTOCOL: Final = "sadp"
_ADDRESSES: Final = frozenset({"IPv4Address", "IPv6Address"})


def observe(message: SadpReply) -> tuple[Seen, ...]:
    """Return what a reply shows."""
    return tuple(_seen(message))


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``sadp.reply``."""
    return observe(decode_reply(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows.

    Written again, so that nothing outside the closed list of fields is kept.
    """
    message = decode_reply(data)
    return (Seen(_PROTOCOL, "reply", blank(encode_reply(message))), *observe(message))


def _seen(message: SadpReply) -> Iterator[Seen]:
    for name, text in message.fields:
        if text:
            yield Seen(_PROTOCOL, name, blank(text.encode()))
        mac = normalise_mac(text) if name == "MAC" else None
        if mac is not None:
            yield Seen("mac", "address", mac.encode())
        address = usable_address(text) if name in _ADDRESSES else None
        if address is not None:
            yield Seen("ip", "address", address.encode())
