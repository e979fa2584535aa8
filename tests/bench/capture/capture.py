"""A capture of a camera network, the same each time: 70 % video, 5 % talk, the rest other traffic.

100 cameras, a third of them by IPv6 and half of them behind a VLAN tag, send video to a recorder as
RTP over UDP or within RTSP over TCP; everybody asks for names, greets and announces; office
hosts move files over a protocol of their own.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

from tests.captured import (
    ACK,
    FIN,
    PUSH,
    SYN,
    TCP,
    UDP,
    VLAN,
    ethernet,
    packet,
    pcap_header,
    tcp,
    udp,
)

from . import talk

#: Shares of the bytes of frames.
SHARES: Final = {"video": 0.70, "talk": 0.05, "other": 0.25}
BYTES: Final = 300_000_000
CAMERAS: Final = 100
_VIDEO: Final = talk.noise("video", 1 << 16)
_RECORDER, _GATEWAY, _SERVER = 0xF001, 0xF002, 0xF003
_FOUR, _SIX = 4, 6
_START_US: Final = 1_767_225_600_000_000


class End:
    """A host: its addresses and its tag."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.mac = talk.hardware(number).hex(":")
        self.tags = [(VLAN, 20)] if number % 2 == 0 and number < CAMERAS else []

    @property
    def family(self) -> int:
        """Return the family that it speaks: servers speak either."""
        return _SIX if self.number < 0xF000 and self.number % 3 == 0 else _FOUR

    def address(self, *, six: bool) -> str:
        """Return its address in a family."""
        low, high = self.number & 255, self.number >> 8
        return f"2001:db8:20::{self.number:x}" if six else f"10.20.{high}.{low}"


def _frame(source: End, target: End, protocol: int, body: bytes) -> bytes:
    six = _SIX in (source.family, target.family)
    kind, inner = packet(body, source.address(six=six), target.address(six=six), protocol)
    return ethernet(inner, source.mac, target.mac, kind, source.tags or target.tags)


def _datagram(source: End, target: End, ports: tuple[int, int], data: bytes) -> bytes:
    return _frame(source, target, UDP, udp(data, *ports))


class Connection:
    """A TCP connection: what each side sends gets its sequence number."""

    def __init__(self, client: End, server: End, ports: tuple[int, int]) -> None:
        self._ends, self._ports = (client, server), ports
        self._next = [client.number * 7919 + 1, server.number * 104_729 + 1]

    def send(self, side: int, data: bytes = b"", flags: int = ACK) -> bytes:
        """Return the next segment of one side (0: the client)."""
        ports = self._ports if side == 0 else self._ports[::-1]
        heard = self._next[1 - side] if flags & ACK else 0
        body = tcp(data, *ports, flags, self._next[side], heard)
        self._next[side] += len(data) + (flags & (SYN | FIN) > 0)
        return _frame(self._ends[side], self._ends[1 - side], TCP, body)

    def open(self) -> Iterator[bytes]:
        """Yield the handshake."""
        yield self.send(0, flags=SYN)
        yield self.send(1, flags=SYN | ACK)
        yield self.send(0)

    def close(self) -> Iterator[bytes]:
        """Yield the end from both sides."""
        yield self.send(0, flags=FIN | ACK)
        yield self.send(1, flags=FIN | ACK)


def _over_udp(camera: int) -> Iterator[bytes]:
    source, target, number = End(camera), End(_RECORDER), 0
    while True:
        number += 1
        head = struct.pack("!BBHII", 0x80, 96, number & 0xFFFF, number * 3000 & 0xFFFFFFFF, camera)
        at = number * 977 % 60_000
        ports = (20_000 + camera * 2, 30_000 + camera * 2)
        yield _datagram(source, target, ports, head + _VIDEO[at : at + 1388])


def _over_tcp(camera: int) -> Iterator[bytes]:
    talkers = Connection(End(_RECORDER), End(camera), (40_000 + camera, 554))
    yield from talkers.open()
    yield talkers.send(0, talk.RTSP_REQUEST, ACK | PUSH)
    yield talkers.send(1, talk.RTSP_ANSWER, ACK | PUSH)
    number = 0
    while True:
        number += 1
        at = number * 1009 % 60_000
        yield talkers.send(1, b"$\0\x05\x74" + _VIDEO[at : at + 1396])
        if number % 4 == 0:
            yield talkers.send(0)


def _videos() -> Iterator[bytes]:
    sources = [
        _over_udp(camera) if camera % 5 < 2 else _over_tcp(camera) for camera in range(CAMERAS)
    ]
    for source in cycle(sources):
        yield next(source)


def _asked(host: End, number: int) -> Iterator[bytes]:
    gateway, name = End(_GATEWAY), talk.NAMES[number * 7 % len(talk.NAMES)]
    ports = (1024 + number * 31 % 60_000, 53)
    yield _datagram(host, gateway, ports, talk.dns_question(name, number & 0xFFFF))
    yield _datagram(gateway, host, ports[::-1], talk.dns_answer(name, number & 0xFFFF))


def _group(source: End, address: str, ports: tuple[int, int], data: bytes) -> bytes:
    kind, inner = packet(udp(data, *ports), source.address(six=False), address, UDP)
    return ethernet(inner, source.mac, "01:00:5e:7f:ff:fa", kind, source.tags)


def _greeted(host: End, number: int) -> Iterator[bytes]:
    name = talk.NAMES[number * 11 % len(talk.NAMES)]
    talkers = Connection(host, End(_GATEWAY), (2048 + number * 37 % 60_000, 443))
    answer = talk.server_hello(number)
    yield from talkers.open()
    yield talkers.send(0, talk.client_hello(name, number), ACK | PUSH)
    yield talkers.send(1, answer[:1440])
    yield talkers.send(1, answer[1440:], ACK | PUSH)
    yield from talkers.close()


def _fetched(host: End, number: int) -> Iterator[bytes]:
    name = talk.NAMES[number * 13 % len(talk.NAMES)]
    talkers = Connection(host, End(_GATEWAY), (2048 + number * 41 % 60_000, 80))
    yield from talkers.open()
    yield talkers.send(0, talk.http_request(name), ACK | PUSH)
    yield talkers.send(1, talk.HTTP_ANSWER, ACK | PUSH)
    yield from talkers.close()


def _talks() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        camera = number * 17 % CAMERAS
        host = End(camera)
        for each in range(4):
            yield from _asked(End((camera + each) % CAMERAS), number * 4 + each)
        yield _group(host, "224.0.0.251", (5353, 5353), talk.mdns(camera))
        yield _group(host, "239.255.255.250", (1900, 1900), talk.notify(camera))
        yield _group(host, "239.255.255.250", (50_000 + camera, 1900), talk.SEARCH)
        yield _group(host, "239.255.255.250", (3702, 3702), talk.hello(camera))
        yield _group(host, "239.255.255.250", (37_020, 37_020), talk.sadp(camera))
        yield _group(host, "255.255.255.255", (68, 67), talk.dhcp(camera, number))
        yield _datagram(host, End(_GATEWAY), (123, 123), talk.ntp())
        yield from _greeted(host, number)
        yield from _fetched(host, number)


def _others() -> Iterator[bytes]:
    moves = [
        Connection(End(0x1000 + host), End(_SERVER), (50_000 + host, 9100 + host))
        for host in range(40)
    ]
    for each in moves:
        yield from each.open()
    for number, each in enumerate(cycle(moves), 1):
        at = number * 1013 % 60_000
        size = (1400, 300, 40, 900)[number % 4]
        yield each.send(number >> 1 & 1, _VIDEO[at : at + size], ACK | PUSH)
        yield each.send(number >> 1 & 1 ^ 1)


def frames(size: int = BYTES) -> Iterator[bytes]:
    """Yield frames until their bytes are ``size``; each kind keeps its share throughout."""
    sources = {"video": _videos(), "talk": _talks(), "other": _others()}
    sent = dict.fromkeys(SHARES, 0)
    total = 0
    while total < size:
        kind = min(SHARES, key=lambda each: sent[each] / SHARES[each])
        frame = next(sources[kind])
        sent[kind] += len(frame)
        total += len(frame)
        yield frame


def write_capture(path: Path, size: int = BYTES) -> int:
    """Write the capture; return how many packets it has."""
    count = 0
    with path.open("wb") as file:
        file.write(pcap_header())
        for count, frame in enumerate(frames(size), 1):
            seconds, micros = divmod(_START_US + count * 1500, 1_000_000)
            file.write(struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame)
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{write_capture(Path(sys.argv[1]))}\n")
