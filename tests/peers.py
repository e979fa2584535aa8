"""Peers on loopback that behave as told: what the engine of a scan is tested against."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Peer:
    """A listening peer, and what happened to it."""

    port: int = 0
    opened: int = 0
    open_now: int = 0
    most_open: int = 0
    requests: list[bytes] = field(default_factory=list)
    sent: int = 0


@asynccontextmanager
async def peer(behave: Behaviour, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Peer]:
    """Listen on loopback; each connection behaves as told until it, or the test, is over."""
    told = Peer()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        told.opened += 1
        told.open_now += 1
        told.most_open = max(told.most_open, told.open_now)
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            told.open_now -= 1
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(serve, address, port)
    told.port = server.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def says(*replies: bytes, delay: float = 0.0) -> Behaviour:
    """Answer each request with the next reply, then close."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            if not await reader.read(1 << 16):
                return
            await asyncio.sleep(delay)
            writer.write(reply)
            await writer.drain()
        writer.close()

    return behave


def endless(piece: bytes, pause: float = 0.0) -> Behaviour:
    """Send the same piece for ever, to whoever connects."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing."""
    while await reader.read(1 << 16):
        pass


async def slams(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break every connection off as soon as it is there."""
    transport = writer.transport
    transport.abort()
