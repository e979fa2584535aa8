"""One connection: bytes in until a message is whole, or until a ceiling says enough.

1. It never holds more than a message's limit (and one read of the event loop beyond it).
2. Looking for the end of a message costs time linear in its length, however the peer splits it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, cast

from camaudit.errors import DecodeError
from camaudit.wirekit.codec import Buffer

#: The end is looked for again when the buffer has grown by a half, else this much later: a peer
#: that sends byte by byte must not make each byte cost a look at all of them.
LOOK_AGAIN_S: Final = 0.01
#: Ours. What a peer may send before anybody waits for it: greetings stay below 4 KiB.
MAX_UNASKED: Final = 1 << 16

End = Callable[[Buffer], int | None]


class Stream(asyncio.Protocol):
    """Collect what a peer sends; ``message`` waits for the next whole message."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._buffer = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._end: End | None = None
        self._limit = 0
        self._size: int | None = None
        self._looked_at = 0
        self._quiet = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.transport: asyncio.Transport | None = None
        self.closed = False
        self.reset = False
        #: Bytes received over the connection's life.
        self.received = 0

    # what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Keep the bytes, and see whether they complete a message."""
        self.received += len(data)
        self._buffer += data
        if self._waiter is None:
            # a greeting may come before anybody waits for it; a flood may not
            if len(self._buffer) > MAX_UNASKED:
                self.abort()
            return
        if len(self._buffer) >= self._limit:
            self._look()
            self._finish()
            return
        if self._end is not None and len(self._buffer) >= self._looked_at * 3 // 2:
            self._look()
            if self._size is not None:
                self._finish()
                return
        self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note how it ended; it ends the message too."""
        self.closed = True
        self.reset = exc is not None
        self._finish()

    # what a line calls

    def write(self, data: bytes) -> None:
        """Send; what came unasked before a request belongs to no reply."""
        if self.transport is not None and data:
            self._buffer.clear()
            self.transport.write(data)

    async def message(
        self, end: End | None, limit: int, reply: float, quiet: float, exchange: float
    ) -> bytes:
        """Return the next message, or what came of it; empty where nothing did."""
        self._end, self._limit = end, limit
        self._quiet = quiet if end is None else reply
        self._size, self._looked_at = None, 0
        if end is not None and end(b"") == 0:
            return b""
        if self._buffer:
            self._look()
        if self.closed or self._size is not None:
            return self._cut()
        self._waiter = self._loop.create_future()
        self._timer = self._loop.call_later(reply, self._finish)
        self._deadline = self._loop.call_later(exchange, self._finish)
        try:
            await self._waiter
        finally:
            self._waiter = None
            self._timer.cancel()
            self._deadline.cancel()
        return self._cut()

    def abort(self) -> None:
        """Close at once, with nothing left to send."""
        if self.transport is not None:
            self.transport.abort()
        self.closed = True

    @property
    def whole(self) -> bool:
        """Return whether the last message ended where its grammar says."""
        return self._size is not None

    def _rest(self) -> None:
        """Wait for more: until it is quiet, or for the next look."""
        if self._timer is not None:
            self._timer.cancel()
        if self._end is not None and len(self._buffer) > self._looked_at:
            self._timer = self._loop.call_later(LOOK_AGAIN_S, self._look_again)
        else:
            self._timer = self._loop.call_later(self._quiet, self._finish)

    def _look_again(self) -> None:
        self._look()
        if self._size is not None:
            self._finish()
        else:
            self._rest()

    def _look(self) -> None:
        self._looked_at = len(self._buffer)
        if self._end is None:
            return
        try:
            size = self._end(self._buffer)
        except DecodeError:
            # no end can be found: the reader of the message says what is wrong with it
            size = len(self._buffer)
        self._size = size if size is None or size <= self._limit else None

    def _finish(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _cut(self) -> bytes:
        size = min(len(self._buffer) if self._size is None else self._size, self._limit)
        piece = bytes(self._buffer[:size])
        self._buffer.clear()
        return piece
