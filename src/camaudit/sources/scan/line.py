"""Lines to the ports of one device: one connection at a time, within the device's budget."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from camaudit.errors import LineError
from camaudit.model.scan import Outcome
from camaudit.sources.spec import MAX_EXCHANGE_BYTES, Transport
from camaudit.wirekit.codec import Buffer

from .limits import Limits
from .pacing import Pace
from .stream import End, Stream

#: What the system says when a connection does not come about, and what it means.
_CONNECT: Final = {
    errno.ECONNREFUSED: Outcome.REFUSED,
    errno.ECONNRESET: Outcome.RESET,
    errno.ECONNABORTED: Outcome.RESET,
    errno.EPIPE: Outcome.RESET,
    errno.ETIMEDOUT: Outcome.SILENT,
    errno.EHOSTUNREACH: Outcome.FILTERED,
    errno.ENETUNREACH: Outcome.FILTERED,
    errno.EACCES: Outcome.FILTERED,
    errno.EPERM: Outcome.FILTERED,
}
#: The same device breaking off this often, one connection after the other, is asked no more.
MAX_RESETS: Final = 3


@dataclass(slots=True)
class Device:
    """What one device has cost so far, and whether it is still to be asked."""

    address: str
    limits: Limits
    pace: Pace
    clock: Callable[[], float]
    #: Where connections start from; ``None``: the system chooses.
    source: str | None = None
    given: Mapping[str, bytes] = field(default_factory=dict)
    #: Whether it may still be asked: exclusions and blackouts, looked at before each connection.
    allowed: Callable[[], str | None] = lambda: None
    #: Whether it would be on a segment of ours, and nobody there has said to have the address.
    nobody: Callable[[], bool] = lambda: False
    #: Whether a device on our segment has said to have the address: a sign of life by itself.
    here: Callable[[], bool] = lambda: False
    connections: int = 0
    received: int = 0
    resets: int = 0
    started: float | None = None
    ended: float = 0.0
    #: Why nothing more is sent to it.
    closed: str | None = None
    outcome: Outcome = Outcome.STOPPED

    def close(self, outcome: Outcome, reason: str) -> None:
        """Send nothing more to this device; the first reason stands."""
        if self.closed is None:
            self.closed, self.outcome = reason, outcome

    def check(self) -> None:
        """Raise ``LineError`` unless the device may be asked once more."""
        now = self.clock()
        self.started = now if self.started is None else self.started
        if now - self.started > self.limits.device:
            self.close(Outcome.CEILING, f"{self.limits.device:g} s with one device")
        elif self.received >= self.limits.device_bytes:
            self.close(Outcome.CEILING, f"{self.limits.device_bytes} bytes from one device")
        elif (refusal := self.allowed()) is not None:
            self.close(Outcome.SKIPPED, refusal)
        if self.closed is not None:
            raise LineError(self.outcome, self.closed)

    async def admit(self) -> None:
        """Wait until one more connection may be opened to it."""
        self.check()
        if self.connections >= self.limits.connections:
            self.close(Outcome.CEILING, f"{self.limits.connections} connections to one device")
            self.check()
        # each connection that it broke off doubles the pause before the next one
        wait = self.ended + self.limits.gap * (1 << self.resets) - self.clock()
        if self.connections and wait > 0:
            await asyncio.sleep(wait)
        await self.pace.take()
        self.connections += 1

    def broke_off(self) -> None:
        """Count a connection that the device broke off; too many in a row are a sign."""
        self.resets += 1
        if self.resets >= MAX_RESETS:
            self.close(Outcome.STOPPED, f"broke off {self.resets} connections in a row")


class StreamLine:
    """``Line`` over TCP or TLS."""

    def __init__(self, device: Device, port: int, transport: Transport) -> None:
        self.address, self.port, self.transport = device.address, port, transport
        self._device = device
        self._stream: Stream | None = None
        self._certificate: bytes | None = None
        #: Whether a connection ever came about, and whether anything ever came back.
        self.connected = False
        self.heard = False

    @property
    def certificate(self) -> bytes | None:
        """Return the certificate that the device presented."""
        return self._certificate

    @property
    def given(self) -> Mapping[str, bytes]:
        """Return what the operator gave for this scan."""
        return self._device.given

    def lock_out(self, reason: str) -> None:
        """Send nothing more to the device."""
        self._device.close(Outcome.STOPPED, reason)

    async def exchange(
        self,
        request: bytes,
        end: Callable[[Buffer], int | None] | None = None,
        limit: int = MAX_EXCHANGE_BYTES,
    ) -> bytes:
        """Send a request and return its reply; a kept connection that has gone is made anew."""
        self._device.check()
        kept = self._stream is not None and not self._stream.closed
        reply = await self._once(request, end, limit)
        if not reply and kept and self._went(end):
            reply = await self._once(request, end, limit)
        if not reply and not _connects_only(end):
            raise LineError(*self._nothing())
        self.heard = self.heard or bool(reply)
        self._device.resets = 0
        return reply

    async def close(self) -> None:
        """Close the connection, if there is one, and give the system a turn to do so."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort()
            self._device.ended = self._device.clock()
            await asyncio.sleep(0)

    async def _once(self, request: bytes, end: End | None, limit: int) -> bytes:
        stream = self._stream
        if stream is None or stream.closed:
            await self.close()
            stream = await self._connect()
        before = stream.received
        stream.write(request)
        limits = self._device.limits
        room = max(1, limits.device_bytes - self._device.received)
        reply = await stream.message(
            end, min(limit, room), limits.reply, limits.quiet, limits.exchange
        )
        self._device.received += stream.received - before
        if not stream.whole and not _connects_only(end):
            # cut off, or ended by silence: what may still come would be taken for another reply
            stream.abort()
            self._device.ended = self._device.clock()
        return reply

    def _went(self, end: End | None) -> bool:
        stream = self._stream
        return stream is not None and stream.closed and not _connects_only(end)

    def _nothing(self) -> tuple[str, str]:
        stream = self._stream
        if stream is not None and stream.reset:
            self._device.broke_off()
            return Outcome.RESET, "broken off without a reply"
        return Outcome.OPEN, "connected, and no reply"

    async def _connect(self) -> Stream:
        await self._device.admit()
        loop = asyncio.get_running_loop()
        secure = self.transport is Transport.TLS
        try:
            link = await _reach(self._device, self.port)
            async with asyncio.timeout(self._device.limits.connect):
                made, stream = await loop.create_connection(
                    lambda: Stream(loop),
                    sock=link,
                    ssl=_tls() if secure else None,
                    server_hostname="" if secure else None,
                )
        except TimeoutError as error:
            raise LineError(*self._timed_out(secure)) from error
        except ssl.SSLError as error:
            self.connected = True
            raise LineError(Outcome.TLS_FAILED, _tls_words(error)) from error
        except OSError as error:
            raise LineError(*self._failed(error, secure)) from error
        finally:
            self._device.ended = self._device.clock()
        self._stream, self.connected = stream, True
        if secure:
            shown = made.get_extra_info("ssl_object")
            self._certificate = shown.getpeercert(binary_form=True) if shown else None
        return stream

    def _timed_out(self, secure: bool) -> tuple[str, str]:  # noqa: FBT001 -- one fact
        detail = "no handshake" if secure else ""
        return Outcome.SILENT, f"{detail} within {self._device.limits.connect:g} s".strip()

    def _failed(self, error: OSError, secure: bool) -> tuple[str, str]:  # noqa: FBT001 -- one fact
        outcome = _CONNECT.get(error.errno or 0)
        if outcome is None:
            # asyncio has no errno for a handshake that the peer broke off
            outcome = Outcome.TLS_FAILED if secure else Outcome.FILTERED
        if error.errno == errno.EHOSTUNREACH and self._device.nobody():
            # said by this machine: no router and no host has closed the way
            return Outcome.SILENT, "nobody on the segment has this address"
        if outcome is Outcome.RESET:
            self._device.broke_off()
        # asyncio puts the address into its own words, which repeat what is known
        plain = os.strerror(error.errno) if error.errno else type(error).__name__
        return outcome, "" if outcome is Outcome.REFUSED else plain.lower()


class DatagramLine:
    """``Line`` over UDP: a request is repeated, and one datagram is a reply."""

    transport = Transport.UDP
    certificate: bytes | None = None

    def __init__(self, device: Device, port: int) -> None:
        self.address, self.port = device.address, port
        self._device = device
        self._open: tuple[asyncio.DatagramTransport, _Inbox] | None = None

    @property
    def given(self) -> Mapping[str, bytes]:
        """Return what the operator gave for this scan."""
        return self._device.given

    def lock_out(self, reason: str) -> None:
        """Send nothing more to the device."""
        self._device.close(Outcome.STOPPED, reason)

    async def exchange(
        self,
        request: bytes,
        end: Callable[[Buffer], int | None] | None = None,
        limit: int = MAX_EXCHANGE_BYTES,
    ) -> bytes:
        """Send a request until a datagram comes back."""
        del end
        self._device.check()
        if self._open is None:
            self._open = await self._connect()
        transport, inbox = self._open
        reply = await self._ask(transport, inbox.expect(), request)
        self._device.received += len(reply)
        return reply[:limit]

    async def close(self) -> None:
        """Close the socket, and give the system a turn to do so."""
        if self._open is not None:
            self._open[0].abort()
            self._open = None
            self._device.ended = self._device.clock()
            await asyncio.sleep(0)

    async def _connect(self) -> tuple[asyncio.DatagramTransport, _Inbox]:
        await self._device.admit()
        loop = asyncio.get_running_loop()
        local = (self._device.source, 0) if self._device.source else None
        return await loop.create_datagram_endpoint(
            lambda: _Inbox(loop), local_addr=local, remote_addr=(self.address, self.port)
        )

    async def _ask(
        self, transport: asyncio.DatagramTransport, reply: asyncio.Future[bytes], request: bytes
    ) -> bytes:
        limits = self._device.limits
        for _ in range(limits.repeats):
            await self._device.pace.take()
            transport.sendto(request)
            try:
                async with asyncio.timeout(limits.reply / limits.repeats):
                    return await asyncio.shield(reply)
            except TimeoutError:
                continue
            except OSError as error:
                raise LineError(Outcome.REFUSED) from error
        raise LineError(Outcome.SILENT, f"{limits.repeats} datagrams without a reply")


class _Inbox(asyncio.DatagramProtocol):
    """The first datagram after a question, or the error that came instead."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._first: asyncio.Future[bytes] = loop.create_future()

    def expect(self) -> asyncio.Future[bytes]:
        """Return where the next datagram will be; what came before answers another question."""
        self._first = self._loop.create_future()
        return self._first

    def datagram_received(self, data: bytes, addr: object) -> None:
        del addr
        if not self._first.done():
            self._first.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._first.done():
            self._first.set_exception(exc)
            self._first.exception()  # it may come when nobody waits any more


async def _reach(device: Device, port: int) -> socket.socket:
    """Return a socket that is connected to a port; ``TimeoutError`` where nobody answers."""
    family = socket.AF_INET6 if ":" in device.address else socket.AF_INET
    link = socket.socket(family, socket.SOCK_STREAM)
    try:
        link.setblocking(False)
        if device.source:
            link.bind((device.source, 0))
        try:
            async with asyncio.timeout(device.limits.connect):
                await asyncio.get_running_loop().sock_connect(link, (device.address, port))
        except TimeoutError:
            # a busy machine comes too late to look: then the device was not the slow one
            if not _is_connected(link):
                raise
    except BaseException:
        link.close()
        raise
    return link


def _is_connected(link: socket.socket) -> bool:
    try:
        link.getpeername()
    except OSError:
        return False
    return True


@cache
def _tls() -> ssl.SSLContext:
    """Return a context that agrees to anything: we look at certificates, and trust none.

    Cameras of ten years ago speak TLS 1.0 with short keys, and no content is ever sent that would
    need protection.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: servers before RFC 5746
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _tls_words(error: ssl.SSLError) -> str:
    return (error.reason or "handshake failed").replace("_", " ").lower()


def _connects_only(end: End | None) -> bool:
    return end is not None and end(b"") == 0
