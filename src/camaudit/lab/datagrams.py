"""UDP ports of all devices: one socket a port, any number of devices behind it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from camaudit.packs.lab import Answer, Listener, Persona

from .asking import choose, content_tags, way_tag
from .binding import IP_PKTINFO
from .conditions import Conditions
from .plan import Device

#: A UDP datagram cannot pass 64 KiB (RFC 768).
_MOST: Final = 1 << 16
_ROOM: Final = socket.CMSG_SPACE(12)
#: Ours. Devices that a group call is considered for at a time; then others have their turn.
_AT_A_TIME: Final = 256
#: Ours. Copies of a reply sent at a time.
_BURST: Final = 50
_PACKET_INFO: Final = struct.Struct("=i4s4s")


class DatagramPort:
    """One UDP port."""

    def __init__(
        self,
        conditions: Conditions,
        opened: socket.socket,
        port: int,
        *,
        groups: bool,
        index: int | None,
    ) -> None:
        self._conditions = conditions
        self._socket = opened
        self._port = port
        #: Of several processes only one answers what is addressed to many.
        self._groups = groups
        #: The only network device that is heard, where not all are.
        self._index = index
        self._loop = asyncio.get_running_loop()
        self._listeners = {
            persona.id: each
            for persona in conditions.plan.slots
            if persona is not None
            for each in persona.listeners
            if each.port == port
        }
        self._loop.add_reader(opened, self._read)

    def close(self) -> None:
        """Stop listening."""
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        for _ in range(64):
            try:
                data, ancillary, _, peer = self._socket.recvmsg(_MOST, _ROOM)
            except (BlockingIOError, ConnectionError):
                return
            for level, kind, content in ancillary:
                if (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO):
                    index, _, destination = _PACKET_INFO.unpack(content[:12])
                    if self._index in (None, index):
                        self._take(data, peer, index, destination)

    def _take(self, data: bytes, peer: tuple[str, int], index: int, destination: bytes) -> None:
        if self._conditions.plan.device(int.from_bytes(socket.inet_aton(peer[0]), "big")):
            return  # what our own devices say to a group
        way = way_tag(destination)
        request = _Request(data, peer, index, destination, content_tags(data) | {way})
        if way == "unicast":
            device = self._conditions.plan.device(int.from_bytes(destination, "big"))
            if device is not None:
                self._hear(device, request)
        elif self._groups:
            self._spread(self._conditions.plan.devices(), request)

    def _spread(self, devices: Iterator[Device], request: _Request) -> None:
        """Let devices hear it, some at a time."""
        group = socket.inet_ntoa(request.destination)
        for count, device in enumerate(devices, 1):
            listener = self._listeners.get(device.persona.id)
            if listener is not None and ("broadcast" in request.tags or group in listener.groups):
                self._hear(device, request)
            if count == _AT_A_TIME:
                self._loop.call_soon(self._spread, devices, request)
                return

    def _hear(self, device: Device, request: _Request) -> None:
        listener = self._listeners.get(device.persona.id)
        if listener is None:
            return
        lost = self._conditions.loses("in")
        self._log("lost_in" if lost else "in", device, request, len(request.data))
        if lost:
            return
        replies = self._replies(device, listener, request)
        if replies:
            self._loop.call_later(
                self._conditions.delay_of(device), self._send, device, request, replies
            )

    def _replies(self, device: Device, listener: Listener, request: _Request) -> list[_Sent]:
        if listener.mdns:
            from .mdns import answer_question

            content = answer_question(device, request.data)
            asked_as_host = request.peer[1] != self._port  # RFC 6762 6.7: a one-shot query
            target = request.peer if asked_as_host else (listener.groups[0], self._port)
            return [_Sent(content, target, 1)] if content else []
        answer = choose(listener.answers, request.data, request.tags)
        return [] if answer is None else [self._sent(device, answer, request)]

    def _sent(self, device: Device, answer: Answer, request: _Request) -> _Sent:
        reply = answer.reply
        content = self._conditions.speaker.say(reply, device, request.data, self._port)
        target = request.peer
        if reply.to == "group":
            target = (reply.to_group or socket.inet_ntoa(request.destination), self._port)
        elif reply.to == "port":
            target = (reply.to_group or request.peer[0], reply.to_port or self._port)
        return _Sent(content, target, reply.repeat)

    def _send(self, device: Device, request: _Request, replies: list[_Sent]) -> None:
        later = []
        for content, target, times in replies:
            for _ in range(min(times, _BURST)):
                self._send_one(device, request, content, target)
            if times > _BURST:
                later.append(_Sent(content, target, times - _BURST))
        if later:
            self._loop.call_later(0.001, self._send, device, request, later)

    def _send_one(
        self, device: Device, request: _Request, content: bytes, target: tuple[str, int]
    ) -> None:
        lost = self._conditions.loses("out")
        self._log("lost_out" if lost else "out", device, request, len(content))
        if lost:
            return
        to_group = target[0] != request.peer[0]
        info = _PACKET_INFO.pack(
            request.link if to_group else 0, device.address.to_bytes(4, "big"), bytes(4)
        )
        try:
            self._socket.sendmsg([content], [(socket.IPPROTO_IP, IP_PKTINFO, info)], 0, target)
        except OSError:  # a full queue, or nobody there any more: datagrams may be lost
            self._conditions.told["unsent"] += 1

    def _log(self, event: str, device: Device, request: _Request, size: int) -> None:
        if self._conditions.journal is not None:
            peer = f"{request.peer[0]}:{request.peer[1]}"
            self._conditions.journal.datagram(event, device.ip, self._port, peer, size)


class _Request(NamedTuple):
    """A datagram, and what is known of it."""

    data: bytes
    peer: tuple[str, int]
    link: int
    destination: bytes
    tags: frozenset[str]


class _Sent(NamedTuple):
    """What is sent, to where, how often."""

    content: bytes
    target: tuple[str, int]
    times: int


def joined_groups(personas: tuple[Persona | None, ...]) -> dict[int, set[str]]:
    """Return the groups to join for each UDP port."""
    found: dict[int, set[str]] = {}
    for persona in personas:
        for listener in persona.listeners if persona is not None else ():
            found.setdefault(listener.port, set()).update(listener.groups)
    return found
