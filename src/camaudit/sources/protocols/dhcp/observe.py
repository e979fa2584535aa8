"""Fields of a client's request: its names for itself, and the list of what it wants to know.

The list of parameters, in its order, is what fingerprint collections call the DHCP fingerprint.
A server's reply says nothing of the client that it would not have said itself, and is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.shown import shown_mac, shown_text

from .codec import DhcpMessage, Operation, Option, decode_message

_PROTOCOL: Final = "dhcp"
#: RFC 3925 3: an enterprise number of four bytes, then the length of its data.
_ENTERPRISE_BYTES: Final = 4


def observe(message: DhcpMessage) -> tuple[Seen, ...]:
    """Return what a request shows of the client that sent it."""
    if message.operation is not Operation.REQUEST:
        return ()
    return tuple(seen for seen in _seen(message) if seen.value)


def expand_message(value: bytes) -> tuple[Seen, ...]:
    """Read ``dhcp.message``: one datagram."""
    return observe(decode_message(value))


def _seen(message: DhcpMessage) -> Iterator[Seen]:
    if message.mac is not None:
        yield Seen("mac", "address", shown_mac(message.mac))
    yield Seen(_PROTOCOL, "hostname", shown_text(message.option(Option.HOST_NAME)))
    yield Seen(_PROTOCOL, "vendor_class", shown_text(message.option(Option.VENDOR_CLASS)))
    asked = ",".join(map(str, message.option(Option.PARAMETERS)))
    yield Seen(_PROTOCOL, "parameter_request_list", asked.encode())
    yield Seen(_PROTOCOL, "client_id", message.option(Option.CLIENT_ID).hex().encode())
    enterprise = message.option(Option.VENDOR_IDENTIFYING_CLASS)[:_ENTERPRISE_BYTES]
    if len(enterprise) == _ENTERPRISE_BYTES:
        yield Seen(_PROTOCOL, "enterprise", str(int.from_bytes(enterprise, "big")).encode())
