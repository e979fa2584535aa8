"""The lab's own log, in JSON Lines: what reached each device, and what left it."""

from __future__ import annotations

import asyncio
import os
import socket
from asyncio.trsock import TransportSocket
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from camaudit.app import clock

_FLUSH_S: Final = 0.1
#: Between flushes; beyond it the lab would need memory without end.
_FLUSH_BYTES: Final = 1 << 18


#: Linux, tcp_states.h.
_ESTABLISHED: Final = 1


class Journal:
    """Writes events; lines are whole, and of several processes may stand in one file."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._encoder = msgspec.json.Encoder()
        self._buffer = bytearray()
        self._loop = asyncio.get_running_loop()
        self._started = clock.now()
        self._zero = self._loop.time()
        self._open: dict[str, dict[str, TransportSocket]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def opened(self, address: str, port: int, peer: str, link: TransportSocket) -> None:
        """Note a connection, and how many the device has now."""
        links = self._open.setdefault(address, {})
        links[peer] = link
        standing = sum(map(_stands, links.values()))
        self._line("open", address, port, peer, concurrent=max(1, standing))

    def closed(self, address: str, port: int, peer: str, received: int, sent: int) -> None:
        """Note the end of a connection."""
        links = self._open[address]
        del links[peer]
        left = len(links)
        if not left:
            del self._open[address]
        self._line("close", address, port, peer, concurrent=left, received=received, sent=sent)

    def datagram(self, event: str, address: str, port: int, peer: str, size: int) -> None:
        """Note a datagram: ``in``, ``out``, ``lost_in`` or ``lost_out``."""
        self._line(event, address, port, peer, bytes=size)

    def note(self, event: str, address: str, port: int, peer: str) -> None:
        """Note that something else happened: ``locked``, ``refused``."""
        self._line(event, address, port, peer)

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        os.close(self._file)

    def _line(self, event: str, address: str, port: int, peer: str, **more: int) -> None:
        at = self._started + timedelta(seconds=self._loop.time() - self._zero)
        line = {"pretend": True, "at": at, "event": event, "address": address, "port": port}
        self._buffer += self._encoder.encode(line | {"peer": peer} | more) + b"\n"
        if len(self._buffer) > _FLUSH_BYTES:
            self._flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(_FLUSH_S, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._buffer:
            os.write(self._file, self._buffer)
            self._buffer.clear()


def _stands(link: TransportSocket) -> bool:
    """Return whether neither side has closed a connection.

    One that the peer has closed may still wait to be noticed when its next one is accepted.
    """
    try:
        state = link.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    except OSError:
        return False
    return state[0] == _ESTABLISHED
