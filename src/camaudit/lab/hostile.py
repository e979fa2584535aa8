"""Misbehaviour that a scanner must survive; personas with it are used only when asked for."""

from __future__ import annotations

import asyncio
import socket
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

_MIB: Final = bytes(1 << 20)
_CHUNK: Final = b"A" * 65_536
#: What the small gzip stream grows to, and the length that the large body promises.
_GIGABYTE: Final = 1 << 30
_DROP_S: Final = 1.0

_OK: Final = b"HTTP/1.1 200 OK\r\nServer: pretend\r\nContent-Type: text/html\r\n"
_BOMB: Final = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><b>&j;</b>"
)
#: RFC 8446 5.1: a handshake record of TLS 1.2's version, with what is no handshake in it.
_NO_HANDSHAKE: Final = b"\x16\x03\x03\x40\x00" + b"\xa5" * 0x4000


class Peer(Protocol):
    """The connection, as a misdeed sees it."""

    transport: asyncio.Transport

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""


@dataclass(frozen=True, slots=True)
class Misdeed:
    """What is done, and whether it waits for a request."""

    act: Callable[[Peer], None]
    at_once: bool = False


def _pour(peer: Peer, data: bytes, pause: float, times: int | None = None) -> None:
    """Send the same bytes again and again, as fast as they are taken."""
    if peer.transport.is_closing() or times == 0:
        peer.transport.close()
        return
    if peer.transport.get_write_buffer_size() < 1 << 18:
        peer.send(data)
        times = None if times is None else times - 1
    asyncio.get_running_loop().call_later(pause, _pour, peer, data, pause, times)


def _endless(peer: Peer) -> None:
    peer.send(_OK + b"\r\n")
    _pour(peer, _CHUNK, 0.001)


def _big_body(peer: Peer) -> None:
    peer.send(_OK + b"Content-Length: %d\r\n\r\n" % _GIGABYTE)
    _pour(peer, _CHUNK, 0.0005, _GIGABYTE // len(_CHUNK))


def _gzip_bomb(peer: Peer) -> None:
    body = _bomb()
    peer.send(_OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    peer.transport.close()


@cache
def _bomb() -> bytes:
    """Return about a megabyte of one gzip stream that unpacks to a gigabyte of zeros.

    After a full flush a block stands for itself (RFC 1951), so one can be repeated. The checksum at
    the end is that of two: who gets so far has been harmed already.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    first, again = (packer.compress(_MIB) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + again * (_GIGABYTE // len(_MIB) - 1) + packer.flush()


def _entity_bomb(peer: Peer) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"
    peer.send(head + b"Content-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB)
    peer.transport.close()


def _redirect(location: bytes) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location)
        peer.transport.close()

    return act


def _slow(peer: Peer) -> None:
    _drip(peer, _OK + b"X-Pad: " + b"a" * 4096, 0)


def _drip(peer: Peer, data: bytes, at: int) -> None:
    if at < len(data) and not peer.transport.is_closing():
        peer.send(data[at : at + 1])
        asyncio.get_running_loop().call_later(_DROP_S, _drip, peer, data, at + 1)


def _headers(peer: Peer) -> None:
    peer.send(_OK)
    _pour(peer, b"X-Flood: again\r\n" * 4096, 0.001)


def _endless_header(peer: Peer) -> None:
    peer.send(b"HTTP/1.1 200 OK\r\nServer: ")
    _pour(peer, _CHUNK, 0.001)


def _reset(peer: Peer) -> None:
    raw = peer.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.transport.abort()


def _no_handshake(peer: Peer) -> None:
    peer.send(_NO_HANDSHAKE)
    peer.transport.close()


MISDEEDS: Final[Mapping[str, Misdeed]] = {
    "endless": Misdeed(_endless),
    "big-body": Misdeed(_big_body),
    "gzip-bomb": Misdeed(_gzip_bomb),
    "entity-bomb": Misdeed(_entity_bomb),
    "redirect-elsewhere": Misdeed(_redirect(b"http://192.0.2.66/")),
    "redirect-loop": Misdeed(_redirect(b"/")),
    "slow": Misdeed(_slow),
    "header-flood": Misdeed(_headers),
    "endless-header": Misdeed(_endless_header),
    "reset": Misdeed(_reset, at_once=True),
    "no-handshake": Misdeed(_no_handshake),
    "endless-greeting": Misdeed(lambda peer: _pour(peer, _CHUNK, 0.001), at_once=True),
}
