"""Fields of a NetIP answer, its MAC address and its IP address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.shown import shown_ipv4, shown_mac, shown_text

from .codec import NetIpReply, decode_reply, encode_reply

_PROTOCOL: Final = "xm-netip"
#: The names that the same things have in the answers of the same firmware after a login.
_WORDS: Final = {"SN": "SerialNo", "Version": "SoftWareVersion"}
#: ``0x0a01a8c0`` is 192.168.1.10: the number as a little-endian processor holds it.
_ADDRESS: Final = re.compile(r"0[xX]([0-9A-Fa-f]{8})")


def observe(message: NetIpReply) -> tuple[Seen, ...]:
    """Return what an answer shows."""
    return tuple(seen for seen in _seen(message) if seen.value)


def expand_reply(value: bytes) -> tuple[Seen, ...]:
    """Read ``xm-netip.reply``."""
    return observe(decode_reply(value))


def read_reply(data: bytes) -> tuple[Seen, ...]:
    """Return the reply as far as it was read, written again, and what it shows."""
    message = decode_reply(data)
    return (Seen(_PROTOCOL, "reply", encode_reply(message)), *observe(message))


def _seen(message: NetIpReply) -> Iterator[Seen]:
    for name, value in message.fields:
        text = str(value)
        if name == "MAC":
            yield Seen("mac", "address", shown_mac(text.encode()))
        elif name == "HostIP":
            found = _ADDRESS.fullmatch(text.strip())
            raw = bytes.fromhex(found[1])[::-1] if found else text.encode()
            yield Seen("ip", "address", shown_ipv4(raw))
        else:
            yield Seen(_PROTOCOL, _WORDS.get(name, name), shown_text(text.encode()))
