"""The least that a test must read of a classic capture file: who sent, and what it calls itself."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LITTLE: Final = b"\xd4\xc3\xb2\xa1"
_ETHERNET: Final = 1
#: Ethernet type IPv4; IPv4 protocol UDP; from the DHCP client's port to the server's (RFC 2131).
_IPV4, _UDP, _DHCP = b"\x08\x00", 17, b"\x00\x44\x00\x43"
#: RFC 2131 figure 1: the options follow 236 bytes and the magic cookie. RFC 2132 3.14: host name.
_OPTIONS, _HOST_NAME, _PAD, _END = 240, 12, 0, 255


def frames(path: Path) -> Iterator[bytes]:
    """Yield the Ethernet frames of a capture."""
    data = path.read_bytes()
    assert data.startswith(_LITTLE)
    assert int.from_bytes(data[20:24], "little") == _ETHERNET
    at = 24
    while at + 16 <= len(data):
        (length,) = struct.unpack_from("<I", data, at + 8)
        yield data[at + 16 : at + 16 + length]
        at += 16 + length


def senders(path: Path) -> set[str]:
    """Return the hardware addresses that sent anything."""
    return {frame[6:12].hex(":") for frame in frames(path)}


def host_names(path: Path) -> dict[str, str]:
    """Return the name that each sender gives itself in DHCP."""
    found: dict[str, str] = {}
    for frame in frames(path):
        if frame[12:14] != _IPV4 or frame[23] != _UDP:
            continue
        datagram = frame[14 + (frame[14] & 15) * 4 :]
        if datagram.startswith(_DHCP):
            for code, value in _dhcp_options(datagram[8 + _OPTIONS :]):
                if code == _HOST_NAME:
                    found[frame[6:12].hex(":")] = value.decode("ascii")
    return found


def _dhcp_options(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 1 < len(data) and data[at] != _END:
        if data[at] == _PAD:
            at += 1
            continue
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
