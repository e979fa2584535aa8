"""TCP connections to pretend devices: a greeting, stored answers, quirks, locks."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import Final

from camaudit.packs.lab import Answer, Reply

from .asking import choose
from .conditions import Conditions
from .hostile import MISDEEDS

#: Ours. A request of a scanner stays far below it; what is longer is broken off.
_MOST_REQUEST: Final = 1 << 16
#: Ours. An idle connection is closed, as devices do.
_IDLE_S: Final = 30.0
_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LENGTH: Final = re.compile(rb"(?i)\ncontent-length:[ \t]*(\d{1,6})")
_LOCKED: Final = b"HTTP/1.1 423 Locked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_NO_TAGS: Final[frozenset[str]] = frozenset()


class Connection(asyncio.Protocol):
    """One connection to one door of one device."""

    def __init__(self, conditions: Conditions, port: int) -> None:
        self._conditions = conditions
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._received = self._sent = 0
        self._busy = False
        self._logged = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find the device that was called, and begin as it does."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- asyncio's own promise
        self.transport: asyncio.Transport = transport
        here = transport.get_extra_info("sockname")
        device = self._conditions.plan.device(int.from_bytes(socket.inet_aton(here[0]), "big"))
        door = device.persona.door(self._port) if device is not None else None
        if device is None or door is None:
            transport.abort()
            return
        self.device, self._door = device, door
        self._peer = "{}:{}".format(*transport.get_extra_info("peername"))
        state = self._conditions.lock_state(device)
        if state == "locked":
            self._note("refused")
            transport.abort()
            return
        self._open()
        if state == "locking":
            self._note("locked")
            self.send(_LOCKED)
            transport.close()
            return
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Collect requests, and answer each whole one."""
        self._received += len(data)
        self._buffer += data
        if len(self._buffer) > _MOST_REQUEST:
            self.transport.abort()
        elif not self._busy:
            self._next()

    def eof_received(self) -> bool:
        """Stay open for an answer that is under way."""
        return self._busy

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        del exc
        if self._logged and self._conditions.journal is not None:
            self._conditions.journal.closed(
                self.device.ip, self._port, self._peer, self._received, self._sent
            )
        if self._logged:
            self._idle.cancel()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._sent += len(data)
        self.transport.write(data)

    def _open(self) -> None:
        self._logged = True
        self._idle = self._loop.call_later(_IDLE_S, self.transport.abort)
        if self._conditions.journal is not None:
            link = self.transport.get_extra_info("socket")
            self._conditions.journal.opened(self.device.ip, self._port, self._peer, link)

    def _begin(self) -> None:
        misdeed = MISDEEDS.get(self._door.hostile or "")
        if misdeed is not None and misdeed.at_once:
            misdeed.act(self)
        elif self._door.tls:
            self.transport.pause_reading()  # the handshake is not for this protocol
            self._task = self._loop.create_task(self._start_tls())
        elif self._door.greeting is not None:
            self._loop.call_later(self._delay(), self._greet, self._door.greeting)

    async def _start_tls(self) -> None:
        context = self._conditions.contexts[self.device.persona.id]
        try:
            inner = await self._loop.start_tls(self.transport, self, context, server_side=True)
        except (OSError, ValueError):  # a scanner that hangs up, or wants other versions
            return
        if inner is None:
            return
        self.transport = inner

    def _greet(self, greeting: Reply) -> None:
        if not self.transport.is_closing():
            self.send(self._say(greeting, b""))
            if not self._door.answers and not self._door.keeps:
                self.transport.close()

    def _next(self) -> None:
        size = self._request_size()
        if size is None:
            return
        request, self._buffer = self._buffer[:size], self._buffer[size:]
        if self._door.hostile is not None:
            MISDEEDS[self._door.hostile].act(self)
            return
        answer: Answer | None = choose(self._door.answers, request, _NO_TAGS)
        reply = self._door.otherwise if answer is None else answer.reply
        if reply is None:
            return
        self._busy = True
        data = self._say(reply, request)
        self._loop.call_later(self._delay(), self._answer, data)

    def _request_size(self) -> int | None:
        if not self._buffer:
            return None
        if not self._door.headed:
            return len(self._buffer)
        end = _EMPTY_LINE.search(self._buffer)
        if end is None:
            return None
        size = end.end()
        if self._buffer.startswith(b"POST "):
            length = _LENGTH.search(self._buffer, 0, size)
            size += int(length[1]) if length else 0
        return size if len(self._buffer) >= size else None

    def _answer(self, data: bytes) -> None:
        self._busy = False
        if self.transport.is_closing():
            return
        self.send(data)
        if self._door.keeps:
            self._next()
        else:
            self.transport.close()

    def _say(self, reply: Reply, request: bytes) -> bytes:
        return self._conditions.speaker.say(reply, self.device, request, self._port)

    def _delay(self) -> float:
        return self._conditions.delay_of(self.device)

    def _note(self, event: str) -> None:
        if self._conditions.journal is not None:
            self._conditions.journal.note(event, self.device.ip, self._port, self._peer)
