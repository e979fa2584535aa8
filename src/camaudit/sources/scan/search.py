"""Searches: datagrams to groups and to single addresses, and whoever answers.

1. Replies are bounded by source and in number; what is dropped is counted.
2. On Linux a socket bound to one address or group hears only what is sent to it. So there is one
   socket for each place where devices may answer, and none hears the traffic of another program.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import struct
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

from camaudit.sources.spec import Search

from .limits import Limits
from .pacing import Pace
from .vantage import Vantage

#: Ours. A device answers each of six probes, each time it is sent (ten times at the most).
MAX_REPLIES_A_SOURCE: Final = 64
#: Ours. A flat /16, and then some.
MAX_SOURCES: Final = 1 << 17
#: RFC 768: no datagram is longer.
MAX_DATAGRAM: Final = 65_535
#: Replies taken from a socket before others get a turn.
_BATCH: Final = 64
_BROADCAST: Final = "255.255.255.255"
#: Groups are for the segment: no router may pass them on.
_HOPS: Final = 1
#: Linux: bind a socket to an interface (socket(7)).
_SO_BINDTODEVICE: Final = 25
#: What a socket of ours may wait to hold, against bursts of replies.
_RECEIVE_BUFFER: Final = 1 << 20

Hear = Callable[[Search, str, int, bytes], None]


@dataclass(slots=True)
class Searched:
    """What one search sent and heard from one vantage."""

    search: str
    interface: str
    address: str
    sent: int = 0
    replies: int = 0
    sources: int = 0
    dropped: int = 0
    #: Why nothing, or not everything, was sent.
    trouble: str = ""
    heard_from: dict[str, int] = field(default_factory=dict, repr=False)


async def search_groups(
    search: Search,
    vantage: Vantage,
    limits: Limits,
    pace: Pace,
    nonce: Callable[[], bytes],
    hear: Hear,
) -> Searched:
    """Ask every group of a search from one vantage, and listen."""
    result = Searched(search=search.id, interface=vantage.name, address=vantage.address)
    groups = [g for g in search.groups if _version(g) == _version(vantage.address)]
    if not groups:
        return result
    with ExitStack() as stack:
        ears = _Ears(search, result, hear)
        try:
            mouth = _mouth(search, vantage)
            stack.callback(mouth.close)
            stack.enter_context(ears.listening(mouth))
            for place in _answer_groups(search, vantage):
                ear = _group_ear(place, search.reply_port or search.port, vantage)
                stack.callback(ear.close)
                stack.enter_context(ears.listening(ear))
        except OSError as error:
            result.trouble = _words(error, search.reply_port)
            return result
        for turn in range(limits.repeats):
            if turn:
                await asyncio.sleep(limits.listen / limits.repeats / 2)
            for request in search.requests(nonce()):
                ears.own.add(request)
                for group in groups:
                    await pace.take()
                    _send(mouth, request, (group, search.port), result)
        await asyncio.sleep(limits.listen)
    return result


async def search_addresses(
    search: Search,
    addresses: Callable[[], Iterable[str]],
    source: str | None,
    limits: Limits,
    pace: Pace,
    nonce: Callable[[], bytes],
    hear: Hear,
) -> Searched:
    """Ask each address of one IP version by itself, over one socket, and listen."""
    result = Searched(search=search.id, interface="", address=source or "")
    with ExitStack() as stack:
        ears = _Ears(search, result, hear)
        mouths: dict[int, socket.socket] = {}
        for turn in range(limits.repeats):
            for address in addresses():
                if address in result.heard_from:
                    continue
                version = _version(address)
                try:
                    if version not in mouths:
                        mouths[version] = mouth = _plain(version, source, search.reply_port)
                        stack.callback(mouth.close)
                        stack.enter_context(ears.listening(mouth))
                except OSError as error:
                    result.trouble = _words(error, search.reply_port)
                    return result
                for request in search.requests(nonce()):
                    await pace.take()
                    _send(mouths[version], request, (address, search.port), result)
            if turn + 1 < limits.repeats:
                await asyncio.sleep(limits.listen / limits.repeats / 2)
        await asyncio.sleep(limits.listen)
    return result


class _Ears:
    """Take replies from sockets, bounded by source."""

    def __init__(self, search: Search, result: Searched, hear: Hear) -> None:
        self._search, self._result, self._hear = search, result, hear
        self._loop = asyncio.get_running_loop()
        #: What was asked: heard again through the group, it is nobody's reply.
        self.own: set[bytes] = set()

    def listening(self, ear: socket.socket) -> ExitStack:
        """Listen to a socket until the returned context is left."""
        ear.setblocking(False)
        self._loop.add_reader(ear, self._read, ear)
        stack = ExitStack()
        stack.callback(self._loop.remove_reader, ear)
        return stack

    def _read(self, ear: socket.socket) -> None:
        for _ in range(_BATCH):
            try:
                data, source = ear.recvfrom(MAX_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier datagram; it says nothing of a device
            self._take(data, source[0].partition("%")[0], source[1])

    def _take(self, data: bytes, address: str, port: int) -> None:
        if data in self.own:
            return
        heard = self._result.heard_from
        count = heard.get(address, 0)
        if count >= MAX_REPLIES_A_SOURCE or (not count and len(heard) >= MAX_SOURCES):
            self._result.dropped += 1
            return
        heard[address] = count + 1
        self._result.sources = len(heard)
        self._result.replies += 1
        self._hear(self._search, address, port, data)


def _mouth(search: Search, vantage: Vantage) -> socket.socket:
    """Return a socket that sends to groups from one interface and hears what comes back to it."""
    version = _version(vantage.address)
    mouth = _plain(version, vantage.address, search.reply_port, vantage)
    if version == 4:
        own = socket.inet_aton(vantage.address)
        mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
        mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _HOPS)
        mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    else:
        mouth.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, vantage.index)
        mouth.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, _HOPS)
    return mouth


def _plain(
    version: int, source: str | None, port: int | None, vantage: Vantage | None = None
) -> socket.socket:
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        if vantage is not None:
            _to_interface(made, vantage)
        here = source if source and _version(source) == version else ""
        scope = vantage.index if vantage and here.startswith("fe80") else 0
        made.bind((here, port or 0) if family == socket.AF_INET else (here, port or 0, 0, scope))
    except OSError:
        made.close()
        raise
    return made


def _answer_groups(search: Search, vantage: Vantage) -> list[str]:
    """Return the groups that replies may be sent to, the broadcast address among them."""
    places = [g for g in search.reply_groups if _version(g) == _version(vantage.address)]
    if search.reply_port and _BROADCAST in search.groups and _BROADCAST not in places:
        places.append(_BROADCAST)
    return [p for p in places if p != _BROADCAST or _version(vantage.address) == 4]


def _group_ear(group: str, port: int, vantage: Vantage) -> socket.socket:
    version = _version(group)
    ear = socket.socket(
        socket.AF_INET if version == 4 else socket.AF_INET6,
        socket.SOCK_DGRAM,
    )
    try:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        ear.bind((group, port))
        if version == 4 and group != _BROADCAST:
            place = socket.inet_aton(group) + socket.inet_aton(vantage.address)
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, place)
        elif version != 4:
            place = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", vantage.index)
            ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, place)
    except OSError:
        ear.close()
        raise
    return ear


def _to_interface(made: socket.socket, vantage: Vantage) -> None:
    # else a program on this machine that holds the port on this interface would get our replies
    with suppress(OSError):
        made.setsockopt(socket.SOL_SOCKET, _SO_BINDTODEVICE, vantage.name.encode() + b"\0")


def _send(mouth: socket.socket, data: bytes, to: tuple[str, int], result: Searched) -> None:
    try:
        mouth.sendto(data, to)
        result.sent += 1
    except OSError as error:
        result.trouble = _words(error, None)


def _version(address: str) -> int:
    return ipaddress.ip_address(address).version


def _words(error: OSError, port: int | None) -> str:
    if error.errno == errno.EADDRINUSE and port:
        return f"port {port} of this machine is taken by another program, so no reply can come"
    return error.strerror or str(error)
