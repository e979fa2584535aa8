"""Messages of DHCP (RFC 2131, options of RFC 2132)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

DISCOVER: Final = 1
OFFER: Final = 2
REQUEST: Final = 3
ACK: Final = 5
SERVER_PORT: Final = 67
CLIENT_PORT: Final = 68
_COOKIE: Final = b"\x63\x82\x53\x63"
_BROADCAST: Final = 0x8000
_LEASE_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who asks for an address, and how its software asks."""

    mac: bytes
    hostname: str
    vendor_class: str
    #: Option 55, in the order in which this software lists it.
    wishes: tuple[int, ...]


def from_client(
    client: Client, kind: int, number: int, *, wanted: bytes = b"", server: bytes = b"",
    own: bytes = bytes(4),
) -> bytes:  # fmt: skip
    """Write what a client sends: a discover or a request; ``own`` where it renews its lease."""
    options = [(53, bytes((kind,))), (61, b"\x01" + client.mac)]
    options += [(50, wanted)] if wanted else []
    options += [(54, server)] if server else []
    options += [(12, client.hostname.encode())] if client.hostname else []
    options += [(60, client.vendor_class.encode())] if client.vendor_class else []
    options.append((55, bytes(client.wishes)))
    flags = 0 if any(own) else _BROADCAST
    return _message(1, number, flags, own, bytes(4), client.mac, options)


def from_server(mac: bytes, kind: int, number: int, given: bytes, server: bytes) -> bytes:
    """Write an offer or an acknowledgement; the server is router and resolver too."""
    options = [
        (53, bytes((kind,))),
        (54, server),
        (51, _LEASE_S.to_bytes(4, "big")),
        (1, b"\xff\xff\xff\x00"),
        (3, server),
        (6, server),
    ]
    return _message(2, number, 0, bytes(4), given, mac, options)


def _message(
    way: int, number: int, flags: int, own: bytes, given: bytes, mac: bytes,
    options: list[tuple[int, bytes]],
) -> bytes:  # fmt: skip
    head = struct.pack("!BBBBIHH", way, 1, 6, 0, number & 0xFFFFFFFF, 0, flags)
    head += own + given + bytes(8) + mac + bytes(10) + bytes(192)
    told = b"".join(bytes((code, len(data))) + data for code, data in options)
    return (head + _COOKIE + told + b"\xff").ljust(300, b"\0")
