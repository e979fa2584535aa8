"""Fields of a client's message: its names for itself, and the list of what it wants to know.

1. What means the same as over IPv4 has the same name: ``dhcp.hostname``, ``dhcp.vendor_class``,
   ``dhcp.enterprise``, ``dhcp.client_id``. Numbers of options are others, so the list of those that
   are asked for is a fingerprint of its own.
2. A server's message says nothing of the client that it would not have said itself, and is not
   shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.shown import shown_mac, shown_text

from .codec import Dhcp6Message, MessageType, Option, decode_message

_PROTOCOL: Final = "dhcpv6"
#: What means the same in both.
_COMMON: Final = "dhcp"

#: RFC 8415 7.3: what clients send.
_BY_CLIENTS: Final = frozenset(
    {
        MessageType.SOLICIT,
        MessageType.REQUEST,
        MessageType.CONFIRM,
        MessageType.RENEW,
        MessageType.REBIND,
        MessageType.RELEASE,
        MessageType.DECLINE,
        MessageType.INFORMATION_REQUEST,
    }
)
#: RFC 8415 11.2 and 11.4: identifiers that hold a hardware address, and where it begins.
_WITH_ADDRESS: Final = {1: 8, 3: 4}
#: IANA, hardware types: Ethernet.
_ETHERNET: Final = b"\0\1"
_MAC_BYTES: Final = 6
_GROUP: Final = 1
#: RFC 8415 21.16: an enterprise number, then texts that have lengths of their own.
_ENTERPRISE_BYTES: Final = 4
#: RFC 1035 3.1: what a label may be long, and a name.
_LABEL_BYTES: Final = 63
_NAME_BYTES: Final = 255


def observe(message: Dhcp6Message) -> tuple[Seen, ...]:
    """Return what a message shows of the client that sent it."""
    if message.type not in _BY_CLIENTS:
        return ()
    return tuple(dict.fromkeys(seen for seen in _seen(message) if seen.value))


def expand_message(value: bytes) -> tuple[Seen, ...]:
    """Read ``dhcpv6.message``: one datagram."""
    return observe(decode_message(value))


def relayed_mac(message: Dhcp6Message) -> bytes | None:
    """Return the client's hardware address as the relay next to it says (RFC 6939 4)."""
    said = message.link_layer
    return _one_host(said[2:]) if said[:2] == _ETHERNET else None


def begins_anew(message: Dhcp6Message) -> bool:
    """Tell whether a client begins to look for a server, and does not go on looking.

    Where nobody answers, a client solicits for as long as it runs (RFC 8415 18.2.1), and says for
    how long it has tried; nothing in the first message (21.9).
    """
    return message.type == MessageType.SOLICIT and message.option(Option.ELAPSED_TIME) == b"\0\0"


def asks_for_addresses(message: Dhcp6Message) -> bool:
    """Tell whether a client asks for addresses, or whether those that it had still hold.

    A client that keeps its lease sends neither: it renews (RFC 8415 18.2.2, 18.2.3, 18.2.4).
    """
    return message.type in (MessageType.REQUEST, MessageType.CONFIRM)


def _seen(message: Dhcp6Message) -> Iterator[Seen]:
    identifier = message.option(Option.CLIENT_ID)
    for mac in (relayed_mac(message), _mac_within(identifier)):
        yield Seen("mac", "address", shown_mac(mac) if mac else b"")
    name = host_name(message.option(Option.CLIENT_NAME))
    yield Seen(_COMMON, "hostname", shown_text(name))
    enterprise, *texts = _classes(message.option(Option.VENDOR_CLASS))
    for text in texts:
        yield Seen(_COMMON, "vendor_class", shown_text(text))
    yield Seen(_COMMON, "enterprise", enterprise)
    yield Seen(_COMMON, "client_id", identifier.hex().encode())
    asked = message.option(Option.OPTION_REQUEST)
    codes = (int.from_bytes(asked[at : at + 2], "big") for at in range(0, len(asked) - 1, 2))
    yield Seen(_PROTOCOL, "option_request", ",".join(map(str, codes)).encode())


def _mac_within(identifier: bytes) -> bytes | None:
    at = _WITH_ADDRESS.get(int.from_bytes(identifier[:2], "big"))
    if at is None or identifier[2:4] != _ETHERNET:
        return None
    return _one_host(identifier[at:])


def _one_host(mac: bytes) -> bytes | None:
    """Return a hardware address that can be one interface's."""
    return mac if len(mac) == _MAC_BYTES and any(mac) and not mac[0] & _GROUP else None


def host_name(option: bytes) -> bytes:
    """Return the name in the option for it (RFC 4704 4.1): flags, then labels; no pointers."""
    labels: list[bytes] = []
    at = 1
    while at < len(option) <= _NAME_BYTES + 1 and option[at]:
        label = option[at + 1 : at + 1 + option[at]]
        if option[at] > _LABEL_BYTES or len(label) < option[at]:
            return b""
        labels.append(label)
        at += 1 + len(label)
    return b".".join(labels)


def _classes(option: bytes) -> Iterator[bytes]:
    """Yield the enterprise number in digits (empty where it is cut), then each text."""
    whole = len(option) >= _ENTERPRISE_BYTES
    yield str(int.from_bytes(option[:_ENTERPRISE_BYTES], "big")).encode() if whole else b""
    at = _ENTERPRISE_BYTES
    while at + 2 <= len(option):
        end = at + 2 + int.from_bytes(option[at : at + 2], "big")
        if end > len(option):
            return
        yield option[at + 2 : end]
        at = end
